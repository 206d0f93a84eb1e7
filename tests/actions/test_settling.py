"""After a gesture: what it began has come before the next step looks, without waiting for a fixed time."""

from __future__ import annotations

import time
from typing import Any

import pytest

from bofbot.actions.pages.looking import Expect
from bofbot.actions.pages.moving import Click, Within

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

TABS = {
    "at once": "window.open('/table')",
    "without a way back": "window.open('/table', '_blank', 'noopener')",
    "by a link": "const a = document.createElement('a'); a.href = '/table'; a.target = '_blank'; document.body.append(a); a.click()",
    "after an answer": "fetch('/table').then(() => window.open('/table'))",
    "after an answer and some work": "fetch('/table').then((r) => r.text()).then(() => new Promise(requestAnimationFrame)).then(() => window.open('/table'))",
}


async def _button(desk: Any, script: str) -> None:
    await desk.open("/odd/popup")
    await desk.browser.page.evaluate(
        "(script) => { const b = document.createElement('button'); b.textContent = '開始'; b.onclick = new Function(script); document.body.append(b); }",
        script,
    )


@pytest.mark.parametrize("how", TABS)
async def test_a_new_tab_is_the_current_one_when_the_click_has_ended(desk: Any, how: str) -> None:
    await _button(desk, TABS[how])
    await desk.do(Click(click="開始"))
    assert desk.browser.url == f"{desk.url}/table"


async def test_a_tab_that_opens_late_is_followed_by_the_step_that_expects_it(desk: Any) -> None:
    await _button(desk, "setTimeout(() => window.open('/table'), 700)")
    await desk.do(Click(click="開始"))
    await desk.do(Expect(expect="申請一覧"))
    assert desk.browser.url == f"{desk.url}/table"
    await desk.browser.page.close()
    await _button(desk, "setTimeout(() => window.open('/table'), 700)")
    await desk.do(Click(click="開始"))
    await desk.do(Within(within="/table"))
    assert desk.browser.url == f"{desk.url}/table"


async def test_a_form_that_leads_on_has_led_on(desk: Any) -> None:
    for _ in range(5):
        await _button(desk, "setTimeout(() => { location.href = '/table' })")
        await desk.do(Click(click="開始"))
        assert desk.browser.url == f"{desk.url}/table"


async def test_a_tab_that_closes_leaves_nothing_to_wait_for(desk: Any) -> None:
    await _button(desk, "window.open('/table')")
    first = desk.browser.page
    await desk.do(Click(click="開始"))
    await desk.browser.page.close()
    assert desk.browser.page is first
    began = time.perf_counter()
    async with desk.browser.step(desk.stage):
        await desk.browser.settle(60)
    assert time.perf_counter() - began < 40


async def test_what_a_closed_tab_had_asked_for_is_not_waited_for(desk: Any) -> None:
    await _button(desk, "window.open('/table')")
    await desk.do(Click(click="開始"))
    await desk.browser.page.evaluate("() => { for (let n = 0; n < 20; n++) fetch('/get/slow') }")
    await desk.browser.page.close()
    assert not desk.browser.busy()


@pytest.mark.parametrize("event", ["onmousemove", "onmousedown", "onclick"])
async def test_a_window_that_closes_under_the_click_has_been_clicked(desk: Any, event: str) -> None:
    await _button(desk, "window.open('/table')")
    first = desk.browser.page
    await desk.do(Click(click="開始"))
    await desk.browser.page.evaluate(
        "(event) => { const b = document.createElement('button'); b.textContent = '選ぶ'; b[event] = () => { opener.document.title = '選んだ'; window.close() }; document.body.append(b); }",
        event,
    )
    await desk.do(Click(click="選ぶ"))
    assert await first.title() == "選んだ"
    assert desk.browser.page is first
