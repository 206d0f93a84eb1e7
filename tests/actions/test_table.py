"""Tables are read, written and written back on real files, made here."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bofbot.actions.table import ReadTable, WriteTable
from bofbot.errors import BusinessError
from bofbot.records import Table

from .stage import Stage

COLUMNS = {"申請番号": "code", "日付": "date", "科目": "text", "金額": "yen"}


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


def make_book(path: Path, rows: list[list[Any]], sheet: str = "経費") -> None:
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    for row in rows:
        page.append(row)
    book.save(path)


EXPENSES: list[list[Any]] = [
    ["経費一覧", None, None, None],
    [],
    ["申請 番号", "日付", "科目", "金額"],
    ["0012345", date(2026, 11, 22), "交通費", 1234],
    [None, None, None, None],
    ["0012346", "令和8年11月23日", "会議費", "１，２００円"],
]


async def read(stage: Stage, name: str, **options: Any) -> Table:
    result = await ReadTable(read_table=name, **options).run(stage)
    assert isinstance(result.value, Table)
    return result.value


async def test_a_typed_table_from_a_workbook(stage: Stage) -> None:
    make_book(stage.work_folder / "経費.xlsx", EXPENSES)
    table = await read(stage, "経費.xlsx", columns=COLUMNS)
    assert table.columns == ("申請番号", "日付", "科目", "金額")
    assert [dict(row) for row in table] == [
        {"申請番号": "0012345", "日付": date(2026, 11, 22), "科目": "交通費", "金額": Decimal(1234)},
        {"申請番号": "0012346", "日付": date(2026, 11, 23), "科目": "会議費", "金額": Decimal(1200)},
    ]
    assert str(table[1].source) == "経費.xlsx › 経費 › 6"


async def test_a_written_book_reads_back(stage: Stage) -> None:
    make_book(stage.work_folder / "経費.xlsx", EXPENSES)
    rows = await read(stage, "経費.xlsx", columns=COLUMNS)
    for name in ("out/結果.xlsx", "out/結果.csv"):
        await WriteTable(write_table=name, rows=rows, sheet="結果").run(stage)
        again = await read(stage, name, columns=COLUMNS)
        assert [dict(row) for row in again] == [dict(row) for row in rows]
        with pytest.raises(BusinessError, match="exists already"):
            await WriteTable(write_table=name, rows=rows).run(stage)
        await WriteTable(write_table=name, rows=rows, replace=True).run(stage)
