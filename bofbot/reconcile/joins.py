"""Equi-joins on whole numbers, by sorting: pairs of rows whose keys are equal, or whose second key lies in a range.

A tolerance is an equi-join on the exact key and a range on the last one, never a range join over everything: 200,000 rows
against 200,000 take a fraction of a second."""

from __future__ import annotations

import numpy as np

from bofbot.reconcile.arrays import Ints


class Sorted:
    """Right rows in the order of (key, value), ready to be asked for key = k and low ≤ value ≤ high."""

    def __init__(self, keys: Ints, values: Ints) -> None:

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
        codes = np.searchsorted(self._keys, keys)
        known = np.flatnonzero(self._keys[np.minimum(codes, len(self._keys) - 1)] == keys)
        begins = codes[known] * self._width
        low = np.clip(low[known] - self._low, 0, self._width - 1)
        high = np.clip(high[known] - self._low, -1, self._width - 2)
        start, stop = np.zeros(len(keys), dtype=np.int64), np.zeros(len(keys), dtype=np.int64)
        start[known] = np.searchsorted(self._packed, begins + low, side="left")
        stop[known] = np.maximum(np.searchsorted(self._packed, begins + high, side="right"), start[known])
        return start, stop

    def pairs(self, keys: Ints, low: Ints, high: Ints) -> tuple[Ints, Ints]:
        """All (asked row, right row) that meet, asked rows ascending."""

        start, stop = self.between(keys, low, high)
        counts = stop - start
        asked = np.repeat(np.arange(len(keys), dtype=np.int64), counts)
        offsets = np.arange(int(counts.sum()), dtype=np.int64) - np.repeat(np.cumsum(counts) - counts, counts)
        return asked, self.order[np.repeat(start, counts) + offsets]

    def count(self, keys: Ints, low: Ints, high: Ints) -> Ints:
        start, stop = self.between(keys, low, high)
        return stop - start
