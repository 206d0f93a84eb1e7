"""Everything adds up: control totals, and the journal of what is confirmed. A failed check is a fault of bofbot, never of the data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Literal

import numpy as np

from bofbot.reconcile.arrays import Flags, Ints
from bofbot.reconcile.choice.match_list import differing, rows_of
from bofbot.reconcile.later import Later
from bofbot.reconcile.model import Entry, Match, Result, Totals
from bofbot.reconcile.outcome.differences import journal_lines

Sums = tuple[Decimal, Decimal]
"""Of all rows of one currency, and of those that are matched."""


def closed(result: Result) -> Result:
    """The result with its totals and journal, after checking that every row is matched or open, once, and all sums agree."""
    used = []
    sides: tuple[tuple[Literal["left", "right"], Sequence[Entry]], ...] = (
        ("left", result.left), ("right", result.right),
    )  # fmt: skip
    for side, entries in sides:
        used.append(_used_once(rows_of(result.matches, side), len(entries), side))
        _all_accounted_for(side, used[-1], [item.row for item in result.breaks if item.side == side])
    for match in differing(result.matches):
        if match.difference or match.differences:
            parts = sum((part.amount for part in match.differences), Decimal(0))
            assert match.difference == parts, "an untyped difference"
    totals = _totals(result, (_sums(result.left, used[0]), _sums(result.right, used[1])))
    lines = Later(lambda: journal_lines(result.matches, result.left, result.right, result.right_name))
    return replace(result, totals=totals, journal=lines)


def _used_once(members: Ints, rows: int, side: str) -> Flags:
    """Per row: is it matched?"""
    times = np.bincount(members, minlength=rows)
    assert len(times) == rows, f"a {side} row that is none was used"
    assert times.max(initial=0) <= 1, f"a {side} row was used twice"
    used: Flags = times == 1
    return used


def _all_accounted_for(side: str, used: Flags, still_open: Sequence[int]) -> None:
    assert not used[list(still_open)].any(), f"{side} rows are matched and open"
    assert len(set(still_open)) == int((~used).sum()), f"{side} rows are neither matched nor open"
    assert len(set(still_open)) == len(still_open), f"{side} rows are open twice"


def _sums(entries: Sequence[Entry], used: Flags) -> dict[str, Sums]:
    from bofbot.reconcile.entries import Entries

    if isinstance(entries, Entries):
        return entries.sums(used)
    found: dict[str, Sums] = {}
    for row, entry in enumerate(entries):
        whole, matched = found.get(entry.currency, (Decimal(0), Decimal(0)))
        found[entry.currency] = whole + entry.amount, matched + (entry.amount if used[row] else 0)
    return found


def _totals(result: Result, sums: tuple[dict[str, Sums], dict[str, Sums]]) -> tuple[Totals, ...]:
    differences: dict[str, Decimal] = {}
    for match in differing(result.matches):
        if match.difference:
            currency = _currency(result, match)
            differences[currency] = differences.get(currency, Decimal(0)) + match.difference
    nothing = (Decimal(0), Decimal(0))
    found = []
    for currency in sorted({*sums[0], *sums[1]}):
        (left, left_matched), (right, right_matched) = (side.get(currency, nothing) for side in sums)
        difference = differences.get(currency, Decimal(0))
        assert left_matched - right_matched == difference, "matched sums and differences disagree"
        found.append(
            Totals(
                currency, left, left_matched, left - left_matched, right, right_matched, right - right_matched, difference
            )
        )  # fmt: skip
    return tuple(found)


def _currency(result: Result, match: Match) -> str:
    from bofbot.reconcile.entries import Entries

    row = match.left[0]
    return result.left.currency(row) if isinstance(result.left, Entries) else result.left[row].currency
