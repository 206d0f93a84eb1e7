"""Tables are read, written and written back on real files, made here."""

from __future__ import annotations

import asyncio
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pydantic import ValidationError

from bofbot.action import Item
from bofbot.actions.sheets.table import ReadTable, WriteTable
from bofbot.actions.sheets.write_back import WriteBack
from bofbot.errors import ApplicationError, BusinessError
from bofbot.records import Row, Table
from bofbot.secret import Secret

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


TABLE: list[list[Any]] = [
    ["番号", "日付", "金額", "状態", "受付番号"],
    ["001", date(2026, 11, 1), 100, None, None],
    ["002", date(2026, 11, 2), 200, None, None],
    ["003", date(2026, 11, 3), 300, None, None],
]
TYPES = {"番号": "code", "日付": "date", "金額": "yen", "受付番号": "text"}


@pytest.fixture
async def rows(stage: Stage) -> Table:
    make_book(stage.work_folder / "経費.xlsx", TABLE)
    return await read(stage, "経費.xlsx", columns=TYPES)


def column(path: Path, letter: str) -> list[Any]:
    return [cell.value for cell in openpyxl.load_workbook(path).active[letter][1:]]


async def refused(stage: Stage, row: Row, values: dict[str, Any], **options: Any) -> BusinessError:
    path = stage.work_folder / "経費.xlsx"
    before = path.read_bytes()
    with pytest.raises(BusinessError) as caught:
        await write_back(stage, row, values, **options)
    assert path.read_bytes() == before
    return caught.value


async def test_several_values_and_several_times_in_one_run(stage: Stage, rows: Table) -> None:
    path = stage.work_folder / "経費.xlsx"
    for number, row in enumerate(rows, start=1):
        await write_back(stage, row, {"受付番号": f"A-{number}"})
        await write_back(stage, row, {"状態": "済", "金額": Decimal(number)})
        await write_back(stage, row, {"状態": "完了"})
    assert column(path, "E") == ["A-1", "A-2", "A-3"]
    assert column(path, "D") == ["完了"] * 3
    assert column(path, "C") == [1, 2, 3]


async def test_a_sorted_sheet_is_not_written_into(stage: Stage, rows: Table) -> None:
    make_book(stage.work_folder / "経費.xlsx", [TABLE[0], *reversed(TABLE[1:])])
    error = await refused(stage, rows[0], {"受付番号": "A-1"})
    assert error.message.en.startswith("経費.xlsx › 経費 › 2: this is not the row that was read any more")
    assert error.fix
    assert "現在は 4 行目" in error.fix.ja
    assert error.sighting.cell
    assert error.sighting.cell.column == "番号"


async def test_an_edited_or_deleted_row_is_not_written_into(stage: Stage, rows: Table) -> None:
    make_book(stage.work_folder / "経費.xlsx", [*TABLE[:2], ["002", date(2026, 11, 2), 201, None, None]])
    assert "(金額 differs)" in (await refused(stage, rows[1], {"受付番号": "A-1"})).message.en
    await refused(stage, rows[2], {"受付番号": "A-1"})


async def test_a_moved_column_is_found_by_its_heading(stage: Stage, rows: Table) -> None:
    path = stage.work_folder / "経費.xlsx"
    make_book(path, [[None], *[[None, *reversed(row)] for row in TABLE]])
    error = await refused(stage, rows[0], {"受付番号": "A-1"})
    assert error.fix
    assert "現在は 3 行目" in error.fix.ja, "a line was put above the headings"
    make_book(path, [[None, *reversed(row)] for row in TABLE])
    await write_back(stage, rows[0], {"受付番号": "A-1"})
    assert column(path, "B") == ["A-1", None, None]


async def test_a_missing_column_is_refused_or_added(stage: Stage, rows: Table) -> None:
    error = await refused(stage, rows[1], {"受付No": "A-2"})
    assert "there is no column" in error.message.en
    assert "番号、日付、金額、状態、受付番号" in error.message.ja
    assert error.fix
    assert "add_columns: true" in error.fix.ja
    await write_back(stage, rows[1], {"確認日": date(2026, 11, 22)}, add_columns=True)
    await write_back(stage, rows[2], {"確認日": date(2026, 11, 23)}, add_columns=True)
    sheet = openpyxl.load_workbook(stage.work_folder / "経費.xlsx").active
    assert [str(cell.value) for cell in sheet["F"]] == [
        "確認日",
        "None",
        "2026-11-22 00:00:00",
        "2026-11-23 00:00:00",
    ]
    assert sheet["F3"].is_date


async def test_a_book_that_is_open_is_named_with_its_holder(stage: Stage, rows: Table) -> None:
    (stage.work_folder / ".~lock.経費.xlsx#").write_text(
        ",花子,pc-07,22.11.2026 09:00,file:///x;", encoding="utf-8"
    )
    stage.item = Item("", 1, rows[0])
    with pytest.raises(ApplicationError) as caught:
        await WriteBack(write_back={"受付番号": "A-1"}).run(stage)
    assert "花子" in caught.value.message.ja
    assert len(await read(stage, "経費.xlsx", columns=TYPES)) == 3, "reading goes on"
    with pytest.raises(ApplicationError):
        await WriteTable(write_table="経費.xlsx", rows=rows, replace=True).run(stage)


async def test_a_renamed_book_and_a_renamed_sheet(stage: Stage, rows: Table) -> None:
    path = stage.work_folder / "経費.xlsx"
    make_book(path, TABLE, sheet="支払")
    assert "has no sheet" in (await refused(stage, rows[0], {"受付番号": "A-1"})).message.en
    path.rename(path.with_name("経費_済.xlsx"))
    with pytest.raises(BusinessError, match="there is no file") as caught:
        await write_back(stage, rows[0], {"受付番号": "A-1"})
    assert caught.value.fix
    assert "経費_済.xlsx" in caught.value.fix.ja


@pytest.mark.parametrize("name", ["経費.xlsx", "経費.csv"])
async def test_what_would_stop_every_row_is_foreseen_and_nothing_is_written(stage: Stage, name: str) -> None:
    path = stage.work_folder / name
    if name.endswith("csv"):
        path.write_bytes("番号,受付番号\r\n001,\r\n002,\r\n".encode("cp932"))
    else:
        make_book(path, [["番号", "受付番号"], ["001", ""], ["002", ""]])
    rows = await read(stage, name, columns={"番号": "code"})
    before = path.read_bytes()
    stage.item = Item("001", 1, rows[0])
    await WriteBack(write_back={"受付番号": "${receipt}"}).foresee(stage)
    await WriteBack(write_back={"結果": "済"}, add_columns=True).foresee(stage)
    with pytest.raises(BusinessError, match="there is no column"):
        await WriteBack(write_back={"受付番号": "x", "結果": "済"}).foresee(stage)
    path.with_name(f".~lock.{name}#").write_text(",佐藤,PC-7,", encoding="utf-8")
    with pytest.raises(ApplicationError, match="佐藤"):
        await WriteBack(write_back={"受付番号": "x"}).foresee(stage)
    assert path.read_bytes() == before


async def test_only_a_row_of_a_file_can_be_written_back(stage: Stage, rows: Table) -> None:
    for item in (None, Item("", 1, "text"), Item("", 1, Row({"番号": "001"}))):
        stage.item = item
        with pytest.raises(BusinessError, match="no row to write back into"):
            await WriteBack(write_back={"受付番号": "A-1"}).run(stage)
    stage.item = None
    await WriteBack(write_back={"受付番号": "A-1"}, row=rows[0]).run(stage)
    assert column(stage.work_folder / "経費.xlsx", "E")[0] == "A-1"
    await refused(stage, rows[1], {"受付番号": Secret("pw")})


async def test_a_new_column_in_a_csv(stage: Stage) -> None:
    path = stage.work_folder / "入金.csv"
    path.write_bytes("番号,摘要\r\n001,x\r\n002,y\r\n".encode("cp932"))
    rows = await read(stage, "入金.csv", columns={"番号": "code"}, encoding="shift_jis")
    await write_back(stage, rows[1], {"結果": "済"}, add_columns=True)
    assert path.read_bytes() == "番号,摘要,結果\r\n001,x,\r\n002,y,済\r\n".encode("cp932")
    with pytest.raises(BusinessError, match="cp932 has no character"):
        await write_back(stage, rows[0], {"結果": "𠮷"})


async def test_the_encoding_a_csv_was_read_in_is_the_one_it_is_written_in(stage: Stage) -> None:
    path = stage.work_folder / "a.csv"
    path.write_bytes(b"no,result\n1,\n")
    rows = await read(stage, "a.csv", columns={"no": "code"}, encoding="cp932")
    await write_back(stage, rows[0], {"result": "済"})
    assert path.read_bytes() == "no,result\n1,済\n".encode("cp932")


async def test_tables_written_from_mappings_and_refused_ones(stage: Stage) -> None:
    await WriteTable(write_table="a.csv", rows=[{"a": 1}, {"b": "=x"}], encoding="cp932").run(stage)
    assert (stage.work_folder / "a.csv").read_bytes() == b"a,b\r\n1,\r\n,'=x\r\n"
    with pytest.raises(BusinessError, match="must be rows of a table"):
        await WriteTable(write_table="b.csv", rows="text").run(stage)
    with pytest.raises(BusinessError, match='no column "c"'):
        await WriteTable(write_table="b.csv", rows=[{"a": 1}], columns=("c",)).run(stage)
    with pytest.raises(BusinessError, match=r"only \.xlsx"):
        await WriteTable(write_table="b.pdf", rows=[{"a": 1}]).run(stage)
    await WriteTable(write_table="b.csv", rows=[], columns=("a", "b"), delimiter="\t").run(stage)
    assert (stage.work_folder / "b.csv").read_bytes() == b"\xef\xbb\xbfa\tb\r\n"


def test_what_the_verbs_say_before_they_run() -> None:
    reading = ReadTable(read_table="経費.xlsx", sheet="経費", columns=TYPES)
    assert reading.sentence().ja == "経費.xlsx のシート「経費」の表を読み込む"
    assert reading.columns_made() == tuple(TYPES)
    assert ReadTable(read_table="a.csv").columns_made() is None
    writing = WriteBack(write_back={"受付番号": "A-1"})
    assert writing.columns_written() == ("受付番号",)
    assert WriteBack(write_back={"受付番号": "A-1"}, row="x").columns_written() == ()
    with pytest.raises(ValidationError, match='there is no type "yenn"; did you mean yen'):
        ReadTable(read_table="a.csv", columns={"金額": "yenn"})
    with pytest.raises(ValidationError, match='there is no encoding "utf-9"'):
        WriteTable(write_table="a.csv", rows=[], encoding="utf-9")


async def test_a_cancelled_reading_ends_soon(stage: Stage) -> None:
    path = stage.work_folder / "a.csv"
    path.write_text("番号,金額\n" + "".join(f"{n},{n}円\n" for n in range(300_000)), encoding="utf-8")
    reading = asyncio.ensure_future(
        ReadTable(read_table="a.csv", columns={"番号": "code", "金額": "yen"}).run(stage)
    )
    while not stage.advances:  # noqa: ASYNC110  (progress is plain data here)
        await asyncio.sleep(0.01)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    await asyncio.get_running_loop().shutdown_default_executor()  # waits for the thread
    assert stage.advances[-1][0] < 300_000, "the thread must not read on"
