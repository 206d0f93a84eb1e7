"""Tables are read, written and written back on real files, made here."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bofbot.action import Item
from bofbot.actions.table import ReadTable, WriteBack, WriteTable
from bofbot.errors import BusinessError
from bofbot.records import Row, Table

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


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as book:
        assert book.testzip() is None
        return {name: book.read(name) for name in book.namelist()}


async def write_back(stage: Stage, row: Row, values: dict[str, Any], **options: Any) -> str:
    stage.item = Item(key="", index=1, value=row)
    result = await WriteBack(write_back=values, **options).run(stage)
    assert result.summary
    return str(result.summary)


async def test_a_receipt_is_written_into_its_own_row(stage: Stage) -> None:
    path = stage.work_folder / "経費.xlsx"
    make_book(path, [*EXPENSES[:2], [*EXPENSES[2], "受付番号"], *EXPENSES[3:]])
    rows = await read(stage, "経費.xlsx", columns=COLUMNS)
    before = parts_of(path)
    assert await write_back(stage, rows[1], {"受付番号": "A-001"}) == "経費.xlsx › 経費 › 6"
    after = parts_of(path)
    assert {name for name in before if before[name] != after[name]} == {"xl/worksheets/sheet1.xml"}
    sheet = openpyxl.load_workbook(path)["経費"]
    assert sheet["E6"].value == "A-001"
    assert [cell.value for cell in sheet[4]] == ["0012345", datetime(2026, 11, 22), "交通費", 1234, None]  # noqa: DTZ001
    content = path.read_bytes()
    assert await write_back(stage, rows[1], {"受付番号": "A-001"}) == "already written"
    assert path.read_bytes() == content


@pytest.mark.parametrize(("encoding", "newline"), [("cp932", "\r\n"), ("utf-8-sig", "\n"), ("utf-8", "\r\n")])
async def test_untouched_lines_of_a_csv_stay_byte_for_byte(stage: Stage, encoding: str, newline: str) -> None:
    path = stage.work_folder / "入金.csv"
    lines = ['"番号",摘要,金額,結果', '001,"ﾔﾏﾀﾞ, ﾀﾛｳ","1,200",', '002,"二行', 'の摘要",300,""', "003,髙﨑,5"]
    path.write_bytes(newline.join(lines).encode(encoding))
    rows = await read(stage, "入金.csv", columns={"番号": "code", "摘要": "text", "金額": "yen"})
    assert [row.source.row for row in rows] == [2, 3, 5]
    await write_back(stage, rows[1], {"結果": "済"})
    await write_back(stage, rows[2], {"結果": '=cmd|"/c"'})
    lines[3] = 'の摘要",300,"済"'
    lines[4] = '003,髙﨑,5,"\'=cmd|""/c"""'
    assert path.read_bytes() == newline.join(lines).encode(encoding)


async def test_a_cp932_character_with_two_codes_keeps_its_bytes(stage: Stage) -> None:
    path = stage.work_folder / "入金.csv"
    path.write_bytes(b"no,a,b\r\n1,\x87\x90,\r\n2,x,\r\n")  # ≒ of NEC; encoding it again would give 81 E0
    rows = await read(stage, "入金.csv", columns={"no": "code", "a": "text"})
    await write_back(stage, rows[1], {"b": "済"})
    assert path.read_bytes() == b"no,a,b\r\n1,\x87\x90,\r\n2,x," + "済".encode("cp932") + b"\r\n"
