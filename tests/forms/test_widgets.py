"""Real widgets from npm, filled by their labels: calendars, lists that open, masks; what counts is what the widget itself then holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest

from bofbot.errors import ApplicationError, BusinessError
from bofbot.forms import Patience, fill

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]
SHORT = Patience(longest=0.6, quiet=0.3)
JQUERY = ("jquery@3.7.1", "dist/jquery.min.js")
JQUERY_UI = ("jquery-ui-dist@1.13.3", "jquery-ui.min.js", "jquery-ui.min.css")
FLATPICKR = ("flatpickr@4.6.13", "dist/flatpickr.min.js", "dist/flatpickr.min.css")
DATEPICKER = ("bootstrap-datepicker@1.10.0", "dist/js/bootstrap-datepicker.min.js", "dist/css/bootstrap-datepicker3.standalone.min.css")  # fmt: skip
SELECT2 = ("select2@4.1.0-rc.0", "dist/js/select2.min.js", "dist/css/select2.min.css")
CHOICES = ("choices.js@11.0.2", "public/assets/scripts/choices.min.js", "public/assets/styles/choices.min.css")  # fmt: skip
TOM = ("tom-select@2.4.1", "dist/js/tom-select.complete.min.js", "dist/css/tom-select.min.css")
IMASK = ("imask@7.6.1", "dist/imask.min.js")
INPUTMASK = ("inputmask@5.0.9", "dist/inputmask.min.js")
REACT = [("react@18.3.1", "umd/react.production.min.js"), ("react-dom@18.3.1", "umd/react-dom.production.min.js")]  # fmt: skip
ANTD = [*REACT, ("dayjs@1.11.13", "dayjs.min.js"), ("antd@5.22.2", "dist/antd.min.js", "dist/reset.css")]
ELEMENT = [("vue@3.5.13", "dist/vue.global.prod.js"), ("element-plus@2.8.8", "dist/index.full.min.js", "dist/index.css")]  # fmt: skip
MUI = [*REACT, ("@mui/material@5.16.7", "umd/material-ui.production.min.js")]

Npm = Callable[[str, str], str]


async def show(page: Any, npm: Npm, parts: list[tuple[str, ...]], html: str, script: str) -> None:
    """A page with these packages' own files, some HTML, and the lines that start the widgets."""
    css = "".join(npm(package, style) for package, _, *styles in parts for style in styles)
    await page.set_content(f"<!doctype html><meta charset=utf-8><style>{css}</style>{html}")
    for package, code, *_ in parts:
        await page.add_script_tag(content=npm(package, code))
    await page.add_script_tag(content=f"(() => {{ {script} }})()")


@pytest.mark.parametrize("options", ["", "dateFormat: 'Y年m月d日'", "altInput: true, altFormat: 'F j, Y'", "allowInput: true, dateFormat: 'd.m.Y'", "static: true", "inline: true"])  # fmt: skip
async def test_flatpickr(page: Any, npm: Npm, options: str) -> None:
    html = "<table><tr><th>利用日</th><td><input id=a></td></tr><tr><th>備考</th><td><input id=b></td></tr></table>"
    await show(page, npm, [FLATPICKR], html, f"window.picked = flatpickr('#a', {{ {options} }})")
    filled = await fill(page, {"利用日": date(2027, 11, 23), "備考": "泊"})
    assert await page.evaluate("flatpickr.formatDate(picked.selectedDates[0], 'Y-m-d')") == "2027-11-23"
    assert await page.input_value("#b") == "泊"
    assert filled[0].way in ("typed", "keys", "calendar")


async def test_flatpickr_with_a_time(page: Any, npm: Npm) -> None:
    html = "<p>開始時刻 <input id=a></p>"
    await show(page, npm, [FLATPICKR], html, "window.picked = flatpickr('#a', { enableTime: true, noCalendar: true, time_24hr: true, dateFormat: 'H:i', allowInput: true })")  # fmt: skip
    await fill(page, {"開始時刻": time(14, 35)})
    assert await page.evaluate("flatpickr.formatDate(picked.selectedDates[0], 'H:i')") == "14:35"


async def test_a_day_that_the_calendar_does_not_offer_is_said(page: Any, npm: Npm) -> None:
    await show(page, npm, [FLATPICKR], "<p>利用日 <input id=a></p>", "window.picked = flatpickr('#a', { disable: ['2027-11-23'] })")  # fmt: skip
    with pytest.raises(BusinessError) as caught:
        await fill(page, {"利用日": date(2027, 11, 23)}, patience=SHORT)
    assert "2027-11-23" in caught.value.message.en
    assert await page.evaluate("picked.selectedDates.length") == 0


async def test_a_read_only_box_without_a_calendar_stays_read_only(page: Any) -> None:
    await page.set_content("<p>利用日 <input id=a readonly></p>")
    with pytest.raises(ApplicationError, match="read-only"):
        await fill(page, {"利用日": date(2027, 11, 23)}, patience=SHORT)


@pytest.mark.parametrize("options", ["", "dateFormat: 'yy-mm-dd'", "dateFormat: 'yy年m月d日', changeMonth: true, changeYear: true"])  # fmt: skip
async def test_jquery_ui_datepicker(page: Any, npm: Npm, options: str) -> None:
    html = "<p>納品日 <input id=a></p><p>担当 <input id=b></p>"
    await show(page, npm, [JQUERY, JQUERY_UI], html, f"jQuery('#a').datepicker({{ {options} }})")
    await fill(page, {"納品日": date(2026, 12, 5), "担当": "山田"})
    chosen = "(() => { const d = jQuery('#a').datepicker('getDate'); return [d.getFullYear(), d.getMonth() + 1, d.getDate()]; })()"
    assert await page.evaluate(chosen) == [2026, 12, 5]
    assert await page.input_value("#b") == "山田"


async def test_jquery_ui_datepicker_that_cannot_be_typed_into(page: Any, npm: Npm) -> None:
    await show(
        page, npm, [JQUERY, JQUERY_UI], "<p>納品日 <input id=a readonly></p>", "jQuery('#a').datepicker()"
    )
    [field] = await fill(page, {"納品日": date(2025, 1, 31)})
    assert (field.way, await page.input_value("#a")) == ("calendar", "01/31/2025")


async def test_bootstrap_datepicker(page: Any, npm: Npm) -> None:
    html = "<p>支払日 <input id=a></p><p>担当 <input id=b></p>"
    await show(page, npm, [JQUERY, DATEPICKER], html, "jQuery('#a').datepicker({ format: 'yyyy-mm-dd', autoclose: true })")  # fmt: skip
    await fill(page, {"支払日": date(2026, 3, 31), "担当": "山田"})
    assert await page.evaluate("jQuery('#a').datepicker('getFormattedDate')") == "2026-03-31"


async def test_jquery_ui_autocomplete(page: Any, npm: Npm) -> None:
    script = "jQuery('#a').autocomplete({ source: ['東京本社', '東京支店', '大阪支店'], select: (e, ui) => { window.chosen = ui.item.value; } })"
    await show(page, npm, [JQUERY, JQUERY_UI], "<p>拠点 <input id=a></p>", script)
    await fill(page, {"拠点": "東京支店"})
    assert await page.input_value("#a") == "東京支店"


OPTIONS = "<option value=''>選択してください</option><option value=1>みずほ銀行</option><option value=2>みずほ信託銀行</option><option value=3>りそな銀行</option>"  # fmt: skip
LISTS = {
    "select2": ([JQUERY, SELECT2], "jQuery('#a').select2({ width: '200px' }); jQuery('#m').select2({ width: '200px' });"),
    "choices": ([CHOICES], "new Choices('#a'); new Choices('#m', { removeItemButton: true });"),
    "tom-select": ([TOM], "new TomSelect('#a'); new TomSelect('#m');"),
}  # fmt: skip


@pytest.mark.parametrize("widget", list(LISTS))
async def test_a_list_that_a_widget_replaces(page: Any, npm: Npm, widget: str) -> None:
    parts, script = LISTS[widget]
    html = f"<table><tr><th>振込先銀行</th><td><select id=a>{OPTIONS}</select></td></tr><tr><th>タグ</th><td><select id=m multiple><option value=r>赤<option value=g>緑<option value=b>青</select></td></tr></table>"
    await show(page, npm, parts, html, script)
    await fill(page, {"振込先銀行": "みずほ信託銀行", "タグ": ["赤", "青"]})
    assert await page.evaluate("document.querySelector('#a').value") == "2"
    chosen = "[...document.querySelector('#m').selectedOptions].map((o) => o.value).sort().join()"
    assert await page.evaluate(chosen) == "b,r"
    assert "みずほ信託銀行" in await page.inner_text("body")
    with pytest.raises(BusinessError) as caught:
        await fill(page, {"振込先銀行": "ゆうちょ銀行"}, patience=SHORT)
    assert "りそな銀行" in caught.value.message.ja or "みずほ銀行" in caught.value.message.ja


MASKS = {
    "imask date": (IMASK, "IMask(document.querySelector('#a'), { mask: '0000/00/00' })", date(2026, 4, 1), "2026/04/01"),
    "imask phone": (IMASK, "IMask(document.querySelector('#a'), { mask: '000-0000-0000' })", "090-1234-5678", "090-1234-5678"),
    "imask number": (IMASK, "IMask(document.querySelector('#a'), { mask: Number, thousandsSeparator: ',', scale: 0 })", 1234567, "1,234,567"),
    "inputmask date": (INPUTMASK, "Inputmask('9999-99-99').mask('#a')", date(2026, 4, 1), "2026-04-01"),
    "inputmask zip": (INPUTMASK, "Inputmask('999-9999').mask('#a')", "100-0001", "100-0001"),
    "inputmask money": (INPUTMASK, "Inputmask({ alias: 'numeric', groupSeparator: ',', digits: 0, rightAlign: false }).mask('#a')", 98765, "98,765"),
}  # fmt: skip


@pytest.mark.parametrize("mask", list(MASKS))
async def test_masks(page: Any, npm: Npm, mask: str) -> None:
    part, script, value, shown = MASKS[mask]
    await show(page, npm, [part], "<p>項目 <input id=a></p><p>次 <input id=b></p>", script)
    filled = await fill(page, {"項目": value, "次": "x"})
    assert await page.input_value("#a") == shown
    assert filled[0].way in ("typed", "keys")
    assert await page.input_value("#b") == "x"


ANTD_FORM = """const h = React.createElement; const { Form, DatePicker, Select, InputNumber, AutoComplete, Switch, Radio, Input, TimePicker } = antd;
const App = () => { const [f] = Form.useForm(); window.read = () => f.getFieldsValue(); const item = (label, name, box, more) => h(Form.Item, { label, name, ...more }, box);
return h(Form, { form: f, labelCol: { span: 6 } }, item('利用日', 'day', h(DatePicker)), item('部門', 'dept', h(Select, { options: ['営業部', '経理部', '総務部'].map((v) => ({ value: v, label: v })) })),
item('科目', 'acct', h(Select, { showSearch: true, options: ['旅費交通費', '会議費', '消耗品費'].map((v) => ({ value: v, label: v })) })), item('数量', 'qty', h(InputNumber)),
item('取引先', 'vendor', h(AutoComplete, { options: [{ value: '山田商店' }, { value: '山本商事' }] })), item('至急', 'rush', h(Switch), { valuePropName: 'checked' }),
item('区分', 'kind', h(Radio.Group, { options: ['国内', '海外'] })), item('摘要', 'note', h(Input.TextArea)), item('開始時刻', 'start', h(TimePicker, { format: 'HH:mm' }))); };
const root = document.createElement('div'); document.body.append(root); ReactDOM.createRoot(root).render(h(App));"""


async def test_antd_a_react_form_of_widgets(page: Any, npm: Npm) -> None:
    await show(page, npm, ANTD, "", ANTD_FORM)
    await fill(page, {"利用日": date(2027, 2, 14), "部門": "経理部", "科目": "会議費", "数量": 12, "取引先": "山田商店", "至急": True, "区分": "海外", "摘要": "会場費", "開始時刻": time(9, 30)})  # fmt: skip
    held = await page.evaluate("(() => { const v = read(); return { ...v, day: v.day && v.day.format('YYYY-MM-DD'), start: v.start && v.start.format('HH:mm') }; })()")  # fmt: skip
    assert held == {"day": "2027-02-14", "dept": "経理部", "acct": "会議費", "qty": 12, "vendor": "山田商店", "rush": True, "kind": "海外", "note": "会場費", "start": "09:30"}  # fmt: skip


ELEMENT_FORM = """const app = Vue.createApp({ data: () => ({ d: { day: '', dept: '', rush: false, qty: 1, kind: '' }, depts: ['営業部', '経理部', '総務部'] }), mounted() { window.read = () => JSON.parse(JSON.stringify(this.d)); },
template: `<el-form label-width="100px"><el-form-item label="利用日"><el-date-picker v-model="d.day" value-format="YYYY-MM-DD"></el-date-picker></el-form-item><el-form-item label="部門"><el-select v-model="d.dept"><el-option v-for="x in depts" :key="x" :label="x" :value="x"></el-option></el-select></el-form-item>
<el-form-item label="至急"><el-switch v-model="d.rush"></el-switch></el-form-item><el-form-item label="数量"><el-input-number v-model="d.qty"></el-input-number></el-form-item><el-form-item label="区分"><el-radio-group v-model="d.kind"><el-radio value="国内">国内</el-radio><el-radio value="海外">海外</el-radio></el-radio-group></el-form-item></el-form>` });
const root = document.createElement('div'); document.body.append(root); app.use(ElementPlus); app.mount(root);"""


async def test_element_plus_a_vue_form_of_widgets(page: Any, npm: Npm) -> None:
    await show(page, npm, ELEMENT, "", ELEMENT_FORM)
    await fill(page, {"利用日": date(2026, 8, 9), "部門": "総務部", "至急": True, "数量": 7, "区分": "海外"})
    assert await page.evaluate("read()") == {"day": "2026-08-09", "dept": "総務部", "rush": True, "qty": 7, "kind": "海外"}  # fmt: skip


MUI_FORM = """const h = React.createElement; const { Autocomplete, TextField, Select, MenuItem, FormControl, InputLabel, Slider, Switch, FormControlLabel } = MaterialUI;
const App = () => { const [s, set] = React.useState({ bank: null, dept: '', rate: 30, on: false }); window.read = () => s; const put = (k) => (v) => set((o) => ({ ...o, [k]: v }));
return h('div', { style: { width: 300, padding: 20 } }, h(Autocomplete, { options: ['みずほ銀行', 'りそな銀行'], value: s.bank, onChange: (e, v) => put('bank')(v), renderInput: (p) => h(TextField, { ...p, label: '銀行' }) }),
h(FormControl, { fullWidth: true, margin: 'normal' }, h(InputLabel, { id: 'l' }, '部門'), h(Select, { labelId: 'l', label: '部門', value: s.dept, onChange: (e) => put('dept')(e.target.value) }, h(MenuItem, { value: 'A' }, '営業部'), h(MenuItem, { value: 'B' }, '経理部'))),
h('p', null, '割合'), h(Slider, { value: s.rate, onChange: (e, v) => put('rate')(v) }), h(FormControlLabel, { label: '通知', control: h(Switch, { checked: s.on, onChange: (e) => put('on')(e.target.checked) }) })); };
const root = document.createElement('div'); document.body.append(root); ReactDOM.createRoot(root).render(h(App));"""


async def test_material_ui_a_react_form_of_widgets(page: Any, npm: Npm) -> None:
    await show(page, npm, MUI, "", MUI_FORM)
    await fill(page, {"銀行": "りそな銀行", "部門": "経理部", "割合": 45, "通知": True})
    assert await page.evaluate("read()") == {"bank": "りそな銀行", "dept": "B", "rate": 45, "on": True}


async def test_plain_kinds_of_field(page: Any, tmp_path: Any) -> None:
    await page.set_content(
        """<p>音量 <input type=range id=r min=0 max=100 step=5></p><p>色 <input type=color id=c></p><p>個数 <input type=number id=n min=1 max=10 step=1><button>+</button></p><p>時刻 <input type=time id=t></p><p>日時 <input type=datetime-local id=d></p><p>週 <input type=week id=w></p>
        <p>濃さ <span role=slider tabindex=0 id=s aria-valuemin=0 aria-valuemax=10 aria-valuenow=3 style="display:inline-block;width:100px;height:20px;background:#ddd"></span></p>
        <script>s.onkeydown = (e) => { const v = Number(s.getAttribute('aria-valuenow')) + ({ ArrowRight: 1, ArrowLeft: -1 }[e.key] || 0); s.setAttribute('aria-valuenow', v); };</script>"""
    )
    await fill(page, {"音量": 35, "色": "#ff8800", "個数": 4, "時刻": time(8, 5), "日時": "2026-04-01 09:30", "週": "2026-W14", "濃さ": 7})  # fmt: skip
    read = "Object.fromEntries('rcntdw'.split('').map((k) => [k, document.getElementById(k).value]))"
    assert await page.evaluate(read) == {"r": "35", "c": "#ff8800", "n": "4", "t": "08:05", "d": "2026-04-01T09:30", "w": "2026-W14"}  # fmt: skip
    assert await page.get_attribute("#s", "aria-valuenow") == "7"
    with pytest.raises(BusinessError):
        await fill(page, {"音量": 250}, patience=SHORT)
