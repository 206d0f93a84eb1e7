"""What a failed step leaves behind: a picture with secrets masked, where the browser was, and what the page said."""

from __future__ import annotations

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

_MARK = """(values) => {
  const holds = (text) => values.some((value) => text && text.includes(value));
  for (const el of document.querySelectorAll('*')) {
    const own = 'value' in el && typeof el.value === 'string' ? el.value : [...el.childNodes].filter(n => n.nodeType === 3).map(n => n.data).join('');
    if (holds(own)) el.setAttribute('data-bofbot-masked', '');
  }
}"""
_UNMARK = "() => document.querySelectorAll('[data-bofbot-masked]').forEach((el) => el.removeAttribute('data-bofbot-masked'))"


async def witness(browser: Browser, stem: Path) -> Seen:
    """Picture and facts of the current page; raises whatever Playwright raises."""
    page, redact = browser.page, browser.redact
    says = [*browser.dialogs, *await page_says(page)]
    sighting = Sighting(
        url=redact(page.url),
        title=redact(await page.title()),
        page_says=tuple(dict.fromkeys(redact(text) for text in says)),
    )
    picture = await take_picture(browser, stem.with_suffix(".png"))
    return Seen(sighting, (picture,))


async def take_picture(browser: Browser, path: Path, label: str = "") -> Evidence:
    """A PNG of the page as it stands, password boxes and known secret or personal values masked."""
    page = browser.page
    values = sorted(browser.hidden)
    masks: list[Any] = []
    for frame in page.frames:
        if values:
            await frame.evaluate(_MARK, values)
        masks.append(frame.locator("input[type=password], [data-bofbot-masked]"))
    try:
        data = await page.screenshot(mask=masks, mask_color="#555555", animations="disabled", timeout=8000)
    finally:
        for frame in page.frames if values else ():
            await frame.evaluate(_UNMARK)
    path.write_bytes(data)  # noqa: ASYNC240, a small local file
    return Evidence("picture", path.name, label, hashlib.sha256(data).hexdigest())


async def page_says(page: Any) -> tuple[str, ...]:
    """What the page itself tells a person, all frames: each message once, at most 200 characters long."""
    said: list[str] = []
    for frame in page.frames:
        said.extend(await frame.evaluate(_says()))
    return tuple(dict.fromkeys(said))


@cache
def _says() -> str:
    return (files("bofbot.adapters.browser") / "says.js").read_text("utf-8")
