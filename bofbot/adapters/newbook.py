"""New workbooks of plain tables with rustpy-xlsxwriter: fast, every cell of the type its value has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from bofbot.errors import BusinessError, Cell, Sighting
from bofbot.files import atomic_write
from bofbot.values.text import width
from bofbot.words import Sentence

EXACT_DIGITS = 15
"""Digits of a number that Excel keeps (Microsoft's "Excel specifications and limits")."""
LONGEST_TEXT = 32_767
MOST_ROWS = 1_048_576

_WIDEST, _MEASURED = 60, 1000


@dataclass(frozen=True, slots=True)
class NewSheet:
    """A sheet to be made: headings, and rows as mappings from heading to value (missing: an empty cell)."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Mapping[str, Any]]


def write_book(path: Path, sheets: Sequence[NewSheet]) -> None:
    """Write a new workbook, whole or not at all. Text is text, never a formula; Decimals with more digits than Excel
    keeps are written as text. Raises BusinessError (a name, text or number of rows that no workbook can hold) and
    ApplicationError (the file cannot be written)."""
    for sheet in sheets:
        _check(path, sheet)

    def write(file: BinaryIO) -> None:
        from rustpy_xlsxwriter import write_worksheets

        write_worksheets(
            [(sheet.name, _records(path, sheet)) for sheet in sheets],
            file,
            column_formats={sheet.name: _formats(sheet) for sheet in sheets},
            column_widths={sheet.name: _widths(sheet) for sheet in sheets},
            freeze_panes={sheet.name: {"row": 1, "col": 0} for sheet in sheets},
            bold_headers=True,
        )

    atomic_write(path, write)


def _records(path: Path, sheet: NewSheet) -> Iterator[dict[str, Any]]:
    if not sheet.rows:  # the headings follow from a record; an empty one leaves only them
        yield dict.fromkeys(sheet.columns)
    for number, row in enumerate(sheet.rows, start=2):
        yield {column: _cell(path, sheet.name, number, column, row.get(column)) for column in sheet.columns}


def _cell(path: Path, sheet: str, number: int, column: str, value: Any) -> Any:
    if value is None or isinstance(value, bool | date):
        return value
    if isinstance(value, int | float | Decimal):
        return str(value) if _digits(value) > EXACT_DIGITS else value
    if isinstance(value, str | time):
        text = str(value)
        if len(text) > LONGEST_TEXT:
            raise too_long(Cell(path.name, sheet, number, column), len(text))
        return text or None
    raise not_a_cell(Cell(path.name, sheet, number, column), value)


def not_a_cell(cell: Cell, value: Any) -> BusinessError:
    """The error for a value that no cell can hold: a list, a record, a secret."""
    kind = type(value).__name__
    return BusinessError(
        Sentence(en=f"{cell}: a cell cannot hold a {kind}", ja=f"{cell}：{kind} はセルに書き込めません"),
        fix=Sentence(en="write one of its fields instead", ja="その中の項目を一つ指定してください"),
        sighting=Sighting(cell=cell),
    )


def too_long(cell: Cell, length: int) -> BusinessError:
    """The error for text longer than a cell can hold."""
    return BusinessError(
        Sentence(
            en=f"{cell}: the text has {length:,} characters; a cell holds {LONGEST_TEXT:,}",
            ja=f"{cell}：文字数が {length:,} です（セルの上限は {LONGEST_TEXT:,} 文字）",
        ),
        sighting=Sighting(cell=cell),
    )


def _digits(number: int | float | Decimal) -> int:
    """Significant digits of a whole or decimal number; a float has no more than it has."""
    if isinstance(number, float):
        return 0
    return len("".join(map(str, Decimal(number).as_tuple().digits)).strip("0"))


def _check(path: Path, sheet: NewSheet) -> None:
    name = sheet.name
    if (
        not 0 < len(name) <= 31
        or re.search(r"[\[\]:*?/\\]", name)
        or name.startswith("'")
        or name.endswith("'")
    ):
        raise BusinessError(
            Sentence(en=f'"{name}" cannot be the name of a sheet', ja=f"「{name}」はシート名に使えません"),
            fix=Sentence(
                en="at most 31 characters, none of [ ] : * ? / \\",
                ja="31 文字以内で、[ ] : * ? / \\ を使わない名前にしてください",
            ),
            sighting=Sighting(cell=Cell(str(path), name)),
        )
    if len(sheet.rows) >= MOST_ROWS:
        raise BusinessError(
            Sentence(
                en=f"{path.name}: {len(sheet.rows):,} rows do not fit a sheet ({MOST_ROWS:,} with the headings)",
                ja=f"{path.name}：{len(sheet.rows):,} 行はシートに収まりません（見出しを含め {MOST_ROWS:,} 行まで）",
            ),
            fix=Sentence(en="write a CSV file instead", ja="CSV ファイルに書き込んでください"),
            sighting=Sighting(cell=Cell(str(path), name)),
        )


def _formats(sheet: NewSheet) -> dict[str, Any]:
    formats = {column: _format(row.get(column) for row in sheet.rows) for column in sheet.columns}
    return {column: made for column, made in formats.items() if made is not None}


def _format(values: Iterable[Any]) -> Any:
    """The format of a column: that of dates, of money to its most decimals, or of text that looks like a formula."""
    from rustpy_xlsxwriter import Format

    kinds, decimals, formula = set(), 0, False
    for value in values:
        kinds.add(type(value))
        if isinstance(value, Decimal):
            exponent = value.as_tuple().exponent
            decimals = max(decimals, -exponent if isinstance(exponent, int) else 0)
        formula = formula or (isinstance(value, str) and value[:1] in "=+-@" and value != "")
    if datetime in kinds:
        return Format().set_num_format("yyyy-mm-dd hh:mm:ss")
    if date in kinds or any(issubclass(kind, date) for kind in kinds):
        return Format().set_num_format("yyyy-mm-dd")
    if Decimal in kinds:
        return Format().set_num_format("#,##0" + ("." + "0" * min(decimals, 10) if decimals else ""))
    return Format().set_quote_prefix() if formula else None


def _widths(sheet: NewSheet) -> dict[str, float]:
    sample = sheet.rows[:_MEASURED]
    return {
        column: min(_WIDEST, max([width(column), *(_shown_width(row.get(column)) for row in sample)]) + 2.0)
        for column in sheet.columns
    }


def _shown_width(value: Any) -> int:
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return len(f"{value:,}")
    return width(str(value)) if value is not None else 0
