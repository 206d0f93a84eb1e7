"""A table beside the recording: which typed values are cells of its first row, and what identifies a row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from bofbot.adapters.tables import Wanted, read_table
from bofbot.errors import BusinessError
from bofbot.records import Table
from bofbot.values.amounts import read_amount
from bofbot.values.bad_value import BadValue
from bofbot.values.dates import read_date
from bofbot.values.text import nfkc
from bofbot.words import Sentence

_MONEY = re.compile(r"額|料|費$|代$|価|amount|price|total|yen|円", re.IGNORECASE)
_DEEPEST = 12
"""The last row in which headings are looked for."""
_NAME = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class FirstRow:
    """The first row of a table, and its types by column."""

    file: str
    types: dict[str, str]
    cells: dict[str, Any]
    key: str
    """The first column whose cells are all there and all different; "" when there is none."""
    sheet: str = ""

    def expression(self, typed: str) -> str:
        """`${row.金額}` when a typed value is a cell of the first row; "" when it is none, or two different ones."""
        hits = [column for column, cell in self.cells.items() if means_the_same(typed, cell)]
        if not hits:
            return ""
        column = self.key if self.key in hits else hits[0]
        return "${" + reference(column) + "}"

    def columns_used(self, used: Sequence[str]) -> dict[str, str]:
        """Columns and types that the robot must read, in the table's order."""
        return {column: kind for column, kind in self.types.items() if column in used or column == self.key}


def reference(column: str) -> str:
    """`row.金額`, or `row["金額（税込）"]`."""
    return f"row.{column}" if _NAME.fullmatch(column) else f'row["{column}"]'


def first_row(path: Path, shown: str, sheet: str = "") -> FirstRow:
    """Read a workbook or CSV file; the headings are the row among the first ones with the most words in it.

    Raises BusinessError when the file cannot be read, or holds no row under its headings."""
    tables = [table for header in range(1, _DEEPEST + 1) if (table := _under(path, shown, sheet, header))]
    if not tables:
        read_table(path, Wanted(sheet=sheet), shown=shown)  # tells what is wrong with it
        raise BusinessError(Sentence(en=f"{shown} has no rows", ja=f"{shown} に行がありません"))
    table = max(tables, key=lambda one: sum(_is_word(name) for name in one.columns))
    names = [name for name in table.columns if name]
    values = {name: [row[name] for row in table] for name in names}
    types = {
        name: _type_of(name, [value for value in column if value not in (None, "")])
        for name, column in values.items()
    }
    key = next((name for name, column in values.items() if _is_key(column)), "")
    if key and types[key] in ("yen", "number"):
        types[key] = "code"
    return FirstRow(shown, types, {name: table[0][name] for name in names}, key, sheet)


def _under(path: Path, shown: str, sheet: str, header: int) -> Table | None:
    """The table whose headings stand in this row; None when there is none."""
    try:
        table, _ = read_table(path, Wanted(sheet=sheet, header=header), shown=shown)
    except BusinessError:
        return None
    return table if len(table) else None


def _is_word(heading: str) -> bool:
    return bool(heading.strip()) and _amount(heading) is None and _day(heading) is None


def means_the_same(typed: str, cell: Any) -> bool:
    """Is what was typed this cell? 1,980 is 1980, 2026/10/01 is that day, full width is half width."""
    if cell is None or cell == "" or not typed.strip():
        return False
    if nfkc(typed).strip() == nfkc(str(cell)).strip():
        return True
    day = cell.date() if isinstance(cell, datetime) else cell if isinstance(cell, date) else _day(str(cell))
    if day is not None:
        return _day(typed) == day
    if isinstance(cell, int | float | Decimal):
        return _amount(typed) == Decimal(str(cell))
    text = nfkc(str(cell)).strip()
    if text.startswith("0") and text.isdigit():
        return False  # 0012 is a code, not the number 12
    amount = _amount(text)
    return amount is not None and amount == _amount(typed)


def _type_of(name: str, cells: Sequence[Any]) -> str:
    if not cells:
        return "text"
    if all(isinstance(cell, date) or _day(str(cell)) is not None for cell in cells):
        return "date"
    texts = [nfkc(str(cell)).strip() for cell in cells]
    if all(_amount(text) is not None for text in texts):
        if any(text.startswith("0") and len(text) > 1 for text in texts) or not _MONEY.search(name):
            return "code" if all(text.isdigit() for text in texts) else "number"
        return "yen" if all("." not in text.rstrip("0").rstrip(".") for text in texts) else "number"
    return "code" if all(re.fullmatch(r"[A-Za-z0-9\-_/]+", text) for text in texts) else "text"


def _is_key(column: Sequence[Any]) -> bool:
    texts = [str(cell).strip() for cell in column if cell is not None]
    return len(texts) == len(column) == len(set(texts)) and all(texts)


def _day(text: str) -> date | None:
    if not re.search(r"[/年.\-]", nfkc(text)):
        return None  # 20261001 may be anything
    try:
        return read_date(text)
    except BadValue:
        return None


def _amount(text: str) -> Decimal | None:
    try:
        return read_amount(text)
    except BadValue:
        return None
