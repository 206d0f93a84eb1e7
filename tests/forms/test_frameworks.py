"""Real builds of React, Vue and Angular from npm: controlled inputs keep what was filled, however late or often they are drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bofbot.forms import click_button, fill

VALUES = {
    "氏名": "山田 太郎",
    "金額": "12000",
    "部門": "経理部",
    "日付": "2026-04-01",
    "摘要": "出張の交通費\n往復",
}
WANTED = {
    "name": "山田 太郎",
    "amount": "12000",
    "dept": "2",
    "day": "2026-04-01",
    "note": "出張の交通費\n往復",
}
STATE = "const EMPTY = { name: '', amount: '', dept: '1', day: '', note: '' };"
REACT = """const { createElement: h, useState, useEffect } = React;
function Form() {
  const [data, set] = useState(EMPTY), [shown, show] = useState(!LATE), [tick, next] = useState(0), [age, older] = useState(0);
  useEffect(() => { setTimeout(() => show(true), 300); if (BUSY) { const t = setInterval(() => next((n) => n + 1), 4); return () => clearInterval(t); } }, []);
  const put = (key) => (e) => { const { value } = e.target; set((d) => ({ ...d, [key]: value })); if (ANEW) older((n) => n + 1); };
  if (!shown) return h('p', null, '読み込み中');
  const row = (label, box) => h('div', { className: 'row' }, h('span', null, label), box);
  return h('form', { key: age, 'data-tick': tick, onSubmit: (e) => { e.preventDefault(); window.taken = data; } },
    row('氏名', h('input', { value: data.name, onChange: put('name') })),
    row('金額', h('input', { value: data.amount, onChange: (e) => /^\\d*$/.test(e.target.value) && put('amount')(e) })),
    row('部門', h('select', { value: data.dept, onChange: put('dept') }, h('option', { value: '1' }, '総務部'), h('option', { value: '2' }, '経理部'))),
    row('日付', h('input', { type: 'date', value: data.day, onChange: put('day') })),
    row('摘要', h('textarea', { value: data.note, onChange: put('note') })), h('button', null, '登録'));
}
ReactDOM.createRoot(document.getElementById('app')).render(h(Form));"""
VUE = """Vue.createApp({
  data: () => ({ d: { ...EMPTY }, shown: !LATE, tick: 0, age: 0 }),
  mounted() { setTimeout(() => { this.shown = true; }, 300); if (BUSY) setInterval(() => { this.tick += 1; }, 4); },
  watch: { d: { deep: true, handler() { if (ANEW) this.age += 1; } } },
  methods: { save() { window.taken = { ...this.d }; } },
  template: `<p v-if="!shown">読み込み中</p><form v-else :key="age" :data-tick="tick" @submit.prevent="save">
    <div class="row"><span>氏名</span><input v-model="d.name"></div><div class="row"><span>金額</span><input v-model="d.amount"></div>
    <div class="row"><span>部門</span><select v-model="d.dept"><option value="1">総務部</option><option value="2">経理部</option></select></div>
    <div class="row"><span>日付</span><input type="date" v-model="d.day"></div><div class="row"><span>摘要</span><textarea v-model="d.note"></textarea></div><button>登録</button></form>`,
}).mount('#app');"""
ANGULAR = """class Form {
  constructor() { this.d = { ...EMPTY }; this.shown = !LATE; this.tick = 0; this.ages = [0]; this.same = (i, age) => age;
    setTimeout(() => { this.shown = true; }, 300); if (BUSY) setInterval(() => { this.tick += 1; }, 4); }
  anew() { if (ANEW) this.ages = [this.ages[0] + 1]; }
  save() { window.taken = { ...this.d }; }
}
const box = (name, tag, inner = '') => `<${tag} name="${name}" [(ngModel)]="d.${name}" (ngModelChange)="anew()" ${name === 'day' ? 'type="date"' : ''}>${inner}${tag === 'input' ? '' : `</${tag}>`}`;
const row = (label, field) => `<div class="row"><span>${label}</span>${field}</div>`;
ng.core.Component({ selector: '#app', template: `<p *ngIf="!shown">読み込み中</p><form *ngIf="shown" (ngSubmit)="save()" [attr.data-tick]="tick"><ng-container *ngFor="let age of ages; trackBy: same">
  ${row('氏名', box('name', 'input'))}${row('金額', box('amount', 'input'))}${row('部門', box('dept', 'select', '<option value="1">総務部</option><option value="2">経理部</option>'))}
  ${row('日付', box('day', 'input'))}${row('摘要', box('note', 'textarea'))}</ng-container><button>登録</button></form>` })(Form);
class Whole {}
ng.core.NgModule({ imports: [ng.platformBrowser.BrowserModule, ng.forms.FormsModule], declarations: [Form], bootstrap: [Form] })(Whole);
ng.platformBrowserDynamic.platformBrowserDynamic().bootstrapModule(Whole);"""
FRAMEWORKS = {
    "react": (
        [("react@18.3.1", "umd/react.production.min.js"), ("react-dom@18.3.1", "umd/react-dom.production.min.js")],
        REACT,
    ),
    "vue": ([("vue@3.5.13", "dist/vue.global.prod.js")], VUE),
    "angular": (
        [
            ("zone.js@0.11.8", "bundles/zone.umd.min.js"),
            ("rxjs@6.6.7", "bundles/rxjs.umd.min.js"),
            *((f"@angular/{name}@12.2.17", f"bundles/{name}.umd.js") for name in ("core", "common", "compiler", "forms", "platform-browser", "platform-browser-dynamic")),
        ],
        ANGULAR,
    ),
}  # fmt: skip
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.parametrize("habit", ["plain", "LATE", "BUSY", "ANEW"])
@pytest.mark.parametrize("framework", list(FRAMEWORKS))
async def test_every_value_reaches_the_state_of_the_form(
    page: Any, npm: Callable[[str, str], str], framework: str, habit: str
) -> None:
    await page.set_content(
        "<!doctype html><style>.row{display:flex}.row span{width:90px}</style><div id=app></div>"
    )
    builds, body = FRAMEWORKS[framework]
    for package, member in builds:
        await page.add_script_tag(content=npm(package, member))
    flags = "".join(
        f"const {one} = {'true' if one == habit else 'false'};" for one in ("LATE", "BUSY", "ANEW")
    )
    await page.add_script_tag(content=f"(() => {{ {flags} {STATE} {body} }})()")
    filled = await fill(page, VALUES)
    assert [one.label for one in filled] == list(VALUES)
    await click_button(page, "登録")
    assert await page.evaluate("window.taken") == WANTED
