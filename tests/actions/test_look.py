"""What `bofbot probe` looks for: buttons, fields and accounts that must be there, and the print of a page without its data."""

from __future__ import annotations

from typing import Any

import pytest

from bofbot.actions.documents.look import Look
from bofbot.errors import ApplicationError, BofbotError

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PAGE = """<h1>入出金明細 2026年10月</h1><p>口座 <select><option value="">選択してください</option><option>普通 0012345</option>
<option disabled>解約済</option><option>当座 0099999</option></select></p><p>開始日 <input></p>
<table><thead><tr><th>日付<th>金額</tr></thead><tbody><tr><td>10/01<td><button>取消</button></tr></tbody></table>
<button>CSV ダウンロード</button>"""


async def look(desk: Any, page: str = PAGE, **options: Any) -> dict[str, Any]:
    await desk.open("/form")
    await desk.browser.page.set_content(page)
    found: dict[str, Any] = (await desk.do(Look(**options))).facts["probe"]
    return found


async def test_accounts_and_the_print_of_a_page_are_told(desk: Any) -> None:
    found = await look(desk, look="CSV ダウンロード", fields=("開始日",), account="口座")
    assert found["accounts"] == ["普通 0012345", "当座 0099999"]
    assert found["page"] == "/form"
    assert "h0 入出金明細 0000年00月" in found["print"]
    assert "button CSV ダウンロード" in found["print"]
    assert "button 取消" not in found["print"], "what stands in the rows of a table is data"


async def test_the_print_of_the_next_month_is_the_same(desk: Any) -> None:
    now = await look(desk)
    then = await look(desk, PAGE.replace("10月", "11月").replace("10/01", "11/30"))
    assert now["print"] == then["print"]
    assert now["print"] != (await look(desk, PAGE.replace("CSV ダウンロード", "Excel 出力")))["print"]


async def test_a_field_that_is_not_there_is_said(desk: Any) -> None:
    with pytest.raises(ApplicationError) as missed:
        await look(desk, fields=("開始日", "終了日"))
    assert missed.value.sighting.looked_for == "終了日"


async def test_a_button_that_is_not_there_is_waited_for_and_said(desk: Any) -> None:
    desk.stage.timeout = 1.0
    with pytest.raises(BofbotError, match="PDF"):
        await look(desk, look="PDF ダウンロード")
