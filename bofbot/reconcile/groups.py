"""Sums of several rows: every set of a party's open rows that gives the amount is found, and ranked by evidence.

A sum alone proves little (20 to 99 sets of 60 open items hit one amount), so all sets are counted, a set that is not the
only one is never confirmed, and what is too large to search is said to be not searched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from math import comb, log2
from typing import Any

import numpy as np

from bofbot.reconcile.found_groups import Groups, Hit, Rows
from bofbot.reconcile.intake import NO_DAY, Side
from bofbot.reconcile.kinds import EXACT, FEE, FEE_ROUNDED, HUNDREDTHS, ROUNDED
from bofbot.reconcile.many import many_to_many
from bofbot.reconcile.model import Decide
from bofbot.reconcile.names import Names
from bofbot.reconcile.pools import NamePools, ReferencePools, in_reach, nearest_to
from bofbot.reconcile.references import References
from bofbot.reconcile.rules import Allowed
from bofbot.reconcile.scoring import FEW, Tables
from bofbot.reconcile.subsets import sums_hitting

_PRIOR = {"1:N": 0.04, "N:1": 0.03, "N:M": 0.002}
_SAME_DAY = {"1:N": 0.85, "N:1": 0.3, "N:M": 0.5}
"""How often the rows of a true group share one date (one due date, one statement of the month)."""
_NAMED = 8.0
"""Points for a reference that names every row of the group."""
_EQUAL = 0.5
"""How often several payments for one invoice are equal instalments."""
_CLOSE = 6 * HUNDREDTHS
_KEPT = 12
"""Sets kept as candidates of one row; all are counted."""


def find_groups(
    left: Side,
    right: Side,
    names: Names,
    rules: Sequence[Allowed],
    tables: Tables,
    settled: Any,
    decide: Decide,
    habits: Mapping[tuple[int, int], float],
    allowed: Callable[[Rows, Rows], bool],
) -> Groups:
    """Groups of every rule for groups among the rows not settled (a flag per vertex, left rows first)."""
    groups = Groups()
    seen: set[tuple[Rows, Rows]] = set()
    links = References(left, right) if any(r.group and r.group.within == "reference" for r in rules) else None
    open_left = np.flatnonzero(~settled[: len(left)])
    open_right = np.flatnonzero(~settled[len(left) :])
    for number, rule in enumerate(rules):
        if rule.group is None:
            continue
        if rule.group.kind == "N:M":
            many_to_many(groups, left, right, names, (open_left, open_right), (number, rule), allowed)
            continue
        turned = rule.group.kind == "N:1"
        one, many = (right, left) if turned else (left, right)
        named = rule.group.within == "reference" and links is not None
        pools: NamePools | ReferencePools = NamePools(names, open_left, open_right, turned)
        if named and links is not None:
            pools = ReferencePools(links, settled, len(left), turned)
        often = Often(one, many, names, tables, habits, turned)
        for row in (open_right if turned else open_left).tolist():
            pool, kinds = pools.of(row)
            pool = in_reach(one, many, row, pool, rule)
            if len(pool) < 2:
                continue
            if len(pool) > max(decide.search_cap, 2):
                pool = nearest_to(one, many, row, pool, decide.search_cap)
                groups.not_searched.append(("right" if turned else "left", row, len(pool)))
            hits, counts = _hits(one, many, row, pool, kinds, rule, tables, turned, often, named)
            if counts and counts[0] > 1:
                groups.several.append(("right" if turned else "left", row, counts[0]))
            for hit, sums in zip(hits, counts, strict=True):
                members = (hit.rows, (row,)) if turned else ((row,), hit.rows)
                if members not in seen and allowed(*members):
                    seen.add(members)
                    groups.add(members, number, hit, sums)
    return groups


def _hits(
    one: Side,
    many: Side,
    row: int,
    pool: list[int],
    kinds: dict[int, int],
    rule: Allowed,
    tables: Tables,
    turned: bool,
    often: Often,
    named: bool,
) -> tuple[list[Hit], list[int]]:
    """The best sets that give the row's amount, and for each how many others are as good a sum."""
    assert rule.group is not None
    amount = int(one.amounts[row])
    values = [int(many.amounts[other]) for other in pool]
    targets = (
        {amount + delta: delta for delta in rule.deltas}
        if turned
        else {amount - delta: delta for delta in rule.deltas}
    )
    found = sums_hitting(values, sorted(targets), rule.group.max)
    hits = []
    for places, total in found:
        rows = tuple(pool[place] for place in places)
        way, fee = _way(targets[total], rule)
        hits.append(_scored(one, many, row, rows, pool, way, fee, kinds, rule, tables, turned, often, named))
    hits.sort(key=lambda hit: (-hit.score, hit.rows))
    counts = [_as_good(hit, hits) for hit in hits[:_KEPT]]
    return hits[:_KEPT], counts


def _as_good(hit: Hit, hits: Sequence[Hit]) -> int:
    """How many sets give a total as good as this one: every exact one, and others that come near in points."""
    plain = (EXACT, ROUNDED)
    return sum(
        other is hit
        or (other.way in plain and (hit.way not in plain or other.way <= hit.way))
        or other.score >= hit.score - _CLOSE
        for other in hits
    )


def _way(delta: int, rule: Allowed) -> tuple[int, int]:
    if delta == 0:
        return EXACT, 0
    if -delta in rule.fees:
        return FEE, -delta
    if abs(delta) <= rule.rounding:
        return ROUNDED, 0
    fee = min((fee for fee in rule.fees if abs(delta + fee) <= rule.rounding), default=0)
    return FEE_ROUNDED, fee


def _scored(
    one: Side, many: Side, row: int, rows: Rows, pool: Sequence[int], way: int, fee: int,
    kinds: dict[int, int], rule: Allowed, tables: Tables, turned: bool, often: Often, named: bool,
) -> Hit:  # fmt: skip
    """Points of one set: the amount against accidental hits, how it was chosen, the days, the name."""
    assert rule.group is not None
    kind = rule.group.kind
    days = [int(many.days[other]) for other in rows]
    mine = int(one.days[row])
    dated = mine != NO_DAY and NO_DAY not in days
    lag = 0.0
    if dated:
        lags = np.array([(day - mine) if turned else (mine - day) for day in days])
        lag = float(np.log2(tables.lag(lags) * (2 * rule.group.span + 1)).mean())
    amounts = [int(many.amounts[other]) for other in rows]
    share = (
        float(tables.ways[way])
        if not fee
        else float(tables.ways[FEE]) * often.fee(rows[0] if not turned else row, fee)
    )
    amount = log2(share / often.chance(int(one.amounts[row])))
    together = dated and len(set(days)) == 1
    same_day = sum(int(many.days[other]) == days[0] for other in pool) if together else len(pool)
    sets = log2(_SAME_DAY[kind] if together else 1 - _SAME_DAY[kind]) - log2(comb(same_day, len(rows)))
    equal = max(amounts) - min(amounts) <= max(1, rule.rounding)
    sets += log2(_EQUAL / often.equal) if equal and turned else 0.0
    name = log2(max(float(tables.relations[max(kinds[other] for other in rows)]), 1e-3))
    prior = log2(_PRIOR[kind] / max(1 - float(tables.matched[1]), 0.02)) - 1.5 * (len(rows) - 2)
    said: tuple[tuple[str, float], ...] = (
        ("sum", amount),
        ("equal" if equal and turned else "together" if together else "sets", sets + prior),
        ("days", lag),
        ("party", name),
    )
    if named:
        said = (*said, ("reference", _NAMED))
    points = tuple((what, round(value * HUNDREDTHS)) for what, value in said)
    return Hit(rows, way, fee, sum(value for _, value in points), points)


class Often:
    """How often amounts and fees are seen, so that what is common counts little."""

    def __init__(
        self,
        one: Side,
        many: Side,
        names: Names,
        tables: Tables,
        habits: Mapping[tuple[int, int], float],
        turned: bool,
    ) -> None:
        self._counts = Counter(one.amounts.tolist())
        self._rows = len(one)
        self._codes = names.right_codes
        self._tables, self._habits = tables, habits
        squares = sum(count * count for count in Counter(many.amounts.tolist()).values())
        self.equal = max(squares / max(len(many), 1) ** 2, 1e-3)
        """The chance that two rows of the several are equal."""

    def chance(self, amount: int) -> float:
        """The chance that an unrelated row has this amount."""
        return (max(self._counts[amount] - 1, 0) + FEW * 0.005) / (self._rows - 1 + FEW)

    def fee(self, right_row: int, fee: int) -> float:
        """The share of this fee, by the payer's habit when it is known."""
        usual = self._tables.fees.get(fee, 1e-3)
        return max(self._habits.get((int(self._codes[right_row]), fee), 0.0), usual)
