"""What a failed step leaves behind: a picture with secrets masked, where the browser was, and what the page said."""

from __future__ import annotations

import contextlib
import hashlib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bofbot.action import Seen
from bofbot.errors import Sighting
from bofbot.events import Evidence

if TYPE_CHECKING:
    from bofbot.adapters.browser.session import Browser

_ATTRIBUTE = "data-bofbot-masked"
_STAMP = "(el) => { el.bofbotShaded = true; }"
_MARK = """(values) => { for (const el of (MARKS)(values, document)) el.setAttribute('data-bofbot-masked', ''); }"""
_UNMARK = """() => {
  const visit = (root) => { for (const el of root.querySelectorAll('*')) { el.removeAttribute('data-bofbot-masked'); if (el.shadowRoot) visit(el.shadowRoot); } };
  visit(document);
}"""


async def witness(browser: Browser, stem: Path) -> Seen:
    """Picture and facts of the current page; raises whatever Playwright raises."""
    page, redact = browser.page, browser.redact
    says = [*browser.dialogs, *await page_says(page)]
    sighting = Sighting(
        url=redact(page.url),
        title=redact(await page.title()),
        page_says=tuple(dict.fromkeys(redact(text) for text in says)),
    )
    try:
        return Seen(sighting, (await take_picture(browser, stem.with_suffix(".png")),))
    except OSError:  # a full disk: what was seen is told without the picture
        return Seen(sighting)


async def take_picture(browser: Browser, path: Path, label: str = "") -> Evidence:
    """A PNG of the page as it stands, password boxes and known secret or personal values masked.

    Raises OSError when it cannot be written; then nothing is left of it."""
    page = browser.page
    values = sorted({*browser.hidden, *browser.redact.values})
    await stamp(browser)
    masks: list[Any] = []
    for frame in page.frames:
        await frame.evaluate(_marking(), values)
        masks.append(frame.locator(f"[{_ATTRIBUTE}]"))
    try:
        data = await page.screenshot(mask=masks, mask_color="#555555", animations="disabled", timeout=8000)
    finally:
        for frame in page.frames:
            await frame.evaluate(_UNMARK)
    try:
        path.write_bytes(data)  # noqa: ASYNC240, a small local file
    except OSError:
        path.unlink(missing_ok=True)  # noqa: ASYNC240
        raise
    return Evidence("picture", path.name, label, hashlib.sha256(data).hexdigest())


async def stamp(browser: Browser) -> None:
    """Let the controls that were filled from hidden values be known to the page's own script, once each.

    One that is gone (the page has drawn itself anew) is found by its value instead."""
    while browser.shaded:
        control = browser.shaded[-1]
        with contextlib.suppress(browser.foreign_error):
            await control.evaluate(_STAMP)
        browser.shaded.remove(control)


async def page_says(page: Any) -> tuple[str, ...]:
    """What the page itself tells a person, all frames: each message once, at most 200 characters long."""
    said: list[str] = []
    for frame in page.frames:
        said.extend(await frame.evaluate(script("says.js")))
    return tuple(dict.fromkeys(said))


@cache
def _marking() -> str:
    return _MARK.replace("MARKS", script("marks.js"))


@cache
def script(name: str) -> str:
    """A script that stands beside this module: one function, its comment left out."""
    lines = (files("bofbot.adapters.browser") / name).read_text("utf-8").splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith("//"))
