"""A CSV file read column by column, for tables of a million rows: no row is made until somebody looks at it."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping
from itertools import chain, compress, islice
from pathlib import Path

from bofbot.adapters.csvfiles.csvfile import read_csv
from bofbot.adapters.headings import find_headings
from bofbot.errors import Cell
from bofbot.records import ColumnRows, Table

_AT_ONCE = 20_000
"""Records turned into columns at once."""

Numbered = tuple[int, list[str]]


def read_csv_table(
    path: Path, encoding: str = "", *, progress: Callable[[int, int], None] | None = None
) -> Table:
    """What `tables.read_table` makes of a CSV file when no types are asked for; equal texts of a column are one object.

    Raises BusinessError (missing or unreadable file, no headings, a broken quote)."""
    file = read_csv(path, encoding)
    total = file.text.count("\n") or file.text.count("\r")
    headings, rows = find_headings(file.rows(), (), 0, (), Cell(path.name))
    columns = _Columns(headings.columns)
    done = headings.first_row - 1
    rows = chain((row for row in islice(rows, done) if row[0] > done), rows)
    while batch := list(islice(rows, _AT_ONCE)):
        columns.add(batch)
        if progress:
            progress(min(batch[-1][0], total), total)
    return Table(tuple(headings.columns), columns.rows(Cell(str(path))), Cell(str(path)))


class _Columns:
    """Columns that grow by records."""

    def __init__(self, places: Mapping[str, int]) -> None:
        self._places = places
        self._width = max(places.values()) + 1
        self._cells: dict[str, list[str]] = {name: [] for name in places}
        self._known: dict[str, dict[str, str]] = {name: {} for name in places}
        self._numbers = array("q")

    def add(self, batch: list[Numbered]) -> None:
        """Records with their line numbers; one in which every column is blank is left out."""
        numbers = [number for number, _ in batch]
        records = [fields for _, fields in batch]
        if min(map(len, records)) < self._width:
            records = [fields + [""] * (self._width - len(fields)) for fields in records]
        found = {name: _filled([fields[at] for fields in records]) for name, at in self._places.items()}
        kept = list(map(any, zip(*found.values(), strict=True)))
        if not all(kept):
            numbers = list(compress(numbers, kept))
            found = {name: list(compress(cells, kept)) for name, cells in found.items()}
        self._numbers.extend(numbers)
        for name, cells in found.items():
            self._cells[name] += self._shared(name, cells)

    def rows(self, source: Cell) -> ColumnRows:
        return ColumnRows(self._cells, self._numbers, source)

    def _shared(self, name: str, cells: list[str]) -> list[str]:
        """The cells, a text met before as the same object. Where hardly any comes twice, that costs more than it saves."""
        known = self._known.get(name)
        if known is None:
            return cells
        shared = [known.setdefault(cell, cell) for cell in cells]
        if len(known) > _AT_ONCE // 2 and len(known) * 2 > len(self._cells[name]) + len(cells):
            del self._known[name]
        return shared


def _filled(cells: list[str]) -> list[str]:
    """The cells, one of spaces only as an empty one."""
    if not any(map(str.isspace, cells)):
        return cells
    return ["" if cell.isspace() else cell for cell in cells]
