"""Oldest first or newest first: found out from the running balances, then from the days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from operator import add, eq, itemgetter
from types import NoneType

from bofbot.statements.headings import NEWEST_FIRST
from bofbot.statements.model import Entry, Remark
from bofbot.words import Sentence

Balances = list[Decimal | None]
_AMOUNT, _BALANCE = (itemgetter(Entry._fields.index(name)) for name in ("amount", "balance"))


@dataclass(frozen=True, slots=True)
class Ordered:
    """Entries oldest first, with the balances before the first and after the last where all of them state one."""

    entries: list[Entry]
    opening: Decimal | None = None
    closing: Decimal | None = None
    remarks: list[Remark] = field(default_factory=list)


def oldest_first(entries: list[Entry], stated: str = "", headings: tuple[str, ...] = ()) -> Ordered:
    """Put entries in the order they were booked. `stated` is `oldest-first`, `newest-first` or "" (find out)."""
    balances = list(map(_BALANCE, entries))
    everywhere = NoneType not in set(map(type, balances))
    remarks: list[Remark] = []
    if stated:
        newest = stated == "newest-first"
    else:
        newest, sure = _newest_first(entries, balances, everywhere, headings)
        if not sure:
            remarks.append(_UNSETTLED)
    chosen = entries[::-1] if newest else entries
    if not everywhere:
        return Ordered(chosen, remarks=remarks)
    first, last = chosen[0], chosen[-1]
    assert first.balance is not None
    return Ordered(chosen, first.balance - first.amount, last.balance, remarks)


def _newest_first(
    entries: list[Entry], balances: Balances, everywhere: bool, headings: tuple[str, ...]
) -> tuple[bool, bool]:
    """(newest first, sure)."""
    amounts = list(map(_AMOUNT, entries))
    down = _fitting(balances, amounts, everywhere)
    if down > 2 and down == len(entries) - 1 and entries[0].date < entries[-1].date:
        return False, True
    up = _fitting(balances[::-1], amounts[::-1], everywhere)
    if down != up:
        return up > down, True
    if entries[0].date != entries[-1].date:
        return entries[0].date > entries[-1].date, True
    if tuple(heading.strip() for heading in headings) in NEWEST_FIRST:
        return True, True
    first, last = entries[0], entries[-1]
    same_ends = first.balance == last.balance and first.amount == last.amount
    return False, len(entries) < 2 or not any(b is not None for b in balances) or same_ends


def links(entries: Sequence[Entry]) -> int:
    """How many balances follow from the one before, oldest or newest first; every entry must state one."""
    balances, amounts = list(map(_BALANCE, entries)), list(map(_AMOUNT, entries))
    return max(_fitting(balances, amounts, True), _fitting(balances[::-1], amounts[::-1], True))


def _fitting(balances: Balances, amounts: list[Decimal], everywhere: bool) -> int:
    """How many balances follow from the one before. `everywhere`: every entry states one."""
    if everywhere:
        return sum(map(eq, map(add, balances, islice(amounts, 1, None)), islice(balances, 1, None)))
    return sum(
        later == earlier + amount
        for earlier, amount, later in zip(balances, amounts[1:], balances[1:], strict=False)
        if earlier is not None and later is not None
    )


_UNSETTLED = Remark(
    "row-order",
    Sentence(
        en="The balances fit oldest-first and newest-first alike, on one day; oldest first was taken.",
        ja="同じ日の明細で、残高は古い順・新しい順のどちらでも合います。古い順として読みました。",
    ),
)
