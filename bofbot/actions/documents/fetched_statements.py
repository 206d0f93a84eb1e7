"""What fetching statements came to: which entries are new, and the tables a robot goes on with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from bofbot.action import Result
from bofbot.records import Row, Table
from bofbot.statements.merge import entry_ids, way_of
from bofbot.statements.model import Proof, Statement
from bofbot.statements.ranges import Days
from bofbot.statements.tables import entry_table
from bofbot.words import Sentence


@dataclass(slots=True)
class Fetched:
    """One account when all its days are in."""

    account: str
    statement: Statement
    proof: Proof
    asked: list[Days] = field(default_factory=list)
    new: list[bool] = field(default_factory=list)
    """For each entry of the statement: was it unknown before this run?"""


def unknown(statement: Statement, known: tuple[Statement, Proof] | None) -> list[bool]:
    """Which entries were not there before: by their ids, and where nothing tells them apart, by their number in a day."""
    if known is None:
        return [True] * statement.count
    before = known[0]
    if way_of([before, statement]) == way_of([statement]) != "days":
        there = set(entry_ids(before))
        return [one not in there for one in entry_ids(statement)]
    left: dict[tuple[date, Decimal], int] = {}
    for entry in before.entries:
        left[entry.date, entry.amount] = left.get((entry.date, entry.amount), 0) + 1
    new = []
    for entry in statement.entries:
        key = (entry.date, entry.amount)
        left[key] = left.get(key, 0) - 1
        new.append(left[key] < 0)
    return new


def result_of(done: Sequence[Fetched]) -> Result:
    """All accounts in one: their entries, the new ones, and a row for each account."""
    tables = [entry_table([one.statement]) for one in done]
    columns = tables[0].columns if tables else ()
    rows = tuple(row for table in tables for row in table)
    fresh = [flag for one in done for flag in one.new]
    new = tuple(row for row, flag in zip(rows, fresh, strict=True) if flag)
    source = tables[0].source
    value = {
        "entries": Table(columns, rows, source), "new": Table(columns, new, source), "count": len(rows),
        "accounts": Table(_ACCOUNT, tuple(_account_row(one) for one in done), source),
    }  # fmt: skip
    facts = {
        "accounts": len(done),
        "entries": len(rows),
        "new": len(new),
        "downloads": sum(len(one.asked) for one in done),
    }
    summary = Sentence(
        en=f"{len(done)} accounts, {len(new)} new entries of {len(rows)}",
        ja=f"{len(done)} 口座、新しい明細 {len(new)} 件（全 {len(rows)} 件）",
    )
    return Result(Row(value), summary=summary, facts=facts)


_ACCOUNT = (
    "account",
    "currency",
    "first_day",
    "last_day",
    "opening",
    "closing",
    "count",
    "new",
    "outcome",
    "downloads",
)


def _account_row(one: Fetched) -> Row:
    statement = one.statement
    values = (
        one.account or statement.account, statement.currency, statement.first_day, statement.last_day, statement.opening,
        statement.closing, statement.count, sum(one.new), one.proof.outcome, len(one.asked),
    )  # fmt: skip
    return Row(dict(zip(_ACCOUNT, values, strict=True)))
