"""Sums of several rows: every set of a party's open rows that gives the amount is found, and ranked by evidence.

A sum alone proves little (20 to 99 sets of 60 open items hit one amount), so all sets are counted, a set that is not the
only one is never confirmed, and what is too large to search is said to be not searched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import comb, gcd, log2
from typing import Any

import numpy as np

from bofbot.reconcile import kinds as relation
from bofbot.reconcile.arrays import Ints
from bofbot.reconcile.intake import NO_DAY, Side
from bofbot.reconcile.kinds import EXACT, FEE, FEE_ROUNDED, HUNDREDTHS, ROUNDED
from bofbot.reconcile.model import Decide
from bofbot.reconcile.names import Names
from bofbot.reconcile.rules import Allowed
from bofbot.reconcile.scoring import Tables
from bofbot.reconcile.subsets import sums_hitting

Rows = tuple[int, ...]

_PRIOR = {"1:N": 0.04, "N:1": 0.03, "N:M": 0.002}
_SAME_DAY = 0.8
"""How often the rows of a true group share one date (one due date, one statement of the month)."""
_KEPT = 12
"""Sets kept as candidates of one row; all are counted."""


@dataclass(slots=True)
class Groups:
    """Candidate groups, column by column."""

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


def no_groups() -> Groups:
    return Groups()


@dataclass(frozen=True, slots=True)
class _Hit:
    rows: Rows
    way: int
    fee: int
    score: float
    points: tuple[tuple[str, int], ...]


def find_groups(
    left: Side,
    right: Side,
    names: Names,
    rules: Sequence[Allowed],
    tables: Tables,
    settled: Any,
    decide: Decide,
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
        for row in (open_right if turned else open_left).tolist():
            pool, kinds = pools.of(row)
            pool = _in_reach(one, many, row, pool, rule)
            if len(pool) < 2:
                continue
            if len(pool) > max(decide.search_cap, 2):
                pool = _nearest(one, many, row, pool, decide.search_cap)
                groups.not_searched.append(("right" if turned else "left", row, len(pool)))
            hits, counts = _hits(one, many, row, pool, kinds, rule, tables, turned)
            for hit, sums in zip(hits, counts, strict=True):
                members = (hit.rows, (row,)) if turned else ((row,), hit.rows)
                if members not in seen:
                    seen.add(members)
                    _add(groups, members, number, hit, sums)
    return groups


def _add(groups: Groups, members: tuple[Rows, Rows], rule: int, hit: _Hit, sums: int) -> None:
    groups.members.append(members)
    groups.weights.append(round(hit.score * HUNDREDTHS))
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
        self._my_blocks = names.right_blocks if turned else names.left_blocks
        their_blocks = names.left_blocks if turned else names.right_blocks
        self._by_block: dict[int, list[int]] = {}
        for row in self._theirs.tolist():
            block = int(their_blocks[row])
            if block >= 0:
                self._by_block.setdefault(block, []).append(row)
        self._known: dict[int, tuple[list[int], dict[int, int]]] = {}

    def of(self, row: int) -> tuple[list[int], dict[int, int]]:
        code, block = int(self._my_codes[row]), int(self._my_blocks[row])
        if code < 0 or block < 0:
            return [], {}
        if code not in self._known:
            kinds: dict[int, int] = {}
            related: dict[int, int] = {}
            for other in self._by_block.get(block, ()):
                theirs = int(self._their_codes[other])
                if theirs not in related:
                    pair = (theirs, code) if self._turned else (code, theirs)
                    related[theirs] = self._names.relate(*pair)[0]
                if related[theirs] in (relation.SAME, relation.CUT, relation.WORD):
                    kinds[other] = related[theirs]
            self._known[code] = (sorted(kinds), kinds)
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
        hits.append(_scored(one, many, row, rows, len(pool), values, way, fee, kinds, rule, tables, turned))
    hits.sort(key=lambda hit: (-hit.score, hit.rows))
    plain = sum(hit.way in (EXACT, ROUNDED) for hit in hits)
    counts = [max(1, plain) if hit.way in (EXACT, ROUNDED) else len(hits) for hit in hits]
    return hits[:_KEPT], counts[:_KEPT]


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
    one: Side, many: Side, row: int, rows: Rows, pool: int, values: list[int], way: int, fee: int,
    kinds: dict[int, int], rule: Allowed, tables: Tables, turned: bool,
) -> _Hit:  # fmt: skip
    """Points of one set: the amount against accidental hits, the days, the name, and one date for all."""
    assert rule.group is not None
    days = [int(many.days[other]) for other in rows]
    mine = int(one.days[row])
    known = mine != NO_DAY and NO_DAY not in days
    lags = [(day - mine) if turned else (mine - day) for day in days]
    lag = (
        sum(log2(float(tables.lag(np.array([step]))[0]) * (2 * rule.group.span + 1)) for step in lags)
        / len(lags)
        if known
        else 0.0
    )
    step = gcd(*(int(many.amounts[other]) for other in rows))
    spread = max(sum(sorted(map(abs, values), reverse=True)[: len(rows)]), 1)
    accident = min(1.0, max(abs(step), 1) / spread)
    share = float(tables.ways[way]) if not fee else float(tables.ways[FEE]) * tables.fees.get(fee, 1e-3)
    together = known and len(set(days)) == 1
    sets = comb(pool, len(rows))
    same_day = sum(int(many.days[other]) == days[0] for other in kinds) if together else 0
    rivals = max(1, comb(max(same_day, len(rows)), len(rows))) if together else sets
    amount = log2(share / accident)
    chosen = log2(_SAME_DAY if together else 1 - _SAME_DAY) - log2(rivals) - 1.5 * (len(rows) - 2)
    worst = max(kinds[other] for other in rows)
    name = log2(max(float(tables.relations[worst]), 1e-3))
    prior = log2(_PRIOR[rule.group.kind] / max(1 - tables.matched, 0.02))
    score = amount + chosen + lag + name + prior
    points = tuple(
        (kind, round(value * HUNDREDTHS))
        for kind, value in (
            ("sum", amount),
            ("together" if together else "sets", chosen + prior),
            ("days", lag),
            ("party", name),
        )
    )
    return _Hit(rows, way, fee, score, points)
