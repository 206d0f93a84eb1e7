"""All that a run takes from outside: ledger, listeners, secrets, people, clock. Passed in once, named here."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from bofbot.action import Locks, OneMachine
from bofbot.effects import Ledger
from bofbot.events import Event
from bofbot.known_pages import Learning
from bofbot.questions import Answer, Asked
from bofbot.runner.share import Share
from bofbot.scratch import Scratch
from bofbot.secret import Redactor, Secret
from bofbot.settings import Settings
from bofbot.words import Language


class Secrets(Protocol):
    """Where secrets come from."""

    def get(self, name: str) -> Mapping[str, Secret]:
        """The fields of a secret. Raises NotReady, or NeedsPerson when its present version was rejected before."""

    def burn(self, name: str) -> None:
        """The site rejected the present version."""


class Tell(Protocol):
    """Sends a notice through a named channel of the settings."""

    def __call__(
        self, channel: str, title: str, body: str, attachments: tuple[Path, ...]
    ) -> Awaitable[None]: ...


class AskPerson(Protocol):
    """A person's answer, given now or before; raises Parked (or NeedsPerson) when nobody can be asked here."""

    def __call__(self, asked: Asked) -> Awaitable[Answer]: ...


def _now() -> datetime:
    return datetime.now().astimezone()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a run is handed. `emit` gets every event, already in order; it must not raise."""

    run_id: str
    folder: Path
    """This run's own folder; exists."""
    work_folder: Path
    scratch: Scratch
    settings: Settings
    ledger: Ledger
    emit: Callable[[Event], None]
    secrets: Secrets
    tell: Tell
    ask: AskPerson
    redact: Redactor
    owner: str
    """Who plays: host, pid and the process's start time; the ledger keeps it with a lease."""
    started_by: str = ""
    """Who asked for the run, as the system calls them; "" when a schedule did."""
    hosts: tuple[str, ...] = ()
    """Where the browser may go (`plan.hosts`)."""
    subject: str = ""
    """The fingerprint of what is played (`approval.subject_of`), when somebody may have to approve it."""
    approved: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Path of a loop → the totals that a person has approved for it."""
    holidays: frozenset[date] = frozenset()
    """The company's own days off, besides the public ones."""
    learning: Learning | None = None
    """None: nothing is learned about pages, and nothing known."""
    locks: Locks = field(default_factory=OneMachine)
    share: Share | None = None
    """The loop whose items other runs play too."""
    language: Language = "ja"
    clock: Callable[[], datetime] = _now
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    dice: random.Random = field(default_factory=random.Random)
