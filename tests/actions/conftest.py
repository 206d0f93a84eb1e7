"""One browser and one small site for all tests of web verbs; each test gets a clean stage on them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bofbot.adapters import machine
from bofbot.adapters.browser import Browser
from bofbot.adapters.credentials.accounts import Accounts
from bofbot.secret import Secret

from .counter_site import Site, running
from .stage import Stage


@dataclass
class Counted:
    """An effect that keeps what it was armed with, in order."""

    calls: list[dict[str, str]] = field(default_factory=list)
    fails: Exception | None = None

    @property
    def armed(self) -> bool:
        return bool(self.calls)

    def arm(self, request: Any) -> None:
        if self.fails:
            raise self.fails
        self.calls.append(dict(request))


@dataclass
class Desk:
    """What a test of a web verb has: the stage, the site and its address."""

    stage: Stage
    site: Site
    url: str
    browser: Browser

    async def do(self, verb: Any) -> Any:
        return await verb.run(self.stage)

    async def open(self, path: str) -> None:
        async with self.browser.step(self.stage, "open"):
            await self.browser.go(self.url + path)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def opened(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Browser, Site, str]]:
    if machine.find_browser() is None:
        pytest.skip("no browser on this machine")
    stage = Stage(tmp_path_factory.mktemp("browser"))
    site = Site()
    async with running(site) as url:
        browser = await stage.resource(Browser)
        yield browser, site, url
        await stage.close()


@pytest_asyncio.fixture(loop_scope="session")
async def desk(opened: tuple[Browser, Site, str], tmp_path: Path) -> AsyncIterator[Desk]:
    browser, site, url = opened
    site.booked.clear()
    site.uploads.clear()
    site.log_ins.clear()
    site.logged_in = False
    secrets = {
        "経費": {"user": Secret("yamada"), "password": Secret("right")},
        "誤": {"user": Secret("yamada"), "password": Secret("wrong-one")},
    }
    stage = Stage(tmp_path, secrets=secrets, effect=Counted(), timeout=12.0)
    stage._resources[Browser] = browser
    browser.redact, browser.log_in_again, browser.base_url = stage.redact, None, url
    browser.section, browser.frame_of_interest = "", None
    yield Desk(stage, site, url, browser)
    if accounts := stage.opened(Accounts):
        await accounts.close()
    for page in browser.pages[1:]:
        await page.close()
    async with browser.step(stage):
        await browser.settle(5)
        await browser.fetch("about:blank")
