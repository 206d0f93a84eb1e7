"""All sets of at most k amounts whose sum is one of the wanted totals: complete enumeration, by meeting in the middle when many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import combinations
from math import comb
from typing import Any

import numpy as np

from bofbot.reconcile.arrays import Ints

_FEW = 300
"""Sets up to this many are added up one by one: arrays would cost more than they save."""
_FLAT = 40_000
"""Sets up to this many are simply all added up."""
MOST = 5_000
"""Sets returned at most; more than that is no evidence anyway."""


def sums_hitting(
    amounts: Sequence[int], target: int, steps: Mapping[int, int], most: int
) -> list[tuple[tuple[int, ...], int]]:
    """(positions, total) of every set of 2 … `most` amounts whose total is the target or one of the steps off, by size,
    then by position."""
    if len(amounts) < 2 or not steps:
        return []
    found: list[tuple[tuple[int, ...], int]] = []
    sizes = range(2, min(most, len(amounts)) + 1)
    if sum(comb(len(amounts), size) for size in sizes) <= _FEW:
        return [
            (places, total)
            for size in sizes
            for places, chosen in zip(_sets(len(amounts), size), combinations(amounts, size), strict=True)
            if (total := sum(chosen)) - target in steps
        ]
    values = np.array(amounts, dtype=np.int64)
    wanted = np.array(sorted(target + step for step in steps), dtype=np.int64)
    for size in sizes:
        for places, total in _of_size(values, wanted, size):
            found.append((places, total))
            if len(found) >= MOST:
                return found
    return found


@lru_cache(maxsize=256)
def _sets(count: int, size: int) -> tuple[tuple[int, ...], ...]:
    return tuple(combinations(range(count), size))


def _of_size(values: Ints, wanted: Ints, size: int) -> Iterator[tuple[tuple[int, ...], int]]:
    table = _table(len(values), size)
    if table is not None:
        totals = values[table].sum(axis=1)
        for at in np.flatnonzero(_among(totals, wanted)).tolist():
            yield tuple(table[at].tolist()), int(totals[at])
        return
    yield from _in_the_middle(values, wanted, size)


def _among(totals: Ints, wanted: Ints) -> Any:
    if len(wanted) == 1:
        return totals == wanted[0]
    places = np.minimum(np.searchsorted(wanted, totals), len(wanted) - 1)
    return wanted[places] == totals


@lru_cache(maxsize=256)
def _table(count: int, size: int) -> Any:
    """All sets of a size as rows of positions; None when there are too many to list."""
    if comb(count, size) > _FLAT:
        return None
    return np.array(list(combinations(range(count), size)), dtype=np.int64)


def _in_the_middle(values: Ints, wanted: Ints, size: int) -> Iterator[tuple[tuple[int, ...], int]]:
    """A set is its first ⌊size/2⌋ positions and the rest; both halves are listed once, totals are joined by sorting."""
    front = size // 2
    one, other = _positions(len(values), front), _positions(len(values), size - front)
    sums_one, sums_other = values[one].sum(axis=1), values[other].sum(axis=1)
    order = np.argsort(sums_other, kind="stable")
    ordered = sums_other[order]
    for target in wanted.tolist():
        low = np.searchsorted(ordered, target - sums_one, side="left")
        high = np.searchsorted(ordered, target - sums_one, side="right")
        counts = high - low
        for at in np.flatnonzero(counts).tolist():
            rest = other[order[low[at] : high[at]]]
            for places in rest[rest[:, 0] > one[at, -1]].tolist():
                yield (*one[at].tolist(), *places), int(target)


@lru_cache(maxsize=64)
def _positions(count: int, size: int) -> Any:
    return np.array(list(combinations(range(count), size)), dtype=np.int64)
