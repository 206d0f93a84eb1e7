"""The book of effects: what the portal really booked, whatever its answer to the browser said."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from types import MappingProxyType

JAPAN = timezone(timedelta(hours=9), "JST")
FIRST_DAY = datetime(2026, 11, 2, 9, 0, tzinfo=JAPAN)
"""When the practice office opens: the first working day after the practice month."""


class Clock:
    """The portal's own time: starts at FIRST_DAY, runs with the real clock, can be put forward."""

    def __init__(self, start: datetime = FIRST_DAY) -> None:
        self._start = start
        self._begun = time.monotonic()
        self._forward = timedelta()

    def __call__(self) -> datetime:
        return self._start + timedelta(seconds=time.monotonic() - self._begun) + self._forward

    def restart(self) -> None:
        """Set the clock to where it started."""
        self._begun, self._forward = time.monotonic(), timedelta()

    def advance(self, seconds: float) -> None:
        """Put the clock forward, e.g. to end the lag of the history page."""
        self._forward += timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True)
class Booking:
    """One effect. The same key twice means that somebody was paid twice."""

    kind: str
    """The list it stands in: "claims", "invoices", "vendors", "transfers"."""
    key: str
    receipt: str
    payload: Mapping[str, str]
    at: datetime
    request: str
    """Which request booked it: a number that the portal gives every request it receives."""


@dataclass
class Book:
    """Bookings in the order in which they happened. Safe to read from another thread."""

    bookings: list[Booking] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def add(self, kind: str, key: str, payload: Mapping[str, str], at: datetime, request: str) -> Booking:
        with self._lock:
            number = sum(booking.kind == kind for booking in self.bookings) + 1
            receipt = f"{_LETTER.get(kind, 'Z')}-{at:%Y%m}-{number:04d}"
            booking = Booking(kind, key, receipt, MappingProxyType(dict(payload)), at, request)
            self.bookings.append(booking)
            return booking

    def of(self, kind: str, until: datetime | None = None) -> list[Booking]:
        """All bookings of a kind, those later than `until` left out."""
        with self._lock:
            return [b for b in self.bookings if b.kind == kind and (until is None or b.at <= until)]

    def count(self, kind: str, key: str | None = None) -> int:
        """How often `key` was booked; without a key, how many bookings there are."""
        return sum(key is None or booking.key == key for booking in self.of(kind))

    def twice(self) -> list[tuple[str, str]]:
        """Every (kind, key) that was booked more than once; empty when all is well."""
        seen: dict[tuple[str, str], int] = {}
        with self._lock:
            for booking in self.bookings:
                seen[booking.kind, booking.key] = seen.get((booking.kind, booking.key), 0) + 1
        return [pair for pair, times in seen.items() if times > 1]

    def clear(self) -> None:
        with self._lock:
            self.bookings.clear()


_LETTER = {"claims": "R", "invoices": "S", "vendors": "V", "transfers": "F"}
