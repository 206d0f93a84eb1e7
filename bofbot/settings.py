"""What an office sets once: configs/bofbot.yaml, then BOFBOT_… variables, then options of the command line.

Read by `language.settings` (the door to YAML); a setting that is not named here is refused there.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class BrowserSettings(_Settings):
    """Which browser, and how it is driven."""

    executable: str = ""
    """Path of a browser; empty: headless shell, Chromium or Chrome of this machine, in that order."""
    channel: Literal["", "chrome", "msedge", "chromium"] = ""
    """A browser installed by its maker, by Playwright's channel name."""
    headed: bool = False
    """Show the window."""
    slow_mo: float = 0.0
    """Seconds between two gestures, for people who watch."""
    language: str = "ja-JP"
    time_zone: str = "Asia/Tokyo"
    width: int = 1280
    height: int = 900
    proxy: str = ""
    """The office's own proxy, e.g. http://proxy:8080; the run's egress goes through it."""
    allow: tuple[str, ...] = ()
    """Hosts that every robot's browser may reach, e.g. *.cdn.example.com."""
    keep_pictures: bool = False
    """Keep a picture of every web step, not of failures only."""


class ChannelSettings(_Settings):
    """Where a notice goes: Apprise addresses, e.g. mailto://… or slack://…; `${NAME}` takes an environment variable."""

    to: tuple[str, ...] = ()


class SecretSettings(_Settings):
    """Where a secret is kept. Empty `env`: the system keyring, then the age-encrypted file."""

    env: str = ""
    """Prefix of environment variables: KEIHI means KEIHI_USER, KEIHI_PASSWORD, KEIHI_TOTP."""


class Settings(_Settings):
    """configs/bofbot.yaml, whole."""

    language: Literal["", "ja", "en"] = ""
    """What bofbot speaks; empty: --lang, else LANG."""
    logs: Path = Path("logs")
    """Evidence, reports and log files of runs."""
    store: str = ""
    """The store: a path or a database URL; empty: `bofbot.db` in the logs folder."""
    browser: BrowserSettings = BrowserSettings()
    notify: dict[str, ChannelSettings] = Field(default_factory=dict)
    """Channels by name, for `notify: 経理チャット`."""
    secrets: dict[str, SecretSettings] = Field(default_factory=dict)
    step_timeout: float = 30.0
    """Seconds a step may take unless it says otherwise."""
    run_timeout: float = 6 * 3600.0
    company_days: Path | None = None
    """A CSV of the company's own holidays (`date,name`), besides the public ones."""
