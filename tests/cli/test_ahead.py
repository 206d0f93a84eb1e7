"""The browser that is started before a robot is read: only for robots that look at pages, and never left behind."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bofbot.adapters.machine import find_browser
from bofbot.cli.ahead import browser_ahead
from bofbot.scratch import RECORDS, living_in

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are found by /proc")

PLAIN = argparse.Namespace(language="ja", language_asked=False)
HEAD = "bofbot: 1\nname: 試験\nowner: 経理部\npurpose: 試験\nsteps:\n"


def robot_of(folder: Path, steps: str) -> Path:
    file = folder / "robot.yaml"
    file.write_text(HEAD + steps, encoding="utf-8")
    return file


@pytest.mark.skipif(find_browser() is None, reason="no browser on this machine")
@pytest.mark.parametrize(
    "steps",
    [
        "  - open: https://a.example/\n",
        "  - {open: /}\n",
        "  - name: ログイン\n    login: 経費システム\n    at: /login\n",
    ],
)
def test_a_robot_with_pages_has_its_browser_on_the_way(tmp_path: Path, steps: str) -> None:
    with browser_ahead(robot_of(tmp_path, steps), tmp_path, PLAIN) as scratch:
        assert scratch is not None
        assert living_in(scratch.folder)
    assert not scratch.folder.exists()
    assert living_in(scratch.folder) == []
    assert list((tmp_path / "logs" / RECORDS).iterdir()) == []


@pytest.mark.parametrize(
    "steps",
    [
        "  - read_table: data/open.csv\n    save_as: open_items\n",
        "  # - open: /\n  - note: open the book\n",
        "  - check: ${login}\n",
    ],
)
def test_a_robot_without_pages_starts_nothing(tmp_path: Path, steps: str) -> None:
    with browser_ahead(robot_of(tmp_path, steps), tmp_path, PLAIN) as scratch:
        assert scratch is None
    assert not (tmp_path / "logs").exists()


def test_wrong_settings_are_left_to_whoever_reads_them_next(tmp_path: Path) -> None:
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "bofbot.yaml").write_text("nonsense: 1\n", encoding="utf-8")
    with browser_ahead(robot_of(tmp_path, "  - open: /\n"), tmp_path, PLAIN) as scratch:
        assert scratch is None


def test_what_goes_wrong_inside_leaves_nothing(tmp_path: Path) -> None:
    with (
        pytest.raises(KeyboardInterrupt),
        browser_ahead(robot_of(tmp_path, "  - open: /\n"), tmp_path, PLAIN) as scratch,
    ):
        raise KeyboardInterrupt
    assert scratch is not None
    assert living_in(scratch.folder) == []
    assert not scratch.folder.exists()


@pytest.mark.skipif(find_browser() is None, reason="no browser on this machine")
@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM])
def test_who_is_killed_while_it_still_reads_leaves_no_process(tmp_path: Path, sign: signal.Signals) -> None:
    robot = robot_of(tmp_path, "  - open: http://127.0.0.1:9/\n")
    (tmp_path / "tmp").mkdir()
    command = [sys.executable, "-m", "bofbot.cli", "run", str(robot)]
    environ = {**os.environ, "TMPDIR": str(tmp_path / "tmp")}
    run = subprocess.Popen(command, cwd=tmp_path, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    left: list[int] = []
    while not left:
        assert run.poll() is None, "it ended before it had begun"
        left = [pid for folder in (tmp_path / "tmp").glob("bofbot-*") for pid in living_in(folder)]
    run.send_signal(sign)
    run.wait()
    end = time.monotonic() + 20
    while left and time.monotonic() < end:
        time.sleep(0.05)
        left = [pid for folder in (tmp_path / "tmp").glob("bofbot-*") for pid in living_in(folder)]
    assert left == []
