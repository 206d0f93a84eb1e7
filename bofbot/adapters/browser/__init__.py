"""The browser: Playwright's one door. Everything foreign becomes our own words here."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bofbot.adapters.browser.finder import Found, find_browser
    from bofbot.adapters.browser.session import Browser

__all__ = ["Browser", "Found", "find_browser"]

_HOMES = {"Browser": "session", "Found": "finder", "find_browser": "finder"}


def __getattr__(name: str) -> object:
    """Each when first asked for: who only starts the driver, or looks for a browser, need not load all of this room."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
