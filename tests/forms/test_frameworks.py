"""Real builds of React and Vue from npm: controlled inputs keep what was filled, however late or often they are drawn."""

from __future__ import annotations

import asyncio
import shutil
import tarfile
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bofbot.forms import click_button, fill

PACKAGES = {
    "react@18.3.1": "package/umd/react.production.min.js",
    "react-dom@18.3.1": "package/umd/react-dom.production.min.js",
    "vue@3.5.13": "package/dist/vue.global.prod.js",
}
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
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def builds(request: Any) -> dict[str, str]:
    """The frameworks' own files, fetched once by npm and kept in pytest's cache; skipped aloud without it."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("no npm on this machine: React and Vue are not tried")
    folder = Path(request.config.cache.mkdir("npm"))
    for package in PACKAGES:
        if not (folder / f"{package.replace('@', '-')}.tgz").exists():
            packing = await asyncio.create_subprocess_exec(npm, "pack", "--silent", package, cwd=folder)
            try:
                code = await asyncio.wait_for(packing.wait(), 60)
            except TimeoutError:
                packing.kill()
                code = await packing.wait()
            if code:
                pytest.skip(f"npm could not fetch {package} (no network?): React and Vue are not tried")
    found = {}
    for package, member in PACKAGES.items():
        with tarfile.open(folder / f"{package.replace('@', '-')}.tgz") as archive:
            file = archive.extractfile(member)
            assert file is not None
            found[package.split("@")[0]] = file.read().decode()
    return found


@pytest.mark.parametrize("habit", ["plain", "LATE", "BUSY", "ANEW"])
@pytest.mark.parametrize("framework", ["react", "vue"])
async def test_every_value_reaches_the_state_of_the_form(
    page: Any, builds: dict[str, str], framework: str, habit: str
) -> None:
    await page.set_content(
        "<!doctype html><style>.row{display:flex}.row span{width:90px}</style><div id=app></div>"
    )
    for name in ("react", "react-dom") if framework == "react" else ("vue",):
        await page.add_script_tag(content=builds[name])
    flags = "".join(
        f"const {one} = {'true' if one == habit else 'false'};" for one in ("LATE", "BUSY", "ANEW")
    )
    body = REACT if framework == "react" else VUE
    await page.add_script_tag(content=f"(() => {{ {flags} {STATE} {body} }})()")
    filled = await fill(page, VALUES)
    assert [one.label for one in filled] == list(VALUES)
    await click_button(page, "登録")
    assert await page.evaluate("window.taken") == WANTED
