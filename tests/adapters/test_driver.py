"""The driver's translated code is kept for the next run, in a place that nobody else may write to."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bofbot.adapters.browser.ahead import Ahead, given
from bofbot.adapters.browser.driver import start_driver
from bofbot.scratch import Scratch, living_in

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="asks for Linux' folders and rights")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("NODE_COMPILE_CACHE", raising=False)
    return tmp_path / "home"


def started_and_stopped(folder: Path) -> None:
    scratch = Scratch.make(folder / "records", "1", "test")

    async def play() -> None:
        driver = await start_driver(scratch)
        assert "NODE_COMPILE_CACHE" not in os.environ
        await driver.stop()

    try:
        asyncio.run(play())
    finally:
        scratch.remove()


def test_what_was_translated_is_kept_for_this_person_alone(tmp_path: Path, home: Path) -> None:
    started_and_stopped(tmp_path)
    kept = home / ".cache/bofbot/driver"
    assert kept.stat().st_mode & 0o777 == 0o700
    assert any(file.is_file() for file in kept.rglob("*"))


def test_a_folder_that_others_may_write_to_is_not_used(tmp_path: Path, home: Path) -> None:
    open_to_all = home / ".cache/bofbot/driver"
    open_to_all.mkdir(parents=True)
    open_to_all.chmod(0o777)
    started_and_stopped(tmp_path)
    assert list(open_to_all.iterdir()) == []


def test_a_driver_starts_without_a_home_too(tmp_path: Path, home: Path) -> None:
    home.write_text("no folder")
    started_and_stopped(tmp_path)


def ahead_in(folder: Path) -> tuple[Scratch, subprocess.Popen[bytes]]:
    """A scratch folder with a driver on its way in it, and that driver."""
    scratch = Scratch.make(folder / "records", "1", "test", private=("KEIHI_PASSWORD",))
    ahead = Ahead.start(scratch)
    assert ahead is not None
    process = ahead._process
    assert process is not None
    return scratch.with_driver(ahead), process


def test_a_driver_that_was_started_ahead_is_taken_once(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEIHI_PASSWORD", "himitsu")
    scratch, process = ahead_in(tmp_path)
    environ = Path(f"/proc/{process.pid}/environ").read_bytes().split(b"\0")
    assert f"TMPDIR={scratch.folder}".encode() in environ
    assert not any(entry.startswith(b"KEIHI_PASSWORD") for entry in environ)

    async def play() -> None:
        first, second = await start_driver(scratch), await start_driver(scratch)
        assert living_in(scratch.folder)[0] == process.pid
        assert len(living_in(scratch.folder)) == 2
        assert first.chromium.name == second.chromium.name == "chromium"
        await first.stop()
        assert process.returncode == 0
        await second.stop()

    try:
        asyncio.run(play())
        scratch.ahead.end()
        assert living_in(scratch.folder) == []
    finally:
        scratch.remove()


def test_a_driver_that_has_died_meanwhile_is_replaced(tmp_path: Path, home: Path) -> None:
    scratch, process = ahead_in(tmp_path)
    process.kill()
    process.wait()

    async def play() -> None:
        driver = await start_driver(scratch)
        assert driver.chromium.name == "chromium"
        await driver.stop()

    try:
        asyncio.run(play())
    finally:
        scratch.ahead.end()
        scratch.remove()


def test_other_programs_are_started_as_ever_while_a_driver_is_taken(tmp_path: Path) -> None:
    scratch, process = ahead_in(tmp_path)

    async def play() -> int | None:
        with given(scratch.ahead):
            other = await asyncio.create_subprocess_exec(sys.executable, "-c", "")
        return await other.wait()

    try:
        assert asyncio.run(play()) == 0
        assert process.poll() is None
    finally:
        scratch.ahead.end()
        assert process.returncode is not None
        scratch.remove()
