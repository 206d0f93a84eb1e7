"""One real browser for all tests of forms, a fresh page for each."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bofbot.adapters import machine

PAGES = Path(__file__).parent / "pages"


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Any]:
    path = machine.find_browser()
    if path is None:
        pytest.skip("no browser on this machine")
    from playwright.async_api import async_playwright

    async with async_playwright() as driver:
        browser = await driver.chromium.launch(
            executable_path=path, args=list(machine.QUIET), chromium_sandbox=False
        )
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def page(chromium: Any) -> AsyncIterator[Any]:
    page = await chromium.new_page(viewport={"width": 1000, "height": 800}, locale="ja-JP")
    yield page
    await page.close()
