"""Values over several boxes, single boxes of a field, and rows of a list: filled, read back, and never half."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from bofbot.errors import ApplicationError, BusinessError
from bofbot.forms import Patience, fill

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
SHORT = Patience(longest=0.4, quiet=0.2)
MONTHS = "".join(f"<option>{n}</option>" for n in range(1, 13))
FORM = f"""<table><tr><th>期間<td><input id=a> ～ <input id=b></tr><tr><th>取引日<td><input type=date id=c> から <input type=date id=d> まで</tr>
<tr><th>金額<td><input id=e>円 ～ <input id=f>円</tr><tr><th>生年月日<td><select id=g><option>昭和<option>平成<option>令和</select><input id=h size=2>年<select id=i>{MONTHS}</select>月<input id=j size=2>日</tr>
<tr><th>勤務時間<td><select id=k><option>09<option>10</select>時<select id=l><option>00<option>30</select>分 ～ <select id=m><option>17<option>18</select>時<select id=n><option>00<option>30</select>分</tr>
<tr><th>郵便番号<td><input id=o maxlength=3>-<input id=p maxlength=4></tr><tr><th>受付日時<td><input type=date id=q> <input type=time id=r></tr></table>"""


async def _read(page: Any, ids: str) -> list[str]:
    return list(await page.evaluate("(ids) => [...ids].map((id) => document.getElementById(id).value)", ids))


CASES: dict[str, tuple[dict[str, Any], str, list[str]]] = {
    "a range as text": ({"期間": "2026/04/01～2026/04/30"}, "ab", ["2026/04/01", "2026/04/30"]),
    "a range as two dates": ({"期間": [date(2026, 4, 1), date(2026, 4, 30)]}, "ab", ["2026/04/01", "2026/04/30"]),
    "date boxes": ({"取引日": [date(2026, 4, 1), date(2026, 4, 30)]}, "cd", ["2026-04-01", "2026-04-30"]),
    "one end": ({"取引日 > 終了": date(2026, 4, 30)}, "cd", ["", "2026-04-30"]),
    "one end in brackets": ({"期間（自）": date(2026, 4, 1)}, "ab", ["2026/04/01", ""]),
    "amounts": ({"金額": "1000~2000"}, "ef", ["1000", "2000"]),
    "the upper amount": ({"金額 > 上限": 2000}, "ef", ["", "2000"]),
    "an era": ({"生年月日": date(1985, 6, 7)}, "ghij", ["昭和", "60", "6", "07"]),
    "the first year of an era": ({"生年月日": date(2019, 5, 1)}, "ghij", ["令和", "1", "5", "01"]),
    "one part of a date": ({"生年月日 > 月": 11}, "i", ["11"]),
    "hours and minutes": ({"勤務時間": "10:30～18:00"}, "klmn", ["10", "30", "18", "00"]),
    "two times": ({"勤務時間": [time(9, 0), time(17, 30)]}, "klmn", ["09", "00", "17", "30"]),
    "a postal code without its dash": ({"郵便番号": "1000001"}, "op", ["100", "0001"]),
    "the second box": ({"郵便番号 > 2": "0002"}, "op", ["", "0002"]),
    "a moment over a day and a time": ({"受付日時": datetime(2026, 4, 1, 9, 30, tzinfo=UTC)}, "qr", ["2026-04-01", "09:30"]),
}  # fmt: skip


@pytest.mark.parametrize("case", list(CASES))
async def test_values_over_boxes(page: Any, case: str) -> None:
    values, ids, wanted = CASES[case]
    await page.set_content(FORM)
    await fill(page, values, patience=SHORT)
    assert await _read(page, ids) == wanted


@pytest.mark.parametrize("value", [date(2026, 4, 1), "2026/04/01", [date(2026, 4, 1)]])
async def test_one_date_is_no_range(page: Any, value: Any) -> None:
    await page.set_content(FORM)
    with pytest.raises(BusinessError, match="2 boxes"):
        await fill(page, {"取引日": value}, patience=SHORT)
    assert await _read(page, "cd") == ["", ""]


async def test_a_day_before_the_eras_of_the_list_is_refused(page: Any) -> None:
    await page.set_content(FORM)
    with pytest.raises(BusinessError):
        await fill(page, {"生年月日": date(1868, 1, 1)}, patience=SHORT)


LINES = """<table><thead><tr><th>品名<th>数量<th>金額</tr></thead><tr><td><input id=a value=ボールペン><td><input id=b><td><input id=c></tr><tr><td><input id=d value=ノート><td><input id=e><td><input id=f></tr></table>"""


async def test_rows_by_number_and_by_what_they_hold(page: Any) -> None:
    await page.set_content(LINES)
    await fill(page, {"1行目 > 数量": 10, "ノート > 数量": 20, "2 > 金額": 300})
    assert await _read(page, "becf") == ["10", "20", "", "300"]


@pytest.mark.parametrize("label", ["3行目 > 数量", "鉛筆 > 数量", "数量"])
async def test_a_row_that_is_not_there_takes_nothing(page: Any, label: str) -> None:
    await page.set_content(LINES)
    with pytest.raises(ApplicationError):
        await fill(page, {label: 1}, patience=SHORT)
    assert await _read(page, "be") == ["", ""]
