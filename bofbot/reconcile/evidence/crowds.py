"""Joins that would bring too many rows together are narrowed before memory is spent on them, and that is said.

Two hundred payments of one customer against two hundred of its invoices are 40,000 pairs, and a million rows a side are
billions: rows that an earlier rule ties together one to one are not asked again, and of what is left each row meets the
nearest ones alone. What stays is looked at in slices, so that memory is bounded by what fits, not by what is looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from bofbot.reconcile.arrays import Flags, Ints
from bofbot.reconcile.evidence.joins import Sorted
from bofbot.words import Sentence

PER_ROW, FEWEST, MOST = 40, 1_000_000, 8_000_000
"""A rule may look at so many pairs for every row, at so many in any case, and never at more than that."""
AT_ONCE = 2_000_000
"""Pairs looked at in one slice."""

Pair = tuple[Ints, Ints]
"""Left rows and right rows, one beside the other."""


@dataclass(frozen=True, slots=True)
class Join:
    """Left `rows` ask an index for a key and a range of values; `centre` is the value they would like best."""

    index: Sorted
    rows: Ints
    keys: Ints
    low: Ints
    high: Ints
    centre: Ints

    def of(self, chosen: Flags) -> Join:
        """The same question, asked by some of its rows."""
        kept = (column[chosen] for column in (self.rows, self.keys, self.low, self.high, self.centre))
        return Join(self.index, *kept)

    def count(self) -> Ints:
        """How many rows each one meets."""
        start, stop = self.index.between(self.keys, self.low, self.high)
        return stop - start

    def ranges(self, most: int | None) -> Pair:
        """The first and past-last place of what each row meets, at most so many, the nearest to its centre."""
        start, stop = self.index.between(self.keys, self.low, self.high)
        if most is None or not len(start):
            return start, stop
        at, _ = self.index.between(self.keys, self.centre, self.centre)
        first = np.minimum(np.maximum(at - most // 2, start), np.maximum(stop - most, start))
        return first, np.minimum(first + most, stop)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Joins within reason: `asked` rows are left of them, each with the `most` nearest (None: with all)."""

    joins: Sequence[Join]
    asked: int | None = None
    most: int | None = None

    def slices(self) -> Iterator[Pair]:
        """Every pair that meets, in the order of the joins, some millions at a time."""
        waiting: list[Pair] = []
        held = 0
        for join in self.joins:
            for one, other in _cut(join, self.most):
                waiting.append((one, other))
                held += len(one)
                if held >= AT_ONCE:
                    yield _together(waiting)
                    waiting, held = [], 0
        yield _together(waiting)

    def said(self, rule: str) -> Sentence | None:
        """What was narrowed, for people; None when nothing was."""
        if self.asked is None:
            return None
        en = f"rule “{rule}” would compare too many rows: it was tried for the {self.asked:,} rows that no stricter rule ties together"
        ja = f"ルール「{rule}」は対象が多すぎるため、より厳しいルールで1対1に定まらない {self.asked:,} 行だけを調べました"
        if self.most is not None:
            en += f", each with the {self.most:,} nearest"
            ja += f"（1行につき近い順に {self.most:,} 件まで）"
        return Sentence(en=en, ja=ja)


def within_reason(joins: Sequence[Join], rows: int, tied: Callable[[], Flags]) -> Narrowed:
    """The joins as they are, unless they would look at too many pairs. `tied` tells the left rows that are spoken for."""
    budget = min(max(PER_ROW * rows, FEWEST), MOST)
    if _pairs(joins) <= budget:
        return Narrowed(joins)
    free = ~tied()
    joins = [join.of(free[join.rows]) for join in joins]
    asked = len(np.unique(np.concatenate([join.rows for join in joins])))
    if _pairs(joins) <= budget:
        return Narrowed(joins, asked)
    return Narrowed(joins, asked, max(budget // max(sum(len(join.rows) for join in joins), 1), 1))


def tied_rows(found: Sequence[Pair], left: int, right: int) -> Flags:
    """Left rows that meet exactly one right row which meets them alone, by all rules so far."""
    if not found:
        return np.zeros(left, dtype=bool)
    packed = np.unique(np.concatenate([one * (right + 1) + other for one, other in found]))
    one, other = packed // (right + 1), packed % (right + 1)
    mine, theirs = np.bincount(one, minlength=left), np.bincount(other, minlength=right)
    alone = (mine[one] == 1) & (theirs[other] == 1)
    tied = np.zeros(left, dtype=bool)
    tied[one[alone]] = True
    return tied


def rare_enough(mine: Ints, theirs: Ints, rows: int) -> Flags:
    """Per number of a key: may rows be joined by it? Where all keys together would bring too many pairs, the commonest
    are no key of a row but of a crowd (the number of a customer who has thousands)."""
    width = int(max(mine.max(initial=-1), theirs.max(initial=-1))) + 1
    met = np.bincount(mine, minlength=width) * np.bincount(theirs, minlength=width)
    budget = min(max(PER_ROW * rows, FEWEST), MOST)
    if int(met.sum()) <= budget:
        return np.ones(width, dtype=bool)
    often = np.sort(met)
    last = int(np.searchsorted(np.cumsum(often), budget, side="right"))
    fits: Flags = met < often[min(last, width - 1)]
    return fits


def _pairs(joins: Sequence[Join]) -> int:
    return sum(int(join.count().sum()) for join in joins)


def _cut(join: Join, most: int | None) -> Iterator[Pair]:
    start, stop = join.ranges(most)
    met = np.cumsum(stop - start)
    total = int(met[-1]) if len(met) else 0
    full = np.searchsorted(met, np.arange(AT_ONCE, total, AT_ONCE), side="left") + 1
    cuts = np.unique(np.r_[0, full, len(start)]).astype(np.int64).tolist()
    for first, last in pairwise(cuts):
        asked, other = join.index.spread(start[first:last], stop[first:last])
        yield join.rows[asked + first], other


def _together(parts: Sequence[Pair]) -> Pair:
    if not parts:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    if len(parts) == 1:
        return parts[0]
    return np.concatenate([one for one, _ in parts]), np.concatenate([other for _, other in parts])
