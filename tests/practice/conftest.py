"""A portal for each test, and a visitor that keeps cookies as a browser does."""

from __future__ import annotations

import json
import shutil
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from typing import Any

import pytest
import pytest_asyncio

from bofbot.practice.portal import Portal

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]


@dataclass(frozen=True)
class Answer:
    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")


@dataclass
class Visitor:
    """Asks the portal for pages over plain HTTP."""

    base: str
    cookies: CookieJar = field(default_factory=CookieJar)

    def get(self, path: str, timeout: float = 10) -> Answer:
        return self._ask(urllib.request.Request(self.base + path), timeout)

    def post(self, path: str, form: Mapping[str, Any], timeout: float = 10) -> Answer:
        return self._ask(
            urllib.request.Request(self.base + path, urllib.parse.urlencode(form).encode()), timeout
        )

    def post_json(self, path: str, value: Any) -> Answer:
        headers = {"content-type": "application/json"}
        return self._ask(urllib.request.Request(self.base + path, json.dumps(value).encode(), headers), 10)

    def log_in(self, user: str = "yamada", password: str = "keiri-2026") -> Answer:
        return self.post("/login", {"user": user, "password": password, "next": "/home"})

    def _ask(self, request: urllib.request.Request, timeout: float) -> Answer:
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        try:
            with opener.open(request, timeout=timeout) as answer:
                return Answer(answer.status, answer.url, dict(answer.headers.items()), answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.url, dict(error.headers.items()), error.read())


@pytest.fixture(scope="session")
def _one_portal() -> Iterator[Portal]:
    with Portal() as portal:
        yield portal


@pytest.fixture
def portal(_one_portal: Portal) -> Portal:
    """A portal as good as new."""
    _one_portal.office.start_again()
    return _one_portal


@pytest.fixture
def stranger(portal: Portal) -> Visitor:
    """Somebody who has not logged in."""
    return Visitor(portal.url)


@pytest.fixture
def visitor(portal: Portal) -> Visitor:
    """Hanako Yamada, logged in."""
    visitor = Visitor(portal.url)
    assert visitor.log_in().url.endswith("/home")
    return visitor


@pytest.fixture
def claim() -> dict[str, str]:
    """A claim that the portal accepts."""
    return {
        "number": "K-0101", "day": "2026/10/01", "employee": "000123", "subject": "旅費交通費",
        "payee": "東都鉄道", "amount": "1,980", "note": "大宮支店 往復",
    }  # fmt: skip


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Any]:
    """One real Chromium for all tests of a module."""
    executable = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if executable is None:
        pytest.skip("no Chromium on this machine")
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def page(chromium: Any, portal: Portal) -> AsyncIterator[Any]:
    """A page where Hanako Yamada has logged in, with nothing in its past."""
    context = await chromium.new_context(viewport={"width": 1180, "height": 860})
    page = await context.new_page()
    await page.goto(portal.url)
    await page.get_by_label("ユーザーID").fill("yamada")
    await page.get_by_label("パスワード").fill("keiri-2026")
    await page.get_by_role("button", name="ログイン").click()
    await page.wait_for_url("**/home")
    yield page
    await context.close()
