"""New workbooks of plain tables: fast, every cell of the type its value has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from bofbot.adapters.workbooks.cellxml import EXACT_DIGITS, LONGEST_TEXT
from bofbot.adapters.workbooks.newparts import HEADING_STYLE, TEXT, book_parts, styles_xml
from bofbot.adapters.workbooks.newsheet import SheetColumn, sheet_xml
from bofbot.errors import BusinessError, Cell, Sighting
from bofbot.files import atomic_write
from bofbot.records import Row
from bofbot.values.text import width
from bofbot.words import Sentence

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
    keeps are written as text; the same sheets give the same bytes. Raises BusinessError (a name, text or number of rows
    that no workbook can hold) and ApplicationError (the file cannot be written)."""
    styles = _Styles()
    made = [(sheet.name, _columns(path, sheet, styles)) for sheet in sheets]

    def write(file: BinaryIO) -> None:
        with ZipFile(file, "w", ZIP_DEFLATED) as book:
            for name, content in book_parts([name for name, _ in made], styles.xml()):
                _add(book, name, [content.encode()])
            for number, (_, columns) in enumerate(made, start=1):
                _add(book, f"xl/worksheets/sheet{number}.xml", sheet_xml(columns, HEADING_STYLE))

    atomic_write(path, write)


def _add(book: ZipFile, name: str, content: Iterable[bytes]) -> None:
    info = ZipInfo(name)
    info.compress_type = ZIP_DEFLATED
    info._compresslevel = _LEVEL  # type: ignore[attr-defined]  # its public name came with Python 3.13
    with book.open(info, "w", force_zip64=True) as part:
        for piece in content:
            part.write(piece)


def _columns(path: Path, sheet: NewSheet, styles: _Styles) -> list[SheetColumn]:
    """The sheet column by column, for most columns need no look at their single cells."""
    _check(path, sheet)
    place = Cell(path.name, sheet.name)
    rows = [row.values_by_column if type(row) is Row else row for row in sheet.rows]  # isinstance takes long
    columns = []
    for name in sheet.columns:
        look = _Look(place, name, [row.get(name) for row in rows])
        wide = max([width(name), *map(_shown_width, look.values[:_MEASURED])]) + 2.7
        code, styled = look.format()
        columns.append(SheetColumn(name, look.values, min(_WIDEST, wide), styles.of(code), styled))
    return columns


class _Styles:
    """The cell formats that the columns of a book ask for."""

    def __init__(self) -> None:
        self._asked: list[str] = []

    def of(self, code: str) -> int:
        """The number of the style with this format code; of text led by a quotation mark for `@`."""
        if not code:
            return 0
        if code not in self._asked:
            self._asked.append(code)
        return HEADING_STYLE + 1 + self._asked.index(code)

    def xml(self) -> str:
        return styles_xml(self._asked)


class _Look:
    """What one column holds: its kinds of values, and its cells anew where some cannot be written as they are."""

    def __init__(self, place: Cell, column: str, values: list[Any]) -> None:
        self._kinds = kinds = set(map(type, values))
        texts = set(_only(values, kinds, {str}))
        self._formula = not _FORMULA_STARTS.isdisjoint({text[:1] for text in texts})
        exact = list(map(str, _only(values, kinds, {Decimal})))
        digits = "".join(exact)
        broken = [text for text in exact if "." in text] if "." in digits else []
        self._decimals = max((len(text) - text.index(".") - 1 for text in broken), default=0)
        plain = (
            kinds <= _PLAIN
            and max(map(len, texts), default=0) <= LONGEST_TEXT
            and max(map(len, exact), default=0) <= EXACT_DIGITS
            and "E" not in digits
            and max(map(abs, _only(values, kinds, {int})), default=0) < 10**EXACT_DIGITS
        )
        self.values = (
            values
            if plain
            else [
                _cell(Cell(place.file, place.sheet, row, column), value)
                for row, value in enumerate(values, start=2)
            ]
        )

    def format(self) -> tuple[str, tuple[type, ...]]:
        """The format of the column and the kinds of values it is for: dates, money to its most decimals, text that looks
        like a formula."""
        if datetime in self._kinds:
            return "yyyy-mm-dd hh:mm:ss", (date,)
        if any(issubclass(kind, date) for kind in self._kinds):
            return "yyyy-mm-dd", (date,)
        if Decimal in self._kinds:
            decimals = min(self._decimals, 10)
            return "#,##0" + ("." + "0" * decimals if decimals else ""), (Decimal, int, float)
        return TEXT if self._formula else "", (str,)


def _only(values: list[Any], kinds: set[type], wanted: set[type]) -> list[Any]:
    """The values of some kinds."""
    if kinds <= wanted:
        return values
    return [value for value in values if type(value) in wanted] if kinds & wanted else []


_LEVEL = 2
"""A larger file by a tenth for a fifth of the time."""
_PLAIN = frozenset({str, Decimal, int, date, datetime, bool, float, type(None)})
_FORMULA_STARTS = frozenset("=+-@")


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
