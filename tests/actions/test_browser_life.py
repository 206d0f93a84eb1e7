"""A browser's life: it starts, it ends, and leaves no process behind."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from bofbot.adapters import machine
from bofbot.adapters.browser import Browser
from bofbot.errors import ApplicationError, NotReady
from bofbot.settings import BrowserSettings, Settings

from .stage import Stage


@pytest.mark.browser
async def test_nothing_is_left_behind(tmp_path: Path) -> None:
    if machine.find_browser() is None:
        pytest.skip("no browser on this machine")
    before = _children()
    stage = Stage(tmp_path)
    browser = await stage.resource(Browser)
    assert _children() > before
    await browser.page.close()
    with pytest.raises(ApplicationError, match="closed"):
        _ = browser.page
    seen = await browser.evidence(tmp_path / "x")
    assert seen.files == ()
    await stage.close()
    assert _children() == before


@pytest.mark.browser
async def test_a_program_that_is_no_browser(tmp_path: Path) -> None:
    stage = Stage(
        tmp_path, settings=Settings(browser=BrowserSettings(executable=shutil.which("true") or "true"))
    )
    with pytest.raises(NotReady, match="does not start"):
        await stage.resource(Browser)


def _children() -> set[str]:
    """Processes of this process, and of its children, that are alive."""
    parents: dict[str, str] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                text = (entry / "stat").read_text()
            except OSError:
                continue
            rest = text.rpartition(")")[2].split()
            if rest[0] != "Z":
                parents[entry.name] = rest[1]
    family = {str(os.getpid())}
    while more := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= more
    return family
