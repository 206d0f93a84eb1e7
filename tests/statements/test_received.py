"""What an archive remembers of downloads: days, quiet files, the same bytes again, accounts; and what may be joined."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest

from bofbot.statements.archive import Archive
from bofbot.statements.duplicates import Seen, twin_in
from bofbot.statements.options import NO_OPTIONS
from bofbot.statements.ranges import Days
from bofbot.statements.reading import read_bytes
from bofbot.statements.received import Received, joined, keep, received, same_account, statements_in

JST = timezone(timedelta(hours=9))
START = date(2026, 1, 1)
HEAD = "日付,お支払金額,お預り金額,差引残高,摘要\n"
Line = tuple[date, int, int]


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive(tmp_path / "archive", lambda: datetime(2026, 11, 1, 9, 0, tzinfo=JST)) as opened:
        yield opened


def csv_of(lines: list[Line]) -> bytes:
    rows = "".join(
        f"{day},{-amount if amount < 0 else ''},{amount if amount > 0 else ''},{balance},x\n"
        for day, amount, balance in lines
    )
    return (HEAD + rows).encode()


def history(count: int, seed: int = 1) -> list[Line]:
    """Entries of which many are equal: a few amounts, several a day, and balances that come again."""
    chance = random.Random(seed)
    balance, lines = 100_000, []
    for number in range(count):
        amount = chance.choice((-1000, 1000, -500, 500, -330, 3000, -3000))
        balance += amount
        lines.append((START + timedelta(days=number * 300 // count), amount, balance))
    return lines


def test_four_thousand_entries_in_weekly_overlapping_downloads_none_lost_none_doubled(
    archive: Archive,
) -> None:
    lines = history(4000)
    last = lines[-1][0]
    day = START
    while day <= last:
        days = Days(max(START, day - timedelta(days=10)), min(last, day + timedelta(days=6)))
        part = [line for line in lines if days.first <= line[0] <= days.last]
        keep(archive, csv_of(part), "明細.csv", "bank.example", days, NO_OPTIONS)
        day += timedelta(days=7)
    whole = joined(received(archive, "bank.example", ""))
    assert whole is not None
    statement, proof = whole
    assert [(entry.date, entry.amount) for entry in statement.entries] == [
        (day, amount) for day, amount, _ in lines
    ]
    assert proof.outcome == "verified"


def test_quiet_days_and_the_same_bytes_for_other_days(archive: Archive) -> None:
    for first in (1, 8, 15):
        days = Days(date(2026, 9, first), date(2026, 9, first + 6))
        keep(archive, HEAD.encode(), "明細.csv", "bank.example", days, NO_OPTIONS)
        keep(archive, HEAD.encode(), "明細.csv", "bank.example", days, NO_OPTIONS)
    told = received(archive, "bank.example", "")
    assert [one.days.first.day for one in told] == [1, 8, 15]
    assert all(one.statements == () for one in told)
    assert joined(told) is None
    assert {one.record.document for one in told if one.record} == {"D000001"}


def test_another_bank_or_account_is_not_remembered_here(archive: Archive) -> None:
    days = Days(START, START)
    keep(archive, csv_of(history(3)), "a.csv", "one.example · 普通 1234567", days, NO_OPTIONS)
    assert received(archive, "one.example · 普通 7654321", "普通 7654321") == []
    assert received(archive, "two.example · 普通 1234567", "普通 1234567") == []
    assert len(received(archive, "one.example · 普通 1234567", "普通 1234567")) == 1


@pytest.mark.parametrize(
    ("stated", "asked", "same"),
    [("1234567", "普通 1234567", True), ("0001234567", "1234567", True), ("1234567", "7654321", False), ("", "1234567", True),
     ("DE12 3456 7890", "DE1234567890", True), ("1234567", "メイン口座", True), ("当座 1234567", "普通 234567", True)],
)  # fmt: skip
def test_same_account(stated: str, asked: str, same: bool) -> None:
    assert same_account(stated, asked) is same


def test_a_lost_entry_does_not_join(archive: Archive) -> None:
    lines = history(40)
    whole = joined([
        Received(Days(lines[0][0], lines[19][0]), None, tuple(statements_in(csv_of(lines[:19]), "a", NO_OPTIONS))),
        Received(Days(lines[20][0], lines[-1][0]), None, tuple(statements_in(csv_of(lines[20:]), "b", NO_OPTIONS))),
    ])  # fmt: skip
    assert whole is not None
    assert whole[1].outcome == "discrepancy"


def test_the_same_statement_under_another_name(archive: Archive) -> None:
    data = "口座番号,1234567\n".encode() + csv_of(history(5))
    archive.add(data, name="a.csv")
    [again] = read_bytes(data + b"\n", name="b.csv")
    [other] = read_bytes("口座番号,1234567\n".encode() + csv_of(history(5, seed=2)), name="c.csv")
    assert twin_in(archive, again) == "D000001 a.csv"
    assert twin_in(archive, other) == ""
    seen = Seen()
    assert [seen.twin(one) for one in (again, other, read_bytes(data, name="d.csv")[0])] == ["", "", "b.csv"]


def test_amounts_are_decimal_to_the_last_place(archive: Archive) -> None:
    [one] = statements_in(
        b"Date,Description,Amount,Balance\n2026-09-01,a,0.10,0.10\n2026-09-02,b,0.20,0.30\n", "a", NO_OPTIONS
    )
    assert one.sum == Decimal("0.30")
