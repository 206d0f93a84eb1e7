"""Plain comparison of two CSV files: lines that stand in both are the same rows and never parsed; only the rest is compared.

A million rows take about a second this way. Where it cannot be sure (quotes, several key columns, other headings, lines or
keys that repeat) it says so by returning None, and the tables are compared cell by cell."""

from __future__ import annotations

import csv
import io
from array import array
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from bofbot.errors import Cell
from bofbot.reconcile.columns import plain
from bofbot.reconcile.compare import Comparison, compare
from bofbot.records import Row, Table

_ENCODINGS = ("utf-8-sig", "cp932")


def compare_csv(
    left: Path, right: Path, by: Sequence[str], tolerance: Decimal = Decimal(0)
) -> Comparison | None:
    """The comparison, or None when the files must be read as tables."""
    if len(by) != 1 or {left.suffix.lower(), right.suffix.lower()} != {".csv"}:
        return None
    with left.open("rb") as one, right.open("rb") as other:
        heading = one.readline()
        if (
            other.readline().rstrip(b"\r\n") != heading.rstrip(b"\r\n")
            or b'"' in heading
            or b"," not in heading
        ):
            return None
        columns = _decoded(heading).rstrip("\r\n").split(",")
        at = next((n for n, column in enumerate(columns) if plain(column) == plain(by[0])), -1)
        if at < 0:
            return None
        only_left, keys, left_rows = _lines(one, at)
        if only_left is None:
            return None
        only_right, right_rows = _take_away(only_left, other)
    if _repeats(keys) or any(b'"' in line for _, line in only_right):
        return None
    kept = _numbered(left, only_left)
    tables = [_table(columns, lines, path) for lines, path in ((kept, left), (only_right, right))]
    found = compare(tables[0], tables[1], by, tolerance=tolerance)
    if found.duplicates or _reappear(keys, only_left, only_right, at):
        return None
    same = found.same + left_rows - len(only_left)
    return replace(found, left_rows=left_rows, right_rows=right_rows, same=same)


def _lines(file: io.BufferedReader, at: int) -> tuple[set[bytes] | None, array[int], int]:
    """The lines of a file as a set, the hash of each key; None when a line repeats or holds a quote."""
    lines: set[bytes] = set()
    keys = array("q")
    count = 0
    for line in file:
        text = line.rstrip(b"\r\n")
        if not text:
            continue
        if b'"' in text:
            return None, keys, 0
        lines.add(text)
        keys.append(hash(text.split(b",", at + 1)[at]))
        count += 1
    return (lines if len(lines) == count else None), keys, count


def _take_away(lines: set[bytes], file: io.BufferedReader) -> tuple[list[tuple[int, bytes]], int]:
    """Take the lines of the other file out of the set; what was not in it, with its number."""
    rest: list[tuple[int, bytes]] = []
    count = 0
    for number, line in enumerate(file, start=2):
        text = line.rstrip(b"\r\n")
        if not text:
            continue
        count += 1
        try:
            lines.remove(text)
        except KeyError:
            rest.append((number, text))
    return rest, count


def _repeats(keys: array[int]) -> bool:
    from bofbot.reconcile.joins import has_repeats

    return has_repeats(keys)


def _reappear(keys: array[int], left: set[bytes], right: list[tuple[int, bytes]], at: int) -> bool:
    """Does a line of the right alone bear the key of a row that is the same on both sides?"""
    open_keys = {line.split(b",", at + 1)[at] for line in left}
    asked = {hash(key) for _, line in right if (key := line.split(b",", at + 1)[at]) not in open_keys}
    return bool(asked) and any(key in asked for key in keys)


def _numbered(path: Path, lines: set[bytes]) -> list[tuple[int, bytes]]:
    if not lines:
        return []
    with path.open("rb") as file:
        return [
            (n, text)
            for n, line in enumerate(file, start=1)
            if (text := line.rstrip(b"\r\n")) in lines and n > 1
        ]


def _table(columns: Sequence[str], lines: Sequence[tuple[int, bytes]], path: Path) -> Table:
    rows = []
    for number, line in lines:
        (cells,) = csv.reader([_decoded(line)])
        values = dict(zip(columns, [*cells, *[""] * (len(columns) - len(cells))], strict=False))
        rows.append(Row(values, Cell(str(path), "", number)))
    return Table(tuple(columns), tuple(rows), Cell(str(path)))


def _decoded(line: bytes) -> str:
    for encoding in _ENCODINGS[:-1]:
        try:
            return line.decode(encoding)
        except UnicodeDecodeError:
            continue
    return line.decode(_ENCODINGS[-1], errors="replace")
