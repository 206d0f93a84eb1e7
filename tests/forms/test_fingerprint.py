"""What a field or button is known by, and which one it is on a page that changed: right, or not at all."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bofbot.errors import ApplicationError
from bofbot.forms import Patience, fill, find_button, resolve
from bofbot.forms.fingerprint import SIGNALS, Trace, named, packed, print_of, retrace
from bofbot.forms.reader import source
from bofbot.secret import Secret

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
SHORT = Patience(longest=0.3, quiet=0.1)

FORM = """<h1>経費申請</h1><form action="/claims/new" method="post"><h2>申請内容</h2><table>
<tr><th><label for=amount>金額</label></th><td><input id=amount name=amount maxlength=9></td></tr>
<tr><th><label for=count>件数</label></th><td><input id=count name=count></td></tr>
<tr><th><label for=memo>摘要</label></th><td><textarea id=memo name=memo></textarea></td></tr>
<tr><th><label for=dept>部門</label></th><td><select id=dept name=dept><option value="">選択<option>営業部<option>経理部</select></td></tr>
<tr><th><label for=pass>暗証番号</label></th><td><input id=pass name=pass type=password></td></tr></table>
<button type=button id=check>確認</button><button type=submit id=go>登録</button></form>"""


class Prints:
    """A step's memory, kept in the test: what is known, what was seen, what was asked for."""

    def __init__(self, known: dict[str, Any] | None = None, answer: str = "") -> None:
        self._known, self._answer = known or {}, answer
        self.told: dict[str, Any] = {}
        self.asked: list[tuple[str, str]] = []

    def known(self, label: str) -> Any:
        return self._known.get(label)

    def seen(self, label: str, answer: Any) -> None:
        self.told[label] = answer

    async def pursue(self, page: Any, label: str, trouble: Any) -> str:
        self.asked.append((label, trouble["code"]))
        return self._answer

    def learnt(self, *, age: int = 2) -> dict[str, Any]:
        """As the next run would know it."""
        return {label: _known(answer["signals"], age) for label, answer in self.told.items()}


def _known(signals: dict[str, Any], age: int = 2, **trust: float) -> dict[str, Any]:
    return {
        "signals": signals,
        "trust": {**dict.fromkeys(signals, 1.0), **trust},
        "age": dict.fromkeys(signals, age),
    }


async def _learn(page: Any, html: str, values: dict[str, Any], age: int = 2) -> dict[str, Any]:
    await page.set_content(html)
    prints = Prints()
    await fill(page, values, prints=prints, patience=SHORT)
    return prints.learnt(age=age)


async def _learn_button(page: Any, html: str, words: str) -> dict[str, Any]:
    await page.set_content(html)
    prints = Prints()
    await find_button(page, words, prints=prints, patience=SHORT)
    return _known(prints.told[words]["signals"])


async def _id_of(page: Any, trace: Trace | None) -> str:
    assert trace is not None
    found = await resolve(page, trace.label)
    return str(await found.control.get_attribute("id"))


# What is kept -----------------------------------------------------------------------------------------------------


async def test_signals_have_names_for_people_and_hold_no_words_of_the_page(page: Any) -> None:
    known = await _learn(
        page,
        FORM.replace("<tr>", "<tr data-of='山田太郎'>"),
        {"金額": "1234567", "部門": "経理部", "摘要": "山田太郎の出張"},
    )
    for record in known.values():
        assert set(record["signals"]) <= set(SIGNALS)
    kept = json.dumps(known, ensure_ascii=False)
    for word in ("1234567", "山田", "経理部", "営業部", "申請内容", "件数"):
        assert word not in kept.replace('"金額"', "").replace('"部門"', "").replace('"摘要"', "")
    assert known["金額"]["signals"]["name"] == "amount"
    assert len(known["部門"]["signals"]["options"]) == 3


async def test_the_same_page_is_known_in_one_byte_whatever_stands_in_its_fields(page: Any) -> None:
    known = await _learn(page, FORM, {"金額": "1", "部門": "経理部"})
    prints = Prints(known)
    await fill(page, {"金額": "2", "部門": "営業部"}, prints=prints)
    assert prints.told == {"金額": 1, "部門": 1}


async def test_secrets_are_neither_learned_nor_looked_for(page: Any) -> None:
    await page.set_content(FORM)
    prints = Prints()
    await fill(page, {"暗証番号": Secret("1234"), "金額": Secret("77")}, prints=prints)
    assert prints.told == {}
    plain = Prints()
    await fill(page, {"暗証番号": "1234"}, prints=plain)  # a password box stays unknown whatever is typed
    assert plain.told == {}
    await page.set_content(FORM.replace("金額", "額"))
    asked = Prints()
    with pytest.raises(ApplicationError):
        await fill(page, {"金額": Secret("77")}, prints=asked, patience=SHORT)
    assert asked.asked == []


async def test_without_a_memory_no_fingerprint_is_taken(page: Any) -> None:
    await page.set_content(FORM)
    assert [field.read for field in await fill(page, {"金額": "1200"})] == ["1200"]
    assert "retrace" in source()
    assert packed(None) is None


async def test_generated_names_are_no_names(page: Any) -> None:
    html = "<label for=':r3:'>甲</label><input id=':r3:' name=ember214><label for=b>乙</label><input id=b name='9f8a7c6b5d4e'>"
    known = await _learn(page, html, {"甲": "1", "乙": "2"})
    assert "id" not in known["甲"]["signals"]
    assert "name" not in known["甲"]["signals"]
    assert (known["乙"]["signals"].get("id"), known["乙"]["signals"].get("name")) == ("b", None)


# Found again ------------------------------------------------------------------------------------------------------


async def test_a_renamed_field_is_found_by_what_stayed(page: Any) -> None:
    known = await _learn(page, FORM, {"金額": "1"})
    await page.set_content(FORM.replace(">金額<", ">お支払額<"))
    trace = await retrace(page, "金額", known["金額"])
    assert trace is not None
    assert (trace.sure, trace.label) == (True, "お支払額")
    assert trace.score > 0.6
    assert trace.margin > 0.4
    assert {"id", "name", "limits"} <= set(trace.agrees)
    assert trace.differs == ("words",)
    assert named(trace.agrees).ja


async def test_place_and_neighbours_alone_make_nobody_sure(page: Any) -> None:
    known = await _learn(page, FORM, {"件数": "1"})
    await page.set_content(
        FORM.replace("for=count>件数", "for=price>単価").replace("id=count name=count", "id=price name=price")
    )
    trace = await retrace(page, "件数", known["件数"])
    assert trace is None or not trace.sure


YES_NO = "<tr><th>{label}</th><td><label><input type=radio name={name} value=1>はい</label><label><input type=radio name={name} value=0>いいえ</label></td></tr>"


@pytest.mark.parametrize("names", [("urgent", "withheld"), (":r1:", ":r7:")])
async def test_the_same_yes_and_no_under_another_question_is_not_taken(
    page: Any, names: tuple[str, str]
) -> None:
    def html(label: str, name: str) -> str:
        return FORM.replace(
            "<tr><th><label for=memo>", YES_NO.format(label=label, name=name) + "<tr><th><label for=memo>"
        )

    known = await _learn(page, html("至急", names[0]), {"至急": "はい"})
    await page.set_content(html("源泉徴収", names[1]))
    trace = await retrace(page, "至急", known["至急"])
    assert trace is None or not trace.sure


async def test_a_list_of_the_same_entries_under_another_name_is_only_proposed(page: Any) -> None:
    known = await _learn(page, FORM, {"部門": "経理部"})
    await page.set_content(
        FORM.replace("for=dept>部門", "for=section>所属課").replace(
            "id=dept name=dept", "id=section name=section"
        )
    )
    trace = await retrace(page, "部門", known["部門"])
    assert trace is not None
    assert (trace.sure, trace.likely, trace.label) == (False, True, "所属課")


@pytest.mark.parametrize(
    ("was", "is_"),
    [
        ('<a href="#">絞り込む</a>', '<a href="#">まとめて送る</a>'),
        ("<form><button>絞り込む</button></form>", "<form><button>まとめて送る</button></form>"),
        ("<button>絞り込む</button>", "<button>まとめて送る</button>"),
    ],
)
async def test_a_button_in_the_place_of_another_is_not_pressed(page: Any, was: str, is_: str) -> None:
    known = await _learn_button(page, FORM + was, "絞り込む")
    await page.set_content(FORM + is_)
    trace = await retrace(page, "絞り込む", known, what="button")
    assert trace is None or not trace.sure


async def test_a_field_that_another_label_still_names_is_not_taken(page: Any) -> None:
    known = await _learn(page, FORM, {"金額": "1", "件数": "2"})
    await page.set_content(
        FORM.replace(
            "<tr><th><label for=amount>金額</label></th><td><input id=amount name=amount maxlength=9></td></tr>",
            "",
        ).replace("name=count", "name=amount")
    )
    trace = await retrace(page, "金額", known["金額"], others=("金額", "件数"))
    assert trace is None or (await _id_of(page, trace)) != "count"


@pytest.mark.parametrize(
    ("was", "is_"),
    [
        ("支払先", "請求先"),
        ("開始日", "終了日"),
        ("税込金額", "税抜金額"),
        ("借方", "貸方"),
        ("First name", "Last name"),
        ("From", "To"),
    ],
)
async def test_the_opposite_is_another_thing_whatever_else_agrees(page: Any, was: str, is_: str) -> None:
    html = FORM.replace(">金額<", f">{was}<")
    known = await _learn(page, html, {was: "1"})
    await page.set_content(html.replace(f">{was}<", f">{is_}<"))
    trace = await retrace(page, was, known[was])
    assert trace is not None
    assert trace.opposed
    assert not trace.sure


async def test_of_two_with_one_label_the_known_one_is_meant(page: Any) -> None:
    known = await _learn(page, FORM, {"金額": "1"})
    await page.set_content(
        FORM.replace(
            "<h2>申請内容", "<h2>前回</h2><p><label for=last>金額</label> <input id=last></p><h2>申請内容"
        )
    )
    trace = await retrace(page, "金額", known["金額"], code="ambiguous")
    assert trace is not None
    assert (trace.sure, trace.label, await _id_of(page, trace)) == (True, "申請内容 > 金額", "amount")


async def test_twins_that_nothing_tells_apart_stay_ambiguous(page: Any) -> None:
    twin = "<p>金額 <input></p>"
    known = await _learn(page, f"<form>{twin}</form>", {"金額": "1"})
    await page.set_content(f"<form>{twin}{twin}</form>")
    trace = await retrace(page, "金額", known["金額"], code="ambiguous")
    assert trace is None or not trace.sure


async def test_a_number_in_a_row_is_no_name_until_it_was_seen_to_stay(page: Any) -> None:
    html = "<form>{}</form>"
    rows = "".join(
        f"<p><label for=f{n}>{label}</label><input id=f{n}></p>"
        for n, label in enumerate(("甲欄", "乙欄", "丙欄"))
    )
    shuffled = "".join(
        f"<p><label for=f{n}>{label}</label><input id=f{n}></p>"
        for n, label in enumerate(("丙欄", "甲欄", "乙欄"))
    )
    once = await _learn(page, html.format(rows), {"甲欄": "1", "乙欄": "2"}, age=1)
    await page.set_content(html.format(shuffled))
    filled = await fill(page, {"甲欄": "1", "乙欄": "2"}, prints=Prints(once), patience=SHORT)
    assert [field.read for field in filled] == ["1", "2"]  # labels moved along with their fields


# Crossed ----------------------------------------------------------------------------------------------------------


async def test_exchanged_labels_stop_before_anything_is_typed(page: Any) -> None:
    known = await _learn(page, FORM, {"金額": "1200", "件数": "3"})
    await page.set_content(FORM.replace(">金額<", ">@<").replace(">件数<", ">金額<").replace(">@<", ">件数<"))
    prints = Prints(known)
    with pytest.raises(ApplicationError, match="stands at another field"):
        await fill(page, {"金額": "1200", "件数": "3"}, prints=prints, patience=SHORT)
    assert ("金額", "crossed") in prints.asked
    assert await page.evaluate("[amount.value, count.value]") == ["", ""]


async def test_signals_that_always_change_cross_nobody(page: Any) -> None:
    known = await _learn(page, FORM, {"金額": "1200", "件数": "3"})
    for record in known.values():
        record["trust"].update({"id": 0.2, "name": 0.2})
    await page.set_content(FORM.replace(">金額<", ">@<").replace(">件数<", ">金額<").replace(">@<", ">件数<"))
    filled = await fill(page, {"金額": "1200"}, prints=Prints(known), patience=SHORT)
    assert filled[0].read == "1200"


async def test_a_field_that_changed_much_is_told_with_what_still_agrees(page: Any) -> None:
    known = await _learn(page, FORM, {"金額": "1"})
    await page.set_content("<h2>別の画面</h2><p><label>金額 <input id=total></label></p>")
    prints = Prints(known)
    await fill(page, {"金額": "1"}, prints=prints)
    assert prints.told["金額"]["value"] < 0.5
    assert {"id", "name", "form"} <= set(prints.told["金額"]["differs"])


# Buttons ----------------------------------------------------------------------------------------------------------


async def test_a_renamed_button_is_found_and_one_that_posts_is_marked(page: Any) -> None:
    check, go = await _learn_button(page, FORM, "確認"), await _learn_button(page, FORM, "登録")
    await page.set_content(FORM.replace(">確認<", ">内容を見る<").replace(">登録<", ">申請する<"))
    seen = await retrace(page, "確認", check, what="button")
    sent = await retrace(page, "登録", go, what="button")
    assert seen is not None
    assert sent is not None
    assert (seen.sure, seen.label, seen.unsafe) == (True, "内容を見る", False)
    assert (sent.sure, sent.label, sent.unsafe) == (True, "申請する", True)


async def test_a_link_is_known_by_where_it_leads(page: Any) -> None:
    html = '<nav><a href="https://x.invalid/history?page=1">履歴</a> <a href="https://x.invalid/help">ヘルプ</a></nav>'
    known = await _learn_button(page, html, "履歴")
    await page.set_content(html.replace("履歴", "これまでの申請").replace("page=1", "page=7"))
    trace = await retrace(page, "履歴", known, what="button")
    assert trace is not None
    assert (trace.sure, trace.label) == (True, "これまでの申請")


async def test_the_words_of_a_button_on_another_button_stop(page: Any) -> None:
    known = await _learn_button(page, FORM, "登録")
    await page.set_content(
        FORM.replace(">登録<", ">申請する<") + "<form method=post action=/news><button>登録</button></form>"
    )
    prints = Prints({"登録": known})
    with pytest.raises(ApplicationError, match="stands at another"):
        await find_button(page, "登録", prints=prints, patience=SHORT)
    assert prints.asked == [("登録", "crossed")]


# Where it stands --------------------------------------------------------------------------------------------------


async def test_in_a_frame(page: Any) -> None:
    shell = "<h1>枠</h1><iframe id=inner style='width:800px;height:500px'></iframe>"

    async def show(html: str) -> None:
        await page.set_content(shell)
        await page.evaluate("html => { inner.srcdoc = html }", html)
        await page.frames[-1].wait_for_selector("form")

    await show(FORM)
    prints = Prints()
    await fill(page, {"金額": "1"}, prints=prints)
    known = prints.learnt()
    await show(FORM.replace(">金額<", ">お支払額<"))
    trace = await retrace(page, "金額", known["金額"])
    assert trace is not None
    assert (trace.sure, trace.label) == (True, "お支払額")


async def test_in_a_row_among_rows_of_its_kind(page: Any) -> None:
    def html(head: str) -> str:
        rows = "".join(
            f"<tr><td>{name}</td><td><input name='{key}'></td></tr>"
            for name, key in (("ボールペン", "qty_pen"), ("封筒", "qty_envelope"), ("切手", "qty_stamp"))
        )
        return f"<h2>注文</h2><table><tr><th>品名</th><th>{head}</th></tr>{rows}</table>"

    known = await _learn(page, html("数量"), {"封筒 > 数量": "3"})
    await page.set_content(html("個数"))
    trace = await retrace(page, "封筒 > 数量", known["封筒 > 数量"])
    assert trace is not None
    assert (trace.sure, trace.label) == (True, "封筒 > 個数")
    found = await resolve(page, trace.label)
    assert await found.control.get_attribute("name") == "qty_envelope"


async def test_within_a_section_the_words_are_found_from_there(page: Any) -> None:
    html = "<h2>請求先</h2><p><label>住所 <input id=a name=bill></label></p><h2>送付先</h2><p><label>住所 <input id=b name=ship></label></p>"
    await page.set_content(html)
    answer = await print_of(page, "送付先 > 住所", None)
    await page.set_content(html.replace("住所", "所在地"))
    trace = await retrace(page, "住所", _known(answer["signals"]), prefix="送付先")
    assert trace is not None
    assert (trace.sure, trace.label) == (True, "所在地")


async def test_a_group_of_radios_and_a_number_in_three_boxes(page: Any) -> None:
    html = "<table><tr><th>支払方法</th><td><label><input type=radio name=way value=t>振込</label><label><input type=radio name=way value=c>現金</label></td></tr><tr><th>電話番号</th><td><input name=t1 size=4>-<input name=t2 size=4>-<input name=t3 size=4></td></tr></table>"
    known = await _learn(page, html, {"支払方法": "現金", "電話番号": "03-1234-5678"})
    await page.set_content(html.replace("支払方法", "お支払い").replace("電話番号", "ご連絡先"))
    for label, now in (("支払方法", "お支払い"), ("電話番号", "ご連絡先")):
        trace = await retrace(page, label, known[label])
        assert trace is not None
        assert (trace.sure, trace.label) == (True, now)


async def test_a_better_named_twin_elsewhere_does_not_take_the_label(page: Any) -> None:
    """Nothing on this page has an id or a name: the head's search box is tied to its label, the form's field only stands beside it."""
    form = "<h2>申請内容</h2><form><table><tr><th>申請番号</th><td><input></td></tr><tr><th>金額</th><td><input></td></tr></table></form>"
    known = await _learn(page, form, {"申請番号": "K-1"})
    await page.set_content(f"<form><label>申請番号 <input></label><button>探す</button></form>{form}")
    assert (
        await resolve(page, "申請番号")
    ).outcome == "found"  # by its label alone it would be the search box
    prints = Prints(known, answer="申請内容 > 申請番号")
    await fill(page, {"申請番号": "K-1"}, prints=prints, patience=SHORT)
    assert prints.asked == [("申請番号", "ambiguous")]
    assert await page.evaluate("[...document.querySelectorAll('input')].map((el) => el.value)") == [
        "",
        "K-1",
        "",
    ]
    trace = await retrace(page, "申請番号", known["申請番号"], code="ambiguous")
    assert trace is not None
    assert (trace.sure, trace.label) == (True, "申請内容 > 申請番号")
