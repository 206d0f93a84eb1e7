"""Plain comparison of two files: as lines of bytes where both are CSV files or workbooks, else as tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from bofbot.adapters.csvfiles.csvfile import CSV_ENDINGS
from bofbot.adapters.csvfiles.csvlines import read_csv_bytes
from bofbot.errors import Cell
from bofbot.reconcile.comparison.compare import Comparison, Tolerance
from bofbot.words import Sentence

if TYPE_CHECKING:
    from bofbot.adapters.tables import Streamed
    from bofbot.reconcile.comparison.compare_lines import LineTable
    from bofbot.reconcile.comparison.typed_lines import TypedTable

Progress = Callable[[int, int], None]
SMALL = 300_000
"""Bytes of both files below which rows are read as tables: that takes less time than to begin with arrays."""
_BOOK_ENDINGS = {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}


def compare_files(
    left: Path,
    right: Path,
    by: Sequence[str],
    tolerance: Tolerance = Decimal(0),
    *,
    sheets: tuple[str, str] = ("", ""),
    small: int = SMALL,
    progress: Progress | None = None,
    say: Callable[[Sentence], None] | None = None,
) -> Comparison | None:
    """The comparison, or None when the files must be read as tables: other formats, small or unusual files, and CSV files
    with which something is wrong. `say` is told what is worth knowing (hidden rows).

    Raises BusinessError for a key column that is missing, and what `read_table` raises of a workbook."""
    sides = (left, right)
    endings = {path.suffix.lower() for path in sides}
    if not (endings <= CSV_ENDINGS | _BOOK_ENDINGS and all(path.is_file() for path in sides)):
        return None
    if sum(path.stat().st_size for path in sides) < small:
        return None
    from bofbot.reconcile.comparison.compare_lines import compare_lines
    from bofbot.reconcile.comparison.lines import NotPlain

    remarks: list[Sentence] = []
    try:
        one, other = (
            _lines(path, sheet, progress, remarks) for path, sheet in zip(sides, sheets, strict=True)
        )
        if one is None or other is None:
            return None
        found = compare_lines(one, other, by, tolerance=tolerance, progress=progress)
    except NotPlain:
        return None
    if say:
        for remark in remarks:
            say(remark)
    return found


def _lines(path: Path, sheet: str, progress: Progress | None, remarks: list[Sentence]) -> LineTable | None:
    if path.suffix.lower() in CSV_ENDINGS:
        return _lines_of_csv(path)
    return _lines_of_sheet(path, sheet, progress, remarks)


def _lines_of_csv(path: Path) -> LineTable | None:
    """The file below its headings. Raises NotPlain."""
    from bofbot.reconcile.comparison.compare_lines import LineTable
    from bofbot.reconcile.comparison.lines import PADDING, Lines

    file = read_csv_bytes(path, PADDING)
    if file is None:
        return None
    lines = Lines(file.data, file.delimiter)
    lines.keep(lines.from_line(file.headings.first_row))
    return LineTable(lines, file.headings.columns, Cell(str(path)))


def _lines_of_sheet(path: Path, sheet: str, progress: Progress | None, remarks: list[Sentence]) -> LineTable:
    """The sheet row by row, so that its rows never stand in memory as objects. Raises NotPlain and what `read_table` raises."""
    from bofbot.adapters.tables import Wanted, hidden_remark, stream_table
    from bofbot.adapters.workbooks.sheetstream import NotStreamed
    from bofbot.reconcile.comparison.typed_lines import typed_table

    def written(lean: bool) -> tuple[Streamed, TypedTable]:
        streamed = stream_table(path, Wanted(sheet=sheet), progress=progress, lean=lean)
        return streamed, typed_table(streamed.columns, streamed.rows, streamed.source)

    try:
        streamed, table = written(lean=True)
    except NotStreamed:
        streamed, table = written(lean=False)
    remarks += hidden_remark(streamed.hidden_rows, table.row_numbers.tolist())
    return table
