"""Plain comparison of two files: as bytes where both are CSV files, else as tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from bofbot.adapters.csvfiles.csvfile import CSV_ENDINGS
from bofbot.adapters.csvfiles.csvlines import read_csv_bytes
from bofbot.errors import Cell
from bofbot.reconcile.comparison.compare import Comparison, Tolerance

if TYPE_CHECKING:
    from bofbot.reconcile.comparison.compare_lines import LineTable

Progress = Callable[[int, int], None]
SMALL = 300_000
"""Bytes of both files below which rows are read as tables: that takes less time than to begin with arrays."""


def compare_csv(
    left: Path,
    right: Path,
    by: Sequence[str],
    tolerance: Tolerance = Decimal(0),
    *,
    small: int = SMALL,
    progress: Progress | None = None,
) -> Comparison | None:
    """The comparison, or None when the files must be read as tables: other formats, small or unusual files, and files
    with which something is wrong. Raises BusinessError for a key column that is missing."""
    if not (
        {left.suffix.lower(), right.suffix.lower()} <= CSV_ENDINGS and left.is_file() and right.is_file()
    ):
        return None
    if left.stat().st_size + right.stat().st_size < small:
        return None
    from bofbot.reconcile.comparison.compare_lines import compare_lines
    from bofbot.reconcile.comparison.lines import NotPlain

    try:
        one, other = _lines(left), _lines(right)
        if one is None or other is None:
            return None
        return compare_lines(one, other, by, tolerance=tolerance, progress=progress)
    except NotPlain:
        return None


def _lines(path: Path) -> LineTable | None:
    """The file below its headings. Raises NotPlain."""
    from bofbot.reconcile.comparison.compare_lines import LineTable
    from bofbot.reconcile.comparison.lines import PADDING, Lines

    file = read_csv_bytes(path, PADDING)
    if file is None:
        return None
    lines = Lines(file.data, file.delimiter)
    lines.keep(lines.from_line(file.headings.first_row))
    return LineTable(lines, file.headings.columns, Cell(str(path)))
