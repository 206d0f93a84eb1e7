"""Chromium itself sends a POST again when a kept-alive connection dies before its answer: the gate lets it leave once."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bofbot.actions.pages.login import Login
from bofbot.actions.pages.moving import Click, Open
from bofbot.actions.pages.submit import Submit
from bofbot.adapters.browser import Browser
from bofbot.adapters.machine import QUIET, find_browser
from bofbot.adapters.network.allowed import Allowed
from bofbot.adapters.network.egress import Egress
from bofbot.errors import RunError, Uncertain
from bofbot.secret import Secret
from tests.actions.conftest import Counted
from tests.actions.stage import Stage

from .dropping import Dropping, dropping, self_made_certificate

TRIES = 20
LET_GO_TRIES = 20 if os.environ.get("BOFBOT_NIGHTLY") else 4

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(180),
    pytest.mark.skipif(find_browser() is None, reason="no browser on this machine"),
]


@pytest.fixture(params=["http", "https"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Dropping]:
    secure = request.param == "https"
    with dropping(self_made_certificate(tmp_path / "site.pem") if secure else None) as opened:
        yield opened


@pytest_asyncio.fixture
async def stage(tmp_path: Path, site: Dropping, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    trust_the_sites_certificate(monkeypatch)
    opened = Stage(tmp_path, timeout=6.0, base_url=site.url, hosts=(site.url,))
    opened.secrets = {
        "経費": {"user": Secret("hanako", "経費"), "password": Secret("himitsu-no-kotoba", "経費")}
    }
    yield opened
    await opened.close()


def trust_the_sites_certificate(monkeypatch: pytest.MonkeyPatch) -> None:
    """bofbot has no setting for it, and shall have none; only this test takes a certificate that nobody signed."""
    from playwright.async_api import Browser as Chromium

    made = Chromium.new_context

    async def trusting(self: Any, **options: Any) -> Any:
        return await made(self, **options, ignore_https_errors=True)

    monkeypatch.setattr(Chromium, "new_context", trusting)


async def test_a_submit_is_booked_once(site: Dropping, stage: Stage, figures: Callable[[str], None]) -> None:
    for number in range(1, TRIES + 1):
        stage.effect = Counted()
        await opened(stage, f"/form?no=K-{number}")
        with pytest.raises(Uncertain):  # no answer came; nobody knows but the site
            await Submit(submit="登録", expect="登録しました", on_unknown="ask").run(stage)
        assert len(stage.effect.calls) == 1
    browser = stage.opened(Browser)
    assert browser
    scheme = site.url.partition(":")[0]
    figures(
        f"dropped connections, {scheme}, submit: {TRIES} tried, {len(site.twice())} doubled, {TRIES - len(site.booked)} lost"
    )
    assert dict(site.booked) == {f"K-{number}": 1 for number in range(1, TRIES + 1)}


LET_GO = {
    "a log-in": ("/login", Login(login="経費", expect="ログアウト", keep="0s")),
    "a click that posts": ("/form", Click(click="登録", posts=True)),
    "a script that posts": ("/fetch", Click(click="送る", posts=True)),
    "a script that posts a blob": ("/blob", Click(click="送る", posts=True)),
}


@pytest.mark.parametrize("way", LET_GO)
async def test_what_is_let_go_outside_a_submit_is_booked_once(
    site: Dropping, stage: Stage, way: str, figures: Callable[[str], None]
) -> None:
    page, step = LET_GO[way]
    for number in range(1, LET_GO_TRIES + 1):
        await opened(stage, f"{page}?no=K-{number}")
        try:
            await step.run(stage)
        except RunError:
            pass  # no answer came
        for _ in range(40):
            if f"K-{number}" in site.booked:
                break
            await stage.sleep(0.05)
        await stage.sleep(0.2)
    scheme = site.url.partition(":")[0]
    lost = LET_GO_TRIES - len(site.booked)
    figures(
        f"dropped connections, {scheme}, {way}: {LET_GO_TRIES} tried, {len(site.twice())} doubled, {lost} lost"
    )
    assert dict(site.booked) == {f"K-{number}": 1 for number in range(1, LET_GO_TRIES + 1)}


async def test_after_a_cut_connection_the_next_page_opens_at_once(site: Dropping, stage: Stage) -> None:
    """No error page of the browser comes between: it has been shown before the step that failed is over."""
    for number in range(6):
        await opened(stage, f"/form?no=E-{number}")
        stage.effect = Counted()
        with pytest.raises(RunError):
            await Submit(submit="登録", expect="登録しました", on_unknown="ask").run(stage)
        browser = stage.opened(Browser)
        assert browser
        await browser.page.goto(f"{site.url}/form?no=F-{number}")
        with pytest.raises(RunError):
            await Open(open="http://127.0.0.1:9/").run(stage)
        with pytest.raises(RunError):
            await Open(open=f"{site.url}/cut").run(stage)
        await browser.page.goto(f"{site.url}/form?no=G-{number}")


async def opened(stage: Stage, path: str) -> None:
    """Open a page, once: the error page of the one before must not come between."""
    await Open(open=path).run(stage)


@pytest.mark.parametrize("through", ["nothing", "the egress"])
async def test_without_the_gate_it_would_be_twice(
    site: Dropping, stage: Stage, through: str, figures: Callable[[str], None]
) -> None:
    """Teeth: the bare browser doubles; by https also through the proxy, whose tunnel it does not see into."""
    from playwright.async_api import async_playwright

    found = find_browser()
    assert found
    egress = await Egress.open(Allowed.of([site.url]))
    proxy: Any = {"proxy": {"server": egress.url}} if through == "the egress" else {}
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(
            executable_path=found,
            args=[*QUIET, "--no-sandbox"],
            **proxy,
        )
        page = await (await browser.new_context()).new_page()
        for number in range(1, 6):
            await page.goto(f"{site.url}/form?no=C-{number}")
            await page.get_by_role("button").click(no_wait_after=True)
            while "/form" in page.url:  # noqa: ASYNC110, until its answer or its error page has come
                await asyncio.sleep(0.05)
        await browser.close()
    await egress.close()
    scheme = site.url.partition(":")[0]
    figures(
        f"dropped connections, {scheme}, no gate, through {through}: 5 tried, {len(site.twice())} doubled"
    )
    if through == "nothing" or scheme == "https":
        assert site.twice()
    else:
        assert not site.twice()  # plain HTTP leaves the egress on a connection of its own
