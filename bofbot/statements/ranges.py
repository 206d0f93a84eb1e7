"""Which days to ask a bank for: what nothing has proved yet, with an overlap, in pieces the site allows, never the future."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

_DAY = timedelta(days=1)


class Days(NamedTuple):
    """Days in a row, both ends included."""

    first: date
    last: date

    def __str__(self) -> str:
        return f"{self.first}..{self.last}"


def to_ask(
    proved: Iterable[Days], since: date, until: date, *, today: date, overlap: int = 7, most_days: int = 0
) -> list[Days]:
    """The days to ask for, oldest first; empty when all from `since` to `until` is proved.

    Days that nothing has proved are asked for with `overlap` days more at both ends, so that entries which were booked
    late are seen and the join is proved; never before `since`, never after `until` or `today`. `most_days` is what the
    site gives at once (0: any number)."""
    until = min(until, today)
    if until < since:
        return []
    wider = [
        Days(max(since, gap.first - overlap * _DAY), min(until, gap.last + overlap * _DAY))
        for gap in gaps(proved, since, until)
    ]
    return [piece for days in joined(wider) for piece in _pieces(days, most_days)]


def gaps(proved: Iterable[Days], since: date, until: date) -> list[Days]:
    """The days from `since` to `until` that none of the proved ones cover."""
    missing, at = [], since
    for days in joined(proved):
        if days.last < at:
            continue
        if days.first > until:
            break
        if days.first > at:
            missing.append(Days(at, days.first - _DAY))
        at = days.last + _DAY
    if at <= until:
        missing.append(Days(at, until))
    return missing


def joined(ranges: Iterable[Days]) -> list[Days]:
    """The same days in as few ranges as will do: overlapping and adjoining ones become one."""
    found: list[Days] = []
    for days in sorted(ranges):
        if days.first > days.last:
            continue
        if found and days.first <= found[-1].last + _DAY:
            found[-1] = Days(found[-1].first, max(found[-1].last, days.last))
        else:
            found.append(days)
    return found


def _pieces(days: Days, most: int) -> Iterator[Days]:
    if most < 1:
        yield days
        return
    first = days.first
    while first <= days.last:
        last = min(days.last, first + (most - 1) * _DAY)
        yield Days(first, last)
        first = last + _DAY
