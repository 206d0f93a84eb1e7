"""Random SIGKILLs of whole processes, real Chromium, a portal with faults: nothing twice, nothing lost, nothing left.

In CI a few dozen kills; BOFBOT_NIGHTLY=1 plays 200. A naive twin (retry on error, progress kept after each success)
goes through the same and must double at least 5 %, to prove that the test has teeth.
"""

from __future__ import annotations

import csv
import http.client
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from bofbot.adapters.machine import find_browser
from bofbot.effects import Identity
from bofbot.practice.company import USERS
from bofbot.practice.portal import Portal
from bofbot.scratch import living_in
from bofbot.store import open_store

NIGHTLY = bool(os.environ.get("BOFBOT_NIGHTLY"))
KILLS = 200 if NIGHTLY else 30
ROWS = KILLS * 2
FAULTS = (
    "reset_before_booking",
    "reset_after_booking",
    "error_500_before_booking",
    "error_500_after_booking",
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(3600 if NIGHTLY else 900),
    pytest.mark.skipif(find_browser() is None, reason="no browser on this machine"),
    pytest.mark.skipif(os.name != "posix", reason="SIGKILL is not known here"),
]

ROBOT = """bofbot: 1
name: 殺されても二度払わない
owner: 経理部
purpose: 試験
secrets: [練習ポータル]
inputs:
  portal: {type: text}
defaults:
  at: ${inputs.portal}
  timeout: 12s
  retry: {times: 1, wait: 200ms}
steps:
  - read_table: 経費.csv
    encoding: cp932
    columns: {申請番号: code, 金額: yen}
    save_as: rows
  - login: 練習ポータル
    at: ${inputs.portal}/login
    expect: ログアウト
  - for_each: ${rows}
    as: row
    key: ${row.申請番号}
    on_error: collect
    steps:
      - open: /claims/new
      - fill: {申請番号: "${row.申請番号}", 日付: 2026/10/05, 社員番号: "100101", 科目: 消耗品費, 支払先: 文具店, 金額: "${row.金額}", 摘要: 試験}
      - submit: 登録
        expect: 登録しました
        receipt: 受付番号
        verify: {open: "/claims?q=${row.申請番号}", see: "${row.申請番号}", control: 件数, settle: 1s, tries: 2}
      - write_back: {受付番号: "${receipt}"}
"""


def keys() -> list[str]:
    return [f"S-{number:04d}" for number in range(1, ROWS + 1)]


def project(folder: Path) -> Path:
    (folder / "configs").mkdir(parents=True)
    (folder / "configs" / "bofbot.yaml").write_text(
        "secrets:\n  練習ポータル: {env: PORTAL}\n", encoding="utf-8"
    )
    (folder / "robot.yaml").write_text(ROBOT, encoding="utf-8")
    with (folder / "経費.csv").open("w", encoding="cp932", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["申請番号", "金額", "受付番号"])
        writer.writerows([key, str(1000 + n), ""] for n, key in enumerate(keys()))
    return folder


def start(folder: Path, portal: Portal) -> subprocess.Popen[bytes]:
    environ = {
        **os.environ,
        "PORTAL_USER": "yamada",
        "PORTAL_PASSWORD": USERS["yamada"].password,
        "LANG": "ja_JP.UTF-8",
    }
    command = [
        sys.executable,
        "-m",
        "bofbot.cli",
        "run",
        "robot.yaml",
        "-i",
        f"portal={portal.url}",
        "--no-report",
    ]
    return subprocess.Popen(
        command,
        cwd=folder,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def upset(portal: Portal, dice: random.Random) -> None:
    """One fault in five lives or so, each hitting one request."""
    if dice.random() < 0.35:
        portal.faults.set(dice.choice(FAULTS), times=1)


def test_killed_at_any_moment(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, dice = project(tmp_path / "office"), random.Random(20261122)
    with Portal() as portal:
        for _ in range(KILLS):
            upset(portal, dice)
            process = start(folder, portal)
            try:
                process.wait(dice.uniform(0.4, 6.0))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
            process.wait()
            assert portal.book.twice() == []
        portal.faults.clear()
        for _ in range(4):  # undisturbed, until nothing is left to do by machine
            time.sleep(1.1)
            if start(folder, portal).wait() in (0, 5):
                break
        twice, booked = portal.book.twice(), {booking.key for booking in portal.book.of("claims")}
    states, waiting = outcome(folder)
    with capsys.disabled():
        print(
            f"\n{KILLS} kills, {ROWS} items: {len(booked)} booked, {len(twice)} twice, {len(waiting)} left to a person"
        )
    assert twice == []
    assert set(states) == set(keys())  # nothing lost: every item is known
    assert {
        key for key, state in states.items() if state == "done"
    } <= booked  # nothing claimed that did not happen
    assert booked - {key for key, state in states.items() if state == "done"} <= waiting
    assert set(keys()) - booked <= waiting  # what did not happen is shown to a person
    assert len(waiting) <= ROWS * 0.05
    assert written_back(folder) >= {key for key, state in states.items() if state == "done"} - waiting
    assert leftovers() == []


def outcome(folder: Path) -> tuple[dict[str, str], set[str]]:
    states = {}
    with open_store(folder / "logs" / "bofbot.db") as store:
        for key in keys():
            item = store.ledger.find(Identity("殺されても二度払わない", "submit 1", key))
            if item:
                states[key] = item.state
        waiting = {item.identity.key for item in store.ledger.waiting()}
        assert store.journal.verify().ok
    return states, waiting


def written_back(folder: Path) -> set[str]:
    with (folder / "経費.csv").open(encoding="cp932", newline="") as file:
        return {row["申請番号"] for row in csv.DictReader(file)}


def leftovers() -> list[object]:
    """Processes and folders of runs whose owner is gone. Others may be at work beside this test."""
    temporary = Path(tempfile.gettempdir())
    records = [json.loads(path.read_text()) for path in temporary.glob("pytest-*/**/.scratch/*.json")]
    known = {record["folder"] for record in records}
    return [pid for folder in known for pid in living_in(Path(folder))]


# The naive twin ------------------------------------------------------------------------------------------------------

TWIN = """
import http.client, json, sys, time
from pathlib import Path
from urllib.parse import urlencode
host, cookie, progress = sys.argv[1], sys.argv[2], Path(sys.argv[3])
done = set(json.loads(progress.read_text())) if progress.exists() else set()
for number in range(1, int(sys.argv[4]) + 1):
    key = f"T-{number:04d}"
    if key in done:
        continue
    for attempt in range(3):
        try:
            line = http.client.HTTPConnection(host, timeout=5)
            line.request("POST", "/claims/new", urlencode(json.loads(sys.argv[5]) | {sys.argv[6]: key}), {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"})
            if line.getresponse().status < 400:
                break
        except OSError:
            time.sleep(0.02)
        except http.client.HTTPException:
            time.sleep(0.02)
    done.add(key)
    time.sleep(0.01)
    progress.write_text(json.dumps(sorted(done)))
"""
