"""A copy of a claim form as the practice portal shows it, served with one change at a time; it remembers what reached it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

ROWS = {
    "no": '<tr><th><label for="no">申請番号</label></th><td><input id="no" name="no"></td></tr>',
    "day": '<tr><th><label for="day">日付</label></th><td><input id="day" name="day" placeholder="例：2026/04/01"></td></tr>',
    "payee": '<tr><th><label for="payee">支払先</label></th><td><input id="payee" name="payee"></td></tr>',
    "subject": '<tr><th><label for="subject">科目</label></th><td><select id="subject" name="subject"><option value="">選択してください</option>'
    "<option>旅費交通費</option><option>会議費</option><option>消耗品費</option></select></td></tr>",
    "amount": '<tr><th><label for="amount">金額</label></th><td><input id="amount" name="amount" inputmode="numeric"> 円</td></tr>',
    "count": '<tr><th><label for="count">件数</label></th><td><input id="count" name="count" inputmode="numeric"></td></tr>',
    "memo": '<tr><th><label for="memo">摘要</label></th><td><textarea id="memo" name="memo"></textarea></td></tr>',
    "tel": '<tr><th><label for="tel">電話番号</label></th><td><input id="tel" name="tel"></td></tr>',
    "way": '<tr><th>支払方法</th><td><label><input type="radio" name="way" value="transfer">振込</label>'
    '<label><input type="radio" name="way" value="cash">現金</label></td></tr>',
    "urgent": '<tr><th><label for="urgent">至急</label></th><td><input type="checkbox" id="urgent" name="urgent" value="1"></td></tr>',
}
PAGE = f"""<!doctype html><html lang="ja"><head><meta charset="utf-8"><title>経費申請</title><style>th{{text-align:left;width:9em}}td,th{{padding:4px}}</style></head><body>
<header><a href="/home">ホーム</a> <a href="/history">申請履歴</a></header>
<main><h1>経費申請</h1>
<form id="claim" method="post" action="/claims/new">
<h2>申請内容</h2>
<table>
{chr(10).join(ROWS.values())}
</table>
<h2>振込先</h2>
<table><tr><th><label for="bank">銀行名</label></th><td><input id="bank" name="bank"></td></tr>
<tr><th><label for="account">口座番号</label></th><td><input id="account" name="account"></td></tr></table>
<h2>返金先</h2>
<table><tr><th><label for="back_account">口座番号</label></th><td><input id="back_account" name="back_account"></td></tr></table>
<p><button type="button" id="check" onclick="fetch('/press?b=check')">内容チェック</button>
<button type="button" id="discard" onclick="fetch('/press?b=discard')">下書きを破棄</button>
<button type="submit" class="main">登録</button></p>
</form>
</main><footer><a href="/help">ヘルプ</a></footer></body></html>"""
"""As it was when the robot was written."""

ROBOT = """bofbot: 1
name: 変わる画面
owner: 試験
purpose: 画面が変わったときの動きを確かめる

inputs:
  site: {{type: text}}

defaults:
  at: ${{inputs.site}}
  retry: {{times: 0, wait: 1s}}{drift}

steps:
  - open: /claims/new
  - name: 入力する          # 見出しで書き分ける
    fill:
      申請番号: K-1
      日付: 2026/04/01
      支払先: 山田商店
      金額: "1200"          # 税込み
      件数: "3"
      摘要: 打合せの交通費
      電話番号: 03-1234-5678
      振込先 > 口座番号: "7654321"
  - select: {{科目: 旅費交通費}}
  - choose: {{支払方法: 振込}}
  - check_box: {{至急: true}}
  - click: 内容チェック
  - name: 登録する
    submit: 登録
    expect: 登録しました
    on_unknown: ask
"""

MEANT = {
    "no": "K-1", "day": "2026/04/01", "payee": "山田商店", "amount": "1200", "count": "3", "memo": "打合せの交通費",
    "tel": "03-1234-5678", "account": "7654321", "subject": "旅費交通費", "way": "transfer", "urgent": "1",
}  # fmt: skip
"""What the robot means, by the names the form sends."""


@dataclass
class Site:
    """`url`; `html` is what the form's address shows; what was sent and pressed."""

    url: str = ""
    html: str = PAGE
    posts: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    presses: list[str] = field(default_factory=list)

    def clear(self) -> None:
        self.posts.clear()
        self.presses.clear()


@contextmanager
def served() -> Iterator[Site]:
    """The site on a free port of this machine."""
    site = Site()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(site))
    site.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/press":
                site.presses.append(parts.query)
                self._answer("ok")
            elif parts.path == "/claims/new":
                self._answer(site.html)
            elif parts.path == "/favicon.ico":
                self._answer("")
            else:
                site.presses.append(self.path)
                self._answer("<p>別の画面</p>")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
            site.posts.append((self.path, dict(parse_qsl(body, keep_blank_values=True))))
            self._answer("<!doctype html><meta charset=utf-8><p>登録しました</p>")

        def _answer(self, text: str) -> None:
            body = text.encode()
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None: ...

    return Handler
