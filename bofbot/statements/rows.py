"""Rows of a table. Those of a plain text are split only when they are asked for: a long file never lies in memory cell by cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import repeat
from operator import itemgetter
from typing import overload

from bofbot.statements.options import Cell, GridRow


class SplitRows(Sequence[GridRow]):
    """Lines of a text in which nothing is quoted, each with its number in the file."""

    __slots__ = ("_delimiter", "_first", "_lines")

    def __init__(self, lines: list[str], delimiter: str, first: int = 1) -> None:
        self._lines, self._delimiter, self._first = lines, delimiter, first

    def __len__(self) -> int:
        return len(self._lines)

    @overload
    def __getitem__(self, at: int) -> GridRow: ...
    @overload
    def __getitem__(self, at: slice) -> SplitRows: ...
    def __getitem__(self, at: int | slice) -> GridRow | SplitRows:
        if isinstance(at, slice):
            start, _, step = at.indices(len(self._lines))
            assert step == 1, "rows are read in their order"
            return SplitRows(self._lines[at], self._delimiter, self._first + start)
        return self.numbers()[at], self._lines[at].split(self._delimiter)

    def __iter__(self) -> Iterator[GridRow]:
        return enumerate(map(str.split, self._lines, repeat(self._delimiter)), self._first)

    def cells(self) -> list[list[str]]:
        """The cells of every row."""
        return list(map(str.split, self._lines, repeat(self._delimiter)))

    def numbers(self) -> range:
        """The number of every line."""
        return range(self._first, self._first + len(self._lines))

    def column(self, index: int) -> list[str]:
        """One cell of every row that has it."""
        split = map(str.split, self._lines, repeat(self._delimiter), repeat(index + 1))
        try:
            return list(map(itemgetter(index), split))
        except IndexError:  # some row is shorter
            return [cells[index] for cells in self.cells() if index < len(cells)]

    def filled(self) -> Sequence[GridRow]:
        """The rows with anything in them."""
        if "" not in self._lines and not any(map(str.startswith, self._lines, repeat(self._delimiter))):
            return self
        return [(number, cells) for number, cells in self if any(cells)]


def cells_of(rows: Sequence[GridRow]) -> Sequence[Sequence[Cell]]:
    """The cells of every row."""
    return rows.cells() if isinstance(rows, SplitRows) else [cells for _, cells in rows]


def numbers_of(rows: Sequence[GridRow]) -> Sequence[int]:
    """The line number of every row."""
    return rows.numbers() if isinstance(rows, SplitRows) else [number for number, _ in rows]


def column_of(rows: Sequence[GridRow], index: int) -> Sequence[Cell]:
    """One cell of every row that has it."""
    if isinstance(rows, SplitRows):
        return rows.column(index)
    return [cells[index] for _, cells in rows if index < len(cells)]


def filled(rows: Sequence[GridRow]) -> Sequence[GridRow]:
    """The rows with anything in them."""
    if isinstance(rows, SplitRows):
        return rows.filled()
    return [row for row in rows if any(row[1]) or any(cell != "" for cell in row[1])]
