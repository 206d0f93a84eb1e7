"""What makes a browser logged in, taken out and put back: cookies, local storage, and the tab's session storage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bofbot.adapters.credentials.sessions import Kept

_TAB = """() => {
  try { return location.origin === 'null' ? null : { origin: location.origin, items: { ...sessionStorage } }; } catch { return null; }
}"""
_PUT = "(items) => { for (const [key, value] of Object.entries(items)) sessionStorage.setItem(key, value); }"
State = Mapping[str, Any]
"""Cookies and storage by origin, as Playwright's `storage_state` tells them."""


async def state_of(profile: Any) -> State:
    state: State = await profile.storage_state(indexed_db=True)
    return state


async def taken(profile: Any, page: Any, *, others: State | None) -> Kept:
    """The state of a browser that has just logged in, less what was there before and belongs to `others`."""
    tabs: dict[str, dict[str, str]] = {}
    for frame in page.frames:
        tab = None if frame.is_detached() else await frame.evaluate(_TAB)
        if tab and tab["items"]:
            tabs.setdefault(tab["origin"], {}).update(tab["items"])
    state = await state_of(profile)
    if others is not None:
        state = {
            part: [one for one in state[part] if one not in others[part]] for part in ("cookies", "origins")
        }
    return Kept(str(page.url), state, tabs)


async def put_back(profile: Any, page: Any, kept: Kept) -> None:
    """Add a kept log-in to what the browser knows already. Opens no page of the site."""
    now = await state_of(profile)
    await profile.set_storage_state(_joined(now, kept.state))
    for origin, items in kept.tabs.items():
        await page.route("**/*", _empty)  # a page of that origin, without asking the site for one
        try:
            await page.goto(origin)
            await page.evaluate(_PUT, dict(items))
        finally:
            await page.unroute("**/*", _empty)


async def reset(profile: Any, page: Any, state: State) -> None:
    """The browser as it was."""
    await profile.set_storage_state(dict(state))
    await page.evaluate("() => { try { sessionStorage.clear(); } catch {} }")


def _joined(now: State, kept: State) -> dict[str, Any]:
    cookies = {(one["name"], one["domain"], one["path"]): one for one in (*now["cookies"], *kept["cookies"])}
    origins = {one["origin"]: one for one in (*now["origins"], *kept["origins"])}
    return {"cookies": list(cookies.values()), "origins": list(origins.values())}


async def _empty(route: Any) -> None:
    await route.fulfill(status=200, content_type="text/html", body="<!doctype html>")
