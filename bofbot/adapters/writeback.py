"""Writes values into the row a record came from, after making sure that it still is that row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from bofbot.adapters.headings import Headings, find_headings
from bofbot.adapters.tables import Wanted, is_csv
from bofbot.errors import BusinessError, Cell, Sighting
from bofbot.locking import alone_with
from bofbot.records import Row
from bofbot.values.bad_value import BadValue
from bofbot.values.dates import Month
from bofbot.values.text import find_name, fold_name, nearest
from bofbot.values.types import as_text, is_blank, read_value
from bofbot.words import Sentence


@dataclass(frozen=True, slots=True)
class Target:
    """Where values go: the columns of each, from 0, and the heading cells to be made for those that are new."""

    headings: Headings
    columns: Mapping[str, int]
    new: Mapping[str, int]


def write_back(
    path: Path,
    row: Row,
    values: Mapping[str, Any],
    *,
    add_columns: bool = False,
    read_as: Wanted | None = None,
    written: Mapping[str, Any] | None = None,
) -> bool:
    """Write `values` (heading → value) into the row of the file that `row` was read from; True when that changed it.

    `read_as` is how the row was read; `written` what this run wrote into it since. Raises BusinessError when the file
    has no such column, or the row is not the one that was read (somebody sorted, inserted or deleted rows);
    ApplicationError when somebody has it open. The same value again changes nothing."""
    read_as = read_as or Wanted()
    expected = {**row, **(written or {})}
    write = _write_into_book
    if is_csv(path):
        from bofbot.adapters.csvfiles.csvedit import write_into_csv as write
    with alone_with(path):
        return write(path, row, values, expected, add_columns=add_columns, read_as=read_as)


def foresee_write_back(
    path: Path, row: Row, columns: Sequence[str], *, add_columns: bool = False, read_as: Wanted | None = None
) -> None:
    """Raises what `write_back` would raise for every row of this file: no such column, a file that somebody has open or that
    cannot be changed. Writes nothing."""
    from bofbot.files import refuse_when_locked

    read_as = read_as or Wanted()
    refuse_when_locked(path)
    if is_csv(path):
        from bofbot.adapters.csvfiles.csvedit import find_csv_target

        find_csv_target(path, row, columns, add_columns=add_columns, read_as=read_as)
        return
    from bofbot.adapters.workbooks.sheets import open_book

    book = open_book(path)
    sheet = book.sheet_named(row.source.sheet)
    source = Cell(path.name, sheet)
    rows = enumerate(book.rows(sheet), start=1)
    headings, _ = find_headings(rows, tuple(row), read_as.header, book.merged(sheet), source)
    find_target(headings, columns, add_columns, source)


def _write_into_book(
    path: Path,
    row: Row,
    values: Mapping[str, Any],
    expected: Mapping[str, Any],
    *,
    add_columns: bool,
    read_as: Wanted,
) -> bool:
    from bofbot.adapters.workbooks.patch import patch_cells
    from bofbot.adapters.workbooks.sheets import open_book
    from bofbot.files import refuse_when_locked

    refuse_when_locked(path)
    book = open_book(path)
    sheet = book.sheet_named(row.source.sheet)
    rows = enumerate(book.rows(sheet), start=1)
    source = Cell(path.name, sheet)
    headings, rest = find_headings(rows, tuple(row), read_as.header, book.merged(sheet), source)
    target = find_target(headings, values, add_columns, source)
    number = row.source.row
    cells = the_same_row(rest, number, headings, expected, values, source, date_1904=book.date_1904)
    changes = {
        (number, at + 1): values[name]
        for name, at in target.columns.items()
        if not _holds(cells[at] if at < len(cells) else "", values[name])
    }
    for name, at in target.new.items():
        changes[headings.row, at + 1] = name
    if not changes:
        return False
    last = max((at for at, text in enumerate(headings.all_columns) if text), default=0)
    like = {(headings.row, at + 1): last + 1 for at in target.new.values()}
    patch_cells(path, sheet, changes, like=like, seen=book.file)
    return True


def find_target(headings: Headings, values: Iterable[str], add_columns: bool, source: Cell) -> Target:
    """The column of each value. Raises BusinessError: no such heading (and new ones are not asked for), or several."""
    known = headings.all_columns
    columns: dict[str, int] = {}
    new: dict[str, int] = {}
    free = max((at + 1 for at, text in enumerate(known) if text), default=0)
    for name in values:
        found = find_name(name, [text for text in known if text])
        if found is not None and known.count(found) == 1:
            columns[name] = known.index(found)
        elif found is None and not any(fold_name(text) == fold_name(name) for text in known) and add_columns:
            columns[name] = new[name] = free + len(new)
        else:
            raise _no_column(name, known, source, headings.row)
    return Target(headings, columns, new)


def the_same_row(
    rows: Iterator[tuple[int, list[Any]]],
    number: int,
    headings: Headings,
    expected: Mapping[str, Any],
    values: Mapping[str, Any],
    source: Cell,
    *,
    date_1904: bool = False,
) -> list[Any]:
    """The cells of row `number`, which still hold what is expected of them (the columns to be written aside).
    Raises BusinessError that names the first cell that differs, and where the row went if it can be told."""
    checked = [(at, name) for name, at in headings.columns.items() if find_name(name, values) is None]

    def differing(cells: Sequence[Any]) -> str:
        for at, name in checked:
            if not _same(cells[at] if at < len(cells) else "", expected[name], date_1904):
                return name
        return ""

    here: list[Any] | None = None
    elsewhere: list[int] = []
    for row, cells in rows:
        if row < headings.first_row:
            continue
        if row == number:
            here = cells
            if not differing(cells):
                return cells
        elif checked and len(elsewhere) < 2 and not differing(cells):
            elsewhere.append(row)
    raise _another_row(Cell(source.file, source.sheet, number), differing(here) if here else "", elsewhere)


_TYPES: tuple[tuple[type, str], ...] = (
    (bool, "bool"),
    (int, "integer"),
    (Decimal, "number"),
    (Month, "month"),
    (datetime, "datetime"),
    (date, "date"),
    (time, "time"),
)


def _same(raw: Any, value: Any, date_1904: bool) -> bool:
    """Whether a cell still means the typed value that was read from it."""
    if value is None or value == "" or is_blank(raw):
        return (value is None or value == "") and is_blank(raw)
    if isinstance(value, str):
        shown = as_text(raw)
        return fold_name(shown) == fold_name(value) or (shown.isdigit() and shown.zfill(len(value)) == value)
    kind = next((name for python_type, name in _TYPES if isinstance(value, python_type)), "")
    try:
        return bool(kind) and bool(read_value(kind, raw, date_1904=date_1904) == value)
    except BadValue:
        return bool(raw == value)


def _holds(raw: Any, value: Any) -> bool:
    """Whether a cell holds a value already, as a cell of the same kind."""
    if value is None or value == "":
        return is_blank(raw)
    if isinstance(value, bool) or isinstance(raw, bool):
        return raw is value
    if isinstance(value, int | float | Decimal):
        return isinstance(raw, float) and read_value("number", raw) == read_value("number", value)
    if isinstance(value, datetime):
        return bool(
            raw == value.replace(tzinfo=None, microsecond=0) or (raw == value.date() and not value.time())
        )
    return bool(type(raw) is type(value) and raw == value) or (isinstance(value, date) and bool(raw == value))


def _no_column(name: str, known: Sequence[str], source: Cell, row: int) -> BusinessError:
    columns = [text for text in known if text]
    near = nearest(name, columns, 1)
    where = Cell(source.file, source.sheet)
    doubled = sum(fold_name(text) == fold_name(name) for text in columns) > 1
    if doubled:
        message = Sentence(
            en=f'{where}: several columns are headed "{name}"',
            ja=f"{where}：見出し「{name}」の列が複数あります",
        )
        fix = Sentence(en="give each column its own heading", ja="見出しが重複しないように修正してください")
    else:
        message = Sentence(
            en=f'{where}: there is no column "{name}" to write into (columns of row {row}: {", ".join(columns)})',
            ja=f"{where}：書き込み先の列「{name}」がありません（{row} 行目の列：{'、'.join(columns)}）",
        )
        guess = (
            Sentence(en=f"did you mean {near[0]}? ", ja=f"もしかして：{near[0]}。")
            if near
            else Sentence.same("")
        )
        fix = guess + Sentence(
            en="`add_columns: true` adds the column at the right",
            ja="`add_columns: true` を指定すると右端に列を追加します",
        )
    return BusinessError(
        message, fix=fix, sighting=Sighting(looked_for=name, cell=Cell(source.file, source.sheet, row, name))
    )


def _another_row(cell: Cell, column: str, elsewhere: Sequence[int]) -> BusinessError:
    because = (
        Sentence(en=f" ({column} differs)", ja=f"（{column} が異なります）") if column else Sentence.same("")
    )
    message = Sentence(
        en=f"{cell}: this is not the row that was read any more; nothing was written",
        ja=f"{cell}：読み込んだときの行と内容が変わっているため、書き込みを中止しました",
    )
    moved = (
        Sentence(
            en=f"it seems to be row {elsewhere[0]} now; ", ja=f"現在は {elsewhere[0]} 行目にあるようです。"
        )
        if len(elsewhere) == 1
        else Sentence.same("")
    )
    return BusinessError(
        message + because,
        fix=moved
        + Sentence(
            en="do not sort or edit the file while the robot plays; run again",
            ja="ロボットの実行中は並べ替えや編集をせず、再実行してください",
        ),
        sighting=Sighting(looked_for=column, cell=Cell(cell.file, cell.sheet, cell.row, column)),
    )
