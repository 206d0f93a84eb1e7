"""Every way a page has to send something that is no question: none of them passes the shut gate, one passes a submit."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from bofbot.actions.pages.moving import Click, Open
from bofbot.actions.pages.submit import Submit
from bofbot.adapters.browser import Browser
from bofbot.adapters.browser.gate import Gate
from bofbot.adapters.browser.held import Held
from bofbot.adapters.machine import find_browser
from bofbot.errors import NeedsPerson, RunError
from tests.actions.conftest import Counted
from tests.actions.stage import Stage

from .recording_site import RecordingSite, recording_site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(180),
    pytest.mark.skipif(find_browser() is None, reason="no browser on this machine"),
]

FORM = "const f = document.createElement('form'); f.method = 'post'; f.action = '/{0}'; {1} document.body.append(f); f.submit();"
WORKER = "fetch(location.origin.startsWith('http') ? '/{0}' : '{origin}/{0}', {{method: 'POST', mode: 'no-cors', body: 'x'}})"
VECTORS = {
    "form": FORM.format("form", ""),
    "form into a new tab": FORM.format("blank", "f.target = '_blank';"),
    "form into a frame": "const i = document.createElement('iframe'); i.name = 'i'; document.body.append(i);"
    + FORM.format("frame", "f.target = 'i';"),
    "form with a file": FORM.format(
        "multipart", "f.enctype = 'multipart/form-data'; f.innerHTML = '<input name=a value=b>';"
    ),
    "form as plain text": FORM.format(
        "plain", "f.enctype = 'text/plain'; f.innerHTML = '<input name=a value=b>';"
    ),
    "form of a frame without origin": "const i = document.createElement('iframe'); i.sandbox = 'allow-forms allow-scripts';"
    " i.srcdoc = '<form method=post action={origin}/sandbox></form><script>document.forms[0].submit()</' + 'script>'; document.body.append(i);",
    "fetch": "fetch('/fetch', {method: 'POST', body: 'x'});",
    "fetch that outlives the page": "fetch('/keepalive', {method: 'POST', body: 'x', keepalive: true}); location.href = '/next';",
    "fetch without cors": "fetch('/no-cors', {method: 'POST', body: 'x', mode: 'no-cors'});",
    "fetch of a request": "fetch(new Request('/request', {method: 'POST', body: new Blob(['x'])}));",
    "a stream": "fetch('/stream', {method: 'POST', duplex: 'half', body: new ReadableStream({start(c) { c.enqueue(new Uint8Array(3)); c.close(); }})}).catch(() => 0);",
    "PUT": "fetch('/put', {method: 'PUT', body: 'x'});",
    "PATCH": "fetch('/patch', {method: 'PATCH', body: 'x'});",
    "DELETE": "fetch('/delete', {method: 'DELETE'});",
    "a method of its own": "fetch('/own', {method: 'REGISTER'});",
    "XHR": "const x = new XMLHttpRequest(); x.open('POST', '/xhr'); x.send('x');",
    "XHR that blocks the page": "const x = new XMLHttpRequest(); x.open('POST', '/sync', false); try { x.send('x') } catch {}",
    "sendBeacon": "navigator.sendBeacon('/beacon', 'x');",
    "sendBeacon on leaving": "addEventListener('pagehide', () => navigator.sendBeacon('/leaving', 'x')); location.href = '/next';",
    "a ping of a link": "const a = document.createElement('a'); a.href = '/next'; a.ping = '/ping'; document.body.append(a); a.click();",
    "a style's address": "fetch('/a.css', {method: 'POST', body: 'x'});",
    "a script's address": "fetch('/a.js', {method: 'POST', body: 'x'});",
    "a picture's address": FORM.format("a.png", ""),
    "a font's address": "fetch('/a.woff2', {method: 'POST', body: 'x'});",
    "a worker": "new Worker('/worker.js');",
    "a worker from a blob": "new Worker(URL.createObjectURL(new Blob([`fetch('{origin}/blob-worker', {method: 'POST', mode: 'no-cors', body: 'x'})`], {type: 'text/javascript'})));",
    "a shared worker": "new SharedWorker('/shared.js');",
    "a service worker": "navigator.serviceWorker.register('/service.js').catch(() => 0);",
    "a worklet": "CSS.paintWorklet ? CSS.paintWorklet.addModule('/worker.js').catch(() => 0) : 0;",
    "a window that posts": "const w = open('/next'); w.addEventListener('load', () => w.fetch('/window', {method: 'POST', body: 'x'})); w.fetch('/window', {method: 'POST', body: 'x'});",
    "a link that is a script": "const a = document.createElement('a'); a.href = \"javascript:fetch('/link', {method: 'POST'})\"; document.body.append(a); a.click();",
    "a report of its policy": "const m = document.createElement('meta'); m.httpEquiv = 'Content-Security-Policy'; m.content = \"img-src 'none'; report-uri /report\"; document.head.append(m); new Image().src = '/p.png';",
    "a script of the page": "const s = document.createElement('script'); s.textContent = \"fetch('/script', {method: 'POST'})\"; document.body.append(s);",
    "another frame's script": "const i = document.createElement('iframe'); i.srcdoc = \"<script>fetch('{origin}/srcdoc', {method: 'POST', mode: 'no-cors'})</\" + 'script>'; document.body.append(i);",
}
JAVASCRIPT = "text/javascript"
PAGES = {
    "/worker.js": (JAVASCRIPT, "fetch('/in-worker', {method: 'POST', body: 'x'})"),
    "/shared.js": (JAVASCRIPT, "fetch('/in-shared', {method: 'POST', body: 'x'})"),
    "/service.js": (JAVASCRIPT, "fetch('/in-service', {method: 'POST', body: 'x'})"),
    "/page": (
        "text/html; charset=utf-8",
        "<!doctype html><title>頁</title><button id=go>送る</button><form method=post action=/submitted><input type=hidden name=a value=1><button>登録</button></form>",
    ),
    "/submitted": ("text/html; charset=utf-8", "<p>登録しました</p>"),
    "/landed": ("text/html; charset=utf-8", "<p>登録しました</p>"),
}


@pytest.fixture(scope="module")
def site() -> Iterator[RecordingSite]:
    with recording_site(PAGES) as opened:
        yield opened


@pytest_asyncio.fixture
async def stage(tmp_path: Path, site: RecordingSite) -> AsyncIterator[Stage]:
    opened = Stage(tmp_path, timeout=6.0, base_url=site.url, hosts=(site.url,))
    yield opened
    await opened.close()


async def wire(stage: Stage, site: RecordingSite, script: str) -> Browser:
    """A page whose button plays the script."""
    await Open(open="/page").run(stage)
    browser = stage.opened(Browser)
    assert browser
    script = script.replace("{origin}", site.url)
    await browser.page.evaluate("(body) => { go.onclick = new Function(body) }", script)
    site.arrived.clear()
    return browser


async def test_nothing_passes_the_shut_gate(
    site: RecordingSite, stage: Stage, figures: Callable[[str], None]
) -> None:
    leaked, silent = [], list[str]()
    for name, script in VECTORS.items():
        browser = await wire(stage, site, script)
        try:
            await Click(click="送る").run(stage)
        except RunError:
            pass  # a click that posts stops the robot; that is tested elsewhere
        await asyncio.sleep(0.25)
        if site.unsafe():
            leaked.append((name, site.unsafe()))
        if not site.arrived and not browser.gate.blocked:
            silent.append(name)
        for page in browser.pages[:-1]:
            await page.close()
    figures(f"ways to send something past the shut gate: {len(VECTORS)} tried, {len(leaked)} arrived")
    assert leaked == []
    # Dropped without a word, because no robot means them; the browser knows no service workers at all.
    assert set(silent) <= {"sendBeacon", "a service worker", "a report of its policy"}


@pytest.mark.parametrize(
    "name", ["form into a new tab", "fetch", "a worker", "XHR", "PUT", "a window that posts"]
)
async def test_the_same_ways_do_arrive_where_the_gate_is_open(
    site: RecordingSite, stage: Stage, name: str
) -> None:
    """Teeth: the page really sends."""
    browser = await wire(stage, site, VECTORS[name])
    async with browser.step(
        stage, "open"
    ):  # until it has come: a worker sends when it likes, not while it is clicked
        await browser.page.click("#go")
        await arrived(site)
    assert site.unsafe()


async def test_a_step_ends_only_when_the_gate_has_decided(
    site: RecordingSite, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the next step, which may be one that may send, would find the request of this one."""
    decide = Gate.handle

    async def slowly(gate: Gate, held: Held) -> None:
        await asyncio.sleep(0.4)
        await decide(gate, held)

    monkeypatch.setattr(Gate, "handle", slowly)
    browser = await wire(stage, site, "")
    with pytest.raises(NeedsPerson, match="tried to send POST"):
        async with browser.step(stage):
            await browser.page.evaluate("() => { fetch('/autosave', {method: 'POST', body: 'x'}); }")
    assert not browser.gate.late()
    assert not site.unsafe()


SENT_WHOLE = {
    "fetch": b"x",
    "fetch of a request": b"x",  # a blob: only Chromium can read it
    "form with a file": b'name="a"',
    "form as plain text": b"a=b",
    "PUT": b"x",
    "an answer without end": b"x",
}
ENDLESS = "fetch('/endless', {method: 'POST', body: 'x', headers: {accept: 'text/event-stream'}});"


@pytest.mark.parametrize("name", SENT_WHOLE)
async def test_what_an_open_gate_lets_go_is_whole_and_leaves_once(
    site: RecordingSite, stage: Stage, name: str
) -> None:
    site.bodies.clear()
    await wire(stage, site, VECTORS.get(name, ENDLESS))
    await Click(click="送る", posts=True).run(stage)
    await arrived(site)
    await asyncio.sleep(0.1)
    assert len(site.unsafe()) == 1
    assert SENT_WHOLE[name] in site.bodies[0]


async def arrived(site: RecordingSite) -> None:
    for _ in range(80):
        if site.unsafe():
            return
        await asyncio.sleep(0.05)


@pytest.mark.parametrize(("status", "posts"), [(302, 1), (303, 1), (307, 2), (308, 2)])
@pytest.mark.parametrize("through", ["a submit", "a step that posts"])
async def test_where_an_answer_leads_on_the_page_follows(
    site: RecordingSite, stage: Stage, through: str, status: int, posts: int
) -> None:
    site.redirects = {"/submitted": (status, "/landed")}
    site.bodies.clear()
    browser = await wire(stage, site, "")
    stage.effect = Counted()
    try:
        if through == "a submit":
            await Submit(submit="登録", expect="登録しました", on_unknown="ask").run(stage)
        else:
            await Click(click="登録", posts=True).run(stage)
    finally:
        site.redirects = {}
    assert browser.page.url.endswith("/landed")
    assert [path for _, path in site.unsafe()] == ["/submitted", "/landed"][:posts]
    assert set(site.bodies) == {b"a=1"}
    assert len(stage.effect.calls) == (through == "a submit")


async def test_a_submit_lets_one_leave_whatever_else_the_page_tries(
    site: RecordingSite, stage: Stage
) -> None:
    browser = await wire(stage, site, "")
    stage.effect = Counted()
    await browser.page.evaluate(
        "() => { document.forms[0].addEventListener('submit', () => { for (const way of ['a', 'b.css', 'c'])"
        " fetch('/' + way, {method: 'POST', keepalive: true, body: 'x'}).catch(() => 0); }) }"
    )
    with pytest.raises(RunError):
        await Submit(submit="登録", expect="登録しました", on_unknown="ask").run(stage)
    assert len(site.unsafe()) == 1
    assert len(stage.effect.calls) == 1
