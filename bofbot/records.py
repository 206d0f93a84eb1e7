"""Rows and tables as robots see them: a row knows its columns and the cell it came from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import eq
from typing import Any, overload

from bofbot.errors import Cell


@dataclass(frozen=True, slots=True)
class Row(Mapping[str, Any]):
    """One record. `row.申請番号` in a robot reads `row["申請番号"]`. Values are typed (Decimal, date, str, …)."""

    values_by_column: Mapping[str, Any]
    source: Cell = field(default_factory=lambda: Cell(""))
    """File, sheet and row number it was read from; `column` is empty."""

    def __getitem__(self, column: str) -> Any:
        return self.values_by_column[column]

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_by_column)

    def __len__(self) -> int:
        return len(self.values_by_column)


class ColumnRows(Sequence[Row]):
    """Rows that are kept as columns, each row made when somebody looks at it: a million rows stay small."""

    __slots__ = ("columns", "numbers", "source")

    def __init__(self, columns: Mapping[str, Sequence[Any]], numbers: Sequence[int], source: Cell) -> None:
        self.columns, self.numbers, self.source = columns, numbers, source

    def __len__(self) -> int:
        return len(self.numbers)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Row, ...]: ...
    def __getitem__(self, index: int | slice) -> Row | tuple[Row, ...]:
        if isinstance(index, slice):
            return tuple(self[at] for at in range(*index.indices(len(self))))
        values = {name: cells[index] for name, cells in self.columns.items()}
        return Row(values, Cell(self.source.file, self.source.sheet, self.numbers[index]))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(eq, self, other))

    __hash__ = None  # type: ignore[assignment]

    def only(self, positions: Sequence[int]) -> ColumnRows:
        """The rows at these positions."""
        columns = {name: [cells[at] for at in positions] for name, cells in self.columns.items()}
        return ColumnRows(columns, [self.numbers[at] for at in positions], self.source)


@dataclass(frozen=True, slots=True)
class Table(Sequence[Row]):
    """Rows under named columns, and where they came from."""

    columns: tuple[str, ...]
    rows: Sequence[Row]
    source: Cell = field(default_factory=lambda: Cell(""))

    def __getitem__(self, index: Any) -> Any:
        return self.rows[index]

    def __len__(self) -> int:
        return len(self.rows)

    def column(self, name: str) -> Sequence[Any]:
        """The cells of a column, None where a row has none."""
        if isinstance(self.rows, ColumnRows):
            return self.rows.columns.get(name) or [None] * len(self)
        return [row.values_by_column.get(name) for row in self.rows]

    def numbers(self) -> Sequence[int]:
        """The row numbers as the file counts them; without a file the first row stands below its headings."""
        if isinstance(self.rows, ColumnRows):
            return self.rows.numbers
        return [row.source.row or at for at, row in enumerate(self.rows, start=2)]

    def only(self, positions: Sequence[int]) -> Table:
        """The rows at these positions."""
        rows = self.rows
        kept = rows.only(positions) if isinstance(rows, ColumnRows) else tuple(rows[at] for at in positions)
        return Table(self.columns, kept, self.source)
