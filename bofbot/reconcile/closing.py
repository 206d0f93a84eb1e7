"""Everything adds up: control totals, and the journal of what is confirmed. A failed check is a fault of bofbot, never of the data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from bofbot.reconcile.later import Later
from bofbot.reconcile.model import Break, Entry, Match, Result, Totals
from bofbot.reconcile.outcome.differences import journal_lines

Sums = tuple[Decimal, Decimal]
"""Of all rows of one currency, and of those that are matched."""


def closed(result: Result) -> Result:
    """The result with its totals and journal, after checking that every row is matched or open, once, and all sums agree."""
    used = (
        _used_once((m.left for m in result.matches), "left"),
        _used_once((m.right for m in result.matches), "right"),
    )
    for side, entries, mine in (("left", result.left, used[0]), ("right", result.right, used[1])):
        _all_accounted_for(side, len(entries), mine, result.breaks)
    for match in result.matches:
        if match.difference or match.differences:
            parts = sum((part.amount for part in match.differences), Decimal(0))
            assert match.difference == parts, "an untyped difference"
    totals = _totals(result, (_sums(result.left, used[0]), _sums(result.right, used[1])))
    lines = Later(lambda: journal_lines(result.matches, result.left, result.right, result.right_name))
    return replace(result, totals=totals, journal=lines)


def _used_once(members: Iterable[tuple[int, ...]], side: str) -> set[int]:
    rows = [row for group in members for row in group]
    used = set(rows)
    assert len(rows) == len(used), f"a {side} row was used twice"
    return used


def _all_accounted_for(side: str, rows: int, used: set[int], breaks: Iterable[Break]) -> None:
    still_open = [item.row for item in breaks if item.side == side]
    assert used.isdisjoint(still_open), f"{side} rows are matched and open"
    assert len(set(still_open)) == rows - len(used), f"{side} rows are neither matched nor open"
    assert len(set(still_open)) == len(still_open), f"{side} rows are open twice"


def _sums(entries: Sequence[Entry], used: set[int]) -> dict[str, Sums]:
    from bofbot.reconcile.entries import Entries

    if isinstance(entries, Entries):
        return entries.sums(used)
    found: dict[str, Sums] = {}
    for row, entry in enumerate(entries):
        whole, matched = found.get(entry.currency, (Decimal(0), Decimal(0)))
        found[entry.currency] = whole + entry.amount, matched + (entry.amount if row in used else 0)
    return found


def _totals(result: Result, sums: tuple[dict[str, Sums], dict[str, Sums]]) -> tuple[Totals, ...]:
    differences: dict[str, Decimal] = {}
    for match in result.matches:
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
