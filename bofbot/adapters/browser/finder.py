"""Which browser a run will drive, from what the office says and what this machine has."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from bofbot.adapters import machine
from bofbot.errors import NotReady
from bofbot.settings import BrowserSettings
from bofbot.words import Sentence


@dataclass(frozen=True, slots=True)
class Found:
    """A browser to start: a program, or one of its maker's channels that Playwright knows to find."""

    executable: str = ""
    channel: str = ""


def find_browser(settings: BrowserSettings, headed: bool = False) -> Found | None:
    """The browser the settings name, else this machine's own; None when there is none. Starts nothing."""
    if settings.executable:
        path = shutil.which(os.path.expandvars(str(Path(settings.executable).expanduser())))
        return Found(executable=path) if path else None
    if settings.channel:
        return Found(channel=settings.channel)
    path = machine.find_browser(headed)
    return Found(executable=path) if path else None


def no_browser(settings: BrowserSettings) -> NotReady:
    """What to say when there is none."""
    if settings.executable:
        return NotReady(
            Sentence(
                en=f"there is no browser at {settings.executable}",
                ja=f"{settings.executable} にブラウザーがありません",
            ),
            fix=Sentence(
                en="correct browser.executable in configs/bofbot.yaml, or leave it out so that bofbot finds one",
                ja="configs/bofbot.yaml の browser.executable を直すか、削除して自動検出に任せてください",
            ),
        )
    return NotReady(
        Sentence(en="no browser was found on this machine", ja="このパソコンにブラウザーが見つかりません"),
        fix=Sentence(
            en="run `bofbot doctor --fix`, or install Chromium or Google Chrome (Debian: apt install chromium-headless-shell)",
            ja="`bofbot doctor --fix` を実行するか、Chromium か Google Chrome を入れてください（Debian：apt install chromium-headless-shell）",
        ),
    )
