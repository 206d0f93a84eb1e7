"""Finding the row of headings, whatever stands above it, and which column each wanted name is."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from bofbot.errors import BusinessError, Cell, Sighting
from bofbot.values.text import find_name, fold_name, nearest
from bofbot.values.types import as_text, is_blank
from bofbot.words import Sentence

Merge = tuple[int, int, int, int]
"""A merged range: first row, first column, last row, last column, from 1."""

Numbered = tuple[int, list[Any]]
"""A row's number as the file counts, and its cells."""

_VALUE = re.compile(
    r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:[ T].*)?|(?:令和|平成|[RHrh])\.?\d{1,2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?"
    r"|[-+▲△(¥\\$€£]{0,3}[\d,]*\d(?:\.\d+)?\)?円?"
)
_SEARCHED = 1000
"""Rows that may stand above the headings."""
_LOOKED_AT = 50
"""Rows looked at when no names say what the headings are."""


@dataclass(frozen=True, slots=True)
class Headings:
    """Where the headings are. `columns`: name → position in a row, from 0; `first_row`: where the data begin."""

    row: int
    first_row: int
    columns: Mapping[str, int]
    all_columns: tuple[str, ...]
    """Every heading as the file has it, "" where a column has none."""


def find_headings(
    rows: Iterator[Numbered], names: Sequence[str], header: int, merges: Sequence[Merge], source: Cell
) -> tuple[Headings, Iterator[Numbered]]:
    """The headings, and all rows from there on (some before them may come too).

    `header` says the row; else it is the first that has all `names`, or without names the first that is as full as
    headings are. A heading merged over several rows counts in each of them. Raises BusinessError that lists the
    columns there are."""
    head = list(islice(rows, header or (_SEARCHED if names else _LOOKED_AT)))
    texts = _texts(head, merges)
    found = _row_of_headings(texts, names, header, merges)
    if found is None:
        raise _no_headings({header: texts.get(header, [])} if header else texts, names, header, source)
    below = [bottom for top, _, bottom, _ in merges if top <= found <= bottom]
    return (
        Headings(
            found, max([found, *below]) + 1, _columns(found, texts[found], names, source), tuple(texts[found])
        ),
        chain(head, rows),
    )


def _row_of_headings(
    texts: Mapping[int, list[str]], names: Sequence[str], header: int, merges: Sequence[Merge]
) -> int | None:
    if header:
        return header if header in texts else None
    if names:
        wanted = {fold_name(name) for name in names}
        return next(
            (number for number, row in texts.items() if wanted <= {fold_name(text) for text in row}), None
        )
    widths = {number: sum(map(bool, row)) for number, row in texts.items()}
    widest = max(widths.values(), default=0)
    full = [number for number, width in widths.items() if width and width >= 0.6 * widest]
    first = next(iter(full), None)
    if first and _stands_above(first, texts, widths):
        first = next((n for n in full if widths[n] > widths[first] and not _has_values(texts[n])), first)
    below = [bottom for top, _, bottom, _ in merges if first and top <= first <= bottom and bottom in texts]
    return (
        max([first, *below]) if first else None
    )  # headings of several rows: the lowest has one for each column


def _stands_above(row: int, texts: Mapping[int, list[str]], widths: Mapping[int, int]) -> bool:
    """Is this row a note above the table (`照会期間 2026/04/01 2026/07/31`): does it bear values, or end in a blank row?"""
    return _has_values(texts[row]) or not widths.get(row + 1, 0)


def _has_values(row: Sequence[str]) -> bool:
    """Does a cell hold a whole day or an amount, as rows do and headings hardly ever?"""
    return any(_VALUE.fullmatch(unicodedata.normalize("NFKC", text)) for text in row if text)


def _texts(head: list[Numbered], merges: Sequence[Merge]) -> dict[int, list[str]]:
    """Row number → its cells as text; the first cell of a merge is repeated downwards. A text that repeats in a row is led
    by the heading merged over it: 前期 数量, 当期 数量."""
    texts = {number: ["" if is_blank(cell) else _one_line(cell) for cell in cells] for number, cells in head}
    for top, left, bottom, _ in merges:
        heading = texts.get(top, [])[left - 1 : left]
        for row in range(top + 1, bottom + 1):
            if heading and left <= len(texts.get(row, [])):
                texts[row][left - 1] = heading[0]
    counted = {row: Counter(cells) for row, cells in texts.items()}
    for top, left, bottom, right in merges:
        group = texts.get(top, [])[left - 1 : left]
        row_below = texts.get(bottom + 1, [])
        if right > left and group and group[0]:
            for at in range(left - 1, min(right, len(row_below))):
                if row_below[at] and counted[bottom + 1][row_below[at]] > 1:
                    row_below[at] = f"{group[0]} {row_below[at]}"
    return texts


def _one_line(cell: Any) -> str:
    return " ".join(as_text(cell).split())


def _columns(number: int, texts: list[str], names: Sequence[str], source: Cell) -> dict[str, int]:
    columns: dict[str, int] = {}
    for name in names or dict.fromkeys(text for text in texts if text):
        exact = [at for at, text in enumerate(texts) if text == name]
        alike = exact or [at for at, text in enumerate(texts) if text and fold_name(text) == fold_name(name)]
        if not alike:
            raise _no_headings({number: texts}, names, number, source)
        if len(alike) > 1:
            raise _doubled(name, number, len(alike), source)
        columns[name] = alike[0]
    return columns


def _doubled(name: str, row: int, times: int, source: Cell) -> BusinessError:
    place = Cell(source.file, source.sheet, row)
    return BusinessError(
        Sentence(
            en=f'{place}: {times} columns are headed "{name}"',
            ja=f"{place}：見出し「{name}」の列が {times} 列あります",
        ),
        fix=Sentence(en="give each column its own heading", ja="見出しが重複しないように修正してください"),
        sighting=Sighting(looked_for=name, cell=Cell(source.file, source.sheet, row, name)),
    )


def _no_headings(
    texts: Mapping[int, list[str]], names: Sequence[str], header: int, source: Cell
) -> BusinessError:
    best = max(texts.items(), key=lambda item: _likeness(item[1], names), default=(0, []))
    row, columns = best[0], [text for text in dict.fromkeys(best[1]) if text]
    where = Cell(source.file, source.sheet)
    if not columns:
        return BusinessError(
            Sentence(
                en=f"{where}: no headings were found, the sheet is empty",
                ja=f"{where}：見出しがありません（シートが空です）",
            )
            if not header
            else Sentence(
                en=f"{where}: row {header} has no headings", ja=f"{where}：{header} 行目に見出しがありません"
            ),
            sighting=Sighting(looked_for=", ".join(names), cell=where),
        )
    missing = [name for name in names if find_name(name, columns) is None]
    near = [guess for name in missing for guess in nearest(name, columns, 1)]
    return BusinessError(
        Sentence(
            en=f"{where}: there is no column {_quoted(missing, ', ')} (columns of row {row}: {', '.join(columns)})",
            ja=f"{where}：列「{'」「'.join(missing)}」がありません（{row} 行目の列：{'、'.join(columns)}）",
        ),
        fix=Sentence(en=f"did you mean {', '.join(near)}?", ja=f"もしかして：{'、'.join(near)}")
        if near
        else None,
        sighting=Sighting(looked_for=", ".join(missing), cell=Cell(source.file, source.sheet, row)),
    )


def _quoted(names: Sequence[str], between: str) -> str:
    return between.join(f'"{name}"' for name in names)


def _likeness(texts: list[str], names: Sequence[str]) -> tuple[float, int]:
    """How much a row looks like the headings that were looked for: wanted names it has or nearly has, then its width."""
    filled = [text for text in texts if text]
    hits = sum(find_name(name, filled) is not None for name in names)
    near = sum(bool(nearest(name, filled, 1)) for name in names) if len(filled) > 1 else 0
    return hits + near / 2, len(filled)
