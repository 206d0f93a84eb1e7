"""A small corpus of hostile robots, workbooks, CSV files, file names and pages: refused or shown as what they are."""

from __future__ import annotations

import asyncio
import io
import re
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bofbot.actions import VerbTable
from bofbot.adapters.machine import find_browser
from bofbot.adapters.tables import Wanted, read_table
from bofbot.errors import BofbotError
from bofbot.events import Event, ItemFinished
from bofbot.files import fresh_path, safe_name
from bofbot.language.loader import check_robot, load_robot
from bofbot.office import Office
from bofbot.plan import make_plan
from bofbot.sinks.console import Console
from bofbot.sinks.log import LogFile
from bofbot.sinks.report import report_html

HEAD = "bofbot: 1\nname: 試験\nowner: 経理部\npurpose: 試験\n"
ROBOTS = {
    "billion laughs": "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n" + HEAD + "steps: [{wait: 1s}]",
    "python tag": HEAD + "steps:\n  - wait: !!python/object/apply:os.system ['id']",
    "other tag": HEAD + "steps:\n  - wait: !include /etc/passwd",
    "merge key": HEAD + "x: &x {wait: 1s}\nsteps:\n  - <<: *x",
    "doubled key": HEAD + "steps:\n  - wait: 1s\n    wait: 2s",
    "two documents": HEAD + "steps: [{wait: 1s}]\n---\nname: b",
    "deep": HEAD + "steps: " + "[" * 5000,
    "deep mapping": HEAD + "steps: " + "{a: " * 5000,
    "large": HEAD + "steps:\n" + "  - wait: 1s\n" * 100_000,
    "nul": HEAD + "steps:\n  - wait: \0",
    "bidi": HEAD + "steps:\n  - \u202etiaw: 1s",
    "look-alike verb": HEAD + "steps:\n  - subm\u0456t: 登録",
    "escape codes": HEAD + 'steps:\n  - "\\e[2Jwait": 1s',
    "another folder": HEAD + "steps:\n  - use: ../../../../etc/passwd",
    "a device": HEAD + "steps:\n  - use: /dev/zero",
    "itself": HEAD + "steps:\n  - use: robot.yaml",
    "an expression bomb": HEAD + "steps:\n  - set: {x: '${" + "(" * 900 + "1" + ")" * 900 + " + }'}",
    "an escape": HEAD + "steps:\n  - set: {x: '${().__class__.__bases__}'}",
    "a secret where none may be": HEAD + "secrets: [a]\nsteps:\n  - check: '${secrets.a.password == 1}'",
    "html": "<!doctype html><script>alert(1)</script>",
    "utf-16": HEAD.encode("utf-16").decode("latin-1"),
}  # fmt: skip
NAMES = [
    "../../etc/passwd", "..\\..\\windows\\system32\\x.dll", "/etc/passwd", "C:\\x.csv", "\\\\host\\share\\x", "~root/.ssh/id", "CON", "con.csv", "NUL.tar.gz", "COM1", "LPT9.txt", "aux", "PRN.", " CON .csv", "COM¹.csv", "a\0b.csv", "a\nb.csv", "a\rb", "\x1b[2Ja.csv", "\u202efdp.exe", "a\u200b.csv",
    "...", "..", ".", "", " ", "\u3000", ".bashrc", "-rf", "--help", "$(id).csv", "`id`.csv", "a;id.csv", "a|b", "a&b", "a>b", "a<b", "a?b", "a*b", "a:b", "a:$DATA", 'a"b', "a" * 5000, "明" * 400 + ".csv", "a." + "x" * 400, "a.csv.", "a.csv ", "%2e%2e%2fx", "．．／x", "x\u0000.csv", "\ud800.csv", "a\u2028b", "é.csv", "e\u0301.csv",
]  # fmt: skip
HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</title><script>alert(1)</script>", "\x1b[2J\x1b]0;pwned\x07", "\u202eevil\u202c", "${secrets.a.password}", "{{ 7 * 7 }}", "{% raw %}", "=cmd|' /C calc'!A0",
    "%s%s%n", "'; DROP TABLE items; --", "a" * 200_000, "\u0000\u0001", "登録しました" * 3, "]]>", "javascript:alert(1)", "\ud83d\ude00" * 50,
]  # fmt: skip


@pytest.mark.parametrize("name", ROBOTS)
def test_hostile_robots_are_refused_at_once(name: str, tmp_path: Path) -> None:
    file = tmp_path / "robot.yaml"
    file.write_bytes(ROBOTS[name].encode("utf-8", "surrogatepass"))
    began = time.process_time()
    robot, diagnostics = check_robot(file, VerbTable())
    assert robot is None
    assert diagnostics
    assert time.process_time() - began < 1


@pytest.mark.parametrize("name", NAMES, ids=lambda name: ascii(name)[:30])
def test_hostile_names_stay_in_their_folder(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "downloads"
    folder.mkdir()
    path = fresh_path(folder, name)
    path.write_text("x")
    assert list(folder.iterdir()) == [path]
    assert [entry.name for entry in tmp_path.iterdir()] == ["downloads"]
    safe = safe_name(name)
    assert not re.search(r'[<>:"/\\|?*\x00-\x1f\x7f\u202a-\u202e\u200b]', safe)
    assert safe.split(".")[0].strip().upper() not in {"CON", "PRN", "AUX", "NUL", "COM1", "LPT9", "COM¹"}
    assert not safe.startswith(".")
    assert len(safe.encode()) <= 180


def books() -> dict[str, bytes]:
    def packed(parts: dict[str, bytes]) -> bytes:
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out:
            for name, data in parts.items():
                out.writestr(name, data)
        return made.getvalue()

    entity = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
    laughs = (
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;&x;">]><a>&y;</a>'
    )
    return {
        "empty.xlsx": b"", "text.xlsx": b"not a zip", "zip.xlsx": packed({"a": b"b"}), "cut.xlsx": packed({"[Content_Types].xml": b"<a/>"})[:40],
        "entity.xlsx": packed({"[Content_Types].xml": entity, "xl/workbook.xml": entity}), "laughs.xlsx": packed({"[Content_Types].xml": laughs, "xl/workbook.xml": laughs}),
        "climb.xlsx": packed({"../../x": b"x"}), "bomb.xlsx": packed({"xl/worksheets/sheet1.xml": bytes(40_000_000)}),
        "empty.csv": b"", "nul.csv": b"a,b\n\0,\0\n", "quote.csv": b'a,b\n"' + b"x" * 100_000, "wide.csv": b"," * 200_000, "utf16.csv": "a,b\n1,2\n".encode("utf-16"),
        "binary.csv": bytes(range(256)) * 50, "html.csv": b"<html><script>alert(1)</script></html>", "long.csv": b"a,b\n" + b"x" * 3_000_000,
    }  # fmt: skip


@pytest.mark.parametrize("name", books())
def test_hostile_tables_are_refused_in_our_words(name: str, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_bytes(books()[name])
    began = time.process_time()
    with pytest.raises(BofbotError) as refused:  # none of them has a column 金額
        read_table(file, Wanted(columns={"金額": "yen"}))
    assert refused.value.message.ja
    assert time.process_time() - began < 3
    assert [entry.name for entry in tmp_path.iterdir()] == [name]


@contextmanager
def pages() -> Iterator[str]:
    """`/N` bears HOSTILE[N] as its title, its heading, its error and the name of a button."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            number = self.path.strip("/")
            text = escape(HOSTILE[int(number)]) if number.isdigit() else ""
            body = f"<!doctype html><meta charset=utf-8><title>{text}</title><h1>{text}</h1><p role=alert class=error>{text}</p><button>{text}</button>"
            data = body.encode("utf-8", "replace")
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.skipif(find_browser() is None, reason="no browser on this machine")
def test_what_hostile_pages_say_is_shown_as_text(tmp_path: Path, figures: Callable[[str], None]) -> None:
    robot = tmp_path / "robot.yaml"
    numbers = ", ".join(f"'{number}'" for number in range(len(HOSTILE)))
    robot.write_text(
        HEAD + "inputs: {site: {type: text}}\n"
        'defaults: {at: "${inputs.site}", timeout: 8s, retry: {times: 0}}\n'
        f"steps:\n  - for_each: ${{[{numbers}]}}\n    as: page\n    key: ${{page}}\n    on_error: collect\n"
        "    retry: {times: 0}\n    steps:\n      - open: /${page}\n      - click: この名前のボタンはない\n        timeout: 1s\n",
        encoding="utf-8",
    )
    screen, events = io.StringIO(), list[Event]()
    console, log = Console("ja", screen), LogFile(tmp_path / "run.log")
    with pages() as site, Office.at(tmp_path) as office:
        loaded = load_robot(robot, VerbTable())
        for number in range(0, len(HOSTILE), 4):  # five failures of one kind in a row end a run
            plan = make_plan(loaded, {"site": site}, lambda: datetime.now().astimezone())
            plan = type(plan)(
                **{
                    **{f: getattr(plan, f) for f in plan.__slots__},
                    "items": (number + 1, min(number + 4, len(HOSTILE))),
                }
            )
            asyncio.run(office.play(plan, (console, log, Keeping(events))))
        assert office.store.journal.verify().ok
    console.close()
    log.close()
    ended = [event for event in events if isinstance(event, ItemFinished)]
    assert [event.state for event in ended] == ["failed"] * len(HOSTILE)
    html = report_html(events, "ja")
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert not re.search(r'(?:href|src)="javascript:', html)
    written = screen.getvalue() + (tmp_path / "run.log").read_text(encoding="utf-8")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e]", written)
    figures(f"hostile pages: {len(HOSTILE)} tried, 0 steered the screen, the log or the report")


class Keeping:
    """A sink that keeps what it hears."""

    def __init__(self, events: list[Event]) -> None:
        self._events = events

    def __call__(self, event: Event) -> None:
        self._events.append(event)

    def close(self) -> None: ...
