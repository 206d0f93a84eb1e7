"""Commands that play robots and read what was kept of them, as whole processes on real files."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

Says = Callable[..., subprocess.CompletedProcess[str]]

ROWS = """
bofbot: 1
name: 明細の検査
purpose: 各行の金額を確かめる
owner: 経理部
inputs:
  limit: {type: yen, default: 1000}
steps:
  - name: 明細を読む
    read_table: data/明細.csv
    columns: {番号: code, 金額: yen}
    save_as: rows
  - name: 行を確かめる
    for_each: ${rows}
    as: row
    key: ${row.番号}
    on_error: collect
    steps:
      - check: ${row.金額 <= inputs.limit}
        message: 上限を超えています
outputs:
  count: ${len(rows)}
"""

WAITING = """
bofbot: 1
name: 長い待ち
purpose: 中断を試す
owner: 経理部
steps:
  - name: 待つ
    wait: 60s
finally:
  - name: 片付け
    write_table: out/片付け.csv
    rows: ${[]}
    columns: [番号]
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("robots", "data"):
        (tmp_path / name).mkdir()
    (tmp_path / "robots" / "検査.yaml").write_text(ROWS.lstrip(), encoding="utf-8")
    (tmp_path / "data" / "明細.csv").write_text(
        "番号,金額\n0001,100\n0002,5000\n0003,300\n", encoding="utf-8"
    )
    return tmp_path


def test_a_run_ends_with_its_report_and_exit_4_for_failed_items(bofbot: Says, project: Path) -> None:
    told = bofbot("run", "検査")
    assert told.returncode == 4, told.stderr
    assert "2/3" in told.stderr
    assert "上限を超えています" in told.stderr
    assert "bofbot retry 1001" in told.stderr
    count, report = told.stdout.splitlines()
    assert count == "count: 3"
    assert "上限を超えています" in (project / report).read_text(encoding="utf-8")


def test_retry_plays_only_what_failed_with_the_same_inputs(bofbot: Says, project: Path) -> None:
    bofbot("run", "検査", "-i", "limit=200")  # 0002 and 0003 fail
    mended = "番号,金額\n0001,100\n0002,50\n0003,300\n"
    (project / "data" / "明細.csv").write_text(mended, encoding="utf-8")
    told = bofbot("retry", "--json")
    end = json.loads(told.stdout)
    assert told.returncode == 4, told.stderr
    assert (end["items_done"], end["items_failed"]) == (1, 1)  # the limit is still 200
    told = bofbot("retry", "-i", "limit=1000", "--json")
    assert told.returncode == 0
    assert json.loads(told.stdout)["items_done"] == 1
    nothing = bofbot("retry")
    assert nothing.returncode == 2
    assert "no item failed" in nothing.stderr


def test_only_some_items(bofbot: Says, project: Path) -> None:
    assert json.loads(bofbot("run", "検査", "--items", "3", "--json").stdout)["items_done"] == 1
    assert bofbot("run", "検査", "--items", "3-1").returncode == 2


def test_until_stops_after_a_step(bofbot: Says, project: Path) -> None:
    assert bofbot("run", "検査", "--until", "明細を読む").returncode == 0
    told = bofbot("run", "検査", "--until", "明細を読め")
    assert told.returncode == 2
    assert "明細を読む" in told.stderr


def test_events_are_one_object_a_line_with_a_version(bofbot: Says, project: Path) -> None:
    lines = [json.loads(line) for line in bofbot("run", "検査", "--events").stdout.splitlines()]
    assert {line["v"] for line in lines} == {1}
    assert (lines[0]["event"], lines[-1]["event"]) == ("RunStarted", "RunFinished")


def test_what_was_played_can_be_listed_shown_and_reported_again(bofbot: Says, project: Path) -> None:
    assert "never played" in bofbot("list").stdout
    bofbot("run", "検査", "--no-report")
    assert not (project / "logs" / "1001" / "report.html").exists()
    listed = json.loads(bofbot("list", "--json").stdout)["robots"]
    assert [(robot["name"], robot["last"]["state"]) for robot in listed] == [("明細の検査", "partial")]
    assert "1001" in bofbot("list", "--runs").stdout
    assert bofbot("list", "--state", "done").stdout == "no run fits\n"
    assert bofbot("list", "--day", "2026/11").returncode == 2
    assert "上限を超えています" in bofbot("show").stdout
    assert "上限を超えています" in bofbot("logs", "1001", "--level", "WARNING").stdout
    assert json.loads(bofbot("logs", "--events").stdout.splitlines()[0])["event"] == "RunStarted"
    assert bofbot("report").returncode == 0
    assert (project / "logs" / "1001" / "report.html").exists()
    assert bofbot("show", "77").returncode == 2


def test_the_journal_proves_itself_and_tells_when_it_was_altered(bofbot: Says, project: Path) -> None:
    import sqlite3

    bofbot("run", "検査")
    head = bofbot("journal", "head").stdout.strip()
    assert bofbot("journal", "verify", "--head", head).returncode == 0
    assert bofbot("journal", "verify", "--head", "x").returncode == 2
    database = sqlite3.connect(project / "logs" / "bofbot.db")
    with database:
        database.execute("UPDATE events SET body = replace(body, '5000', '50') WHERE seq = 3")
        database.execute("DELETE FROM events WHERE seq = 4")
    database.close()
    told = bofbot("journal", "verify")
    assert told.returncode == 1
    assert "ALTERED" in told.stdout


def test_plan_touches_nothing_and_speaks_both_languages(bofbot: Says, project: Path) -> None:
    told = bofbot("plan", "検査", "--lang", "ja")
    assert told.returncode == 0, told.stderr
    assert "data/明細.csv" in told.stdout
    assert "読む" in told.stdout
    assert json.loads(bofbot("plan", "検査", "--json").stdout)["touches"] == [
        {"kind": "reads", "target": "data/明細.csv"}
    ]
    assert not (project / "logs").exists()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("run", "検査", "-i", "limt=5"), 2, "limit"),
        (("run", "検査", "-i", "limit=abc"), 2, "limit"),
        (("run", "検閲"), 2, "robots"),
        (("run", "検査", "--slow-mo", "5"), 2, "5s"),
        (("run",), 2, "ROBOT"),
    ],
)
def test_wrong_command_lines_play_nothing(
    bofbot: Says, project: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    told = bofbot(*words)
    assert told.returncode == code, told.stderr
    assert said in told.stderr
    assert "Traceback" not in told.stderr
    assert not list((project / "logs").glob("1*"))


def test_a_robot_with_faults_is_shown_and_not_played(bofbot: Says, project: Path) -> None:
    (project / "robots" / "検査.yaml").write_text(ROWS.lstrip().replace("check:", "chek:"), encoding="utf-8")
    told = bofbot("run", "検査")
    assert told.returncode == 3
    assert "did you mean `check`?" in told.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="signals are a POSIX matter")
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_still_plays_finally_and_leaves_a_true_record(
    bofbot: Says, project: Path, sign: signal.Signals
) -> None:
    (project / "robots" / "待ち.yaml").write_text(WAITING.lstrip(), encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "bofbot.cli", "run", "待ち", "--events"],
        cwd=project,
        env={**os.environ, "BOFBOT_LANG": "en"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if '"StepStarted"' in line:
            break
    process.send_signal(sign)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    assert json.loads(out.splitlines()[-1])["outcome"] == "interrupted"
    assert (project / "out" / "片付け.csv").exists()
    (row,) = json.loads(bofbot("list", "--runs", "--json").stdout)["runs"]
    assert row["state"] == "interrupted"


def test_resume_goes_on_where_it_stopped(bofbot: Says, project: Path) -> None:
    robot = ROWS.lstrip().replace("on_error: collect", "on_error: stop")
    (project / "robots" / "検査.yaml").write_text(robot, encoding="utf-8")
    assert bofbot("run", "検査").returncode == 4
    told = bofbot("resume", "-i", "limit=9000", "--json")
    assert told.returncode == 0, told.stderr
    end = json.loads(told.stdout)
    assert (end["items_done"] + end["items_already"], end["items_failed"]) == (3, 0)
    again = bofbot("resume")
    assert again.returncode == 2
    assert "to its end" in again.stderr


def test_a_store_on_a_full_or_forbidden_place_is_told(bofbot: Says, project: Path) -> None:
    (project / "logs").write_text("a file where a folder should be", encoding="utf-8")
    started = time.monotonic()
    told = bofbot("run", "検査")
    assert told.returncode == 6, told.stderr
    assert "logs" in told.stderr
    assert "Traceback" not in told.stderr
    assert time.monotonic() - started < 60


def test_the_office_speaks_its_language_unless_the_command_line_asks(bofbot: Says, project: Path) -> None:
    (project / "configs").mkdir()
    (project / "configs" / "bofbot.yaml").write_text("language: ja\n", encoding="utf-8")
    bofbot("run", "検査")
    assert "一部失敗" in bofbot("list").stdout
    assert "some items failed" in bofbot("list", "--lang", "en").stdout
    assert "some items failed" in bofbot("list", BOFBOT_LANG="en").stdout


def test_a_report_is_named_where_no_browser_can_show_it(bofbot: Says, tmp_path: Path) -> None:
    assert bofbot("new", "a").returncode == 0
    assert bofbot("run", "a").returncode == 0
    shown = bofbot("show", "--open", PATH="", DISPLAY="", WAYLAND_DISPLAY="", BROWSER="")
    assert shown.returncode == 0
    assert (tmp_path / "logs" / "1001" / "report.html").as_uri() in shown.stderr
    assert shown.stdout.splitlines()[-1] == "logs/1001/report.html"


def test_headed_without_a_screen_is_told_before_anything_is_played(bofbot: Says, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("bofbot: 1\nname: a\nsteps:\n  - wait: 0s\n", encoding="utf-8")
    done = bofbot("run", "a.yaml", "--headed", DISPLAY="", WAYLAND_DISPLAY="")
    if sys.platform.startswith("linux"):
        assert (done.returncode, "no screen" in done.stderr) == (6, True)
        assert not (tmp_path / "logs").exists()
    else:
        assert done.returncode == 0
