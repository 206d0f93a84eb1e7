"""What makes a browser logged in, taken out and put back: cookies, local storage, and the tab's session storage."""

from __future__ import annotations

from typing import Any

from bofbot.adapters.sessions import Kept

_TAB = """() => {
  try { return location.origin === 'null' ? null : { origin: location.origin, items: { ...sessionStorage } }; } catch { return null; }
}"""
_PUT = "(items) => { for (const [key, value] of Object.entries(items)) sessionStorage.setItem(key, value); }"


async def taken(context: Any, page: Any) -> Kept:
    """The state of a browser that has just logged in."""
    tabs: dict[str, dict[str, str]] = {}
    for frame in page.frames:
        tab = None if frame.is_detached() else await frame.evaluate(_TAB)
        if tab and tab["items"]:
            tabs.setdefault(tab["origin"], {}).update(tab["items"])
    return Kept(str(page.url), await context.storage_state(indexed_db=True), tabs)


async def put_back(context: Any, page: Any, kept: Kept) -> None:
    """Make the browser what it was; whatever it knew before is gone. Opens no page of the site."""
    await context.set_storage_state(dict(kept.state))
    for origin, items in kept.tabs.items():
        await page.route("**/*", _empty)  # a page of that origin, without asking the site for one
        try:
            await page.goto(origin)
            await page.evaluate(_PUT, dict(items))
        finally:
            await page.unroute("**/*", _empty)


async def cleared(context: Any) -> None:
    """A browser that knows nobody."""
    await context.set_storage_state({"cookies": [], "origins": []})


async def _empty(route: Any) -> None:
    await route.fulfill(status=200, content_type="text/html", body="<!doctype html>")
