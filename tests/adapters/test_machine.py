"""What this machine has: browsers found in order, really started, and left without a trace."""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path

import pytest

from bofbot.adapters import machine

posix = pytest.mark.skipif(os.name != "posix", reason="stand-ins for programs are shell scripts")


def program(folder: Path, name: str, script: str = "exit 0") -> str:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with nothing on its PATH and no downloads."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "downloads"))
    return tmp_path


@posix
def test_the_headless_shell_comes_first_and_never_for_a_window(bare: Path) -> None:
    assert machine.find_browser() is None
    chrome = program(bare, "google-chrome")
    assert machine.find_browser() == chrome
    shell = program(bare, "chromium-headless-shell")
    assert machine.find_browser() == shell
    assert machine.find_browser(headed=True) == chrome


@posix
def test_a_download_of_playwright_is_found(bare: Path) -> None:
    folder = bare / "downloads" / "chromium_headless_shell-1234" / "chrome-headless-shell-linux64"
    folder.mkdir(parents=True)
    shell = program(folder, "chrome-headless-shell")
    assert machine.find_browser() == shell
    assert machine.find_browser(headed=True) is None


@posix
@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("exit 3", "exit 3"),
        ("echo cannot open display >&2; exit 1", "cannot open display"),
        ("exit 0", "without a word"),
    ],
)
def test_a_browser_that_ends_says_why(tmp_path: Path, script: str, said: str) -> None:
    assert said in machine.try_browser(program(tmp_path, "chromium-headless-shell", script))


@posix
def test_a_browser_that_hangs_is_ended_with_all_its_children(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    hanging = program(tmp_path, "chromium", f'sleep 300 & echo $! > "{pid}"; wait')
    assert "no answer" in machine.try_browser(hanging, seconds=1)
    child = int(pid.read_text())
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and _alive(child):
        time.sleep(0.02)
    assert not _alive(child)


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@posix
def test_letters_that_show_as_boxes_are_told(tmp_path: Path) -> None:
    blind = program(tmp_path, "chromium-headless-shell", "echo bofbot-sees-boxes")
    assert machine.try_browser(blind) == "boxes"


def test_a_browser_that_is_not_there_is_told() -> None:
    assert machine.try_browser("/nowhere/chromium") != ""


@pytest.mark.browser
@pytest.mark.parametrize("headed", [False, True])
def test_the_browser_of_this_machine_starts_and_reads_japanese(headed: bool) -> None:
    path = machine.find_browser(headed)
    if path is None:
        pytest.skip("no browser of this kind on this machine")
    assert machine.try_browser(path) == ""
