"""Overlapping downloads put together: nothing lost, nothing doubled.

What identifies an entry, best first: the bank's id where it is unique in every download; the day, amount and running
balance with an occurrence number; else nothing does, and a newer download replaces the whole days it covers. Never a
hash of day, amount and text: equal entries are real, and texts change between pending and posted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from datetime import date
from typing import Literal

from bofbot.statements.model import Entry, Statement

_PENDING_DAYS = 10
"""An entry's day may move this much between pending and posted; further apart, banks have used an id again."""
Way = Literal["bank-id", "balance", "days"]


def way_of(downloads: Sequence[Statement]) -> Way:
    """The surest way to tell entries of these downloads apart."""
    entries = [entry for download in downloads for entry in download.entries]
    if entries and all(entry.reference for entry in entries) and _ids_hold(downloads):
        return "bank-id"
    if entries and all(entry.balance is not None for entry in entries):
        return "balance"
    return "days"


def merged(downloads: Sequence[Statement]) -> list[Entry]:
    """The entries of one account from downloads in the order they were taken, oldest first, each once."""
    way = way_of(downloads)
    if way == "days":
        return _by_days(downloads)
    kept: dict[Hashable, Entry] = {}
    for download in downloads:
        for key, entry in zip(_keys(download.entries, way), download.entries, strict=True):
            kept[key] = entry  # the newer text of a pending entry wins; its place in the order stays
    return sorted(kept.values(), key=lambda entry: entry.date)


def entry_ids(statement: Statement) -> list[str]:
    """An id for every entry, the same in every download of the account that states balances or bank ids."""
    way = way_of([statement])
    if way == "bank-id":
        return [entry.reference for entry in statement.entries]
    return ["-".join(str(part) for part in key) for key in _keys(statement.entries, "balance")]


def _ids_hold(downloads: Sequence[Statement]) -> bool:
    """Unique in each download, and never another amount under the same id in another one."""
    known: dict[str, Entry] = {}
    for download in downloads:
        seen: set[str] = set()
        for entry in download.entries:
            first = known.setdefault(entry.reference, entry)
            moved = abs((first.date - entry.date).days)
            if entry.reference in seen or first.amount != entry.amount or moved > _PENDING_DAYS:
                return False
            seen.add(entry.reference)
    return True


def _keys(entries: Iterable[Entry], way: Way) -> list[tuple[Hashable, ...]]:
    """Keys that hold over downloads: an occurrence number is counted within a day, for days are covered whole."""
    counted: Counter[tuple[Hashable, ...]] = Counter()
    keys = []
    for entry in entries:
        key: tuple[Hashable, ...] = (
            (entry.reference,) if way == "bank-id" else (entry.date, entry.amount, entry.balance)
        )
        counted[key] += 1
        keys.append((*key, counted[key]))
    return keys


def _by_days(downloads: Sequence[Statement]) -> list[Entry]:
    """Each newer download replaces every day it covers. Its first and last day count as covered."""
    by_day: dict[date, list[Entry]] = {}
    for download in downloads:
        first, last = covered(download)
        if first is None or last is None:
            continue
        for day in [day for day in by_day if first <= day <= last]:
            del by_day[day]
        for entry in download.entries:
            by_day.setdefault(entry.date, []).append(entry)
    return [entry for day in sorted(by_day) for entry in by_day[day]]


def covered(download: Statement) -> tuple[date | None, date | None]:
    """First and last day a download covers: what it states, and at least its entries."""
    days = [entry.date for entry in download.entries]
    days += [day for day in (download.first_day, download.last_day) if day]
    return min(days, default=None), max(days, default=None)
