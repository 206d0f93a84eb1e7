"""A page that loads anew while it is filled, a tab that closes, a browser that dies: a plain error, soon, and nothing half known as done."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bofbot.adapters import machine
from bofbot.forms import Patience, fill

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
FORM = "<p>甲 <input id=a></p><p>乙 <input id=b></p>"


async def test_a_page_that_loads_anew_while_it_is_filled_ends_up_right(page: Any) -> None:
    """The second document takes all values; those that went with the first are not taken for done."""

    async def answer(route: Any) -> None:
        await route.fulfill(body=f"<!doctype html><meta charset=utf-8>{FORM}", content_type="text/html")

    await page.route("http://form.test/**", answer)
    await page.goto("http://form.test/")
    await page.evaluate(
        "() => { document.querySelector('#a').addEventListener('input', () => { location.href = '/again'; }, { once: true }); }"
    )
    await fill(page, {"甲": "一", "乙": "二"}, patience=Patience(longest=4, quiet=2))
    await page.wait_for_url("**/again")
    await page.wait_for_timeout(200)
    await fill(page, {"甲": "一", "乙": "二"}, patience=Patience(longest=4, quiet=2))
    assert await page.evaluate("[a.value, b.value]") == ["一", "二"]


async def test_a_tab_that_closes_ends_the_wait_at_once(chromium: Any) -> None:
    page = await chromium.new_page()
    await page.set_content("<p>何もありません</p>")
    waiting = asyncio.create_task(fill(page, {"甲": "一"}, patience=Patience(longest=30, quiet=30)))
    await asyncio.sleep(0.2)
    await page.close()
    with pytest.raises(Exception, match=r"(?i)closed"):
        await asyncio.wait_for(waiting, 5)


async def test_a_browser_that_dies_ends_the_wait_at_once() -> None:
    path = machine.find_browser()
    if path is None:
        pytest.skip("no browser on this machine")
    from playwright.async_api import async_playwright

    async with async_playwright() as driver:
        browser = await driver.chromium.launch(
            executable_path=path, args=list(machine.QUIET), chromium_sandbox=False
        )
        page = await browser.new_page()
        await page.set_content("<p>何もありません</p>")
        waiting = asyncio.create_task(fill(page, {"甲": "一"}, patience=Patience(longest=30, quiet=30)))
        await asyncio.sleep(0.2)
        session = await browser.new_browser_cdp_session()
        await asyncio.gather(session.send("Browser.crash"), return_exceptions=True)
        with pytest.raises(Exception, match=r"(?i)closed|crash|disconnected"):
            await asyncio.wait_for(waiting, 10)


async def test_a_page_that_hangs_is_left_after_the_time_allowed(page: Any) -> None:
    from bofbot.forms import resolve

    await page.set_content(f"{FORM}<script>window.hang = () => {{ const until = Date.now() + 3000; while (Date.now() < until); }};</script>")  # fmt: skip
    await page.evaluate("() => { setTimeout(hang, 0); }")
    with pytest.raises(TimeoutError):
        await resolve(page, "甲", longest=0.4)
    assert (await resolve(page, "甲")).outcome == "found"
