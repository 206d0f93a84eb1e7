"""Fields without a name of their own are called by what they are, and only where nothing on the page is called so."""

from __future__ import annotations

from typing import Any

import pytest

from bofbot.errors import ApplicationError
from bofbot.forms import fill, resolve

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PAGE = """<h1>入出金</h1>
<div><input id=word><button>検索</button> <input id=code><button>番号で探す</button></div>
<div><select id=list><option value=0>みずほ<option value=1>三井住友</select></div>
<div><input type=time id=at> <input type=date id=day></div>
<div><input type=checkbox id=c1><input type=checkbox id=c2><input type=checkbox id=c3></div>
<div><textarea id=memo></textarea></div><div><input type=range id=range min=0 max=9></div>"""


@pytest.mark.parametrize(
    ("label", "meant"),
    [
        ("時刻欄", "at"),
        ("time box", "at"),
        ("日付欄", "day"),
        ("the only list", "list"),
        ("プルダウン", "list"),
        ("2番目のチェックボックス", "c2"),
        ("the 3rd checkbox", "c3"),
        ("検索 > 入力欄", "word"),
        ("番号で探す > 入力欄", "code"),
        ("2 つ目の入力欄", "code"),
        ("テキストエリア", "memo"),
        ("スライダー", "range"),
    ],
)
async def test_a_field_is_called_by_what_it_is(page: Any, label: str, meant: str) -> None:
    await page.set_content(PAGE)
    found = await resolve(page, label)
    assert found.outcome == "found", label
    assert await found.control.get_attribute("id") == meant


@pytest.mark.parametrize(
    ("label", "outcome"),
    [
        ("入力欄", "ambiguous"),
        ("チェックボックス", "ambiguous"),
        ("4番目のチェックボックス", "missing"),
        ("パスワード欄", "missing"),
        ("ラジオボタン", "missing"),
        ("リスト", "missing"),
        ("list", "missing"),
        ("field", "missing"),
    ],
)
async def test_several_of_a_kind_and_too_common_words_are_no_answer(
    page: Any, label: str, outcome: str
) -> None:
    await page.set_content(PAGE)
    assert (await resolve(page, label)).outcome == outcome


async def test_what_the_page_itself_calls_so_comes_first(page: Any) -> None:
    await page.set_content("<p>入力欄 <select id=x><option>a</select></p><p>氏名 <input id=y></p>")
    found = await resolve(page, "入力欄")
    assert await found.control.get_attribute("id") == "x"


async def test_a_password_never_goes_into_a_box_called_by_its_kind(page: Any) -> None:
    await page.set_content("<input type=password>")
    assert (await resolve(page, "入力欄")).outcome == "missing"


async def test_what_cannot_be_used_does_not_count(page: Any) -> None:
    await page.set_content("<input readonly value=1><input id=x><input disabled>")
    found = await resolve(page, "text box")
    assert await found.control.get_attribute("id") == "x"


SLIDER = """<style>.ui-slider{position:relative;width:100px;height:9px}.ui-slider-handle{position:absolute;width:15px;height:15px}</style>
<p>合計 <b>3</b></p><div><div class=ui-slider><span tabindex=0 class=ui-slider-handle></span></div><div id=val>20</div></div><script>{
const val = document.getElementById('val');
document.querySelector('.ui-slider-handle').addEventListener('keydown', (event) => {
  const way = { ArrowRight: 5, ArrowLeft: -5 }[event.key] || 0;
  val.textContent = Math.min(50, Math.max(0, Number(val.textContent) + way));
}); }</script>"""


async def test_a_slider_that_tells_its_value_only_beside_itself(page: Any) -> None:
    for goal in ("45", "0", "50"):
        await page.set_content(SLIDER)
        filled = await fill(page, {"スライダー": goal})
        assert (filled[0].way, filled[0].read) == ("keys", goal)
        assert await page.inner_text("#val") == goal
    with pytest.raises(ApplicationError):
        await fill(page, {"スライダー二": "1"})


async def test_a_time_is_written_as_a_person_says_it(page: Any) -> None:
    for said, value in {
        "3:45 PM": "15:45",
        "午後3時45分": "15:45",
        "12:05 AM": "00:05",
        "9:30": "09:30",
    }.items():
        await page.set_content("<input type=time>")
        await fill(page, {"時刻欄": said})
        assert await page.input_value("input") == value
