"""Tables that keep year, month and day in three columns (操作日(年), 操作日(月), 操作日(日)) get one column of days."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from bofbot.statements.options import Cell, GridRow

_LOOKED_AT = 100


def joined_dates(rows: Sequence[GridRow]) -> Sequence[GridRow]:
    """The rows with year, month and day as one cell under the first of the three headings; else the rows as they are."""
    for index, (_, cells) in enumerate(rows[:_LOOKED_AT]):
        at = _three_columns(cells)
        if at is not None:
            return [
                *rows[:index],
                *(_joined(row, at, heading=number == 0) for number, row in enumerate(rows[index:])),
            ]
    return rows


def _three_columns(cells: Sequence[Cell]) -> int | None:
    if "".join(map(str, cells)).isascii():
        return None
    words = [_bare(cell) for cell in cells]
    for at in range(len(words) - 2):
        year, month, day = words[at : at + 3]
        if (
            year.endswith("年")
            and month.endswith("月")
            and day.endswith("日")
            and year[:-1] == month[:-1] == day[:-1]
        ):
            return at
    return None


def _bare(cell: Cell) -> str:
    return unicodedata.normalize("NFKC", str(cell)).strip().translate(str.maketrans("", "", "()[] "))


def _joined(row: GridRow, at: int, heading: bool) -> GridRow:
    line, cells = row
    if len(cells) < at + 3:
        return row
    parts = [str(cell).strip() for cell in cells[at : at + 3]]
    word = (
        "取引日"
        if heading
        else "-".join(parts)
        if all(part.isdigit() for part in parts)
        else " ".join(parts).strip()
    )
    return line, [*cells[:at], word, "", "", *cells[at + 3 :]]
