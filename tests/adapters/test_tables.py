"""Tables out of files: headings found, cells typed, every wrong cell named."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bofbot.adapters.tables import Wanted, read_table
from bofbot.adapters.writeback import write_back
from bofbot.errors import BusinessError
from bofbot.records import Row, Table

Fill = Callable[[Any], None]


def book(path: Path, rows: list[list[Any]], fill: Fill = lambda sheet: None) -> Path:
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "経費"
    for row in rows:
        sheet.append(row)
    fill(sheet)
    made.save(path)
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "経費.xlsx"


def table_in(path: Path, columns: dict[str, str] | None = None, **options: Any) -> Table:
    return read_table(path, Wanted(columns=columns or {}, **options))[0]


def plain(table: Table) -> list[dict[str, Any]]:
    return [dict(row) for row in table]


def refusal(path: Path, columns: dict[str, str] | None = None, **options: Any) -> BusinessError:
    with pytest.raises(BusinessError) as caught:
        table_in(path, columns, **options)
    assert caught.value.message.ja != caught.value.message.en
    return caught.value


NUMBERS = [["番号", "金額"], ["001", 1200], ["002", 300]]


def test_a_preamble_is_skipped_and_odd_headings_are_known(path: Path) -> None:
    book(path, [["経費一覧"], [None, "2026年10月"], [], ["番 号", "金額\n（円）", "ﾌﾘｶﾞﾅ"], ["001", 5, "ア"]])
    table = table_in(path, {"番号": "code", "金額(円)": "yen", "フリガナ": "text"})
    assert plain(table) == [{"番号": "001", "金額(円)": Decimal(5), "フリガナ": "ア"}]
    assert table[0].source.row == 5


def test_without_names_the_headings_are_found_and_values_stay_as_they_are(path: Path) -> None:
    book(path, [["経費一覧"], [], ["番号", "日付", "金額", None], ["001", date(2026, 11, 22), 1.5, None]])
    table = table_in(path)
    assert table.columns == ("番号", "日付", "金額")
    assert plain(table) == [{"番号": "001", "日付": date(2026, 11, 22), "金額": Decimal("1.5")}]


def test_the_row_of_headings_may_be_said(path: Path) -> None:
    book(path, [["番号", "金額"], ["番号", "金額"], ["001", 1]])
    assert [row.source.row for row in table_in(path, {"番号": "code"}, header=2)] == [3]
    assert "row 9 has no headings" in refusal(path, {"番号": "code"}, header=9).message.en


def test_headings_merged_over_two_rows(path: Path) -> None:
    def merge(sheet: Any) -> None:
        for cells in ("A1:A2", "B1:C1"):
            sheet.merge_cells(cells)

    book(path, [["番号", "金額", None], [None, "税抜", "税込"], ["001", 100, 110]], merge)
    for columns in ({"番号": "code", "税抜": "yen", "税込": "yen"}, {"番号": "code", "金額": "yen"}):
        table = table_in(path, columns)
        assert [row.source.row for row in table] == [3]
    assert plain(table) == [{"番号": "001", "金額": Decimal(100)}]


def test_headings_of_two_rows_without_names(path: Path) -> None:
    """No column is lost when nobody names the columns: the lower row has one heading for each."""

    def merge(sheet: Any) -> None:
        for cells in ("A1:A2", "B1:C1", "D1:E1"):
            sheet.merge_cells(cells)

    rows = [
        ["番号", "前期", None, "当期", None],
        [None, "数量", "金額", "数量", "税込"],
        ["001", 1, 100, 2, 220],
    ]
    book(path, rows, merge)
    table, _ = read_table(path, Wanted())
    assert [dict(row) for row in table] == [
        {"番号": "001", "前期 数量": 1, "金額": 100, "当期 数量": 2, "税込": 220}
    ]
    named, _ = read_table(path, Wanted(columns={"番号": "code", "当期 数量": "integer"}))
    assert [dict(row) for row in named] == [{"番号": "001", "当期 数量": 2}]


def test_a_missing_column_lists_those_there_are_and_the_nearest(path: Path) -> None:
    book(path, [["経費一覧"], *NUMBERS])
    error = refusal(path, {"番号": "code", "金額合計": "yen"})
    assert (
        error.message.en == '経費.xlsx › 経費: there is no column "金額合計" (columns of row 2: 番号, 金額)'
    )
    assert "2 行目の列：番号、金額" in error.message.ja
    assert error.fix
    assert "金額" in error.fix.ja


def test_two_columns_of_one_name(path: Path) -> None:
    book(path, [["番号", "金額", "金 額"], ["001", 1, 2]])
    assert table_in(path, {"番号": "code"}), "it matters only where the column is wanted"
    assert "2 columns are headed" in refusal(path, {"番号": "code", "金 額 ": "yen"}).message.en
    book(path, [["番号", "金額", "金額"], ["001", 1, 2]])
    assert "2 columns are headed" in refusal(path).message.en


def test_every_wrong_cell_is_named(path: Path) -> None:
    book(path, [["番号", "日付", "金額"], ["001", "2026/13/01", "abc"], ["002", date(2026, 1, 2), 1.5]])
    error = refusal(path, {"番号": "code", "日付": "date", "金額": "yen"})
    lines = error.message.ja.splitlines()
    assert lines[0] == "経費.xlsx：3 個のセルに誤りがあります"
    assert lines[1].startswith("  経費.xlsx › 経費 › 2 › 日付：「2026/13/01」")
    assert "経費 › 3 › 金額" in lines[3]
    assert error.sighting.cell
    assert (error.sighting.cell.row, error.sighting.cell.column) == (2, "日付")
    assert [candidate.label for candidate in error.sighting.candidates][-1] == "経費.xlsx › 経費 › 3 › 金額"


def test_at_most_twenty_wrong_cells_are_listed(path: Path) -> None:
    book(path, [["金額"], *[["x"] for _ in range(30)]])
    message = refusal(path, {"金額": "yen"}).message
    assert message.en.startswith("経費.xlsx: 30 cells are wrong")
    assert len(message.en.splitlines()) == 22
    assert message.en.endswith("… and 10 more")


def test_errors_and_uncomputed_formulas_are_no_blanks(path: Path) -> None:
    def fill(sheet: Any) -> None:
        sheet["B2"] = "#N/A"
        sheet["B3"] = "=1+1"

    book(path, [["番号", "金額"], ["001", None], ["002", None]], fill)
    message = refusal(path, {"番号": "code", "金額": "yen"}).message.en
    assert "経費 › 2 › 金額: the cell shows the error #N/A" in message
    assert "経費 › 3 › 金額: its formula has never been computed" in message


def test_leading_zeros_that_only_the_format_shows_are_kept(path: Path) -> None:
    def fill(sheet: Any) -> None:
        sheet["A2"].number_format = "0000000"

    book(path, [["口座"], [12345], [678]], fill)
    assert [row["口座"] for row in table_in(path, {"口座": "code"})] == ["0012345", "678"]
    assert [row["口座"] for row in table_in(path, {"口座": "code(7)"})] == ["0012345", "0000678"]


def test_hidden_rows_are_read_and_told(path: Path) -> None:
    def hide(sheet: Any) -> None:
        sheet.row_dimensions[3].hidden = True

    book(path, NUMBERS, hide)
    table, remarks = read_table(path, Wanted(columns={"番号": "code"}))
    assert len(table) == 2
    assert [remark.en for remark in remarks] == [
        "1 of the 2 rows are hidden or filtered out in the sheet; they were read too"
    ]


def test_blank_rows_blank_cells_and_the_totals_row(path: Path) -> None:
    book(
        path,
        [
            ["番号", "摘要", "金額"],
            ["001", None, None],
            [None, " ", None],
            ["合 計", None, 9],
            ["002", "x", 1],
        ],
    )
    columns = {"番号": "text", "摘要": "text", "金額": "yen"}
    assert [row.source.row for row in table_in(path, columns)] == [2, 4, 5]
    assert plain(table_in(path, columns, until="合計")) == [{"番号": "001", "摘要": "", "金額": None}]
    assert [row.source.row for row in table_in(path, columns, skip_blank=False)] == [2, 3, 4, 5]
    assert (
        "経費 › 2 › 金額: it is empty" in refusal(path, columns, required=("金額",), until="合計").message.en
    )


def test_the_only_visible_sheet_needs_no_name(path: Path) -> None:
    made = openpyxl.Workbook()
    made.active.title = "経費"
    for row in NUMBERS:
        made.active.append(row)
    made.create_sheet("設定").sheet_state = "hidden"
    made.save(path)
    assert len(table_in(path, {"番号": "code"})) == 2
    made.create_sheet("控え")
    made.save(path)
    error = refusal(path, {"番号": "code"})
    assert "経費、控え" in error.message.ja
    assert len(table_in(path, {"番号": "code"}, sheet="経 費")) == 2
    error = refusal(path, {"番号": "code"}, sheet="経費2")
    assert error.fix
    assert "経費" in error.fix.ja


def test_an_empty_sheet(path: Path) -> None:
    book(path, [])
    assert "the sheet is empty" in refusal(path, {"番号": "code"}).message.en
    book(path, [["番号", "金額"]])
    assert plain(table_in(path, {"番号": "code"})) == []


@pytest.mark.slow
def test_books_of_other_formats_are_read(tmp_path: Path) -> None:
    soffice = shutil.which("soffice")
    if not soffice:
        pytest.skip("LibreOffice (soffice) is not installed: no .xls and .ods to read")
    book(tmp_path / "a.xlsx", [["番号", "金額", "日付"], ["001", 1200, date(2026, 11, 22)]])
    for ending in ("xls", "ods"):
        command = [soffice, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless"]
        command += ["--convert-to", ending, "--outdir", str(tmp_path), str(tmp_path / "a.xlsx")]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        table = table_in(tmp_path / f"a.{ending}", {"番号": "code", "金額": "yen", "日付": "date"})
        assert plain(table) == [{"番号": "001", "金額": Decimal(1200), "日付": date(2026, 11, 22)}]
        with pytest.raises(BusinessError, match=r"only .xlsx and .xlsm workbooks"):
            write_back(tmp_path / f"a.{ending}", table[0], {"金額": 5})


def test_a_cp932_csv_with_its_line_numbers(tmp_path: Path) -> None:
    path = tmp_path / "入金.csv"
    path.write_bytes(
        '口座明細\r\n\r\n取引日,摘要,入金額\r\nR8.11.22,"ﾔﾏﾀﾞ\r\nﾀﾛｳ","1,200"\r\n2026/11/24,x,▲5\r\n'.encode(
            "cp932"
        )
    )
    table = table_in(path, {"取引日": "date", "入金額": "yen"})
    assert plain(table) == [
        {"取引日": date(2026, 11, 22), "入金額": Decimal(1200)},
        {"取引日": date(2026, 11, 24), "入金額": Decimal(-5)},
    ]
    assert [row.source.row for row in table] == [4, 6]


def test_long_tables_tell_how_far_they_are(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("番号\n" + "1\n" * 5000, encoding="utf-8")
    seen: list[tuple[int, int]] = []
    table, _ = read_table(
        path, Wanted(columns={"番号": "code"}), progress=lambda done, total: seen.append((done, total))
    )
    assert len(table) == 5000
    assert seen == [(2000, 5001), (4000, 5001)]
    assert isinstance(table[0], Row)
