"""Weekly downloads that overlap, put together: nothing lost, nothing doubled, whatever the bank gives to go by."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest

from bofbot.statements.merge import entry_ids, merged, way_of
from bofbot.statements.model import Entry, Statement

FIRST = date(2024, 1, 1)
WORDS = ("ATM", "振込手数料", "カ）サンプル", "電気料金", "COFFEE")


def books(count: int = 4000, seed: int = 1) -> list[Entry]:
    """Four thousand entries over two years, with equal amounts and texts on one day as real accounts have."""
    chance = random.Random(seed)
    days = sorted(FIRST + timedelta(days=chance.randrange(730)) for _ in range(count))
    balance = Decimal(1_000_000)
    entries = []
    for number, day in enumerate(days):
        amount = Decimal(
            chance.choice((-110, -110, -220, 1000, -1000, chance.randrange(-50_000, 50_000) or 1))
        )
        balance += amount
        entries.append(
            Entry(day, amount, chance.choice(WORDS), balance, reference=f"R{number:05d}", line=number + 1)
        )
    return entries


def downloads(entries: list[Entry], keep: str, seed: int = 2) -> list[Statement]:
    """A download a week of the last 14 to 20 days; the newest days still carry the text of pending entries."""
    chance = random.Random(seed)
    found = []
    last = entries[-1].date
    day = FIRST + timedelta(days=6)
    while True:
        first = max(FIRST, day - timedelta(days=chance.randrange(14, 21)))
        part = [entry for entry in entries if first <= entry.date <= day]
        shown = [
            entry._replace(
                text=f"未確定 {entry.text}" if (day - entry.date).days < 2 else entry.text,
                balance=entry.balance if keep == "balance" else None,
                reference=entry.reference if keep == "id" else "",
            )
            for entry in part
        ]
        found.append(Statement("1", "JPY", tuple(shown), first_day=first, last_day=day))
        if day >= last:
            return found
        day = min(day + timedelta(days=7), last)


@pytest.mark.parametrize(("keep", "way"), [("id", "bank-id"), ("balance", "balance"), ("nothing", "days")])
def test_weekly_overlapping_downloads_lose_and_double_nothing(keep: str, way: str) -> None:
    entries = books()
    taken = downloads(entries, keep)
    assert sum(len(one.entries) for one in taken) > 2 * len(entries)
    assert way_of(taken) == way
    found = merged(taken)
    told = Counter((entry.date, entry.amount) for entry in found)
    true = Counter((entry.date, entry.amount) for entry in entries)
    assert sum((true - told).values()) == 0, "lost"
    assert sum((told - true).values()) == 0, "doubled"
    assert [entry.date for entry in found] == sorted(entry.date for entry in entries)


def test_an_id_the_bank_uses_again_is_not_relied_on() -> None:
    entries = [entry._replace(reference=f"R{number % 3000}") for number, entry in enumerate(books())]
    taken = [
        Statement("1", "JPY", one.entries, first_day=one.first_day, last_day=one.last_day)
        for one in downloads(entries, "id")
    ]
    taken = [
        Statement(
            "1",
            "JPY",
            tuple(e._replace(balance=None) for e in one.entries),
            first_day=one.first_day,
            last_day=one.last_day,
        )
        for one in taken
    ]
    assert way_of(taken) == "days"
    assert len(merged(taken)) == len(entries)


def test_a_pending_text_gives_way_to_the_posted_one() -> None:
    pending = Entry(date(2026, 9, 1), Decimal(-100), "未確定", Decimal(900))
    posted = pending._replace(text="書店")
    found = merged([Statement("1", "JPY", (pending,)), Statement("1", "JPY", (posted,))])
    assert [entry.text for entry in found] == ["書店"]


def test_ids_of_entries_are_unique_and_the_same_in_the_next_download() -> None:
    entries = books(200)
    first, second = downloads(entries, "balance")[:2]
    assert len(set(entry_ids(first))) == len(first.entries)
    both = set(first.entries) & {entry for entry in second.entries if not entry.text.startswith("未確定")}
    ids = dict(zip(first.entries, entry_ids(first), strict=True))
    later = dict(zip(second.entries, entry_ids(second), strict=True))
    assert both
    assert all(ids[entry] == later[entry] for entry in both)
