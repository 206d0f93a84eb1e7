"""Random SIGKILLs of whole processes, real Chromium, a portal with faults: nothing twice, nothing lost, nothing left.

In CI a few dozen kills; BOFBOT_NIGHTLY=1 plays 200. `test_many_kills.py` plays 200 in CI without a browser, and a naive
twin that goes through the same and doubles.
"""

from __future__ import annotations

import csv
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bofbot.adapters.machine import find_browser
from bofbot.effects import Identity, LedgerItem
from bofbot.practice.company import USERS
from bofbot.practice.portal import Portal
from bofbot.scratch import living_in
from bofbot.store import open_store

NIGHTLY = bool(os.environ.get("BOFBOT_NIGHTLY"))
KILLS = 200 if NIGHTLY else 30
ROWS = KILLS * 2
NAME = "殺されても二度払わない"
FAULTS = (
    "reset_before_booking:times=1",
    "reset_after_booking:times=1",
    "error_500_before_booking:times=1",
    "error_500_after_booking:times=1",
    "cut_answer:times=1",
    "slow_answer:times=1,seconds=2",
    "session_expiry:times=1",
    "lagging_history:seconds=0.7",
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
    with (folder / "said.txt").open("wb") as said:
        return subprocess.Popen(
            command,
            cwd=folder,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
        )


def upset(portal: Portal, dice: random.Random) -> None:
    """A fault in every second life, most of them hitting one request."""
    if dice.random() < 0.5:
        portal.faults.add(dice.choice(FAULTS))
    if dice.random() < 0.5:
        portal.faults.clear("lagging_history")


def test_killed_at_any_moment(tmp_path: Path, figures: Callable[[str], None]) -> None:
    folder, dice, scratch = project(tmp_path / "office"), random.Random(20261122), set()
    with Portal() as portal:
        for _ in range(KILLS):
            upset(portal, dice)
            live_and_die(start(folder, portal), dice.uniform(0.4, 6.0))
            scratch |= scratch_folders(folder)
            assert portal.book.twice() == []
        portal.faults.clear()
        for _ in range(4):  # undisturbed, until nothing is left to do by machine
            time.sleep(1.1)
            if start(folder, portal).wait() in (0, 5):
                break
        booked = {booking.key for booking in portal.book.of("claims")}
        twice = portal.book.twice()
    items, waiting = outcome(folder)
    done = {key for key, item in items.items() if item.state == "done"}
    figures(
        f"kills: {KILLS} lives ended, {ROWS} items tried, {len(booked)} booked, {len(twice)} doubled,"
        f" {len(set(keys()) - set(items))} lost, {len(waiting)} left to a person"
    )
    assert twice == []
    # nothing lost: every item is known
    assert set(items) == set(keys()), (folder / "said.txt").read_text(encoding="utf-8")[-4000:]
    assert done <= booked  # nothing is claimed that did not happen
    assert booked - done <= waiting
    assert set(keys()) - booked <= waiting  # what did not happen is shown to a person
    assert len(waiting) <= ROWS * 0.05
    receipts = written_back(folder)
    assert {key for key in done if receipts[key] != items[key].receipt} == set()
    assert len(scratch) > KILLS // 3
    assert [path for path in scratch if path.exists() or living_in(path)] == []


def live_and_die(process: subprocess.Popen[bytes], seconds: float) -> None:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    process.wait()


def outcome(folder: Path) -> tuple[dict[str, LedgerItem], set[str]]:
    with open_store(folder / "logs" / "bofbot.db") as store:
        found = {key: store.ledger.find(Identity(NAME, "submit 1", key)) for key in keys()}
        assert store.journal.verify().ok
        return {key: item for key, item in found.items() if item}, {
            item.identity.key for item in store.ledger.waiting()
        }


def written_back(folder: Path) -> dict[str, str]:
    with (folder / "経費.csv").open(encoding="cp932", newline="") as file:
        return {row["申請番号"]: row["受付番号"] for row in csv.DictReader(file)}


def scratch_folders(folder: Path) -> set[Path]:
    """Where the runs so far have kept their browsers, by their own records."""
    records = [path.read_text() for path in (folder / "logs" / ".scratch").glob("*.json")]
    return {Path(json.loads(record)["folder"]) for record in records if record}
