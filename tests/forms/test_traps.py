"""Places where a hasty reader would take the wrong field: nothing may be found there, or only what a person would take."""

from __future__ import annotations

from typing import Any

import pytest

from bofbot.forms import resolve

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

NOTHING = [
    ("a value that is only shown", "現住所", "<div><div>現住所</div><div>東京都</div></div><div><div>新住所</div><div><input></div></div>"),
    ("a shown value in a list of terms", "会社", "<dl><dt>会社</dt><dd>山田商事</dd><dt>名前</dt><dd><input></dd></dl>"),
    ("a shown value in the same row", "旧単価", "<table><tr><th>旧単価</th><td>100</td><th>新単価</th><td><input></td></tr></table>"),
    ("a term without a definition", "会社", "<dl><dt>会社<dt>名前<dd><input></dl>"),
    ("an empty half before the next line", "部署", "<div><div>部署</div><div></div></div><div><div>役職</div><div><input></div></div>"),
    ("a colon before a shown value", "残高:", "<p>残高:</p><p>1,000円</p><p>出金額: <input></p>"),
    ("a remark with a colon", "注意:", "<p>注意:</p><p>半角で入力してください。</p><p>口座番号 <input></p>"),
    ("a heading over a field with its own name", "送付先", "<fieldset><legend>送付先</legend><p>住所 <input></p></fieldset>"),
    ("a link before a box", "詳細はこちら", "<div><a href=#>詳細はこちら</a><div><span>氏名</span><input></div></div>"),
    ("a button that is none of the field", "検索", "<p>氏名 <input><button>検索</button></p>"),
    ("more captions than boxes", "三", "<div><input><input><p>一</p><p>二</p><p>三</p></div>"),
    ("an option of a list", "東京都", "<p>都道府県 <select><option>東京都<option>大阪府</select></p>"),
    ("words under a tick of another line", "印刷", "<p>印刷 済</p><p><input type=checkbox>送信</p>"),
    ("a group heading over columns", "借方", "<table><tr><th colspan=2>借方<tr><th>科目<th>金額<tr><td><input><td><input></table>"),
    ("a title over several fields", "基本情報", "<table><tr><td colspan=4>基本情報</td></tr><tr><td><a>会社</a> <input></td><td>部署 <input></td></tr></table>"),
    ("the name of the page", "勤怠システム", "<h1>勤怠システム</h1><p><input placeholder=企業コード></p><p><input placeholder=ユーザー></p>"),
    ("the heading of what comes next", "納入先", "<p>完了 <input type=checkbox></p><h4>納入先</h4><p>住所 <input></p>"),
    ("an action beside a label", "新規作成", "<p><span>取引先 <a href=#>新規作成</a></span> <input></p><p>備考 <input></p>"),
    ("a folded box", "口座", "<p>口座</p><div style='position:absolute;width:1px;height:1px;overflow:hidden'><input></div><p>名義 <input></p>"),
]  # fmt: skip

RIGHT = [
    ("a prefix in the half of its field", "納期", "<dl><dt>納期</dt><dd>発注後 <input id=x> 日</dd><dt>数量</dt><dd><input></dd></dl>"),
    ("a prefix in a cell", "納期", "<table><tr><th>納期</th><td>発注後 <input id=x> 日</td></tr><tr><th>数量</th><td><input></td></tr></table>"),
    ("a prefix in a line of two halves", "納期", "<div><div>納期</div><div>発注後 <input id=x> 日</div></div><div><div>数量</div><div><input></div></div>"),
    ("a tick and what specifies it", "その他", "<div><input type=checkbox>電話 <input type=checkbox id=x>その他（<input>）</div>"),
    ("a tick before a box on one line", "無料", "<p><input type=checkbox id=x>無料 <input size=4> 円</p>"),
    ("captions in the order of their boxes", "二", "<div><input><input id=x></div><div><span>一</span> <span>二</span></div>"),
    ("the window in front", "氏名", "<p>氏名 <input></p><dialog id=d><p>氏名 <input id=x></p></dialog><script>d.showModal()</script>"),
    ("the window in front, where it has none", "住所", "<p>住所 <input id=x></p><dialog id=d><p>氏名 <input></p></dialog><script>d.showModal()</script>"),
]  # fmt: skip


@pytest.mark.parametrize(("label", "html"), [one[1:] for one in NOTHING], ids=[one[0] for one in NOTHING])
async def test_nothing_is_found(page: Any, label: str, html: str) -> None:
    await page.set_content(f"<!doctype html>{html}")
    assert (await resolve(page, label)).outcome != "found"


@pytest.mark.parametrize(("label", "html"), [one[1:] for one in RIGHT], ids=[one[0] for one in RIGHT])
async def test_the_right_one_is_found(page: Any, label: str, html: str) -> None:
    await page.set_content(f"<!doctype html>{html}")
    found = await resolve(page, label)
    assert found.outcome == "found"
    assert await found.control.get_attribute("id") == "x"
