"""New workbooks of plain tables with rustpy-xlsxwriter: fast, every cell of the type its value has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from bofbot.errors import BusinessError, Cell, Sighting
from bofbot.files import atomic_write
from bofbot.records import Row
from bofbot.values.text import width
from bofbot.words import Sentence

EXACT_DIGITS = 15
"""Digits of a number that Excel keeps (Microsoft's "Excel specifications and limits")."""
LONGEST_TEXT = 32_767
MOST_ROWS = 1_048_576

_WIDEST, _MEASURED = 60, 300


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
    made = [_Made(path, sheet) for sheet in sheets]

    def write(file: BinaryIO) -> None:
        from rustpy_xlsxwriter import write_worksheets

        write_worksheets(
            [(sheet.name, sheet.records()) for sheet in made],
            file,
            column_formats={sheet.name: sheet.formats() for sheet in made},
            column_widths={sheet.name: sheet.widths() for sheet in made},
            freeze_panes={sheet.name: {"row": 1, "col": 0} for sheet in made},
            bold_headers=True,
        )

    atomic_write(path, write)


class _Made:
    """A sheet on its way: looked at column by column, for most columns need no look at their single cells."""

    def __init__(self, path: Path, sheet: NewSheet) -> None:
        _check(path, sheet)
        self.name = sheet.name
        self._columns = tuple(sheet.columns)
        self._rows = [_as_dict(row, self._columns) for row in sheet.rows]
        place = Cell(path.name, sheet.name)
        self._looks = {
            column: _Look(place, column, [row[column] for row in self._rows]) for column in self._columns
        }

    def records(self) -> Iterator[dict[str, Any]]:
        if not self._rows:  # the headings follow from a record; an empty one leaves only them
            yield dict.fromkeys(self._columns)
        converted = {column: look.cells for column, look in self._looks.items() if look.cells is not None}
        if not converted:
            yield from self._rows
            return
        for at, row in enumerate(self._rows):
            yield {**row, **{column: cells[at] for column, cells in converted.items()}}

    def formats(self) -> dict[str, Any]:
        formats = {column: look.format() for column, look in self._looks.items()}
        return {column: made for column, made in formats.items() if made is not None}

    def widths(self) -> dict[str, float]:
        sample = self._rows[:_MEASURED]
        return {
            column: min(_WIDEST, max([width(column), *(_shown_width(row[column]) for row in sample)]) + 2.0)
            for column in self._columns
        }


class _Look:
    """What one column holds: its kinds of values, and its cells anew where some cannot be written as they are."""

    def __init__(self, place: Cell, column: str, values: list[Any]) -> None:
        self._kinds = set(map(type, values))
        texts = [value for value in values if type(value) is str] if str in self._kinds else []
        self._formula = not _FORMULA_STARTS.isdisjoint({text[:1] for text in texts})
        numbers = [str(value) for value in values if type(value) in _EXACT] if self._kinds & _EXACT else []
        self._decimals = max((len(number.partition(".")[2]) for number in numbers), default=0)
        self.cells: list[Any] | None = None
        plain = self._kinds <= _PLAIN and not any(number > EXACT_DIGITS for number in map(len, numbers))
        if not plain or "E" in "".join(numbers) or max(map(len, texts), default=0) > LONGEST_TEXT:
            self.cells = [
                _cell(Cell(place.file, place.sheet, row, column), value)
                for row, value in enumerate(values, start=2)
            ]
        elif "" in texts:
            self.cells = [None if value == "" else value for value in values]

    def format(self) -> Any:
        """The format of the column: that of dates, of money to its most decimals, or of text that looks like a formula."""
        from rustpy_xlsxwriter import Format

        if datetime in self._kinds:
            return Format().set_num_format("yyyy-mm-dd hh:mm:ss")
        if any(issubclass(kind, date) for kind in self._kinds):
            return Format().set_num_format("yyyy-mm-dd")
        if Decimal in self._kinds:
            decimals = min(self._decimals, 10)
            return Format().set_num_format("#,##0" + ("." + "0" * decimals if decimals else ""))
        return Format().set_quote_prefix() if self._formula else None


_EXACT = frozenset({Decimal, int})
_PLAIN = frozenset({str, Decimal, int, date, datetime, bool, float, type(None)})
_FORMULA_STARTS = frozenset("=+-@")


def _as_dict(row: Mapping[str, Any], columns: tuple[str, ...]) -> dict[str, Any]:
    values = row.values_by_column if isinstance(row, Row) else row
    if isinstance(values, dict) and tuple(values) == columns:
        return values
    return {column: values.get(column) for column in columns}


def _cell(cell: Cell, value: Any) -> Any:
    if value is None or isinstance(value, bool | date):
        return value
    if isinstance(value, int | float | Decimal):
        return str(value) if _digits(value) > EXACT_DIGITS else value
    if isinstance(value, str | time):
        text = str(value)
        if len(text) > LONGEST_TEXT:
            raise too_long(cell, len(text))
        return text or None
    raise not_a_cell(cell, value)


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


def _shown_width(value: Any) -> int:
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return len(f"{value:,}")
    return width(str(value)) if value is not None else 0
