"""The browser an office has chosen by its maker: found by its names and in its usual places, really driven, missed aloud.

Chrome and Edge themselves cannot be had on the machines where these tests run, so their places hold a script of that name
that starts this machine's Chromium: who finds it, starts it and drives it is the same."""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path
from typing import Literal

import pytest

from bofbot.adapters import machine
from bofbot.adapters.browser.driver import start_driver
from bofbot.adapters.browser.finder import find_browser, no_browser
from bofbot.adapters.browser.starting import Seat, launched
from bofbot.adapters.network.allowed import Allowed
from bofbot.errors import NotReady
from bofbot.scratch import Scratch
from bofbot.settings import BrowserSettings

posix = pytest.mark.skipif(os.name != "posix", reason="stand-ins for programs are shell scripts")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-headless-shell")


def stand_in(place: Path, log: Path | None = None) -> str:
    """A program at this place that is this machine's Chromium; it writes down its own name where one asks for that."""
    place.parent.mkdir(parents=True, exist_ok=True)
    tell = f'echo "$0" >> "{log}"\n' if log else ""
    place.write_text(f'#!/bin/sh\n{tell}exec "{CHROMIUM}" "$@"\n', encoding="utf-8")
    place.chmod(0o755)
    return str(place)


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with nothing on its PATH, no downloads, and nothing in the places of its system."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "downloads"))
    if any(
        Path(place).exists()
        for name in ("chrome", "msedge")
        for place in machine.usual_places(name, "linux", {})
    ):
        pytest.skip("this machine has a real Chrome or Edge in its usual place")
    return tmp_path


@posix
@pytest.mark.parametrize(
    ("channel", "name"),
    [
        ("chrome", "google-chrome"),
        ("chrome", "google-chrome-stable"),
        ("msedge", "microsoft-edge"),
        ("msedge", "microsoft-edge-stable"),
        ("chromium", "chromium-browser"),
    ],
)
def test_it_is_found_by_its_names_on_the_path(
    bare: Path, channel: Literal["chrome", "msedge", "chromium"], name: str
) -> None:
    there = stand_in(bare / "bin" / name)
    found = find_browser(BrowserSettings(channel=channel))
    assert found is not None
    assert (found.executable, found.channel) == (there, channel)


@posix
@pytest.mark.parametrize(
    ("channel", "platform", "variable", "place"),
    [
        ("chrome", "win32", "PROGRAMFILES", "Google/Chrome/Application/chrome.exe"),
        ("chrome", "win32", "PROGRAMFILES(X86)", "Google/Chrome/Application/chrome.exe"),
        ("chrome", "win32", "LOCALAPPDATA", "Google/Chrome/Application/chrome.exe"),
        ("msedge", "win32", "PROGRAMFILES(X86)", "Microsoft/Edge/Application/msedge.exe"),
        ("chrome", "darwin", "HOME", "Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
        ("msedge", "darwin", "HOME", "Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge"),
    ],
)
def test_it_is_found_in_the_usual_places_of_other_systems(
    bare: Path, channel: str, platform: str, variable: str, place: str
) -> None:
    environ = {variable: str(bare / "disk")}
    assert machine.find_channel(channel, platform, environ) is None
    there = stand_in(bare / "disk" / place)
    assert machine.find_channel(channel, platform, environ) == there
    Path(there).chmod(0o644)
    assert machine.find_channel(channel, platform, environ) is None


def test_the_places_for_everybody() -> None:
    if os.name != "posix":
        pytest.skip("written with the separators of POSIX")
    assert machine.usual_places("chrome", "linux", {}) == ["/opt/google/chrome/chrome"]
    assert machine.usual_places("msedge", "linux", {}) == ["/opt/microsoft/msedge/msedge"]
    for maker, channel in (("Google Chrome", "chrome"), ("Microsoft Edge", "msedge")):
        assert machine.usual_places(channel, "darwin", {}) == [
            f"/Applications/{maker}.app/Contents/MacOS/{maker}"
        ]
    assert machine.usual_places("chrome", "sunos", {}) == []


@posix
@pytest.mark.parametrize(
    ("channel", "english"),
    [("chrome", "Google Chrome"), ("msedge", "Microsoft Edge"), ("chromium", "Chromium")],
)
def test_one_that_is_absent_is_missed_by_its_name_and_no_other_is_taken(
    bare: Path, channel: Literal["chrome", "msedge", "chromium"], english: str
) -> None:
    stand_in(bare / "bin" / "chromium-headless-shell")
    settings = BrowserSettings(channel=channel)
    assert find_browser(settings) is None
    missed = no_browser(settings)
    assert f"{english} is not installed" in missed.message.en
    assert english in missed.message.ja
    assert "browser.channel" in missed.message.en
    assert missed.fix


@posix
@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium to stand in for Chrome and Edge")
@pytest.mark.parametrize(("channel", "name"), [("chrome", "google-chrome"), ("msedge", "microsoft-edge")])
def test_the_chosen_one_is_really_driven(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, channel: Literal["chrome", "msedge"], name: str
) -> None:
    program = stand_in(tmp_path / "bin" / name, tmp_path / "started")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    scratch = Scratch.make(tmp_path / "records", "1", "test")
    settings = BrowserSettings(channel=channel)

    async def play() -> object:
        found = find_browser(settings)
        assert found is not None
        driver = await start_driver(scratch)
        started = await launched(driver, found, settings, Seat(), Allowed.of(()))
        page = await started.profile.new_page()
        await page.set_content("<label>金額 <input id=a></label>")
        await page.fill("#a", "1200")
        seen = await page.input_value("#a")
        for end in (started.browser.close, driver.stop, started.egress.close):
            await end()
        return seen

    try:
        assert asyncio.run(play()) == "1200"
        assert (tmp_path / "started").read_text().split() == [program]
    finally:
        scratch.remove()


@posix
@pytest.mark.browser
def test_one_that_does_not_start_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "google-chrome"
    broken.write_text("#!/bin/sh\nexit 3\n", encoding="utf-8")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    scratch = Scratch.make(tmp_path / "records", "1", "test")
    settings = BrowserSettings(channel="chrome")

    async def play() -> None:
        found = find_browser(settings)
        assert found is not None
        driver = await start_driver(scratch)
        try:
            await launched(driver, found, settings, Seat(), Allowed.of(()))
        finally:
            await driver.stop()

    try:
        with pytest.raises(NotReady, match="google-chrome does not start"):
            asyncio.run(play())
    finally:
        scratch.remove()
