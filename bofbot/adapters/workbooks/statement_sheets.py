"""Sheets of a workbook as rows that the statement readers understand: they know no library."""

from __future__ import annotations

import tempfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from bofbot.adapters.workbooks.sheets import open_book
from bofbot.errors import RunError
from bofbot.statements.model import Refused
from bofbot.statements.options import Cell, SheetRows
from bofbot.words import Sentence


def sheet_rows(data: bytes) -> SheetRows:
    """The visible sheets of a workbook: name, and rows as (row number, cells). Raises Refused `broken-workbook`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "workbook"
        path.write_bytes(data)
        try:
            book = open_book(path)
            return [
                (
                    sheet.name,
                    [
                        (number, [_cell(cell) for cell in cells])
                        for number, cells in enumerate(book.rows(sheet.name), 1)
                    ],
                )
                for sheet in book.sheets
                if sheet.visible
            ]
        except RunError as error:
            said = error.message
            raise Refused(
                "broken-workbook",
                Sentence(en=said.en.replace(str(path), ""), ja=said.ja.replace(str(path), "")),
            ) from error


def _cell(value: Any) -> Cell:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int | float):
        # Sums that Excel computed carry binary dust (0.30000000000000004): fifteen digits are all it keeps.
        return Decimal(f"{value:.15g}")
    return value if isinstance(value, str | date) else str(value)
