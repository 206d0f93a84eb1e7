"""What the portal remembers while it serves: sessions, bookings, faults, wrong passwords."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from secrets import token_urlsafe

from bofbot.practice.book import Book, Booking, Clock
from bofbot.practice.company import User
from bofbot.practice.faults import Faults

LOCKED_AFTER = 3
"""Wrong passwords after which an account is locked."""


@dataclass
class Session:
    """One browser that knows its way: who logged in, and what is waiting for a confirmation."""

    token: str
    user: User
    proven: bool = True
    """False until the second factor was given."""
    draft: dict[str, str] = field(default_factory=dict)
    """What the confirmation page shows, not yet booked."""
    accepted: set[str] = field(default_factory=set)
    """Notices and terms this session has closed."""


@dataclass
class BackOffice:
    """The state of one portal. Two portals share nothing."""

    faults: Faults = field(default_factory=Faults)
    book: Book = field(default_factory=Book)
    clock: Clock = field(default_factory=Clock)
    random: random.Random = field(default_factory=lambda: random.Random(1))  # noqa: S311 moves fields about
    sessions: dict[str, Session] = field(default_factory=dict)
    wrong_passwords: dict[str, int] = field(default_factory=dict)
    logins: int = 0
    """How often somebody logged in with success."""
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def start_again(self) -> None:
        """An empty book, no switch on, nobody logged in, no account locked, the clock as at first."""
        self.book.clear()
        self.faults.clear()
        self.sessions.clear()
        self.wrong_passwords.clear()
        self.clock.restart()
        self.logins = 0

    def begin(self, user: User) -> Session:
        session = Session(token_urlsafe(18), user, proven=not user.totp)
        self.sessions[session.token] = session
        return session

    def locked(self, user: str) -> bool:
        return self.wrong_passwords.get(user, 0) >= LOCKED_AFTER

    def shown(self, kind: str) -> list[Booking]:
        """The bookings that lists and searches show by now."""
        lag = self.faults.look("lagging_history")
        return self.book.of(kind, self._now_less(lag.seconds) if lag else None)

    def _now_less(self, seconds: float) -> datetime:
        return self.clock() - timedelta(seconds=seconds)
