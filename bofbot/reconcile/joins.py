"""Equi-joins on whole numbers, by sorting: pairs of rows whose keys are equal, or whose second key lies in a range.

A tolerance is an equi-join on the exact key and a range on the last one, never a range join over everything: 200,000 rows
against 200,000 take a fraction of a second."""

from __future__ import annotations

from pathlib import Path

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
        known = self._keys[np.minimum(codes, len(self._keys) - 1)] == keys
        low = np.clip(low - self._low, 0, self._width - 1)
        high = np.clip(high - self._low, -1, self._width - 2)
        start = np.searchsorted(self._packed, codes * self._width + low, side="left")
        stop = np.searchsorted(self._packed, codes * self._width + high, side="right")
        return np.where(known, start, 0), np.where(known, np.maximum(stop, start), 0)

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


def unique_rows(path: Path, at: int, columns: int) -> int:
    """How many rows a plain CSV file has (a heading, no quotes, `columns` fields in every row), field `at` never twice.

    0 when a key repeats, but also when the file is not as plain as that, or two keys merely share a 64-bit hash: then one has to look."""
    data = np.fromfile(path, dtype=np.uint8)
    if data[-1] != 10:
        data = np.append(data, np.uint8(10))
    if (data == 34).any():
        return 0
    marks = np.flatnonzero((data == 44) | (data == 10))
    rows = len(marks) // columns - 1
    if rows < 1 or len(marks) % columns or not (data[marks[columns - 1 :: columns]] == 10).all():
        return 0
    starts = marks[columns + at - 1 :: columns][:rows] + 1
    stops = marks[columns + at :: columns][:rows]
    lengths = stops - starts
    hashes = lengths.astype(np.uint64)
    for place in range(int(lengths.max(initial=0))):
        inside = place < lengths
        letters = data[np.where(inside, starts + place, 0)].astype(np.uint64)
        hashes = np.where(
            inside, (hashes ^ letters) * np.uint64(0x100000001B3) + (hashes >> np.uint64(29)), hashes
        )
    hashes.sort()
    return 0 if (hashes[1:] == hashes[:-1]).any() else rows
