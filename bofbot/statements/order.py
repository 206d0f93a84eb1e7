"""Oldest first or newest first: found out from the running balances, then from the days."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from operator import add, eq
from types import NoneType

from bofbot.statements.headings import NEWEST_FIRST
from bofbot.statements.model import Entry, Remark
from bofbot.words import Sentence


@dataclass(frozen=True, slots=True)
class Ordered:
    """Entries oldest first, with the balances before the first and after the last where all of them state one."""

    entries: list[Entry]
    opening: Decimal | None = None
    closing: Decimal | None = None
    remarks: list[Remark] = field(default_factory=list)


def oldest_first(entries: list[Entry], stated: str = "", headings: tuple[str, ...] = ()) -> Ordered:
    """Put entries in the order they were booked. `stated` is `oldest-first`, `newest-first` or "" (find out)."""
    turned = entries[::-1]
    remarks: list[Remark] = []
    if stated:
        newest = stated == "newest-first"
    else:
        newest, sure = _newest_first(entries, turned, headings)
        if not sure:
            remarks.append(_UNSETTLED)
    chosen = turned if newest else entries
    if NoneType in {type(entry.balance) for entry in chosen}:
        return Ordered(chosen, remarks=remarks)
    first, last = chosen[0], chosen[-1]
    assert first.balance is not None
    return Ordered(chosen, first.balance - first.amount, last.balance, remarks)


def _newest_first(entries: list[Entry], turned: list[Entry], headings: tuple[str, ...]) -> tuple[bool, bool]:
    down = fitting_balances(entries)
    if down > 2 and down == len(entries) - 1 and entries[0].date < entries[-1].date:
        return False, True
    up = fitting_balances(turned)
    if down != up:
        return up > down, True
    if entries[0].date != entries[-1].date:
        return entries[0].date > entries[-1].date, True
    if tuple(heading.strip() for heading in headings) in NEWEST_FIRST:
        return True, True
    with_balance = [entry.balance for entry in entries if entry.balance is not None]
    return False, len(entries) < 2 or not with_balance or _same_ends(entries, turned)


def _same_ends(entries: list[Entry], turned: list[Entry]) -> bool:
    first, other = entries[0], turned[0]
    return first.balance == other.balance and first.amount == other.amount


def fitting_balances(entries: list[Entry]) -> int:
    """How many entries have a balance that follows from the one before."""
    balances = [entry.balance for entry in entries]
    amounts = [entry.amount for entry in entries[1:]]
    if NoneType in set(map(type, balances)):
        return sum(
            later == earlier + amount
            for earlier, amount, later in zip(balances, amounts, balances[1:], strict=False)
            if earlier is not None and later is not None
        )
    return sum(map(eq, map(add, balances, amounts), balances[1:]))


_UNSETTLED = Remark(
    "row-order",
    Sentence(
        en="The balances fit oldest-first and newest-first alike, on one day; oldest first was taken.",
        ja="同じ日の明細で、残高は古い順・新しい順のどちらでも合います。古い順として読みました。",
    ),
)
