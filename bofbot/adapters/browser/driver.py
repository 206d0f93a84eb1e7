"""Playwright's driver, the process that leads the browsers: starting it is the dearest part of a short run."""

from __future__ import annotations

from typing import Any

from bofbot.adapters.browser.ahead import given
from bofbot.adapters.browser.kept_code import code_kept
from bofbot.scratch import Scratch


async def start_driver(scratch: Scratch) -> Any:
    """A driver whose children make their temporary files in `scratch`, and know no secrets: the one that was started there
    ahead of the run, if there is one. Ends by `stop()`."""
    from playwright.async_api import async_playwright

    with scratch.as_temporary_folder(), code_kept(), given(scratch.ahead):
        return await async_playwright().start()
