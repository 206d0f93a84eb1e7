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

_CALLED = {"chrome": "Google Chrome", "msedge": "Microsoft Edge", "chromium": "Chromium"}


@dataclass(frozen=True, slots=True)
class Found:
    """A browser to start."""

    executable: str
    channel: str = ""
    """Its maker's channel, when the office has chosen it by that: Playwright starts Chrome and Edge in their own way."""


def find_browser(settings: BrowserSettings, headed: bool = False) -> Found | None:
    """The browser the settings name, else this machine's own; None when there is none. Starts nothing."""
    if settings.executable:
        path = shutil.which(os.path.expandvars(str(Path(settings.executable).expanduser())))
        return Found(path) if path else None
    if settings.channel:
        path = machine.find_channel(settings.channel)
        return Found(path, settings.channel) if path else None
    path = machine.find_browser(headed)
    return Found(path) if path else None


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
    if settings.channel:
        return NotReady(
            Sentence(
                en=f"{_CALLED[settings.channel]} is not installed on this machine, and the settings ask for it (browser.channel: {settings.channel})",
                ja=f"{_CALLED[settings.channel]} がこのパソコンにインストールされていません（設定 browser.channel: {settings.channel}）",
            ),
            fix=Sentence(
                en="install it, or take another browser.channel in configs/bofbot.yaml, or leave it out so that bofbot finds a browser",
                ja="インストールするか、configs/bofbot.yaml の browser.channel を変更または削除してください（削除すると自動で検出します）",
            ),
        )
    return NotReady(
        Sentence(en="no browser was found on this machine", ja="このパソコンにブラウザーが見つかりません"),
        fix=Sentence(
            en="run `bofbot doctor --fix`, or install Chromium or Google Chrome (Debian: apt install chromium-headless-shell)",
            ja="`bofbot doctor --fix` を実行するか、Chromium か Google Chrome を入れてください（Debian：apt install chromium-headless-shell）",
        ),
    )
