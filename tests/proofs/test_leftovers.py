"""What is left when bofbot itself is killed in its other trades: recording, the practice portal, desktop robots."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from bofbot.adapters.screen.display import NEEDED
from bofbot.practice.portal import Portal

from .test_browser_kills import alive, family

WITHIN = 5.0
"""Seconds until nothing of a killed one may live any more."""
DESKTOP = """bofbot: 1
name: 窓
owner: 経理部
purpose: 試験
steps:
  - program: [{python}, {form}, kept.txt]
    window: 取引先の登録
  - wait: 60s
"""
FORM = Path(__file__).parents[1] / "adapters" / "screen_programs" / "form.py"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(120),
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are found by /proc"),
]


@pytest.fixture
def screen() -> Iterator[str]:
    """A screen for a visible browser."""
    if not shutil.which("Xvfb"):
        pytest.skip("Xvfb is not installed: nothing was recorded (apt-get install xvfb)")
    reading, writing = os.pipe()
    server = subprocess.Popen(["Xvfb", "-displayfd", str(writing), "-nolisten", "tcp", "-ac"], pass_fds=(writing,), stderr=subprocess.DEVNULL)  # fmt: skip
    os.close(writing)
    with os.fdopen(reading) as said:
        number = said.readline().strip()
    try:
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(10)


@pytest.fixture
def office() -> Iterator[Path]:
    """A project at a short path: a visible Chromium puts a socket below TMPDIR, and 107 bytes is all its name may have."""
    with tempfile.TemporaryDirectory(prefix="left-") as folder:
        yield Path(folder)


def start(folder: Path, *words: str, **environ: str) -> subprocess.Popen[bytes]:
    (folder / "tmp").mkdir(exist_ok=True)
    own = {**os.environ, "TMPDIR": str(folder / "tmp"), **environ}
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen([sys.executable, "-m", "bofbot.cli", *words], cwd=folder, env=own, **quiet)


def killed(run: subprocess.Popen[bytes], at_work: Callable[[dict[int, str]], bool]) -> tuple[int, list[int]]:
    """Kill it when it is at work. How many processes it was, and those of them that live too long after."""
    end = time.monotonic() + 60
    everybody = family(run.pid)
    while not at_work(everybody):
        assert run.poll() is None, "it ended before it was at work"
        assert time.monotonic() < end
        time.sleep(0.1)
        everybody = family(run.pid)
    run.kill()
    run.wait()
    end = time.monotonic() + WITHIN
    while (left := alive(everybody)) and time.monotonic() < end:
        time.sleep(0.05)
    return len(everybody), left


def named(everybody: dict[int, str], word: str) -> bool:
    """Is one of them a program of this name?"""
    for pid in everybody:
        try:
            if word in Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace"):
                return True
        except OSError:
            continue
    return False


@pytest.mark.browser
@pytest.mark.skipif(not shutil.which("chromium"), reason="no visible browser on this machine")
def test_a_killed_recording_leaves_no_window(
    office: Path, screen: str, figures: Callable[[str], None]
) -> None:
    with Portal() as portal:
        run = start(office, "record", portal.url, DISPLAY=screen)
        count, left = killed(run, lambda everybody: named(everybody, "--type=renderer"))
    folders = [path.name for path in (office / "tmp").iterdir()]
    figures(
        f"recording killed: {count} processes, {len(left)} left after {WITHIN:.0f} s, folders left: {folders}"
    )
    assert left == []
    assert folders == []


def test_a_killed_practice_portal_leaves_nothing(office: Path, figures: Callable[[str], None]) -> None:
    run = start(office, "practice", "--port", "0")
    count, left = killed(run, lambda _: _listens(run.pid))
    figures(f"practice portal killed: {count} processes, {len(left)} left after {WITHIN:.0f} s")
    assert left == []
    assert list((office / "tmp").iterdir()) == []


def _listens(pid: int) -> bool:
    sockets = [str(one.readlink()) for one in Path(f"/proc/{pid}/fd").iterdir() if one.is_symlink()]
    listening = {line.split()[9] for line in Path("/proc/net/tcp").read_text().splitlines()[1:] if line.split()[3] == "0A"}  # fmt: skip
    return any(link.removeprefix("socket:[").removesuffix("]") in listening for link in sockets)


@pytest.mark.skipif(
    any(shutil.which(name) is None for name in NEEDED) or find_spec("pyautogui") is None,
    reason="no desktop here",
)
def test_a_killed_desktop_robot_leaves_no_screen(office: Path, figures: Callable[[str], None]) -> None:
    robot = DESKTOP.format(python=sys.executable, form=FORM)
    (office / "robot.yaml").write_text(robot, encoding="utf-8")
    run = start(office, "run", "robot.yaml", "--no-report", DISPLAY="")
    count, left = killed(run, lambda everybody: named(everybody, "form.py") and named(everybody, "openbox"))
    again = start(office, "list", DISPLAY="")
    again.wait(60)
    folders = [path.name for path in (office / "tmp").iterdir()]
    figures(
        f"desktop robot killed: {count} processes, {len(left)} left after {WITHIN:.0f} s, folders left: {folders}"
    )
    assert left == []
    assert folders == []
