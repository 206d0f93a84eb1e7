"""A table that stands on a page, as typed rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic_core import PydanticCustomError

from bofbot.errors import ApplicationError, BusinessError, Candidate, Cell, Sighting
from bofbot.forms.look import SeenTable
from bofbot.records import Row, Table
from bofbot.values.bad_value import BadValue
from bofbot.values.text import nfkc
from bofbot.values.types import is_blank, is_type, no_such_type, read_value
from bofbot.words import Sentence


def known_types(value: Any) -> Any:
    """Pass a type name, or a mapping of headings to type names; a wrong one is told with the nearest."""
    for name in value.values() if isinstance(value, Mapping) else [value]:
        if isinstance(name, str) and not is_type(name):
            raise PydanticCustomError("column_type", "{sentence}", {"sentence": no_such_type(name)})
    return value


def pick_table(tables: Sequence[SeenTable], title: str, columns: Mapping[str, str]) -> SeenTable:
    """The one table under this title that has these columns. Raises ApplicationError with what is there instead."""
    wanted = {_plain(name) for name in columns}
    fitting = [
        table
        for table in tables
        if wanted <= {_plain(name) for name in table.columns}
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


def as_table(seen: SeenTable, columns: Mapping[str, str], url: str) -> Table:
    """Typed rows; an empty cell is None. Raises BusinessError with row and column of a cell of another type."""
    places = {_plain(name): at for at, name in reversed(list(enumerate(seen.columns)))}
    rows = []
    for number, cells in enumerate(seen.rows, start=1):
        if not any(cells):
            continue
        values: dict[str, Any] = {}
        for name, kind in columns.items():
            at = places[_plain(name)]
            raw = cells[at] if at < len(cells) else ""
            values[name] = _typed(kind, raw, Cell(url, seen.title, number, name))
        rows.append(Row(values, Cell(url, seen.title, number)))
    return Table(tuple(columns), tuple(rows), Cell(url, seen.title))


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
