"""A small real site for tests of web verbs: forms that count what they book, and every odd way to hand out a file."""

from __future__ import annotations

import asyncio
import contextlib
import io
import socket
import threading
import zipfile
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\n" + b"x" * 2000 + b"\ntrailer<<>>\n%%EOF\n"
CSV = "日付,金額\n2026/10/01,1200\n2026/10/02,3400\n".encode("cp932")


def a_zip() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as book:
        book.writestr("a.csv", CSV)
    return data.getvalue()


def page(body: str, status: int = 200, title: str = "試験") -> HTMLResponse:
    return HTMLResponse(
        f"<!doctype html><html lang=ja><head><meta charset=utf-8><title>{title}</title></head><body>{body}</body></html>",
        status,
    )


class Site:
    """`url`, and what was really booked."""

    def __init__(self) -> None:
        self.booked: list[dict[str, str]] = []
        self.uploads: list[bytes] = []
        self.posts: list[str] = []
        self.logged_in = False
        self.log_ins: list[str] = []
        routes = [
            Route("/form", self.form), Route("/book", self.book, methods=["POST"]), Route("/done", self.done), Route("/list", self.list), Route("/numbers", self.numbers),
            Route("/api", self.api, methods=["POST"]), Route("/login", self.login, methods=["GET", "POST"]), Route("/search", self.search, methods=["POST"]),
            Route("/files", self.files), Route("/get/{how}", self.get), Route("/private", self.private), Route("/table", self.table), Route("/upload", self.upload, methods=["POST"]),
            Route("/odd/{kind}", self.odd),
        ]  # fmt: skip
        self.app = Starlette(routes=routes)

    async def form(self, request: Request) -> Response:
        how = request.query_params.get("how", "")
        extra = {
            "ajax": "<script>document.forms[0].onsubmit = async (e) => { e.preventDefault(); const r = await fetch('/api', {method:'POST', body: JSON.stringify({no: document.forms[0].no.value})}); out.textContent = await r.text(); }</script>",
            "twice": "<script>document.forms[0].onsubmit = async (e) => { e.preventDefault(); fetch('/api', {method:'POST', body:'{\"no\":\"1\"}'}); fetch('/api', {method:'POST', body:'{\"no\":\"1\"}'}).catch(() => 0); setTimeout(() => { out.textContent = '登録しました'; }, 200); }</script>",
            "client": "<script>document.forms[0].onsubmit = (e) => { e.preventDefault(); out.innerHTML = '<p class=error role=alert>金額を入力してください</p>'; }</script>",
            "nothing": "<script>document.forms[0].onsubmit = (e) => e.preventDefault()</script>",
            "overlay": "<div aria-label=お知らせ style='position:fixed;inset:0;background:#fff'>お知らせ</div>",
            "confirm": "<script>document.forms[0].onsubmit = () => confirm('登録してよろしいですか')</script>",
        }.get(how, "")
        off = " disabled" if how == "disabled" else ""
        answer = request.query_params.get("answer", "")
        multipart = (
            " enctype='multipart/form-data' action='/upload'"
            if how == "file"
            else f" action='/book?answer={answer}'"
        )
        box = "<p>添付 <input type=file name=f></p>" if how == "file" else ""
        return page(
            f"<form method=post{multipart}><p>番号 <input name=no></p><p>金額 <input name=amount></p>{box}<button{off}>登録</button></form><div id=out></div>{extra}"
        )

    async def book(self, request: Request) -> Response:
        fields = {key: values[0] for key, values in parse_qs((await request.body()).decode()).items()}
        answer = request.query_params.get("answer", "")
        if answer == "refuse":
            return page(
                "<form method=post><p role=alert>予算を超えています</p><input name=no value=1><button>登録</button></form>"
            )
        self.booked.append(fields)
        if answer == "500":
            return page("<h1>内部エラー</h1>", 500)
        if answer == "odd":
            return page("<h1>ようこそ</h1>")
        if answer == "direct":
            return page("<p>登録しました</p><dl><dt>受付番号</dt><dd>R-9</dd></dl>")
        return RedirectResponse(f"/done?no={fields.get('no', '')}", 303)

    async def upload(self, request: Request) -> Response:
        async with request.form() as form:
            self.uploads.append(await form["f"].read())  # type: ignore[union-attr]
        return page("登録しました")

    async def done(self, request: Request) -> Response:
        return page(
            f"<p>登録しました</p><table><tr><th>受付番号</th><td>R-{request.query_params['no']}</td></tr></table>"
        )

    async def list(self, request: Request) -> Response:
        rows = "".join(f"<li>申請 {one.get('no')}</li>" for one in self.booked)
        return page(f"<h1>一覧</h1><p>{len(self.booked)} 件</p><ul>{rows}</ul>")

    async def numbers(self, request: Request) -> Response:
        rows = "".join(f"<tr><td>R-{one.get('no')}</td><td>{one.get('no')}</td></tr>" for one in self.booked)
        return page(f"<table><tr><th>受付番号</th><th>番号</th></tr>{rows}</table>")

    async def api(self, request: Request) -> Response:
        self.booked.append({"no": "api"})
        return Response("登録しました", media_type="text/plain")

    async def search(self, request: Request) -> Response:
        return page("<p>検索結果 3件</p>")

    async def login(self, request: Request) -> Response:
        if request.method == "POST":
            fields = parse_qs((await request.body()).decode())
            self.log_ins.append(fields["p"][0])
            if fields["p"][0] == "right":
                self.logged_in = True
                return RedirectResponse(request.query_params.get("next", "/list"), 303)
            return page(
                "<p role=alert>ユーザーIDまたはパスワードが違います</p><form method=post><p>ID <input name=u></p><p>パスワード <input type=password name=p></p><button>ログイン</button></form>"
            )
        return page(
            "<form method=post><p>ID <input name=u></p><p>パスワード <input type=password name=p></p><button>ログイン</button></form>"
        )

    async def private(self, request: Request) -> Response:
        if not self.logged_in:
            return RedirectResponse("/login?next=/files", 302)
        return Response(
            CSV, media_type="text/csv", headers={"content-disposition": "attachment; filename=p.csv"}
        )

    async def table(self, request: Request) -> Response:
        rows = "<tr><td>A-001</td><td>1,200円</td><td>2026/10/01</td></tr><tr><td>A-002</td><td>▲300</td><td>令和8年10月2日</td></tr>"
        return page(
            f"<h2>申請一覧</h2><table><tr><th>番号</th><th>金額</th><th>日付</th></tr>{rows}</table><p>合計: 900円</p><h2>別の表</h2><table><tr><th>番号</th><th>他</th></tr><tr><td>1</td><td>2</td></tr></table>"
        )

    async def odd(self, request: Request) -> Response:
        kind = request.path_params["kind"]
        if kind == "popup":
            return page("<a href=/table target=_blank>別窓</a><p>元の頁</p>")
        if kind == "frame":
            return page("<iframe name=明細 src=/form></iframe><p>番号 <input id=outer></p>")
        if kind == "autosave":
            return page("<p>番号 <input oninput=\"fetch('/api',{method:'POST',body:'{}'})\"></p>")
        if kind == "searchform":
            return page(
                "<form method=post action=/search><p>語 <input name=q></p><button>検索</button></form>"
            )
        if kind == "personal":
            return page("<p>暗証 <input id=a></p><p>パスワード <input type=password></p>")
        return page("<p class=error>ただいまメンテナンス中です</p>", 503)

    async def files(self, request: Request) -> Response:
        links = "".join(
            f"<p><a href='/get/{how}'>{how}</a></p>"
            for how in (
                "attachment",
                "inline",
                "html_as_pdf",
                "zero",
                "none204",
                "error500",
                "cut_known",
                "cut_unknown",
                "hostile",
                "sjis_name",
                "zip",
                "slow",
                "redirect",
            )
        )
        more = """<p><a href=/get/inline target=_blank>newtab</a></p><p><a href=/get/attachment download=x.csv>anchor</a></p>
        <p><button onclick="const b = new Blob(['a,b\\n1,2\\n'],{type:'text/csv'}); const u = window.URL.createObjectURL(b); const a = document.createElement('a'); a.href = u; a.download = 'blob.csv'; a.click()">blob</button></p>
        <p><button onclick="window.open(window.URL.createObjectURL(new Blob(['a,b\\n1,2\\n'],{type:'text/csv'})))">blobtab</button></p>
        <p><button onclick="if (confirm('出力しますか')) location.href='/get/attachment'">confirmed</button></p>
        <p><button onclick="const f = document.createElement('iframe'); f.src='/get/inline'; document.body.append(f)">iframe</button></p>
        <p><button onclick="location.href='/get/attachment'; setTimeout(() => location.href='/get/attachment', 30)">double</button></p>
        <p><button onclick="const w = window.open('/odd/x'.replace('odd/x','table')); setTimeout(() => { w.location.href='/get/attachment' }, 300)">popuplater</button></p>
        <p><button onclick="0">nothing</button></p><p><a href=/private>private</a></p>"""
        return page(links + more)

    async def get(self, request: Request) -> Response:
        how = request.path_params["how"]
        attached = {"content-disposition": "attachment; filename=a.csv"}
        if how == "slow":
            await asyncio.sleep(1.5)
        if how == "cut_known":
            return _Cut(CSV * 40, 400, known=True)
        simple = {
            "attachment": Response(CSV, media_type="text/csv", headers=attached), "slow": Response(CSV, media_type="text/csv", headers=attached),
            "inline": Response(PDF, media_type="application/pdf"), "zero": Response(b"", media_type="text/csv", headers=attached), "none204": Response(status_code=204),
            "html_as_pdf": Response(b"<!doctype html><html><body>error</body></html>", media_type="application/pdf"), "error500": Response(b"oops", 500, headers=attached),
            "hostile": Response(CSV, media_type="text/csv", headers={"content-disposition": 'attachment; filename="../../CON.csv"'}),
            "zip": Response(a_zip(), media_type="application/octet-stream"), "redirect": RedirectResponse("/get/attachment", 302),
        }  # fmt: skip
        if how == "cut_unknown":
            return _Cut(PDF, 900, known=False)
        if how == "sjis_name":
            response = Response(CSV, media_type="text/csv")
            response.raw_headers.append(
                (b"content-disposition", b'attachment; filename="' + "明細.csv".encode("cp932") + b'"')
            )
            return response
        return simple[how]


class _Cut(Response):
    """A body that ends too early: against its Content-Length, or with none at all."""

    def __init__(self, data: bytes, at: int, *, known: bool) -> None:
        super().__init__()
        self._data, self._at, self._known = data, at, known

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        headers = [
            (b"content-type", b"application/pdf"),
            (b"content-disposition", b"attachment; filename=a.pdf"),
        ]
        if self._known:
            headers.append((b"content-length", str(len(self._data)).encode()))
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": self._data[: self._at], "more_body": self._known})
        if self._known:
            raise ConnectionAbortedError("cut on purpose")


@contextlib.asynccontextmanager
async def running(site: Site) -> AsyncIterator[str]:
    """Serve on 127.0.0.1, any port, in a thread; stops by itself."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(site.app, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:  # noqa: ASYNC110, the server tells it by a flag only
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await asyncio.to_thread(thread.join, 5)
        listener.close()
