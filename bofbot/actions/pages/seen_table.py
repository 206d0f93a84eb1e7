"""A table that stands on a page, as typed rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from bofbot.errors import ApplicationError, BusinessError, Candidate, Cell, Sighting
from bofbot.forms.tables import SeenTable, View
from bofbot.records import Row, Table
from bofbot.values.bad_value import BadValue
from bofbot.values.misfits import misfit
from bofbot.values.text import nfkc
from bofbot.values.types import is_blank, is_type, no_such_type, read_value
from bofbot.words import Sentence


def known_types(value: Any) -> Any:
    """Pass a type name, or a mapping of headings to type names; a wrong one is told with the nearest."""
    for name in value.values() if isinstance(value, Mapping) else [value]:
        if isinstance(name, str) and not is_type(name):
            raise misfit(no_such_type(name))
    return value


@dataclass(frozen=True, slots=True)
class TableWanted:
    """Which table, and how much of it."""

    title: str
    columns: Mapping[str, str]
    pages: int | None = None
    """So many pages; 0: all; None: the one page must be all there is."""
    sort: Mapping[str, Literal["up", "down"]] | None = None
    key: str = ""
    until: str = ""
    required: tuple[str, ...] = ()
    at_most: int = 10_000

    @property
    def sort_as(self) -> tuple[str, Literal["up", "down"]]:
        assert self.sort
        return next(iter(self.sort.items()))

    def in_order(self, cells: Sequence[str]) -> bool:
        """Do these cells of the sorted column stand as asked? Empty and unreadable ones may stand anywhere."""
        heading, way = self.sort_as
        values = [value for cell in cells if (value := _comparable(self.columns[heading], cell)) is not None]
        return all(one <= two if way == "up" else one >= two for one, two in pairwise(values))

    def ends_before(self, row: Sequence[str]) -> bool:
        return bool(self.until) and _plain(self.until) in map(_plain, row)


def _comparable(kind: str, cell: str) -> Any:
    try:
        return None if is_blank(cell) else read_value(kind, cell)
    except BadValue:
        return None


def pick_table(found: Sequence[SeenTable | View], title: str, columns: Mapping[str, str]) -> SeenTable | View:
    """The one table under this title that has these columns. Raises ApplicationError with what is there instead."""
    tables = [one.table if isinstance(one, View) else one for one in found]
    fitting = [
        one
        for one, table in zip(found, tables, strict=True)
        if all(_places(table, name) for name in columns)
        and (not title or _plain(title) == _plain(table.title))
    ]
    if len(fitting) == 1:
        return fitting[0]
    near = tuple(
        Candidate(table.title or "table", "table", Sentence.same(", ".join(table.columns)))
        for table in tables[:4]
    )
    named = f"「{title}」" if title else ""
    said = (
        Sentence(
            en=f"no table {title} with the columns {', '.join(columns)}",
            ja=f"列 {'、'.join(columns)} のある表{named}がありません",
        )
        if not fitting
        else Sentence(
            en="several tables have these columns; name one by its heading",
            ja="同じ列の表が複数あります。見出しで指定してください",
        )
    )
    raise ApplicationError(said, sighting=Sighting(looked_for=title or ", ".join(columns), candidates=near))


def place_of(table: SeenTable, name: str) -> int:
    """Where a column stands; a heading over several rows is meant by its last words or by all: `金額 > 税抜`."""
    return _places(table, name)[0]


def _places(table: SeenTable, name: str) -> list[int]:
    whole = [at for at, column in enumerate(table.columns) if _plain(column) == _plain(name)]
    last = [
        at for at, column in enumerate(table.columns) if _plain(column.rsplit(" > ", 1)[-1]) == _plain(name)
    ]
    return whole or (last if len(last) == 1 else [])


def as_table(seen: SeenTable, wanted: TableWanted, url: str) -> Table:
    """Typed rows; an empty cell is None. Raises BusinessError with row and column of a cell of another type, or of an
    empty one that must not be."""
    places = {name: place_of(seen, name) for name in wanted.columns}
    rows = []
    for number, cells in enumerate(seen.rows, start=1):
        values: dict[str, Any] = {}
        for name, kind in wanted.columns.items():
            raw = cells[places[name]] if places[name] < len(cells) else ""
            if name in wanted.required and is_blank(raw):
                raise _empty(Cell(url, seen.title, number, name))
            values[name] = _typed(kind, raw, Cell(url, seen.title, number, name))
        rows.append(Row(values, Cell(url, seen.title, number)))
    return Table(tuple(wanted.columns), tuple(rows), Cell(url, seen.title))


def _empty(cell: Cell) -> BusinessError:
    return BusinessError(
        Sentence(en=f"row {cell.row}, {cell.column}: empty", ja=f"{cell.row}行目の「{cell.column}」が空です"),
        sighting=Sighting(cell=cell),
    )


def _typed(kind: str, raw: str, cell: Cell) -> Any:
    if is_blank(raw):
        return "" if kind == "text" else None
    try:
        return read_value(kind, raw)
    except BadValue as error:
        raise BusinessError(
            Sentence(
                en=f"row {cell.row}, {cell.column}: {error.reason.en}",
                ja=f"{cell.row}行目の「{cell.column}」：{error.reason.ja}",
            ),
            sighting=Sighting(cell=cell),
        ) from None


def _plain(text: str) -> str:
    return nfkc(text).replace(" ", "").rstrip("▲▼△▽↑↓⇅").casefold()
