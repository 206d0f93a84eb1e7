"""Light looks at a page for the flight recorder: a small JPEG, covered where nobody may look, or its form in words."""

from __future__ import annotations

import asyncio
import base64
from functools import cache
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from bofbot.action import Glimpse
from bofbot.adapters.browser.evidence import script, stamp

if TYPE_CHECKING:
    from bofbot.adapters.browser.session import Browser

QUALITY = 30
"""Of the JPEG: small letters stay readable; a form of 1280 x 900 is 15 to 40 KB."""
SMALL = 0.6
"""Of the page's size: a look of the flight recorder costs two thirds of a whole one then, and half the bytes."""
LONGEST = 2.0
"""Seconds a look may take: a page that shows a dialog or hangs gives no picture."""

_wires: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()
"""One protocol session for each page."""


async def glimpse(browser: Browser, picture: bool, small: bool = False) -> Glimpse | None:
    """How the current page looks; None for an empty one, or when it does not answer. Never raises."""
    if not browser.url:
        return None
    try:
        async with asyncio.timeout(LONGEST):
            return await (_pictured(browser, SMALL if small else 1.0) if picture else _in_words(browser))
    except Exception:  # whatever a page does: the run goes on without this look
        return None


async def _in_words(browser: Browser) -> Glimpse | None:
    await stamp(browser)
    seen = await browser.page.evaluate(_glance(), [_values(browser), "words"])
    if seen is None:
        return None
    redact = browser.redact
    entries = tuple((redact(label), redact(value)) for label, value in seen["entries"])
    return Glimpse(redact(seen["title"]), entries=entries)


async def _pictured(browser: Browser, scale: float) -> Glimpse | None:
    """Covers are laid on first and compared afterwards: a page that moved meanwhile gives no picture."""
    page, values = browser.page, _values(browser)
    await stamp(browser)
    before = await page.evaluate(_glance(), [values, "cover"])
    if before is None:
        return None
    after = before
    try:
        data = await _shot(page, before["view"], scale)
    finally:
        if before["boxes"]:
            async with asyncio.timeout(LONGEST / 2):
                after = await page.evaluate(_glance(), [values, "lift"])
    still = after["boxes"] == before["boxes"] and values == _values(browser)
    return Glimpse(browser.redact(before["title"]), picture=data if still else b"")


async def _shot(page: Any, view: tuple[float, ...], scale: float) -> bytes:
    wire = _wires.get(page)
    if wire is None:
        wire = _wires[page] = await page.context.new_cdp_session(page)
    wanted: dict[str, Any] = {"format": "jpeg", "quality": QUALITY}
    if scale < 1:  # the page does not feel it: no resize, no other resolution
        left, top, width, height = view
        wanted["clip"] = {"x": left, "y": top, "width": width, "height": height, "scale": scale}
    taken = await wire.send("Page.captureScreenshot", wanted)
    return base64.b64decode(taken["data"])


def _values(browser: Browser) -> list[str]:
    return sorted({*browser.hidden, *browser.redact.values})


@cache
def _glance() -> str:
    return script("glance.js").replace("MARKS", script("marks.js").strip(), 1)
