"""Plain comparison of two CSV files: lines that stand in both are the same rows and never parsed; only the rest is compared.

A million rows take about a second this way. Where it cannot be sure (quotes, several key columns, other headings, lines or
keys that repeat) it says so by returning None, and the tables are compared cell by cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import islice
from pathlib import Path

from bofbot.errors import Cell
from bofbot.reconcile.cells import as_text
from bofbot.reconcile.compare import Comparison, compare
from bofbot.reconcile.headings import plain
from bofbot.records import Row, Table

_CHUNK = 50_000
_ENCODINGS = ("utf-8-sig", "cp932")


def compare_csv(
    left: Path, right: Path, by: Sequence[str], tolerance: Decimal = Decimal(0)
) -> Comparison | None:
    """The comparison, or None when the files must be read as tables."""
    if len(by) != 1 or {left.suffix.lower(), right.suffix.lower()} != {".csv"}:
        return None
    from bofbot.reconcile.joins import unique_rows

    with left.open("rb") as one, right.open("rb") as other:
        heading = one.readline()
        if other.readline() != heading or b'"' in heading or b"," not in heading:
            return None
        columns = _decoded(heading).rstrip("\r\n").split(",")
        at = next((n for n, column in enumerate(columns) if plain(column) == plain(by[0])), -1)
        left_rows = unique_rows(left, at, len(columns)) if at >= 0 else 0
        lines = set(one) if left_rows else set()
        if not left_rows or len(lines) != left_rows:
            return None
        only_right, right_rows = _take_away(lines, other)
    if only_right is None:
        return None
    gone, come = _numbered(left, lines), _numbered(right, only_right)
    if any(b'"' in line for _, line in (*gone, *come)):
        return None
    found = compare(_table(columns, gone, left), _table(columns, come, right), by, tolerance=tolerance)
    if found.duplicates or _reappear(left, found, at):
        return None
    return replace(found, left_rows=left_rows, right_rows=right_rows, same=found.same + left_rows - len(gone))


def _take_away(lines: set[bytes], file: io.BufferedReader) -> tuple[set[bytes] | None, int]:
    """Take the lines of the other file out of the set; those that were not in it. None when a line repeats."""
    rest: set[bytes] = set()
    count = 0
    while chunk := list(islice(file, _CHUNK)):
        part = set(chunk)
        if len(part) < len(chunk):
            return None, 0
        new = part - lines
        if rest & new:
            return None, 0
        rest |= new
        lines -= part
        count += len(chunk)
    return rest, count


def _reappear(left: Path, found: Comparison, at: int) -> bool:
    """Does a row that only the right file seems to have bear a key of a row that is the same on both sides?"""
    asked = {as_text(row[found.by[0]]).encode() for row in found.added}
    if not asked:
        return False
    with left.open("rb") as file:
        return any(line.rstrip(b"\r\n").split(b",", at + 1)[at] in asked for line in file)


def _numbered(path: Path, lines: set[bytes]) -> list[tuple[int, bytes]]:
    """The lines of a file that are in the set, with their numbers."""
    if not lines:
        return []
    with path.open("rb") as file:
        found = [(n, line) for n, line in enumerate(file, start=1) if line in lines]
    return [(n, text) for n, line in found if n > 1 and (text := line.rstrip(b"\r\n"))]


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
