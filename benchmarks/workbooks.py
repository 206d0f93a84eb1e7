"""Reading, writing and editing workbooks against openpyxl, in one run: `python benchmarks/workbooks.py [ROWS]`.

CPU seconds of this process (best of three for bofbot, one run for openpyxl, which takes long); the ratio is what counts.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl

from bofbot.adapters.tables import Wanted, read_table
from bofbot.adapters.workbooks.newbook import NewSheet, write_book
from bofbot.adapters.workbooks.patch import patch_cells
from bofbot.adapters.workbooks.sheets import open_book

SHEET = "経費"
TYPES = {"申請番号": "code", "日付": "date", "科目": "text", "支払先": "text", "金額": "yen", "率": "number", "件数": "integer", "備考": "text"}  # fmt: skip
EDITED = 1000


def rows(count: int) -> list[dict[str, Any]]:
    return [
        {
            "申請番号": f"K-{n:06}",
            "日付": date(2026, 1, 1) + timedelta(days=n % 300),
            "科目": ("交通費", "会議費", "消耗品費")[n % 3],
            "支払先": f"株式会社 第{n % 700}商事",
            "金額": Decimal(100 + n * 7 % 90_000),
            "率": Decimal(n % 1000) / 8,
            "件数": n % 50,
            "備考": "" if n % 4 else f"備考 {n}",
        }
        for n in range(count)
    ]


def cost(work: Callable[[], object], times: int = 3) -> float:
    """CPU seconds of the best of some runs."""
    best = float("inf")
    for _ in range(times):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def write_with_openpyxl(path: Path, table: list[dict[str, Any]]) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(SHEET)
    sheet.append(list(TYPES))
    for row in table:
        sheet.append(list(row.values()))
    book.save(path)


def read_with_openpyxl(path: Path) -> None:
    book = openpyxl.load_workbook(path, read_only=True)
    for _row in book[SHEET].iter_rows(values_only=True):
        pass
    book.close()


def edit_with_openpyxl(path: Path, changes: dict[tuple[int, int], str]) -> None:
    book = openpyxl.load_workbook(path)
    for (row, column), value in changes.items():
        book[SHEET].cell(row, column, value)
    book.save(path)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    table = rows(count)
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = Path(folder) / "ours.xlsx", Path(folder) / "theirs.xlsx"
        print(f"{count:,} rows x {len(TYPES)} columns, CPU seconds")
        row("write", cost(lambda: write_book(ours, [NewSheet(SHEET, tuple(TYPES), table)])),
            cost(lambda: write_with_openpyxl(theirs, table), 1), "openpyxl write_only", 13)  # fmt: skip
        row("read", cost(lambda: sum(1 for _ in open_book(theirs).rows(SHEET))),
            reading := cost(lambda: read_with_openpyxl(theirs), 1), "openpyxl read_only", 11)  # fmt: skip
        row(
            "read, typed",
            cost(lambda: read_table(theirs, Wanted(columns=TYPES)), 1),
            reading,
            "openpyxl read_only",
            0,
        )
        changes = {(2 + n * (count // EDITED), 8): f"A-{n}" for n in range(EDITED)}
        row(f"edit {EDITED:,} cells", cost(lambda: patch_cells(shutil.copy(theirs, ours), SHEET, changes)),
            cost(lambda: edit_with_openpyxl(theirs, changes), 1), "openpyxl load + save", 25)  # fmt: skip


def row(name: str, ours: float, theirs: float, peer: str, goal: int) -> None:
    wanted = f" (to reach: {goal}x)" if goal else ""
    print(f"  {name:<18} {ours:7.2f}   {peer} {theirs:7.2f}   {theirs / ours:5.1f}x{wanted}")


if __name__ == "__main__":
    main()
