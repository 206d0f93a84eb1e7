"""The canary: a run full of failures on a site that repeats everything, and not one byte of a secret in any artefact.

Searched: the whole project folder (journal with its write-ahead log, report, pictures, logs, kept log-ins, crash logs,
downloads' names), temporary files, and what the command line said, in every dress that `searching.dresses` knows.
The needles are the middles of the values, so that a half that is left over is found too."""

from __future__ import annotations

import gzip
import io
import json
import os
import sqlite3
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from bofbot.adapters.credentials.vault import Vault
from bofbot.adapters.machine import find_browser
from bofbot.settings import Settings

from .echo_site import EchoSite, echo_site
from .searching import dresses, find

VALUES = {
    "password": 'Zk9合言葉ソ表能Qw"&<7>',
    "user": "kanariya-0815",
    "totp": "KRUGS4ZANFZSAYJA",
    "secret input": "内緒の言葉ポ-5821",
    "name": "小鳥遊ソラ子十兵衛",
    "account": "73155084",
    "born": "1987-06-05",
}
NEEDLES = {
    "password": "合言葉ソ表能",
    "user": "kanariya-08",
    "totp": "GS4ZANFZSAY",
    "secret input": "内緒の言葉ポ",
    "name": "小鳥遊ソラ子",
    "account": "3155084",
    "born": "1987-06-05",
    "born, slashes": "1987/06/05",
    "born, kanji": "1987年6月5日",
}
FILL = '{氏名: "${inputs.氏名}", 口座番号: "${inputs.口座番号}", 生年月日: "${inputs.生年月日}", 鍵: "${inputs.合言葉}"}'
KEY = '{氏名: "${inputs.氏名}", 鍵: "${secrets.金庫.password}"}'
ROBOT = f"""bofbot: 1
name: カナリア
owner: 経理部
purpose: 秘密がどこにも残らないことを確かめる
secrets: [金庫]
inputs:
  site: {{type: text}}
  氏名: {{type: text, personal: true}}
  口座番号: {{type: code, personal: true}}
  生年月日: {{type: date, personal: true}}
  合言葉: {{type: secret}}
defaults: {{at: "${{inputs.site}}", timeout: 5s, retry: {{times: 0}}}}
steps:
  - {{login: 金庫, at: "${{inputs.site}}/login", timeout: 60s}}
  - {{expect: 来ない言葉, optional: true}}
  - {{open: "/shift_jis/form?method=get&how=broken"}}
  - {{fill: {FILL}}}
  - {{press: Enter}}
  - {{read: 受付番号, optional: true}}
  - {{click: "${{inputs.氏名}}を削除", optional: true}}
  - {{fill: {{存在しない欄: "${{inputs.氏名}}"}}, optional: true}}
  - {{fill: {{存在しない欄: "${{secrets.金庫.password}}"}}, optional: true}}
  - {{select: {{科目: "${{inputs.氏名}}"}}, optional: true}}
  - {{within: "${{inputs.氏名}}", optional: true}}
  - {{open: "/utf-8/echo/broken?name=${{inputs.氏名}}&account=${{inputs.口座番号}}", optional: true}}
  - {{read_table: "data/${{inputs.氏名}}.xlsx", optional: true}}
  - {{upload: {{添付: "data/${{inputs.氏名}}.pdf"}}, optional: true}}
  - {{download: "", from: "/utf-8/echo/file?name=${{inputs.氏名}}", to: out/a.csv, optional: true}}
  - {{open: "/euc_jp/form?how=refuse"}}
  - {{fill: {KEY}}}
  - {{submit: 登録, expect: 登録しました, on_unknown: ask, optional: true}}
  - {{notify: 経理チャット, message: "${{inputs.氏名}}", optional: true}}
  - {{open: "/shift_jis/form?how=redirect"}}
  - {{fill: {KEY}}}
  - {{name: "送る", submit: 登録, expect: 登録しました, fields: {{口座番号: "${{inputs.口座番号}}"}}, on_unknown: ask, optional: true}}
  - {{open: "/utf-8/form?how=broken"}}
  - {{fill: {FILL}}}
  - {{submit: 登録, expect: 登録しました, on_unknown: ask, optional: true}}
outputs:
  氏名: ${{inputs.氏名}}
  誕生日: ${{inputs.生年月日}}
"""
LED_ON = (
    ROBOT.split("steps:")[0].replace("カナリア", "カナリアの続き")
    + f"""steps:
  - {{open: "/shift_jis/form?how=redirect"}}
  - {{fill: {KEY}}}
  - {{name: "送る先", submit: 登録, expect: 登録しました, on_unknown: ask, optional: true}}
"""
)
ASKS = (
    ROBOT.split("steps:")[0].replace("カナリア", "カナリアの問い")
    + """steps:
  - {ask: "${inputs.氏名} さんの件ですか"}
"""
)
ROBOTS = {"カナリア.yaml": ROBOT, "カナリアの続き.yaml": LED_ON, "カナリアの問い.yaml": ASKS}
"""An outcome that nobody knows stops a run, and so does a question: each of them has a robot of its own."""


@dataclass
class Cage:
    """A project with the robot and its secret, and everything that was said."""

    folder: Path
    url: str
    site: EchoSite
    said: dict[str, bytes]

    def bofbot(self, *words: str) -> subprocess.CompletedProcess[bytes]:
        """`logs`, temporary files, configuration and the project all lie below one folder, which is searched."""
        own = {
            "LANG": "ja_JP.UTF-8",
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "TMPDIR": str(self.folder / "tmp"),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        }
        command = [sys.executable, "-m", "bofbot.cli", *words]
        done = subprocess.run(command, cwd=self.folder / "project", env={**os.environ, **own}, stdin=subprocess.DEVNULL, capture_output=True, timeout=240, check=False)  # fmt: skip
        self.said[f"stdout of {words[0]} {len(self.said)}"] = done.stdout
        self.said[f"stderr of {words[0]} {len(self.said)}"] = done.stderr
        return done

    def play(self, *options: str, robot: str = "カナリア.yaml") -> subprocess.CompletedProcess[bytes]:
        names = {"site": self.url, "氏名": VALUES["name"], "口座番号": VALUES["account"], "生年月日": VALUES["born"], "合言葉": VALUES["secret input"]}  # fmt: skip
        given = [word for name, value in names.items() for word in ("-i", f"{name}={value}")]
        return self.bofbot("run", robot, *given, *options)


@pytest.fixture
def cage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cage]:
    project = tmp_path / "project"
    for folder in (project, tmp_path / "tmp", tmp_path / "config"):
        folder.mkdir()
    for name, text in ROBOTS.items():
        (project / name).write_text(text, encoding="utf-8")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    vault = Vault.at(project, Settings(), {"XDG_CONFIG_HOME": str(tmp_path / "config")})
    vault.put("金庫", {name: VALUES[name] for name in ("user", "password", "totp")}, "file")
    with echo_site() as (site, url):
        yield Cage(tmp_path, url, site, {})


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.skipif(find_browser() is None, reason="no browser on this machine")
def test_no_byte_of_a_secret_is_in_any_artefact(cage: Cage, figures: Callable[[str], None]) -> None:
    played = cage.play("--events")
    events = [json.loads(line) for line in played.stdout.decode().splitlines()]
    failed = {event["verb"] for event in events if event["event"] == "StepFailed"}
    assert failed >= {
        "expect",
        "read",
        "click",
        "fill",
        "select",
        "within",
        "open",
        "read_table",
        "upload",
        "submit",
        "notify",
    }, played.stderr.decode()[-2000:]
    told = "".join(value for said in cage.site.told for value in said.values())
    assert all(VALUES[name] in told for name in ("password", "secret input", "name", "account")), (
        "they were really used"
    )
    led_on = cage.play("--events", robot="カナリアの続き.yaml")
    assert led_on.returncode == 5, led_on.stderr.decode()[-2000:]
    assert "送る先" in led_on.stderr.decode() + led_on.stdout.decode()
    asks = cage.play("--events", robot="カナリアの問い.yaml")
    assert asks.returncode == 5, asks.stderr.decode()[-2000:]
    assert "さんの件ですか" in asks.stderr.decode()
    rehearsed = cage.play("--dry-run", "--json")
    assert b"would_send" in b"".join(
        path.read_bytes() for path in cage.folder.rglob("bofbot.db*") if path.is_file()
    ), rehearsed.stderr
    for words in (
        ("waiting",),
        ("show", "--json"),
        ("logs",),
        ("plan", "カナリア.yaml"),
        ("journal", "verify"),
    ):
        cage.bofbot(*words)
    pictures = [*cage.folder.rglob("*.png"), *cage.folder.rglob("*.jpg")]
    assert len(pictures) >= 8
    assert [*(cage.folder / "project" / "logs").rglob("*.html")], "there is a report"
    found, read = find(cage.folder, NEEDLES, cage.said)
    figures(
        f"canary: {len(events)} events, {len(pictures)} pictures, {read} pieces read, {len(NEEDLES)} needles x {len(list(dresses('ソ')))} dresses, {len(found)} found"
    )
    assert found == [], found


def test_the_search_finds_a_planted_one_in_every_dress(tmp_path: Path) -> None:
    for number, (how, data) in enumerate(dresses(NEEDLES["password"])):
        folder = tmp_path / f"{number}"
        folder.mkdir()
        for name, hide in HIDING.items():
            (folder / name).write_bytes(hide(b"before " + data + b" after"))
            found, _ = find(folder, {"password": NEEDLES["password"]})
            assert found, f"{how} in {name}"
            (folder / name).unlink()
        with closing(sqlite3.connect(folder / "x.db")) as database:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("CREATE TABLE t (a)")
            database.execute("INSERT INTO t VALUES (?)", ("x" * 30_000 + data.decode("latin-1"),))
            database.execute("INSERT INTO t VALUES (?)", (data,))
            database.commit()
            assert find(folder, {"password": NEEDLES["password"]})[0], f"{how} in SQLite"
    (tmp_path / f"{NEEDLES['name']}.txt").touch()
    assert find(tmp_path, {"name": NEEDLES["name"]})[0], "in a file name"


def _zipped(data: bytes) -> bytes:
    inner, outer = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("a.txt", data)
    with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("inner.zip", inner.getvalue())
    return outer.getvalue()


def _in_a_picture(data: bytes) -> bytes:
    chunk = b"Comment\0\0" + zlib.compress(data)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", len(chunk)) + b"zTXt" + chunk + b"\0\0\0\0"


HIDING: dict[str, Callable[[bytes], bytes]] = {
    "plain.txt": lambda data: data,
    "zip.xlsx": _zipped,
    "log.gz": gzip.compress,
    "picture.png": _in_a_picture,
}
