"""A table out of a workbook or a CSV file: find the headings, type the cells, name every cell that is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from bofbot.adapters.csvfiles.csvfile import CSV_ENDINGS
from bofbot.adapters.headings import Headings, Merge, find_headings
from bofbot.adapters.workbooks.bookparts import NO_REMARKS, Remarks
from bofbot.errors import BusinessError, Candidate, Cell, Sighting
from bofbot.records import Row, Table
from bofbot.values.bad_value import BadValue
from bofbot.values.text import same_name
from bofbot.values.types import as_text, is_blank, parse_type, read_value
from bofbot.words import Sentence

LISTED = 20
"""Wrong cells that a message lists."""

_COUNTED = 1000
_REMEMBERED = 20_000
_EVERY = 2000
_EXACT = 1e15
"""Below it Excel means every digit of a whole number."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to read from a file."""

    columns: Mapping[str, str] = field(default_factory=dict)
    """Heading → type; empty: every column, values as the file has them."""
    sheet: str = ""
    header: int = 0
    """Row of the headings; 0: the first row that has them all."""
    encoding: str = ""
    delimiter: str = ""
    skip_blank: bool = True
    """Leave out rows in which every wanted cell is empty."""
    until: str = ""
    """Stop before the row in which a cell reads so, e.g. 合計."""
    required: tuple[str, ...] = ()
    """Columns whose cells may not be empty."""


@dataclass(frozen=True, slots=True)
class Raw:
    """Rows of a file before their cells mean anything."""

    rows: Iterator[tuple[int, list[Any]]]
    total: int = 0
    """Rows to come, 0 when that is not known."""
    sheet: str = ""
    merges: tuple[Merge, ...] = ()
    remarks: Remarks = NO_REMARKS
    date_1904: bool = False


def is_csv(path: Path) -> bool:
    """Whether a path names a CSV file; anything else is taken for a workbook."""
    return path.suffix.lower() in CSV_ENDINGS


def read_table(
    path: Path, wanted: Wanted, *, shown: str = "", progress: Progress | None = None
) -> tuple[Table, tuple[Sentence, ...]]:
    """The table in a file, and what is worth knowing about it (hidden rows).

    A blank cell is "" where text is wanted, else None. `shown` is the path that rows tell as their source.
    Raises BusinessError (missing or unreadable file, sheet, column; every wrong cell by name) and ApplicationError
    (the file cannot be read now)."""
    streamed = stream_table(path, wanted, shown=shown, progress=progress)
    table = Table(streamed.columns, tuple(streamed.rows), streamed.source)
    return table, hidden_remark(streamed.hidden_rows, [row.source.row for row in table.rows])


@dataclass(frozen=True, slots=True)
class Streamed:
    """A table whose rows are read one by one, for whoever does not keep them all."""

    columns: tuple[str, ...]
    rows: Iterator[Row]
    """Raises BusinessError that names every wrong cell, behind the last row."""
    source: Cell
    hidden_rows: frozenset[int]


def stream_table(
    path: Path, wanted: Wanted, *, shown: str = "", progress: Progress | None = None, lean: bool = False
) -> Streamed:
    """The table in a file, its rows not yet read. `lean`: a large sheet is not unpacked whole, which raises NotStreamed
    (while rows are read, too) where that cannot be done. Raises what `read_table` raises."""
    raw = _raw_csv(path, wanted) if is_csv(path) else _raw_sheet(path, wanted, lean)
    source = Cell(shown or str(path), raw.sheet)
    headings, rows = find_headings(
        raw.rows, tuple(wanted.columns), wanted.header, raw.merges, Cell(path.name, raw.sheet)
    )
    reading = _Reading(wanted, raw, headings, source, path.name)
    return Streamed(
        tuple(headings.columns), reading.checked_rows(rows, progress), source, raw.remarks.hidden_rows
    )


def hidden_remark(hidden_rows: frozenset[int], read: Iterable[int]) -> tuple[Sentence, ...]:
    """What is worth saying when some of the rows that were read are hidden in the sheet."""
    numbers = list(read) if hidden_rows else []
    hidden = sum(number in hidden_rows for number in numbers)
    if not hidden:
        return ()
    return (
        Sentence(
            en=f"{hidden} of the {len(numbers)} rows are hidden or filtered out in the sheet; they were read too",
            ja=f"{len(numbers)} 行のうち {hidden} 行はシート上で非表示（またはフィルター）ですが、読み込みました",
        ),
    )


def _raw_csv(path: Path, wanted: Wanted) -> Raw:
    from bofbot.adapters.csvfiles.csvfile import read_csv

    file = read_csv(path, wanted.encoding, wanted.delimiter)
    text = file.text.removeprefix("\ufeff")
    return Raw(file.rows(), total=text.count("\n") or text.count("\r"))


def _raw_sheet(path: Path, wanted: Wanted, lean: bool) -> Raw:
    from bofbot.adapters.workbooks.sheets import open_book

    book = open_book(path)
    sheet, date_1904 = book.sheet_named(wanted.sheet), book.date_1904
    remarks = book.remarks(sheet)
    if lean and not remarks.merged and (stream := book.streamed(sheet)):
        return Raw(stream.rows(), stream.height, sheet, (), remarks, date_1904)
    rows = enumerate(book.rows(sheet), start=1)
    return Raw(rows, book.height(sheet), sheet, tuple(book.merged(sheet)), remarks, date_1904)


class _Reading:
    """Types the cells of the wanted columns and collects those that are wrong."""

    def __init__(self, wanted: Wanted, raw: Raw, headings: Headings, source: Cell, file: str) -> None:
        self._wanted = wanted
        self._raw = raw
        self._headings = headings
        self._source = source
        self._file = file
        self._wrong: list[tuple[Cell, Sentence]] = []
        self._columns = [
            _Column(name, at, wanted.columns.get(name, ""), name in wanted.required, raw.date_1904)
            for name, at in headings.columns.items()
        ]
        remarks = raw.remarks
        self._plain = not (remarks.errors or remarks.uncomputed or remarks.padded)

    def checked_rows(self, rows: Iterator[tuple[int, list[Any]]], progress: Progress | None) -> Iterator[Row]:
        yield from self._rows(rows, progress)
        self._raise_wrong_cells()

    def _rows(self, rows: Iterator[tuple[int, list[Any]]], progress: Progress | None) -> Iterator[Row]:
        until, skip_blank = self._wanted.until, self._wanted.skip_blank
        positions = [column.at for column in self._columns]
        for number, cells in rows:
            if number < self._headings.first_row:
                continue
            if progress and self._raw.total and number % _EVERY == 0:
                progress(min(number, self._raw.total), self._raw.total)
            if until and any(isinstance(cell, str) and same_name(cell, until) for cell in cells):
                break
            if skip_blank and _is_empty(cells, positions) and not self._remarked(number):
                continue
            if len(self._wrong) >= _COUNTED:
                break
            yield Row(self._typed(number, cells), Cell(self._source.file, self._source.sheet, number))

    def _remarked(self, row: int) -> bool:
        remarks = self._raw.remarks
        if not remarks.errors and not remarks.uncomputed:
            return False
        places = [(row, column.at + 1) for column in self._columns]
        return any(place in remarks.errors or place in remarks.uncomputed for place in places)

    def _typed(self, number: int, cells: list[Any]) -> dict[str, Any]:
        values = {}
        for column in self._columns:
            raw = cells[column.at] if column.at < len(cells) else ""
            try:
                if not self._plain:
                    raw = _as_shown(self._raw.remarks, (number, column.at + 1), column.kind, raw)
                values[column.name] = column.value(raw)
            except BadValue as error:
                values[column.name] = None
                self._wrong.append((Cell(self._file, self._source.sheet, number, column.name), error.reason))
        return values

    def _raise_wrong_cells(self) -> None:
        """Raises BusinessError that names the wrong cells, if there are any."""
        wrong = self._wrong
        if not wrong:
            return
        first, why = wrong[0]
        if len(wrong) == 1:
            message = Sentence(en=f"{first}: {why.en}", ja=f"{first}：{why.ja}")
        else:
            more = len(wrong) - LISTED
            count = f"{len(wrong)}" + ("+" if len(wrong) >= _COUNTED else "")
            lines = [
                Sentence(en=f"\n  {cell}: {reason.en}", ja=f"\n  {cell}：{reason.ja}")
                for cell, reason in wrong[:LISTED]
            ]
            message = Sentence(
                en=f"{self._file}: {count} cells are wrong",
                ja=f"{self._file}：{count} 個のセルに誤りがあります",
            )
            for line in lines:
                message += line
            if more > 0:
                message += Sentence(en=f"\n  … and {more} more", ja=f"\n  … ほか {more} 個")
        raise BusinessError(
            message,
            fix=Sentence(en="correct the cells and run again", ja="セルを修正してから再実行してください"),
            sighting=Sighting(
                looked_for=first.column,
                cell=Cell(self._source.file, first.sheet, first.row, first.column),
                candidates=tuple(Candidate(str(cell), "cell", reason) for cell, reason in wrong[:LISTED]),
            ),
        )


class _Column:
    """One wanted column: where it stands and how its cells are read. Values met before are remembered, sheets repeat."""

    def __init__(self, name: str, at: int, kind: str, required: bool, date_1904: bool) -> None:
        self.name, self.at, self.kind = name, at, kind
        self._required = required
        self._date_1904 = date_1904
        self._known: dict[str | float, Any] = {}

    def value(self, raw: Any) -> Any:
        """The typed value of a cell. Raises BadValue."""
        if not self.kind and type(raw) is str and raw and not raw.isspace():
            return raw
        remembered = type(raw) is str or type(raw) is float
        if remembered and raw in self._known:
            return self._known[raw]
        value = self._read(raw)
        if remembered and len(self._known) < _REMEMBERED:
            self._known[raw] = value
        return value

    def _read(self, raw: Any) -> Any:
        if is_blank(raw):
            if self._required:
                raise BadValue(Sentence(en="it is empty, but must not be", ja="必須の値が空です"))
            return "" if self.kind in ("text", "") else None
        if self.kind:
            return read_value(self.kind, raw, date_1904=self._date_1904)
        if not isinstance(raw, float):
            return raw
        if raw.is_integer() and abs(raw) < _EXACT:
            return Decimal(int(raw))  # what read_value says, in a fifth of its time
        return read_value("number", raw)


def _is_empty(cells: list[Any], positions: list[int]) -> bool:
    """Are all wanted cells of a row blank?"""
    for at in positions:
        cell = cells[at] if at < len(cells) else None
        if cell is not None and (type(cell) is not str or cell.strip()):
            return False
    return True


def _as_shown(remarks: Remarks, place: tuple[int, int], kind: str, raw: Any) -> Any:
    """The cell as Excel shows it: zeros in front of a code come from its number format. Raises BadValue for a cell
    that shows an error or was never computed."""
    if place in remarks.errors:
        shown = remarks.errors[place]
        raise BadValue(
            Sentence(en=f"the cell shows the error {shown}", ja=f"セルがエラー {shown} になっています")
        )
    if place in remarks.uncomputed:
        raise BadValue(
            Sentence(
                en="its formula has never been computed; open the workbook in Excel and save it",
                ja="数式の計算結果が保存されていません。Excel でブックを開いて保存し直してください",
            )
        )
    padded = (
        place in remarks.padded
        and isinstance(raw, float)
        and parse_type(kind or "text")[0] in ("text", "code")
    )
    return as_text(raw).zfill(remarks.padded[place]) if padded else raw
