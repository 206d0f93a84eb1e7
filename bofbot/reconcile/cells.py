"""The cells of a table, column by column: which rows carry an amount, and what each cell means, or which one is wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bofbot.errors import BusinessError, Cell, Sighting
from bofbot.reconcile.columns import Layout
from bofbot.records import Table
from bofbot.values.bad_value import BadValue
from bofbot.words import Sentence

_TOTAL_ROWS = ("合計", "小計", "総計", "計", "total", "subtotal", "grand total", "sum")


class Cells:
    """A table column by column, each column taken out once."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._rows = [row.values_by_column for row in table.rows]
        self._columns: dict[str, list[Any]] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, column: str) -> list[Any]:
        if column not in self._columns:
            self._columns[column] = [row.get(column) for row in self._rows]
        return self._columns[column]


def kept_rows(name: str, cells: Cells, layout: Layout, said: list[Sentence]) -> list[int]:
    """Rows that carry an amount; blank rows and total rows are left out, and that is said.

    A side that names its incoming (or outgoing) amounts alone means those rows alone."""
    paid = [cells[c] for c in (layout.amount, layout.money_in, layout.money_out) if c]
    labels = [cells[c] for c in (layout.id, layout.date, layout.text, layout.party, layout.kana) if c]
    unpaid = {row for row in range(len(cells)) if all(is_empty(column[row]) for column in paid)}
    blank = {row for row in unpaid if all(is_empty(column[row]) for column in labels)}
    totals = {
        row
        for column in labels
        for row, value in enumerate(column)
        if isinstance(value, str) and len(value) <= 16 and _is_total(value)
    } - unpaid
    one_way = len(paid) == 1 and not layout.amount
    other_way = unpaid - blank if one_way else set()
    column = layout.money_in or layout.money_out
    for rows, what in (
        (blank, ("blank rows", "空の行")),
        (totals, ("total rows", "合計の行")),
        (other_way, (f"rows without {column}", f"{column} のない行")),
    ):
        if rows:
            said.append(
                Sentence(
                    en=f"{name}: {len(rows)} {what[0]} left out",
                    ja=f"{name}：{what[1]} {len(rows)} 行を除きました",
                )
            )
    dropped = blank | totals | other_way
    return [row for row in range(len(cells)) if row not in dropped]


def _is_total(text: str) -> bool:
    return "".join(text.split()).lower() in _TOTAL_ROWS


def is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def read_all(
    name: str, cells: Cells, column: str, kept: Sequence[int], read: Callable[[Any], Any]
) -> list[Any]:
    """Each cell read once per distinct value. Raises BusinessError with the cell and how many others are as bad."""
    known: dict[Any, Any] = {}
    values: list[Any] = []
    bad: list[tuple[int, BadValue]] = []
    rows, table = cells.table.rows, cells.table
    raws = cells[column]
    for position in kept:
        raw = raws[position]
        key = (type(raw), raw)
        if key not in known:
            try:
                known[key] = read(raw)
            except BadValue as error:
                bad.append((position, error))
                values.append(None)
                continue
        values.append(known[key])
    if bad:
        position, refusal = bad[0]
        source = rows[position].source
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
    return values


def texts_of(cells: Cells, column: str, kept: Sequence[int]) -> tuple[str, ...]:
    if not column:
        return ()
    values = cells[column]
    return tuple(as_text(values[p]) for p in kept)


def as_text(value: Any) -> str:
    """A cell as text: 2600060.0 → `2600060`, None → empty."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
