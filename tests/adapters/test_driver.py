"""The driver's translated code is kept for the next run, in a place that nobody else may write to."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from bofbot.adapters.browser.driver import start_driver
from bofbot.scratch import Scratch

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
