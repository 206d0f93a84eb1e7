"""Sums of several rows: every set of a party's open rows that gives the amount is found, and ranked by evidence.

A sum alone proves little (20 to 99 sets of 60 open items hit one amount), so all sets are counted, a set that is not the
only one is never confirmed, and what is too large to search is said to be not searched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import comb, log2
from typing import Any

import numpy as np

from bofbot.reconcile import kinds as relation
from bofbot.reconcile.arrays import Ints
from bofbot.reconcile.intake import NO_DAY, Side
from bofbot.reconcile.kinds import EXACT, FEE, FEE_ROUNDED, HUNDREDTHS, ROUNDED
from bofbot.reconcile.model import Decide
from bofbot.reconcile.names import Names
from bofbot.reconcile.rules import Allowed
from bofbot.reconcile.scoring import FEW, Tables
from bofbot.reconcile.subsets import sums_hitting

Rows = tuple[int, ...]

_PRIOR = {"1:N": 0.04, "N:1": 0.03, "N:M": 0.002}
_SAME_DAY = {"1:N": 0.85, "N:1": 0.3, "N:M": 0.5}
"""How often the rows of a true group share one date (one due date, one statement of the month)."""
_EQUAL = 0.5
"""How often several payments for one invoice are equal instalments."""
_CLOSE = 6 * HUNDREDTHS
_KEPT = 12
"""Sets kept as candidates of one row; all are counted."""


@dataclass(slots=True)
class Groups:
    """Candidate groups, column by column; `weights` and `points` in hundredths."""

    members: list[tuple[Rows, Rows]] = field(default_factory=list)
    weights: list[int] = field(default_factory=list)
    rules: list[int] = field(default_factory=list)
    ways: list[int] = field(default_factory=list)
    fees: list[int] = field(default_factory=list)
    sums: list[int] = field(default_factory=list)
    """How many different sets give a total that is as good."""
    points: list[tuple[tuple[str, int], ...]] = field(default_factory=list)
    not_searched: list[tuple[str, int, int]] = field(default_factory=list)
    """Side and row of what was too large to search, and how many rows there were."""
    several: list[tuple[str, int, int]] = field(default_factory=list)
    """Side and row of what several sets add up to, and how many sets."""


def no_groups() -> Groups:
    return Groups()


@dataclass(frozen=True, slots=True)
class _Hit:
    rows: Rows
    way: int
    fee: int
    score: int
    points: tuple[tuple[str, int], ...]


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
    if not names.usable:
        return groups
    open_left = np.flatnonzero(~settled[: len(left)])
    open_right = np.flatnonzero(~settled[len(left) :])
    for number, rule in enumerate(rules):
        if rule.group is None or rule.group.kind == "N:M":
            continue
        turned = rule.group.kind == "N:1"
        one, many = (right, left) if turned else (left, right)
        pools = _Pools(names, open_left, open_right, turned)
        often = Often(one, many, names, tables, habits, turned)
        for row in (open_right if turned else open_left).tolist():
            pool, kinds = pools.of(row)
            pool = _in_reach(one, many, row, pool, rule)
            if len(pool) < 2:
                continue
            if len(pool) > max(decide.search_cap, 2):
                pool = _nearest(one, many, row, pool, decide.search_cap)
                groups.not_searched.append(("right" if turned else "left", row, len(pool)))
            hits, counts = _hits(one, many, row, pool, kinds, rule, tables, turned, often)
            if counts and counts[0] > 1:
                groups.several.append(("right" if turned else "left", row, counts[0]))
            for hit, sums in zip(hits, counts, strict=True):
                members = (hit.rows, (row,)) if turned else ((row,), hit.rows)
                if members not in seen and allowed(*members):
                    seen.add(members)
                    _add(groups, members, number, hit, sums)
    return groups


def _add(groups: Groups, members: tuple[Rows, Rows], rule: int, hit: _Hit, sums: int) -> None:
    groups.members.append(members)
    groups.weights.append(hit.score)
    groups.rules.append(rule)
    groups.ways.append(hit.way)
    groups.fees.append(hit.fee)
    groups.sums.append(sums)
    groups.points.append(hit.points)


class _Pools:
    """For a row of the one side: the open rows of the other whose name is the same party."""

    def __init__(self, names: Names, open_left: Ints, open_right: Ints, turned: bool) -> None:
        self._names, self._turned = names, turned
        _mine, self._theirs = (open_right, open_left) if turned else (open_left, open_right)
        self._my_codes = names.right_codes if turned else names.left_codes
        self._their_codes = names.left_codes if turned else names.right_codes
        named = np.where(names.alias_blocks >= 0, names.alias_blocks, names.left_blocks)
        self._my_blocks = names.right_blocks if turned else named
        their_blocks = named if turned else names.right_blocks
        self._by_block: dict[int, dict[int, list[int]]] = {}
        for row in self._theirs.tolist():
            block = int(their_blocks[row])
            if block >= 0:
                self._by_block.setdefault(block, {}).setdefault(int(self._their_codes[row]), []).append(row)
        self._known: dict[int, tuple[list[int], dict[int, int]]] = {}

    def of(self, row: int) -> tuple[list[int], dict[int, int]]:
        """The rows, and how the name of each relates."""
        code, block = int(self._my_codes[row]), int(self._my_blocks[row])
        if code < 0 or block < 0:
            return [], {}
        if code not in self._known:
            found: dict[int, int] = {}
            for theirs, rows in self._by_block.get(block, {}).items():
                pair = (theirs, code) if self._turned else (code, theirs)
                how = self._names.relation(*pair)[0]
                if how in (relation.SAME, relation.CUT, relation.WORD):
                    found.update(dict.fromkeys(rows, how))
            self._known[code] = (sorted(found), found)
        return self._known[code]


def _in_reach(one: Side, many: Side, row: int, pool: list[int], rule: Allowed) -> list[int]:
    """Rows of the pool near enough in days, of the same sign and currency, and not larger than the whole."""
    assert rule.group is not None
    day, amount = int(one.days[row]), int(one.amounts[row])
    low, high = rule.days or (-rule.group.span, rule.group.span)
    slack = abs(rule.deltas[-1]) if rule.deltas else 0
    found = []
    for other in pool:
        theirs = int(many.amounts[other])
        if theirs * amount <= 0 or abs(theirs) > abs(amount) + slack:
            continue
        if one.currencies and many.currencies and one.currencies[row] != many.currencies[other]:
            continue
        apart = day - int(many.days[other]) if rule.group.kind == "1:N" else int(many.days[other]) - day
        if day == NO_DAY or int(many.days[other]) == NO_DAY or low <= apart <= high:
            found.append(other)
    return found


def _nearest(one: Side, many: Side, row: int, pool: list[int], cap: int) -> list[int]:
    day = int(one.days[row])
    return sorted(sorted(pool, key=lambda other: (abs(int(many.days[other]) - day), other))[:cap])


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
) -> tuple[list[_Hit], list[int]]:
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
        hits.append(_scored(one, many, row, rows, pool, way, fee, kinds, rule, tables, turned, often))
    hits.sort(key=lambda hit: (-hit.score, hit.rows))
    counts = [_as_good(hit, hits) for hit in hits[:_KEPT]]
    return hits[:_KEPT], counts


def _as_good(hit: _Hit, hits: Sequence[_Hit]) -> int:
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
    kinds: dict[int, int], rule: Allowed, tables: Tables, turned: bool, often: Often,
) -> _Hit:  # fmt: skip
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
    said = (
        ("sum", amount),
        ("equal" if equal and turned else "together" if together else "sets", sets + prior),
        ("days", lag),
        ("party", name),
    )
    points = tuple((what, round(value * HUNDREDTHS)) for what, value in said)
    return _Hit(rows, way, fee, sum(value for _, value in points), points)


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
