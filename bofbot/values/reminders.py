"""How often people are reminded, in a sentence (`after 4 hours, then every day`), and at what hours the office reads it."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bofbot.values.bad_value import BadValue
from bofbot.values.business_days import is_business_day
from bofbot.values.text import nfkc
from bofbot.values.units import read_duration
from bofbot.words import Sentence

_LEAST = 15 * 60.0
_ONE = {"day": 86400.0, "hour": 3600.0}
_ENGLISH = re.compile(
    r"(?:after\s+(?P<after>.+?))?(?:(?:^|,?\s+)(?:then\s+)?every\s+(?P<every>.+))?", re.IGNORECASE
)
_JAPANESE = re.compile(
    r"(?:(?P<after>.+?)後に?)?[、,]?\s*(?:(?:その後|以後|以降)は?)?[、,]?\s*(?:(?P<every>.+?)(?:ごと|毎|おき)に?|(?P<daily>毎日))?"
)


@dataclass(frozen=True, slots=True)
class Reminders:
    """Seconds until the first reminder, and between two later ones; 0: none."""

    after: float = 4 * 3600.0
    every: float = 86400.0


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """When somebody reads what is sent, on business days."""

    opens: time = time(9)
    closes: time = time(18)

    def next_open(self, at: datetime, holidays: Collection[date] = ()) -> datetime:
        """`at` itself when the office is open then, else the next opening, in the time zone of `at`."""
        moved = at
        while True:
            if is_business_day(moved.date(), holidays):
                if moved.time() < self.opens:
                    return moved.replace(
                        hour=self.opens.hour, minute=self.opens.minute, second=0, microsecond=0
                    )
                if moved.time() < self.closes:
                    return moved
            moved = (moved + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


def read_reminders(text: object) -> Reminders:
    """`after 4 hours, then every day`, `every 2 hours`, `never`; 4時間後、その後毎日, 毎日, なし. Raises BadValue."""
    if isinstance(text, Reminders):
        return text
    written = nfkc(str(text)).strip()
    if written.casefold() in ("never", "なし"):
        return Reminders(0.0, 0.0)
    found = _ENGLISH.fullmatch(written) or _JAPANESE.fullmatch(written)
    if not written or found is None:
        raise _unread(written)
    parts = found.groupdict()
    every = 86400.0 if parts.get("daily") else _span(parts["every"], written)
    return Reminders(_span(parts["after"], written) or every, every)


def _span(text: str | None, written: str) -> float:
    if text is None:
        return 0.0
    word = text.strip().casefold()
    try:
        seconds = _ONE.get(word) or read_duration(word)
    except BadValue:
        raise _unread(written) from None
    if seconds < _LEAST:
        raise BadValue(
            Sentence(
                en="nobody wants to be reminded more often than every 15 minutes",
                ja="15分より短い間隔では知らせません",
            )
        )
    return seconds


def _unread(written: str) -> BadValue:
    return BadValue(
        Sentence(
            en=f'write e.g. "after 4 hours, then every day", "every 2 hours" or "never", not "{written}"',
            ja=f"「4時間後、その後毎日」「2時間ごと」「なし」のように書いてください（「{written}」ではなく）",
        )
    )


def read_office_hours(text: object) -> OfficeHours:
    """`09:00-18:00`. Raises BadValue."""
    if isinstance(text, OfficeHours):
        return text
    found = re.fullmatch(r"(\d{1,2}):(\d{2})\s*[-~〜]\s*(\d{1,2}):(\d{2})", nfkc(str(text)).strip())
    try:
        if found:
            hours = [int(part) for part in found.groups()]
            read = OfficeHours(time(hours[0], hours[1]), time(hours[2], hours[3]))
            if read.opens < read.closes:
                return read
    except ValueError:
        pass
    raise BadValue(
        Sentence(
            en=f'office hours are written like 09:00-18:00, not "{text}"',
            ja=f"執務時間は 09:00-18:00 のように書いてください（「{text}」ではなく）",
        )
    )
