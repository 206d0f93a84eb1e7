"""A browser that is started before anybody asks for it: taken once, if it is what is asked for, and never left behind."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bofbot.adapters.browser.adopting import Unwanted, _given, adopt
from bofbot.adapters.browser.ahead import Ahead
from bofbot.adapters.browser.driver import begin_driver
from bofbot.adapters.browser.starting import Started
from bofbot.adapters.machine import find_browser
from bofbot.scratch import Scratch, living_in
from bofbot.settings import BrowserSettings

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are found by /proc")
has_browser = pytest.mark.skipif(find_browser() is None, reason="no browser on this machine")


@pytest.fixture
def scratch(tmp_path: Path) -> Iterator[Scratch]:
    made = Scratch.make(tmp_path / "records", "1", "test", private=("KEIHI_PASSWORD",))
    yield made
    made.remove()


def knows(scratch: Scratch, word: bytes) -> bool:
    """Whether any process that lives there was given it."""
    return any(word in Path(f"/proc/{pid}/environ").read_bytes() for pid in living_in(scratch.folder))


@has_browser
@pytest.mark.browser
def test_it_is_taken_once_and_reaches_no_host_by_itself(
    scratch: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEIHI_PASSWORD", "himitsu")
    ahead = Ahead.begin(scratch, BrowserSettings())
    assert ahead is not None

    async def play() -> None:
        started = await ahead.take(BrowserSettings())
        assert isinstance(started, Started)
        assert await ahead.take(BrowserSettings()) is None
        await ahead.close()  # not ours any more
        assert started.browser.is_connected()
        assert not started.egress.lets_out("http://127.0.0.1:80/")
        assert not knows(scratch, b"himitsu")
        page = await started.profile.new_page()
        assert await page.evaluate("1 + 1") == 2
        for end in (started.browser.close, started.driver.stop, started.egress.close):
            await end()

    with asyncio.Runner(loop_factory=ahead.loop) as runner:
        runner.run(play())
    ahead.end()
    assert living_in(scratch.folder) == []


@has_browser
@pytest.mark.browser
def test_one_of_other_settings_or_in_another_loop_is_not_taken(scratch: Scratch) -> None:
    ahead = Ahead.begin(scratch, BrowserSettings())
    assert ahead is not None
    assert asyncio.run(ahead.take(BrowserSettings())) is None

    async def play() -> None:
        assert await ahead.take(BrowserSettings(width=800)) is None
        await ahead.close()

    with asyncio.Runner(loop_factory=ahead.loop) as runner:
        runner.run(play())
    ahead.end()
    assert living_in(scratch.folder) == []


@has_browser
def test_a_driver_that_has_died_is_not_taken(scratch: Scratch) -> None:
    ahead = Ahead.begin(scratch, BrowserSettings())
    assert ahead is not None
    ahead._process.kill()
    with asyncio.Runner(loop_factory=ahead.loop) as runner:
        assert runner.run(ahead.take(BrowserSettings())) is None
    ahead.end()


@has_browser
def test_one_that_nobody_wanted_leaves_nothing(scratch: Scratch) -> None:
    ahead = Ahead.begin(scratch, BrowserSettings())
    assert ahead is not None
    ahead.end()
    assert living_in(scratch.folder) == []


def test_other_programs_are_started_as_ever_while_a_driver_is_adopted(scratch: Scratch) -> None:
    command, process = begin_driver(scratch)

    async def play() -> int | None:
        with _given(command, process):
            other = await asyncio.create_subprocess_exec(sys.executable, "-c", "")
        with pytest.raises(Unwanted):
            await adopt(("another", *command[1:]), process)
        return await other.wait()

    try:
        assert asyncio.run(play()) == 0
        assert process.poll() is None
    finally:
        process.kill()
        process.communicate()
