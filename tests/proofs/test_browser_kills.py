"""bofbot, its browser, the driver or a page's own process dies under a run: nothing twice, nothing lost, nothing left running."""

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

from bofbot.adapters.machine import find_browser
from bofbot.effects import Identity
from bofbot.practice.company import USERS
from bofbot.practice.portal import Portal
from bofbot.scratch import living_in
from bofbot.store import open_store

from .test_kills import NAME, ROBOT

VICTIMS = {
    "bofbot": "bofbot.cli",
    "browser": "--headless",
    "driver": "run-driver",
    "renderer": "--type=renderer",
}
"""What stands in the command line of the process to kill."""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(240),
    pytest.mark.skipif(find_browser() is None, reason="no browser on this machine"),
    pytest.mark.skipif(
        not Path("/proc/self/environ").exists(), reason="processes are found by their environment"
    ),
]


@pytest.mark.parametrize("moment", ["before the submit", "in mid-submit"])
@pytest.mark.parametrize("victim", VICTIMS)
def test_killed_under_a_run(tmp_path: Path, victim: str, moment: str, figures: Callable[[str], None]) -> None:
    folder = office(tmp_path / "office")
    with Portal() as portal:
        submitted = moment == "in mid-submit"
        portal.faults.add(
            "slow_answer:times=1,seconds=6" if submitted else "slow:times=1,seconds=6,path=/claims/new"
        )
        run = start(folder, portal)
        wait(lambda: portal.book.count("claims") or (not submitted and portal.office.sessions), run)
        time.sleep(0.3)
        [scratch] = scratch_of(folder)
        everybody = family(run.pid)
        kill(everybody, VICTIMS[victim])
        run.wait(90)
        ended = time.monotonic()
        left = state(folder)
        assert left in ({"armed", "uncertain", "done"} if submitted else {"new", "done"})
        assert left != "done" or portal.book.count("claims") == 1
        while (living_in(scratch) or alive(everybody)) and time.monotonic() < ended + 5:
            time.sleep(0.05)
        assert living_in(scratch) + alive(everybody) == []
        portal.faults.clear()
        time.sleep(1.1)
        assert start(folder, portal).wait(90) == 0
        assert state(folder) == "done"
        assert portal.book.count("claims", "S-0001") == 1
        assert portal.book.twice() == []
    figures(
        f"{victim} killed {moment}: left {left}, then done; 1 booked, 0 doubled, 0 processes and folders left"
    )
    assert scratch_of(folder) == []
    assert not scratch.exists()


def office(folder: Path) -> Path:
    (folder / "configs").mkdir(parents=True)
    settings = "secrets:\n  練習ポータル: {env: PORTAL}\n"
    (folder / "configs" / "bofbot.yaml").write_text(settings, encoding="utf-8")
    (folder / "robot.yaml").write_text(ROBOT, encoding="utf-8")
    (folder / "経費.csv").write_text("申請番号,金額,受付番号\nS-0001,1200,\n", encoding="cp932")
    return folder


def start(folder: Path, portal: Portal) -> subprocess.Popen[bytes]:
    account = {"PORTAL_USER": "yamada", "PORTAL_PASSWORD": USERS["yamada"].password}
    words = [
        sys.executable,
        "-m",
        "bofbot.cli",
        "run",
        "robot.yaml",
        "-i",
        f"portal={portal.url}",
        "--no-report",
    ]
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(words, cwd=folder, env={**os.environ, **account}, **quiet)


def scratch_of(folder: Path) -> list[Path]:
    records = sorted((folder / "logs" / ".scratch").glob("*.json"))
    return [Path(json.loads(record.read_text())["folder"]) for record in records]


def family(pid: int) -> dict[int, str]:
    """A process and all that come from it: pid → the time it was born."""
    everybody = processes()
    found = {pid} & set(everybody)
    while more := {other for other, (parent, _) in everybody.items() if parent in found} - found:
        found |= more
    return {one: everybody[one][1] for one in found}


def alive(everybody: dict[int, str]) -> list[int]:
    now = processes()
    return [pid for pid, born in everybody.items() if pid in now and now[pid][1] == born]


def processes() -> dict[int, tuple[int, str]]:
    """Every living process: its parent, and the time it was born."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] not in "ZX":
            found[int(entry.name)] = (int(fields[1]), fields[19])
    return found


def kill(everybody: dict[int, str], sign: str) -> None:
    """SIGKILL for the one of this run's processes that bears the sign."""
    killed = 0
    for pid in everybody:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").replace("\0", " ")
        kind = "--type=" in words
        if sign in words and kind is sign.startswith("--type="):
            os.kill(pid, signal.SIGKILL)
            killed += 1
    assert killed, sign


def state(folder: Path) -> str:
    with open_store(folder / "logs" / "bofbot.db") as store:
        item = store.ledger.find(Identity(NAME, "submit 1", "S-0001"))
        return item.state if item else "new"


def wait(true: Callable[[], object], run: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert run.poll() is None, "the run ended before it came so far"
        assert time.monotonic() < end
        time.sleep(0.02)
