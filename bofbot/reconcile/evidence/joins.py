"""Equi-joins on whole numbers, by sorting: pairs of rows whose keys are equal, or whose second key lies in a range.

A tolerance is an equi-join on the exact key and a range on the last one, never a range join over everything: 200,000 rows
against 200,000 take a fraction of a second."""

from __future__ import annotations

import numpy as np

from bofbot.reconcile.arrays import Ints

_DENSE = 8
"""Keys that spread over at most so many numbers each are looked up in a table."""


class Sorted:
    """Right rows in the order of (key, value), ready to be asked for key = k and low ≤ value ≤ high."""

    def __init__(self, keys: Ints, values: Ints) -> None:

        low, high = (int(keys.min()), int(keys.max())) if len(keys) else (0, 0)
        self._first, self._span = low, high - low + 1
        self._dense: Ints | None = None
        if self._span <= _DENSE * len(keys):  # a table of all keys there might be beats looking each up
            there = np.zeros(self._span, dtype=bool)
            there[keys - low] = True
            self._keys = np.flatnonzero(there) + low
            self._dense = np.where(there, np.cumsum(there) - 1, -1)
            codes = self._dense[keys - low]
        else:
            self._keys, codes = np.unique(keys, return_inverse=True)
        self._low = int(values.min()) if len(values) else 0
        self._width = (int(values.max()) - self._low + 2) if len(values) else 1
        packed = codes.astype(np.int64) * self._width + (values - self._low)
        self.order = np.argsort(packed, kind="stable")
        self._packed = packed[self.order]

    def between(self, keys: Ints, low: Ints, high: Ints) -> tuple[Ints, Ints]:
        """For each asked (key, low, high): the first and the past-last position in `order`."""

        if not len(self._keys):
            nothing = np.zeros(len(keys), dtype=np.int64)
            return nothing, nothing
        codes = self._codes(keys)
        known = np.flatnonzero(codes >= 0)
        begins = codes[known] * self._width
        low = np.clip(low[known] - self._low, 0, self._width - 1)
        high = np.clip(high[known] - self._low, -1, self._width - 2)
        start, stop = np.zeros(len(keys), dtype=np.int64), np.zeros(len(keys), dtype=np.int64)
        start[known] = np.searchsorted(self._packed, begins + low, side="left")
        stop[known] = np.maximum(np.searchsorted(self._packed, begins + high, side="right"), start[known])
        return start, stop

    def _codes(self, keys: Ints) -> Ints:
        """The place of each key among the keys there are; −1 for one that is not."""
        if self._dense is not None:
            at = keys - self._first
            inside = (at >= 0) & (at < self._span)
            return np.where(inside, self._dense[np.where(inside, at, 0)], -1)
        codes = np.searchsorted(self._keys, keys)
        return np.where(self._keys[np.minimum(codes, len(self._keys) - 1)] == keys, codes, -1)

    def pairs(self, keys: Ints, low: Ints, high: Ints) -> tuple[Ints, Ints]:
        """All (asked row, right row) that meet, asked rows ascending."""

        return self.spread(*self.between(keys, low, high))

    def spread(self, start: Ints, stop: Ints) -> tuple[Ints, Ints]:
        """Ranges of places as pairs: which range, and the right row that stands there."""

        counts = stop - start
        asked = np.repeat(np.arange(len(start), dtype=np.int64), counts)
        offsets = np.arange(int(counts.sum()), dtype=np.int64) - np.repeat(np.cumsum(counts) - counts, counts)
        return asked, self.order[np.repeat(start, counts) + offsets]

    def count(self, keys: Ints, low: Ints, high: Ints) -> Ints:
        start, stop = self.between(keys, low, high)
        return stop - start
