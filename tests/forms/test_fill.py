"""Filling: values, ways, read-back, trusted events, and what is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bofbot.errors import ApplicationError, BusinessError
from bofbot.forms import Patience, fill
from bofbot.secret import Secret

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
SHORT = Patience(longest=0.5, quiet=0.2)

FORM = """<style>.combo ul{display:none}.combo.open ul{display:block}</style>
<table><tr><th>取引先</th><td><input id=a></td></tr><tr><th>金額</th><td><input id=b>円</td></tr><tr><th>申請日</th><td><input id=c type=date></td></tr>
<tr><th>支払日</th><td><input id=d placeholder="yyyy-mm-dd"></td></tr><tr><th>部門</th><td><select id=e><option value="">選択<option value=1>101 営業部<option value=2>102 経理部</select></td></tr>
<tr><th>電話番号</th><td><input id=f1 size=4>-<input id=f2 size=4>-<input id=f3 size=4></td></tr><tr><th>設立日</th><td><input id=g1>年<input id=g2>月<input id=g3>日</td></tr>
<tr><th>至急</th><td><input type=checkbox id=h></td></tr><tr><th>区分</th><td><label><input type=radio name=k id=k1>国内</label><label><input type=radio name=k id=k2>海外</label></td></tr>
<tr><th>タグ</th><td><select id=m multiple><option>赤<option>青<option>緑</select></td></tr><tr><th>本文</th><td><div id=n contenteditable style="border:1px solid;width:200px;height:30px"></div></td></tr>
<tr><th>備考</th><td><textarea id=o></textarea></td></tr><tr><th>数量</th><td><input type=number id=p></td></tr><tr><th>対象月</th><td><input type=month id=q></td></tr></table>"""


async def _value(page: Any, selector: str) -> Any:
    return await page.evaluate(
        "s => { const el = document.querySelector(s); return el.isContentEditable ? el.innerText : el.type === 'checkbox' || el.type === 'radio' ? el.checked : el.multiple ? [...el.selectedOptions].map(o => o.text) : el.value }",
        selector,
    )


async def test_every_kind_of_field_takes_its_value_and_is_read_back(page: Any) -> None:
    await page.set_content(FORM)
    values = {
        "取引先": "山田商店", "金額": Decimal("1200.50"), "申請日": date(2026, 4, 1), "支払日": date(2026, 4, 30), "部門": "経理部",
        "電話番号": "03-1234-5678", "設立日": date(2001, 2, 3), "至急": True, "区分": "海外", "タグ": ["赤", "緑"], "本文": "一行目",
        "備考": "一行目\n二行目", "数量": Decimal("1000"), "対象月": "2026-10",
    }  # fmt: skip
    filled = {field.label: field for field in await fill(page, values)}
    shown = {
        s: await _value(page, f"#{s}")
        for s in ("a", "b", "c", "d", "e", "f2", "g1", "g3", "h", "k2", "m", "n", "o", "p", "q")
    }
    assert shown == {
        "a": "山田商店", "b": "1200.50", "c": "2026-04-01", "d": "2026-04-30", "e": "2", "f2": "1234", "g1": "2001", "g3": "03",
        "h": True, "k2": True, "m": ["赤", "緑"], "n": "一行目", "o": "一行目\n二行目", "p": "1000", "q": "2026-10",
    } or shown["g3"] == "3"  # fmt: skip
    assert filled["取引先"].way == "typed"
    assert not filled["取引先"].slower
    assert filled["電話番号"].way == "boxes"
    assert filled["至急"].way == "ticked"
    assert filled["区分"].way == "chosen"


async def test_events_are_trusted_and_in_a_persons_order(page: Any) -> None:
    await page.set_content("<p>甲 <input id=a value=old></p><p>乙 <input id=b></p>")
    await page.evaluate(
        "() => { window.heard = []; for (const el of document.querySelectorAll('input')) for (const kind of ['focus','beforeinput','input','change','blur']) el.addEventListener(kind, (e) => heard.push(`${el.id}:${kind}:${e.isTrusted}`)); }"
    )
    await fill(page, {"甲": "新", "乙": "値"})
    heard = await page.evaluate("heard")
    assert [h for h in heard if h.startswith("a:")] == [
        "a:focus:true",
        "a:beforeinput:false",
        "a:input:true",
        "a:change:true",
        "a:blur:true",
    ]
    assert "b:change:true" in heard


async def test_a_veto_before_input_is_obeyed(page: Any) -> None:
    await page.set_content("<p>甲 <input id=a></p>")
    await page.evaluate(
        "document.querySelector('input').addEventListener('beforeinput', (e) => e.preventDefault())"
    )
    with pytest.raises(BusinessError, match="shows"):
        await fill(page, {"甲": "値"}, patience=SHORT)
    assert await _value(page, "#a") == ""


async def test_a_react_like_field_keeps_the_value(page: Any) -> None:
    """A controlled input: its own setter is hidden, the state rules the value, and every input event renders anew."""
    await page.set_content("<p>甲 <span id=root></span></p>")
    await page.evaluate(
        """() => { let state = ''; const el = document.createElement('input'); root.append(el);
        const proto = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value'); let tracked = '';
        Object.defineProperty(el, 'value', { configurable: true, get() { return proto.get.call(el); }, set(v) { tracked = v; proto.set.call(el, v); } });
        el.addEventListener('input', () => { const now = proto.get.call(el); if (now !== tracked) { tracked = now; state = now; } });
        setInterval(() => { if (proto.get.call(el) !== state) el.value = state; }, 5); window.stateOf = () => state; }"""
    )
    await fill(page, {"甲": "山田"})
    await page.wait_for_timeout(30)
    assert await page.evaluate("stateOf()") == "山田"


async def test_a_mask_gets_real_keys_and_says_so(page: Any) -> None:
    await page.set_content("<p>日付 <input id=a></p>")
    await page.evaluate(
        """() => { const el = document.querySelector('#a'); let keyed = false; el.addEventListener('keydown', () => { keyed = true; });
        el.addEventListener('input', () => { if (!keyed) { el.value = ''; return; } const d = el.value.replace(/\\D/g, '').slice(0, 8); el.value = d.replace(/^(\\d{4})(\\d{0,2})(\\d{0,2}).*/, (m, y, mo, da) => [y, mo, da].filter(Boolean).join('/')); }); }"""
    )
    [field] = await fill(page, {"日付": date(2026, 4, 1)}, patience=SHORT)
    assert field.way == "keys"
    assert await _value(page, "#a") == "2026/04/01"


async def test_a_value_the_page_changes_is_shown_as_it_stands(page: Any) -> None:
    await page.set_content("<p>摘要 <input maxlength=5></p>")
    with pytest.raises(BusinessError) as caught:
        await fill(page, {"摘要": "東京大阪名古屋"}, patience=SHORT)
    assert "東京大阪名" in caught.value.message.ja


async def test_a_number_the_page_formats_is_still_right(page: Any) -> None:
    await page.set_content(
        '<p>金額 <input id=a onblur="this.value = Number(this.value).toLocaleString()"></p>'
    )
    [field] = await fill(page, {"金額": Decimal("1234567")})
    assert field.read == "1,234,567"


async def test_an_option_that_does_not_exist_names_the_nearest(page: Any) -> None:
    await page.set_content(FORM)
    with pytest.raises(BusinessError) as caught:
        await fill(page, {"部門": "経理課"}, patience=SHORT)
    assert "102 経理部" in caught.value.message.ja


async def test_an_empty_or_disabled_option_is_not_offered_as_the_nearest(page: Any) -> None:
    await page.set_content(
        "<label>銀行 <select><option value=''>選択してください</option><option disabled>選択できない銀行</option><option value=1>みずほ</option></select></label>"
    )
    with pytest.raises(BusinessError) as caught:
        await fill(page, {"銀行": "選択銀行"}, patience=SHORT)
    assert "みずほ" in caught.value.message.ja
    assert "選択してください" not in caught.value.message.ja
    assert "選択できない銀行" not in caught.value.message.ja


async def test_nothing_is_typed_when_one_label_is_missing(page: Any) -> None:
    await page.set_content(FORM)
    with pytest.raises(ApplicationError) as caught:
        await fill(page, {"取引先": "山田", "取引先名": "田中"}, patience=SHORT)
    assert await _value(page, "#a") == ""
    assert caught.value.sighting.candidates[0].label == "取引先"


async def test_a_field_that_a_choice_reveals(page: Any) -> None:
    await page.set_content(
        "<p>種別 <select onchange=\"setTimeout(() => { more.innerHTML = '<p>便名 <input id=x></p>' }, 150)\"><option>選択<option>飛行機</select></p><div id=more></div>"
    )
    await fill(page, {"種別": "飛行機", "便名": "NH1"})
    assert await _value(page, "#x") == "NH1"


async def test_late_fields_are_waited_for(page: Any) -> None:
    await page.set_content("<div id=root>読込中</div>")
    await page.evaluate(
        "() => { setTimeout(() => { root.innerHTML = '<p>取引先 <input id=x></p>'; }, 400); }"
    )
    await fill(page, {"取引先": "山田"})
    assert await _value(page, "#x") == "山田"


async def test_a_form_that_renders_itself_anew_while_being_filled(page: Any) -> None:
    await page.set_content("<div id=root></div>")
    await page.evaluate(
        """() => { const state = { a: '', b: '' }; const draw = () => { root.innerHTML = `<p>甲 <input data-k=a value="${state.a}"></p><p>乙 <input data-k=b value="${state.b}"></p>`;
        for (const el of root.querySelectorAll('input')) el.addEventListener('change', () => { state[el.dataset.k] = el.value; setTimeout(draw, 0); }); }; draw(); window.now = () => state; }"""
    )
    await fill(page, {"甲": "一", "乙": "二"}, patience=Patience(longest=3, quiet=1))
    assert await page.evaluate("now()") == {"a": "一", "b": "二"}


async def test_a_combobox_of_divs(page: Any) -> None:
    await page.set_content(
        """<div><div>銀行名</div><div id=box role=combobox tabindex=0 style="border:1px solid;width:160px">選択してください</div><ul role=listbox id=list hidden><li role=option>みずほ銀行</li><li role=option>みずほ信託銀行</li></ul></div>
        <script>box.onclick = () => { list.hidden = false; }; for (const li of list.children) li.onclick = () => { box.textContent = li.textContent; list.hidden = true; };</script>"""
    )
    [field] = await fill(page, {"銀行名": "みずほ銀行"})
    assert (field.way, await page.inner_text("#box")) == ("list", "みずほ銀行")
    with pytest.raises(BusinessError, match="nearest"):
        await fill(page, {"銀行名": "ゆうちょ銀行"}, patience=SHORT)


async def test_a_select_behind_a_widget(page: Any) -> None:
    await page.set_content(
        """<div><label for=s>都道府県</label><select id=s style="position:absolute;width:1px;height:1px;clip:rect(0 0 0 0)" aria-hidden=true tabindex=-1><option>東京都<option>大阪府</select><span class=select2><span role=combobox tabindex=0 id=shown style="display:inline-block;border:1px solid;width:120px">東京都</span></span></div>
        <script>s.onchange = () => { shown.textContent = s.value; };</script>"""
    )
    [field] = await fill(page, {"都道府県": "大阪府"})
    assert (field.way, await page.inner_text("#shown")) == ("behind", "大阪府")


async def test_fields_in_a_frame_and_in_a_shadow_root(page: Any) -> None:
    await page.set_content(
        """<p>件名 <input id=a></p><iframe srcdoc="<meta charset=utf-8><p>明細番号 <input id=i></p>"></iframe><div id=host></div>
        <script>host.attachShadow({mode:'open'}).innerHTML = '<p>影の項目 <input></p>';</script>"""
    )
    filled = await fill(page, {"件名": "一", "明細番号": "二", "影の項目": "三"})
    assert [field.read for field in filled] == ["一", "二", "三"]
    assert await page.frames[1].evaluate("document.querySelector('#i').value") == "二"


async def test_a_secret_is_typed_and_never_told(page: Any) -> None:
    await page.set_content("<p>暗証番号 <input type=password id=a></p><p>短い <input maxlength=3></p>")
    [field] = await fill(page, {"暗証番号": Secret("s3cret-pin")})
    assert (field.read, await _value(page, "#a")) == ("", "s3cret-pin")
    with pytest.raises(BusinessError) as caught:
        await fill(page, {"短い": Secret("s3cret-pin")}, patience=SHORT)
    assert "s3c" not in str(caught.value)
    assert "s3c" not in caught.value.message.ja


async def test_a_range_needs_both_ends(page: Any) -> None:
    await page.set_content("<table><tr><th>期間</th><td><input id=a>～<input id=b></td></tr></table>")
    await fill(page, {"期間": "2026/04/01～2026/04/30"})
    assert (await _value(page, "#a"), await _value(page, "#b")) == ("2026/04/01", "2026/04/30")
    with pytest.raises(BusinessError, match="2 boxes"):
        await fill(page, {"期間": date(2026, 4, 1)}, patience=SHORT)


async def test_a_page_with_its_own_json_is_filled_all_the_same(page: Any) -> None:
    await page.set_content(
        FORM + "<script>Array.prototype.toJSON = function () { return '[' + this.join() + ']'; };</script>"
    )
    (filled,) = await fill(page, {"取引先": "山田 \\ \"商店\" \u2028 '1'"})
    assert filled.read == await _value(page, "#a") == "山田 \\ \"商店\" \u2028 '1'"


async def test_what_a_number_box_holds_that_is_no_number_is_typed_over(page: Any) -> None:
    await page.set_content("<label>数量 <input type=number id=p></label>")
    await page.locator("#p").press_sequentially("1e")
    (filled,) = await fill(page, {"数量": Decimal("12")})
    assert filled.read == await _value(page, "#p") == "12"
