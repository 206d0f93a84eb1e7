"""Sums of several rows: every set of a party's open rows that gives the amount is found, and ranked by evidence.

A sum alone proves little (20 to 99 sets of 60 open items hit one amount), so all sets are counted, a set that is not the
only one is never confirmed, and what is too large to search is said to be not searched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from math import comb, log2
from typing import Any

import numpy as np

from bofbot.reconcile.evidence.company_forms import Forms
from bofbot.reconcile.evidence.kinds import EXACT, FEE, FEE_ROUNDED, HUNDREDTHS, ROUNDED
from bofbot.reconcile.evidence.names import Names
from bofbot.reconcile.evidence.references import References
from bofbot.reconcile.evidence.scoring import FEW, LAG_SPAN, Tables
from bofbot.reconcile.intake.sides import NO_DAY, Side
from bofbot.reconcile.model import Decide
from bofbot.reconcile.rules import Allowed
from bofbot.reconcile.sums.accidents import Shape, expected
from bofbot.reconcile.sums.found_groups import Groups, Hit, Rows
from bofbot.reconcile.sums.many import many_to_many
from bofbot.reconcile.sums.pools import NamePools, ReferencePools
from bofbot.reconcile.sums.subsets import sums_hitting

_PRIOR = {"1:N": 0.04, "N:1": 0.03, "N:M": 0.002}
_SAME_DAY = {"1:N": 0.85, "N:1": 0.3, "N:M": 0.5}
"""How often the rows of a true group share one date (one due date, one statement of the month)."""
_NAMED = 8.0
"""Points for a reference that names every row of the group."""
_EQUAL = 0.5
"""How often several payments for one invoice are equal instalments."""
_UNSEEN_FEE = 0.02
"""The share of a fee no single payment showed: one of some fifty."""
LATE, LATE_CAP = 160, 24
"""Days back, and rows, that are looked at when nothing nearer adds up: customers who pay several months at once."""
MONTHS = 24
"""Invoices so many days apart are of different months: the newest says when they were paid."""
_CLOSE = 6 * HUNDREDTHS
_KEPT = 12
"""Sets kept as candidates of one row; all are counted."""


def find_groups(
    left: Side,
    right: Side,
    names: Names,
    links: References,
    rules: Sequence[Allowed],
    tables: Tables,
    settled: Any,
    decide: Decide,
    habits: Mapping[tuple[int, int], float],
    allowed: Callable[[Rows, Rows], bool],
    forms: Forms,
) -> Groups:
    """Groups of every rule for groups among the rows not settled (a flag per vertex, left rows first)."""
    groups = Groups()
    seen: set[tuple[Rows, Rows]] = set()
    open_left = np.flatnonzero(~settled[: len(left)])
    open_right = np.flatnonzero(~settled[len(left) :])
    for number, rule in enumerate(rules):
        if rule.group is None:
            continue
        if rule.group.kind == "N:M":
            many_to_many(groups, left, right, names, (open_left, open_right), (number, rule), allowed)
            continue
        turned = rule.group.kind == "N:1"
        pools: NamePools | ReferencePools = NamePools(names, open_left, open_right, turned)
        if rule.group.within == "reference":
            pools = ReferencePools(links, settled, len(left), turned)
        search = _Search(left, right, names, rule, tables, habits)
        for row in (open_right if turned else open_left).tolist():
            pool, kinds = pools.of(row)
            if len(pool) < 2:
                continue
            if rule.group.within == "party":
                pool = [at for at in pool if not forms.contradict(*((at, row) if turned else (row, at)))]
            near = search.in_reach(row, pool)
            if len(near) > max(decide.search_cap, 2):
                groups.not_searched.append((search.side, row, len(near)))
                near = search.nearest(row, near, decide.search_cap)
            hits, counts = search.hits(row, near, kinds)
            if not hits and len(late := search.in_reach(row, pool, late=True)) > len(near):
                hits, counts = search.hits(row, search.nearest(row, late, LATE_CAP), kinds)
            if counts and counts[0] > 1:
                groups.several.append((search.side, row, counts[0]))
            for hit, sums in zip(hits, counts, strict=True):
                members = (hit.rows, (row,)) if turned else ((row,), hit.rows)
                if members not in seen and allowed(*members):
                    seen.add(members)
                    groups.add(members, number, hit, sums)
    return groups


class _Search:
    """One rule for groups: a row of the one side against sets of the several."""

    def __init__(
        self,
        left: Side,
        right: Side,
        names: Names,
        rule: Allowed,
        tables: Tables,
        habits: Mapping[tuple[int, int], float],
    ) -> None:
        assert rule.group is not None
        self._rule, self._group, self._tables = rule, rule.group, tables
        self._turned = rule.group.kind == "N:1"
        self.side = "right" if self._turned else "left"
        """The side of the one."""
        one, many = (right, left) if self._turned else (left, right)
        self._one, self._many = one, many
        self._days, self._amounts = one.days.tolist(), one.amounts.tolist()
        self._their_days, self._their_amounts = many.days.tolist(), many.amounts.tolist()
        self._often = Often(one, many, names, tables, habits)
        sign = 1 if self._turned else -1
        self._steps = {sign * delta: delta for delta in sorted(rule.deltas, key=lambda delta: sign * delta)}
        """What the sum of several may be more than the one → the same as left minus right."""
        self._most_off = max((abs(delta) for delta in rule.deltas), default=0)
        lags = np.arange(-LAG_SPAN, LAG_SPAN + 1)
        self._lag_points = np.log2(tables.lag(lags) * (2 * self._group.span + 1)).tolist()

    def in_reach(self, row: int, pool: list[int], late: bool = False) -> list[int]:
        """Rows of the pool near enough in days, of the same currency, and not larger than the whole and what is set off
        against it (credit notes). `late`: several months paid at once, where no rule sets the days."""
        day, amount = self._days[row], self._amounts[row]
        span = self._group.span
        low, high = self._rule.days or (-span, LATE if late and not self._turned else span)
        most = abs(amount) + self._most_off
        most += sum(
            abs(self._their_amounts[other]) for other in pool if self._their_amounts[other] * amount < 0
        )
        one, many = self._one.currencies, self._many.currencies
        found = []
        for other in pool:
            theirs = self._their_amounts[other]
            if not theirs or not amount or abs(theirs) > most or (one and many and one[row] != many[other]):
                continue
            their_day = self._their_days[other]
            apart = their_day - day if self._turned else day - their_day
            if day == NO_DAY or their_day == NO_DAY or low <= apart <= high:
                found.append(other)
        return found

    def nearest(self, row: int, pool: list[int], cap: int) -> list[int]:
        """The rows of the pool nearest in days."""
        return sorted(
            sorted(pool, key=lambda other: (abs(self._their_days[other] - self._days[row]), other))[:cap]
        )

    def hits(self, row: int, pool: list[int], kinds: dict[int, int]) -> tuple[list[Hit], list[int]]:
        """The best sets that give the row's amount, and for each how many others are as good a sum."""
        amount = self._amounts[row]
        found = sums_hitting(
            [self._their_amounts[other] for other in pool], amount, self._steps, self._group.max
        )
        hits = []
        for places, total in found:
            rows = tuple(pool[place] for place in places)
            way, fee = _way(self._steps[total - amount], self._rule)
            hits.append(self._scored(row, rows, pool, way, fee, kinds))
        hits.sort(key=lambda hit: (-hit.score, hit.rows))
        return hits[:_KEPT], [_as_good(hit, hits) for hit in hits[:_KEPT]]

    def _scored(
        self, row: int, rows: Rows, pool: Sequence[int], way: int, fee: int, kinds: dict[int, int]
    ) -> Hit:
        """Points of one set: the amount against accidental hits, how it was chosen, the days, the name."""
        tables, often, kind = self._tables, self._often, self._group.kind
        days = [self._their_days[other] for other in rows]
        dated = self._days[row] != NO_DAY and NO_DAY not in days
        share = float(tables.ways[way])
        if fee:
            share = float(tables.ways[FEE]) * often.fee(row if self._turned else rows[0], fee)
        amount = log2(share / often.chance(self._amounts[row]))
        together = dated and len(set(days)) == 1
        same_day = sum(self._their_days[other] == days[0] for other in pool) if together else len(pool)
        sets = log2(_SAME_DAY[kind] if together else 1 - _SAME_DAY[kind]) - log2(comb(same_day, len(rows)))
        amounts = [self._their_amounts[other] for other in rows]
        equal = self._turned and max(amounts) - min(amounts) <= max(1, self._rule.rounding)
        sets += log2(_EQUAL / often.equal) if equal else 0.0
        name = log2(max(float(tables.relations[max(kinds[other] for other in rows)]), 1e-3))
        prior = log2(_PRIOR[kind] / max(1 - float(tables.matched[1]), 0.02)) - 1.5 * (len(rows) - 2)
        said = [
            ("sum", amount),
            ("equal" if equal else "together" if together else "sets", sets + prior),
            ("days", self._days_points(row, days) if dated else 0.0),
            ("party", name),
        ]
        if self._group.within == "reference":
            said.append(("reference", _NAMED))
        points = tuple((what, round(value * HUNDREDTHS)) for what, value in said)
        accidents = 0.0
        if (
            self._group.within == "party" and not self._turned
        ):  # open invoices abound, payments without one do not
            shape: Shape = "any" if not together else "whole day" if same_day == len(rows) else "one day"
            accidents = self._accidents(row, pool, way, len(rows), shape)
        return Hit(rows, way, fee, sum(value for _, value in points), points, accidents)

    def _accidents(self, row: int, pool: Sequence[int], way: int, size: int, shape: Shape) -> float:
        amounts, days = (
            [column[other] for other in pool] for column in (self._their_amounts, self._their_days)
        )
        return expected(
            amounts, days, self._amounts[row], 1 if way == EXACT else len(self._steps), size, shape
        )

    def _days_points(self, row: int, days: Sequence[int]) -> float:
        mine = self._days[row]
        lags = [(day - mine) if self._turned else (mine - day) for day in days]
        points = [self._lag_points[min(max(lag, -LAG_SPAN), LAG_SPAN) + LAG_SPAN] for lag in lags]
        spread = max(days) - min(days)
        found: float = max(points) if spread >= MONTHS and not self._turned else sum(points) / len(points)
        return found


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


class Often:
    """How often amounts and fees are seen, so that what is common counts little."""

    def __init__(
        self,
        one: Side,
        many: Side,
        names: Names,
        tables: Tables,
        habits: Mapping[tuple[int, int], float],
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
        usual = self._tables.fees.get(fee, _UNSEEN_FEE)
        return max(self._habits.get((int(self._codes[right_row]), fee), 0.0), usual)
