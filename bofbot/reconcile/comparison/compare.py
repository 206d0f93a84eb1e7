"""Two tables that should be the same: rows added, removed and changed by key, cell by cell, and how their columns differ."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from bofbot.errors import BusinessError, Sighting
from bofbot.reconcile.intake.cells import as_text
from bofbot.reconcile.intake.headings import plain
from bofbot.reconcile.intake.leftout import is_empty
from bofbot.records import Row, Table
from bofbot.values.amounts import read_amount
from bofbot.values.bad_value import BadValue
from bofbot.values.dates import read_date
from bofbot.values.text import nearest, nfkc
from bofbot.words import Sentence

Key = tuple[str, ...]
Tolerance = Mapping[str, Decimal] | Decimal
"""One for all columns, or by column."""


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that differs. `difference` is right − left where both are numbers."""

    key: Key
    column: str
    left: Any
    right: Any
    difference: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two tables differ; everything in the order of keys."""

    by: tuple[str, ...]
    left_rows: int
    right_rows: int
    removed: tuple[Row, ...]
    """Rows of the left table whose key the right one lacks."""
    added: tuple[Row, ...]
    changed: tuple[Change, ...]
    same: int
    """Rows that agree in every compared column."""
    columns_removed: tuple[str, ...]
    columns_added: tuple[str, ...]
    duplicates: tuple[tuple[str, Key, tuple[int, ...]], ...]
    """Side, key, and the rows that share it; such rows are compared with nothing."""
    compared: tuple[str, ...] = ()

    @property
    def equal(self) -> bool:
        return not (
            self.removed
            or self.added
            or self.changed
            or self.duplicates
            or self.columns_removed
            or self.columns_added
        )


@dataclass(frozen=True, slots=True)
class Shape:
    """Which columns of two tables belong together, by their headings as each side writes them."""

    by: tuple[tuple[str, str], ...]
    """Key columns: left name, right name."""
    shared: tuple[tuple[str, str], ...]
    """The other columns that both have."""
    removed: tuple[str, ...]
    added: tuple[str, ...]


def shape_of(
    left: Sequence[str], right: Sequence[str], by: Sequence[str], ignore: Sequence[str] = ()
) -> Shape:
    """Match headings whatever their width and case. Raises BusinessError for a key column that is missing."""
    if not by:
        raise BusinessError(Sentence(en="name the key columns", ja="キーにする列を指定してください"))
    theirs = {plain(column): column for column in right}
    mine = {plain(column): column for column in left}
    keys = [_key_column(name, mine, theirs) for name in by]
    ignored = {plain(column) for column in ignore}
    shared = [name for name in mine if name in theirs and name not in ignored and name not in keys]
    return Shape(
        by=tuple((mine[k], theirs[k]) for k in keys),
        shared=tuple((mine[k], theirs[k]) for k in shared),
        removed=tuple(column for name, column in mine.items() if name not in theirs and name not in ignored),
        added=tuple(column for name, column in theirs.items() if name not in mine and name not in ignored),
    )


def compare(
    left: Table,
    right: Table,
    by: Sequence[str],
    *,
    tolerance: Tolerance = Decimal(0),
    ignore: Sequence[str] = (),
) -> Comparison:
    """Compare by key columns. Numbers and dates count as equal when they mean the same (`1,000` and 1000), numbers also
    within the tolerance (one for all columns, or by column). Headings are matched whatever their width and case.

    Raises BusinessError for a key column that is missing."""
    shape = shape_of(left.columns, right.columns, by, ignore)
    left_rows, left_twice = _by_key(left, [mine for mine, _ in shape.by], "left")
    right_rows, right_twice = _by_key(right, [theirs for _, theirs in shape.by], "right")
    twice = {key for _, key, _ in (*left_twice, *right_twice)}
    changed: list[Change] = []
    same = 0
    for key, row in sorted(left_rows.items()):
        other = right_rows.get(key)
        if other is None:
            continue
        found = changes(key, row.values_by_column, other.values_by_column, shape.shared, tolerance)
        changed += found
        same += not found
    return Comparison(
        by=tuple(mine for mine, _ in shape.by),
        left_rows=len(left),
        right_rows=len(right),
        removed=tuple(
            row for key, row in sorted(left_rows.items()) if key not in right_rows and key not in twice
        ),
        added=tuple(
            row for key, row in sorted(right_rows.items()) if key not in left_rows and key not in twice
        ),
        changed=tuple(changed),
        same=same,
        columns_removed=shape.removed,
        columns_added=shape.added,
        duplicates=(*left_twice, *right_twice),
        compared=tuple(mine for mine, _ in shape.shared),
    )


def remark_on(comparison: Comparison) -> Sentence | None:
    """What a person should know when rows stand alone on both sides: their keys differ in leading zeros alone, as when a
    spreadsheet took codes for numbers."""

    def bare(rows: Sequence[Row]) -> dict[Key, Row]:
        return {tuple(key_text(row.get(name)).lstrip("0") for name in comparison.by): row for row in rows}

    removed, added = bare(comparison.removed), bare(comparison.added)
    met = [key for key in removed if key in added]
    if not met:
        return None
    one, other = (
        "/".join(key_text(row.get(name)) for name in comparison.by)
        for row in (removed[met[0]], added[met[0]])
    )
    return Sentence(
        en=f"{len(met)} key(s) differ in leading zeros alone ({one} and {other}); they were not taken for the same",
        ja=f"先頭のゼロだけが異なるキーが {len(met)} 件あります（{one} と {other}）。別のキーとして扱いました",
    )


def _key_column(name: str, mine: Mapping[str, str], theirs: Mapping[str, str]) -> str:
    wanted = plain(name)
    for known in (mine, theirs):
        if wanted not in known:
            near = nearest(name, known.values(), 1)
            listed = list(known.values())[:20]
            raise BusinessError(
                Sentence(
                    en=f"there is no key column “{name}” in both tables",
                    ja=f"キーの列「{name}」が両方の表にありません",
                ),
                fix=Sentence(en=f"did you mean {near[0]}?", ja=f"もしかして：{near[0]}")
                if near
                else Sentence(en=f"columns: {', '.join(listed)}", ja=f"列：{'、'.join(listed)}"),
                sighting=Sighting(looked_for=name),
            )
    return wanted


def _by_key(
    table: Table, columns: Sequence[str], side: str
) -> tuple[dict[Key, Row], list[tuple[str, Key, tuple[int, ...]]]]:
    rows: dict[Key, Row] = {}
    twice: dict[Key, list[Row]] = {}
    for row in table.rows:
        values = row.values_by_column
        key = tuple([key_text(values.get(column)) for column in columns])
        if key in twice:
            twice[key].append(row)
        elif key in rows:
            twice[key] = [rows.pop(key), row]
        else:
            rows[key] = row
    return rows, [(side, key, tuple(row.source.row for row in found)) for key, found in sorted(twice.items())]


def key_text(value: Any) -> str:
    """A key's cell as it is compared: without spaces around it, in one width."""
    text = value.strip() if type(value) is str else as_text(value)
    return text if text.isascii() else nfkc(text)


def changes(
    key: Key,
    left: Mapping[str, Any],
    right: Mapping[str, Any],
    columns: Sequence[tuple[str, str]],
    tolerance: Tolerance,
) -> list[Change]:
    """The cells of two rows of one key that differ."""
    found = []
    for mine, theirs in columns:
        a, b = left.get(mine), right.get(theirs)
        if a == b:
            continue
        most = tolerance if isinstance(tolerance, Decimal) else tolerance.get(mine, Decimal(0))
        equal, difference = _same(a, b, most)
        if not equal:
            found.append(Change(key, mine, a, b, difference))
    return found


_CODE = re.compile(r"[+-]?0\d[\d,]*(\.\d+)?")
"""A number that is led by zeros is a code: 0012 is not 12."""
_PLAIN_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,6})?")
"""What needs no closer reading."""


def _same(one: Any, other: Any, tolerance: Decimal) -> tuple[bool, Decimal | None]:
    """Whether two cells mean the same, and by how much they differ where both are numbers."""
    if type(one) is str and type(other) is str:
        if _PLAIN_NUMBER.fullmatch(one) and _PLAIN_NUMBER.fullmatch(other):
            difference = Decimal(other) - Decimal(one)
            return abs(difference) <= tolerance, difference
        return _same_text(one, other, tolerance)
    return _same_meaning(one, other, tolerance)


def _same_meaning(one: Any, other: Any, tolerance: Decimal) -> tuple[bool, Decimal | None]:
    if is_empty(one) or is_empty(other):
        return is_empty(one) and is_empty(other), None
    a, b = nfkc(as_text(one)), nfkc(as_text(other))
    if a == b:
        return True, None
    if _CODE.fullmatch(a) or _CODE.fullmatch(b):
        return False, None
    try:
        difference = read_amount(other) - read_amount(one)
    except BadValue:
        pass
    else:
        return abs(difference) <= tolerance, difference
    try:
        return read_date(one) == read_date(other), None
    except BadValue:
        return False, None


_same_text = lru_cache(maxsize=1 << 16)(_same_meaning)
"""Dates and names repeat in a table, and so do their differences."""


def comparison_as_json(comparison: Comparison) -> dict[str, Any]:
    """Plain values: a summary, and every difference."""
    by = comparison.by

    def plain_row(row: Row) -> dict[str, Any]:
        return {"row": row.source.row, **{column: as_text(value) for column, value in row.items()}}

    return {
        "summary": {
            "by": list(by), "left_rows": comparison.left_rows, "right_rows": comparison.right_rows, "same": comparison.same,
            "changed_rows": len({change.key for change in comparison.changed}), "changed_cells": len(comparison.changed),
            "removed": len(comparison.removed), "added": len(comparison.added),
            "duplicate_keys": len(comparison.duplicates), "equal": comparison.equal,
        },
        "columns_removed": list(comparison.columns_removed),
        "columns_added": list(comparison.columns_added),
        "changed": [
            {"key": list(c.key), "column": c.column, "left": as_text(c.left), "right": as_text(c.right),
             "difference": None if c.difference is None else str(c.difference)}
            for c in comparison.changed
        ],
        "removed": [plain_row(row) for row in comparison.removed],
        "added": [plain_row(row) for row in comparison.added],
        "duplicates": [{"side": side, "key": list(key), "rows": list(rows)} for side, key, rows in comparison.duplicates],
    }  # fmt: skip
