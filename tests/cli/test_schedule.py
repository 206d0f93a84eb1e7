"""`bofbot schedule` and `bofbot serve`, as whole processes: edits that keep comments, kills, restarts, a drain."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bofbot.store import NewSlot, open_store

Says = Callable[..., subprocess.CompletedProcess[str]]

ROBOT = """
bofbot: 1
name: 待つだけ
purpose: 予定を試す
owner: 経理部
steps:
  - name: 待つ
    wait: WAIT
inputs:
  n: {type: text, default: x}
"""

BOOK = """\
# 経理部の予定（このコメントは残る）
schedules:
  - name: 締め   # 月次
    robot: 待つ
    when: "毎月 第3営業日 09:00"
    calendar: bank
    # 次の行も残る
    deadline: 2h
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "robots").mkdir()
    (tmp_path / "configs").mkdir()
    (tmp_path / "robots" / "待つ.yaml").write_text(ROBOT.lstrip().replace("WAIT", "100ms"), encoding="utf-8")
    (tmp_path / "robots" / "長く.yaml").write_text(
        ROBOT.lstrip().replace("WAIT", "3s").replace("待つだけ", "長く待つ"), encoding="utf-8"
    )
    (tmp_path / "configs" / "schedules.yaml").write_text(BOOK, encoding="utf-8")
    return tmp_path


def test_edits_keep_comments_and_order(bofbot: Says, project: Path) -> None:
    file = project / "configs" / "schedules.yaml"
    added = bofbot("schedule", "add", "朝", "--robot", "待つ", "--when", "平日 9:00", "-i", "n=1")
    assert added.returncode == 0, added.stderr
    assert len(added.stdout.splitlines()) == 6  # its head and the next five
    assert file.read_text(encoding="utf-8").startswith(BOOK)
    assert bofbot("schedule", "edit", "締め", "--when", "last business day 18:00").returncode == 0
    assert bofbot("schedule", "pause", "締め", "--why", "監査中", "--until", "2099-01-01").returncode == 0
    text = file.read_text(encoding="utf-8")
    for kept in ("# 経理部の予定（このコメントは残る）", "- name: 締め   # 月次", "# 次の行も残る", "監査中"):
        assert kept in text
    listed = json.loads(bofbot("schedule", "list", "--json").stdout)
    assert [(one["name"], one["state"]) for one in listed["schedules"]] == [("締め", "paused"), ("朝", "new")]
    assert listed["serving"] is False
    assert bofbot("schedule", "resume", "締め").returncode == 0
    assert "paused" not in file.read_text(encoding="utf-8")
    assert bofbot("schedule", "resume", "締め").returncode == 2


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("add", "x", "--robot", "待つ", "--when", "毎月 第3営業目 09:00"), 3, "     ^^^^^^^^^"),
        (("add", "締め", "--robot", "待つ", "--when", "平日 9:00"), 2, "締め"),
        (("edit", "しめ", "--when", "平日 9:00"), 2, "締め"),
        (("edit", "締め", "--deadline", "soon"), 3, "2h"),
        (("next", "--when", "daily 9:00", "--zone", "Asia/Tokio"), 2, "Asia/Tokyo"),
        (("history", "無い"), 2, "締め"),
    ],
)
def test_what_is_wrong_changes_nothing(
    bofbot: Says, project: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    told = bofbot("schedule", *words)
    assert told.returncode == code, told.stderr
    assert said in told.stderr
    assert "Traceback" not in told.stderr
    assert (project / "configs" / "schedules.yaml").read_text(encoding="utf-8") == BOOK


def test_a_wrong_book_is_told_with_its_place(bofbot: Says, project: Path) -> None:
    text = "schedules:\n  - name: a\n    robot: 待つ\n    when: 毎月 第3営業目 09:00\n"
    (project / "configs" / "schedules.yaml").write_text(text, encoding="utf-8")
    told = bofbot("schedule", "next")
    assert told.returncode == 3, told.stderr
    assert "--> configs/schedules.yaml:4:14" in told.stderr
    assert "^" * 9 in told.stderr


def test_run_now_is_a_slot_too(bofbot: Says, project: Path) -> None:
    assert bofbot("schedule", "run-now", "締め").returncode == 0
    (slot,) = json.loads(bofbot("schedule", "history", "--json").stdout)["slots"]
    assert (slot["state"], slot["run"]) == ("done", "1001")
    assert "実行 1001" in bofbot("schedule", "history", "--lang", "ja").stdout


def test_list_shows_what_nobody_started(bofbot: Says, project: Path) -> None:
    with open_store(project / "logs" / "bofbot.db") as store:
        store.slots.note("締め", None, datetime.now(UTC) - timedelta(days=60), ())
    assert "未実行（遅れ）" in bofbot("schedule", "list", "--lang", "ja").stdout
    assert "bofbot serve" in bofbot("schedule", "list").stdout
    assert "未実行（遅れ）" in bofbot("list", "--lang", "ja").stdout


class Serving:
    """Real processes of `bofbot serve` in a project."""

    def __init__(self, project: Path) -> None:
        self.project = project
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", "bofbot.cli", "serve", "--at-most", "3"],
            cwd=self.project, env={**os.environ, "BOFBOT_LANG": "en"}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip
        self.processes.append(process)
        return process

    def note(self, name: str, robot: str, n: str) -> None:
        """A slot that is due now, as a tick would write it."""
        now = datetime.now(UTC)
        with open_store(self.project / "logs" / "bofbot.db") as store:
            since = store.slots.ticked_until(name)
            assert store.slots.note(
                name, since, now, [NewSlot(name, f"2026-11-24T{n}", now, robot, {"n": n}, queued=True)]
            )

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.project / "logs" / "bofbot.db")) as database:
            return database.execute(sql).fetchall()

    def until(self, sql: str, seconds: float = 60) -> None:
        limit = time.monotonic() + seconds
        while not self.rows(sql):
            assert time.monotonic() < limit, (
                sql,
                self.rows("SELECT schedule, state, why_en, launches, resumed FROM slots"),
            )
            time.sleep(0.1)

    def close(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.communicate(timeout=20)


@pytest.fixture
def serving(project: Path) -> object:
    with open_store(project / "logs" / "bofbot.db"):
        pass
    one = Serving(project)
    yield one
    one.close()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals are a POSIX matter")
def test_killed_tickers_and_killed_robots_lose_nothing_and_double_nothing(
    bofbot: Says, serving: Serving
) -> None:
    for number in range(4):
        serving.note(f"s{number}", "長く", str(number))
    tickers = [serving.start() for _ in range(3)]
    serving.until("SELECT 1 FROM runs WHERE state = 'running'")
    for ticker in tickers:
        ticker.kill()
    last = serving.start()
    serving.until("SELECT 1 FROM (SELECT count(*) AS n FROM slots WHERE state = 'done') WHERE n = 4")
    ((resumed,),) = serving.rows("SELECT sum(resumed) FROM slots")
    assert resumed >= 1
    whole = serving.rows("SELECT robot FROM runs WHERE mode = 'run'")
    assert 4 <= len(whole) <= 4 + resumed
    last.send_signal(signal.SIGTERM)
    assert last.wait(60) == 0
    assert not serving.rows(
        "SELECT 1 FROM heartbeats WHERE process LIKE '%/' || " + str(last.pid) + " || '/%'"
    )


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals are a POSIX matter")
def test_sigterm_lets_robots_end_and_starts_nothing_more(serving: Serving) -> None:
    serving.note("first", "長く", "1")
    ticker = serving.start()
    serving.until("SELECT 1 FROM slots WHERE state = 'started'")
    ticker.send_signal(signal.SIGTERM)
    time.sleep(0.5)
    serving.note("second", "待つ", "2")
    assert ticker.wait(60) == 0
    assert serving.rows("SELECT schedule, state FROM slots ORDER BY schedule") == [
        ("first", "done"),
        ("second", "due"),
    ]
