"""Rows and tables as robots see them: a row knows its columns and the cell it came from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

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


@dataclass(frozen=True, slots=True)
class Table(Sequence[Row]):
    """Rows under named columns, and where they came from."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    source: Cell = field(default_factory=lambda: Cell(""))

    def __getitem__(self, index: Any) -> Any:
        return self.rows[index]

    def __len__(self) -> int:
        return len(self.rows)
