"""The browser: Playwright's one door. Everything foreign becomes our own words here."""

from __future__ import annotations

from bofbot.adapters.browser.finder import Found, find_browser
from bofbot.adapters.browser.session import Browser

__all__ = ["Browser", "Found", "find_browser"]
