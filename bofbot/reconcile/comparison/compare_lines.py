"""Plain comparison of two files as bytes, line by line: what is equal is never parsed; the result is that of `compare`.

Keys become numbers that are joined; records under one key that are byte for byte the same agree, only the rest is
parsed and compared cell by cell. Memory: both files, some 30 bytes a row, and what differs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from operator import attrgetter
from typing import Any

import numpy as np

from bofbot.errors import Cell
from bofbot.reconcile.arrays import Flags, Ints
from bofbot.reconcile.comparison.compare import (
    Change,
    Comparison,
    Shape,
    Tolerance,
    changes,
    compare,
    key_text,
    shape_of,
)
from bofbot.reconcile.comparison.lines import Lines, equal_cells, equal_lines
from bofbot.reconcile.comparison.meeting import Meeting, meet
from bofbot.records import Row, Table

_CHUNK = 20_000
_FEW = 32
"""Up to one pair in so many is parsed at once: that takes less time than to find all cells of both files."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class LineTable:
    """A file below its headings; a CSV file as it stands."""

    lines: Lines
    columns: Mapping[str, int]
    """Heading → position in a record."""
    source: Cell

    def numbers(self, places: Ints) -> Ints:
        """The rows of the file on which some records begin, from 1."""
        return self.lines.numbers(places)

    def values(self, places: Ints) -> Iterator[dict[str, Any]]:
        """The cells of some records by their headings, blank ones empty."""
        names, positions = tuple(self.columns), tuple(self.columns.values())
        wide = max(positions) + 1
        straight = positions == tuple(range(wide))
        for cells in self.lines.parsed(places):
            if len(cells) < wide:
                cells += [""] * (wide - len(cells))
            picked = cells[:wide] if straight else [cells[at] for at in positions]
            if not all(map(str.strip, picked)):
                picked = [cell if cell.strip() else "" for cell in picked]
            yield dict(zip(names, picked, strict=True))

    def rows(self, places: Ints) -> Iterator[Row]:
        """Some records as rows."""
        file, sheet = self.source.file, self.source.sheet
        for number, values in zip(self.numbers(places).tolist(), self.values(places), strict=True):
            yield Row(values, Cell(file, sheet, number))

    def table(self, places: Ints) -> Table:
        return Table(tuple(self.columns), tuple(self.rows(np.sort(places))), self.source)

    def coded(self, names: Sequence[str]) -> Ints:
        """A number for each record's key; blank records are dropped on the way."""
        codes, keyless = self.lines.codes([self.columns[name] for name in names])
        if len(keyless):
            blank = [
                place
                for place, row in zip(keyless, self.values(keyless), strict=True)
                if not any(row.values())
            ]
            kept = np.ones(len(self.lines), dtype=bool)
            kept[blank] = False
            self.lines.keep(np.flatnonzero(kept))
            codes = codes[kept]
        return codes


def compare_lines(
    left: LineTable,
    right: LineTable,
    by: Sequence[str],
    *,
    tolerance: Tolerance = Decimal(0),
    ignore: Sequence[str] = (),
    progress: Progress | None = None,
) -> Comparison:
    """What `compare` says of the two tables. Raises as it does, and NotPlain when they must be read as tables."""
    shape = shape_of(tuple(left.columns), tuple(right.columns), by, ignore)
    met = meet(left.coded([mine for mine, _ in shape.by]), right.coded([other for _, other in shape.by]))
    alike = _alike(left, right, shape, met)
    rows, others = met.rows[~alike], met.others[~alike]
    found: list[Change] = []
    strangers: list[int] = []
    same = int(alike.sum())
    for start in range(0, len(rows), _CHUNK):
        some = slice(start, start + _CHUNK)
        same += _look(left, right, shape, (rows[some], others[some]), tolerance, found, strangers, start)
        if progress:
            progress(min(start + _CHUNK, len(rows)), len(rows))
    apart = np.array(strangers, dtype=np.int64)
    rest = compare(
        left.table(np.concatenate((met.left_rest, rows[apart]))),
        right.table(np.concatenate((met.right_rest, others[apart]))),
        by,
        tolerance=tolerance,
        ignore=ignore,
    )
    return replace(
        rest,
        left_rows=len(left.lines),
        right_rows=len(right.lines),
        same=same + rest.same,
        changed=tuple(sorted((*found, *rest.changed), key=attrgetter("key"))),
    )


def _alike(left: LineTable, right: LineTable, shape: Shape, met: Meeting) -> Flags:
    """Which pairs agree by their bytes alone: the whole record, else key and shared columns."""
    columns = [(left.columns[mine], right.columns[theirs]) for mine, theirs in (*shape.by, *shape.shared)]
    same = np.zeros(len(met.rows), dtype=bool)
    if all(mine == theirs for mine, theirs in columns) and left.lines.delimiter == right.lines.delimiter:
        same = equal_lines(left.lines, right.lines, met.rows, met.others)
    rest = np.flatnonzero(~same)
    if len(rest) > len(same) // _FEW:
        same[rest] = equal_cells(left.lines, right.lines, met.rows[rest], met.others[rest], columns)
    return same


def _look(
    left: LineTable,
    right: LineTable,
    shape: Shape,
    pairs: tuple[Ints, Ints],
    tolerance: Tolerance,
    found: list[Change],
    strangers: list[int],
    start: int,
) -> int:
    """Compare pairs cell by cell; how many agree after all. Pairs whose keys only share a code are `strangers`."""
    same = 0
    mine, theirs = [[names[side] for names in shape.by] for side in (0, 1)]
    both = zip(left.values(pairs[0]), right.values(pairs[1]), strict=True)
    for at, (row, other) in enumerate(both, start=start):
        key = tuple([key_text(row[name]) for name in mine])
        if key != tuple([key_text(other[name]) for name in theirs]):
            strangers.append(at)
            continue
        differ = changes(key, row, other, shape.shared, tolerance)
        found += differ
        same += not differ
    return same
