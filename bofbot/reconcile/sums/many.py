"""Several against several: within one party and period, sets of both sides with the same total; only ever a suggestion."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations

from bofbot.reconcile.arrays import Ints
from bofbot.reconcile.evidence.kinds import EXACT, HUNDREDTHS
from bofbot.reconcile.evidence.names import Names
from bofbot.reconcile.intake.sides import NO_DAY, Side
from bofbot.reconcile.rules import Allowed
from bofbot.reconcile.sums.found_groups import Groups, Hit, Rows
from bofbot.reconcile.sums.pools import NamePools

MOST_ROWS = 10
"""Rows per side that are searched; more is said to be not searched."""
_POINTS = (("sum", 1 * HUNDREDTHS), ("party", 1 * HUNDREDTHS))


def many_to_many(
    groups: Groups,
    left: Side,
    right: Side,
    names: Names,
    opened: tuple[Ints, Ints],
    numbered: tuple[int, Allowed],
    allowed: Callable[[Rows, Rows], bool],
) -> None:
    """Add, for every party, the smallest sets of at least two rows on both sides that have the same total.

    When several pairs of sets do, all are counted and none can be confirmed."""
    number, rule = numbered
    assert rule.group is not None
    pools = NamePools(names, opened[0], opened[1], turned=False)
    by_party: dict[tuple[int, ...], list[int]] = {}
    for row in opened[0].tolist():
        pool, _ = pools.of(row)
        if len(pool) >= 2:
            by_party.setdefault(tuple(pool), []).append(row)
    for pool_rows, rows in sorted(by_party.items()):
        if len(rows) < 2:
            continue
        if len(rows) > MOST_ROWS or len(pool_rows) > MOST_ROWS:
            groups.not_searched.append(("left", rows[0], len(rows) + len(pool_rows)))
            continue
        found = _equal_sets(left, right, rows, list(pool_rows), rule)
        for members in found:
            if allowed(*members):
                groups.add(
                    members,
                    number,
                    Hit((), EXACT, 0, sum(p for _, p in _POINTS), _POINTS),
                    max(len(found), 2),
                )


def _equal_sets(
    left: Side, right: Side, rows: list[int], others: list[int], rule: Allowed
) -> list[tuple[Rows, Rows]]:
    """Sets with the same total, none of which holds a smaller one, the smallest first."""
    assert rule.group is not None
    sums: dict[int, list[Rows]] = {}
    for total, match in _sets(right, others, rule.group.max):
        sums.setdefault(total, []).append(match)
    found: list[tuple[Rows, Rows]] = []
    for total, chosen in _sets(left, rows, rule.group.max):
        for match in sums.get(total, ()):
            days = [*left.days[list(chosen)].tolist(), *right.days[list(match)].tolist()]
            near = NO_DAY in days or max(days) - min(days) <= rule.group.span
            held = any(set(a) <= set(chosen) and set(b) <= set(match) for a, b in found)
            if near and not held and not _parts_agree(left, right, chosen, match):
                found.append((chosen, match))
    return found


def _sets(side: Side, rows: list[int], most: int) -> Iterator[tuple[int, Rows]]:
    """Every set of two rows to `most` and its total, the smallest sets first."""
    amounts = side.amounts[rows].tolist()
    for size in range(2, min(most, len(rows)) + 1):
        yield from zip(map(sum, combinations(amounts, size)), combinations(rows, size), strict=True)


def _parts_agree(left: Side, right: Side, chosen: Rows, match: Rows) -> bool:
    """Does a part of the one side have the total of a part of the other? Then the parts are matches of their own."""
    return bool(_totals(left, chosen) & _totals(right, match))


def _totals(side: Side, rows: Rows) -> set[int]:
    """The totals of every part that is not the whole."""
    amounts = side.amounts[list(rows)].tolist()
    return {sum(part) for size in range(1, len(rows)) for part in combinations(amounts, size)}
