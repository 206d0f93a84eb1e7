"""What a step on a page costs: messages to the browser are counted, since a count is the same on every machine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bofbot.actions.pages.form import Fill
from bofbot.actions.pages.moving import Click

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LABELS = ("氏名", "部署", "住所", "メール", "電話番号", "金額", "摘要")
FORM = """(labels) => {
  document.body.innerHTML = labels.map((label) => `<p>${label} <input></p>`).join('') + '<button>次へ</button>';
  window.pressed = 0;
  document.querySelector('button').onclick = () => { pressed += 1; };
}"""


@pytest.fixture
def messages(desk: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """Names of the messages that were sent since this was last asked."""
    wire = desk.browser.page._impl_obj._connection
    sent: list[str] = []
    send = wire.send_message_to_server

    def counted(owner: Any, method: str, *rest: Any, **more: Any) -> Any:
        sent.append(method)
        return send(owner, method, *rest, **more)

    def since() -> list[str]:
        names = [name for name in sent if name != "__waitInfo__"]
        sent.clear()
        return names

    monkeypatch.setattr(wire, "send_message_to_server", counted)
    return since


async def test_a_round_of_seven_fields_and_a_click_takes_five_messages(
    desk: Any, messages: Callable[[], list[str]]
) -> None:
    await desk.open("/odd/popup")
    await desk.browser.page.evaluate(FORM, list(LABELS))
    row = {label: f"{label}の値" for label in LABELS}
    await desk.do(Fill(fill=row))  # the reader comes into the page
    messages()
    await desk.do(Fill(fill={label: f"{value}2" for label, value in row.items()}))
    assert len(messages()) == 1
    await desk.do(Click(click="次へ"))
    # where the button is; the click; the page stands and nothing is in the way; no other tab is coming
    assert sorted(messages()) == ["evaluateExpression", "evaluateExpression", "mouseClick", "send"]
    page = desk.browser.page
    assert await page.evaluate("pressed") == 1
    assert await page.evaluate("[...document.querySelectorAll('input')].map((el) => el.value)") == [
        f"{label}の値2" for label in LABELS
    ]
