"""The cells of a table, column by column: what each cell means, or which one is wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bofbot.errors import BusinessError, Cell, Sighting
from bofbot.records import Table
from bofbot.values.bad_value import BadValue
from bofbot.words import Sentence


class Cells:
    """A table column by column, each column taken out once."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._columns: dict[str, Sequence[Any]] = {}

    def __len__(self) -> int:
        return len(self.table)

    def __getitem__(self, column: str) -> Sequence[Any]:
        if column not in self._columns:
            self._columns[column] = self.table.column(column)
        return self._columns[column]

    def of(self, column: str, kept: Sequence[int]) -> Sequence[Any]:
        """The cells of the rows kept."""
        cells = self[column]
        return cells if len(kept) == len(self) else [cells[position] for position in kept]


def read_all(
    name: str, cells: Cells, column: str, kept: Sequence[int], read: Callable[[Any], Any]
) -> list[Any]:
    """Each cell read once per distinct value. Raises BusinessError with the cell and how many others are as bad."""
    raws = cells.of(column, kept)
    keys = raws if len(set(map(type, raws))) <= 1 else list(zip(map(type, raws), raws, strict=True))
    known: dict[Any, Any] = {}
    refused: dict[Any, BadValue] = {}
    for key, raw in dict(zip(keys, raws, strict=True)).items():
        try:
            known[key] = read(raw)
        except BadValue as error:
            refused[key] = error
    if refused:
        table = cells.table
        bad = [position for position, key in zip(kept, keys, strict=True) if key in refused]
        position, refusal = bad[0], refused[keys[kept.index(bad[0])]]
        source = table[position].source
        cell = Cell(
            source.file or table.source.file,
            source.sheet or table.source.sheet,
            source.row or position + 2,
            column,
        )
        more = f" (+{len(bad) - 1})" if len(bad) > 1 else ""
        raise BusinessError(
            Sentence(
                en=f"{name}: row {cell.row}, column “{column}”: {refusal.message.en}{more}",
                ja=f"{name}：{cell.row} 行目「{column}」：{refusal.message.ja}{more}",
            ),
            fix=Sentence(
                en="mend the cell, or name another column", ja="セルを直すか、別の列を指定してください"
            ),
            sighting=Sighting(cell=cell),
        )
    return [known[key] for key in keys]


def texts_of(cells: Cells, column: str, kept: Sequence[int]) -> Sequence[str]:
    if not column:
        return ()
    values = cells.of(column, kept)
    if all(type(value) is str for value in values):
        return tuple(map(str.strip, values))
    return tuple(map(as_text, values))


def as_text(value: Any) -> str:
    """A cell as text: 2600060.0 → `2600060`, None → empty."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
