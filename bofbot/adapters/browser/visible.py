"""A browser with a window, for people: to record what they do, and to show what a label means."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from bofbot.adapters.browser.finder import find_browser, no_browser
from bofbot.adapters.machine import QUIET, needs_no_sandbox
from bofbot.errors import ApplicationError, NotReady
from bofbot.settings import BrowserSettings
from bofbot.words import Sentence


@asynccontextmanager
async def opened(
    settings: BrowserSettings, *, headed: bool = True, environ: Mapping[str, str] | None = None
) -> AsyncIterator[Any]:
    """A fresh browser context of Playwright's async API. Raises NotReady without a browser, or without a screen."""
    from playwright.async_api import Error, async_playwright

    surroundings = dict(os.environ if environ is None else environ)
    if headed:
        demand_screen(surroundings)
    found = find_browser(settings, headed)
    if found is None:
        raise no_browser(settings)
    async with async_playwright() as driver:
        try:
            browser = await driver.chromium.launch(
                executable_path=found.executable,
                channel=found.channel or None,
                headless=not headed,
                chromium_sandbox=False if needs_no_sandbox() else None,
                args=list(QUIET),
                env={**surroundings},
                proxy={"server": settings.proxy} if settings.proxy else None,
            )
        except Error as error:
            raise NotReady(
                Sentence(en="the browser does not start", ja="ブラウザーを起動できません"),
                fix=Sentence(
                    en="run `bofbot doctor` to see why", ja="`bofbot doctor` で原因を確認してください"
                ),
            ) from error
        try:
            yield await browser.new_context(
                locale=settings.language,
                timezone_id=settings.time_zone,
                accept_downloads=True,
                **_size(settings, headed),
            )
        finally:
            await browser.close()


async def go(page: Any, url: str) -> None:
    """Open an address. Raises ApplicationError when nobody answers there."""
    from playwright.async_api import Error

    try:
        await page.goto(url, wait_until="domcontentloaded")
    except Error as error:
        raise ApplicationError(
            Sentence(en=f"{url} cannot be opened", ja=f"{url} を開けません"),
            fix=Sentence(en="check the address", ja="アドレスを確認してください"),
        ) from error


def _size(settings: BrowserSettings, headed: bool) -> dict[str, Any]:
    """A page as large as its window, so that people may resize it; without a window the usual size."""
    if headed:
        return {"no_viewport": True}
    return {"viewport": {"width": settings.width, "height": settings.height}}


def demand_screen(environ: Mapping[str, str]) -> None:
    """Raises NotReady where no window can be shown."""
    if not _has_screen(environ):
        raise NotReady(
            Sentence(en="there is no screen to show a browser on", ja="ブラウザーを表示する画面がありません"),
            fix=Sentence(
                en="use a desktop, or xvfb-run with a way to look at it",
                ja="デスクトップ環境で実行してください（または xvfb-run と画面共有）",
            ),
        )


def _has_screen(environ: Mapping[str, str]) -> bool:
    return sys.platform in ("win32", "darwin") or bool(
        environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")
    )
