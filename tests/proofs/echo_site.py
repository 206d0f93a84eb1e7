"""The worst of sites: it repeats whatever it is told, in titles, alerts, addresses, dialogs and file names, in old charsets."""

from __future__ import annotations

import html
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qsl, quote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bofbot.practice.wire import Wire

_FIELDS = (("氏名", "name"), ("口座番号", "account"), ("生年月日", "born"), ("鍵", "key"))


class EchoSite:
    """`told`: what reached the site, so that a test can prove that the values were really used."""

    def __init__(self) -> None:
        self.told: list[dict[str, str]] = []
        self.app = Starlette(
            routes=[
                Route("/login", self.login, methods=["GET", "POST"]),
                Route("/{charset}/form", self.form),
                Route("/{charset}/echo/{how}", self.echo, methods=["GET", "POST"]),
            ]
        )

    async def _said(self, request: Request, charset: str = "utf-8") -> dict[str, str]:
        body = (await request.body()).decode("ascii", "replace") or request.url.query
        said = dict(parse_qsl(body, encoding=charset, errors="replace"))
        self.told.append(said)
        return said

    async def login(self, request: Request) -> Response:
        form = "<form method=post><p>ユーザーID <input name=user></p><p>パスワード <input name=password type=password></p><button>ログイン</button></form>"
        if request.method == "GET":
            return _page("ログイン", form, "utf-8")
        said = await self._said(request)
        text = html.escape(f"ようこそ {said['user']} さん。パスワードは {said['password']} です")
        script = f"<script>setTimeout(() => alert({said['password']!r}), 10); localStorage.setItem('p', {said['password']!r})</script>"
        answer = _page(text, f"<h1>{text}</h1><p class=error>{text}</p>{script}", "utf-8")
        answer.set_cookie("session", quote(said["password"]))
        return answer

    async def form(self, request: Request) -> Response:
        charset = request.path_params["charset"]
        how, method = request.query_params.get("how", "ok"), request.query_params.get("method", "post")
        boxes = "".join(f"<p><label>{label} <input name={name}></label></p>" for label, name in _FIELDS)
        return _page(
            "申込", f"<form method={method} action='echo/{how}'>{boxes}<button>登録</button></form>", charset
        )

    async def echo(self, request: Request) -> Response:
        charset, how = request.path_params["charset"], request.path_params["how"]
        said = await self._said(request, charset)
        text = html.escape("・".join(said.values()))
        if how == "file":
            headers = {
                "content-disposition": f"attachment; filename*=UTF-8''{quote(said.get('name', 'x'))}.csv"
            }
            return Response(b"day,amount\n1,2\n", media_type="text/csv", headers=headers)
        if how == "redirect":
            return RedirectResponse(f"ok?{request.url.query or (await request.body()).decode()}", 303)
        boxes = "".join(
            f'<p>{label} <input name={name} value="{html.escape(said.get(name, ""))}"></p>'
            for label, name in _FIELDS
        )
        again = (
            f"<form method=post action='{how}'>{boxes}<button>登録</button></form>" if how == "refuse" else ""
        )
        script = "<script>setTimeout(() => alert(document.querySelector('h1').textContent), 20)</script>"
        body = f"<h1>エラー {text}</h1><p role=alert class=error>「{text}」は登録できません</p>{'あ' * 150}{text}{again}{script}"
        return _page(text, body, charset, 500 if how == "broken" else 200)


def _page(title: str, body: str, charset: str, status: int = 200) -> Response:
    text = f"<!doctype html><html><head><title>{title}</title></head><body>{body}</body></html>"
    data = text.encode(charset, "xmlcharrefreplace")
    return Response(
        data, status, media_type="text/html", headers={"content-type": f"text/html; charset={charset}"}
    )


@contextmanager
def echo_site() -> Iterator[tuple[EchoSite, str]]:
    """Serve on 127.0.0.1, any port."""
    site, wire = EchoSite(), Wire(0)
    wire.start(site.app)
    try:
        yield site, wire.url
    finally:
        wire.stop()
