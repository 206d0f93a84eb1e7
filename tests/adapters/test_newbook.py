"""New workbooks: every cell of the type its value has, nothing from data ever a formula."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from bofbot.adapters.workbooks import libreoffice, newsheet
from bofbot.adapters.workbooks.newbook import NewSheet, write_book
from bofbot.adapters.workbooks.sheets import open_book
from bofbot.errors import BusinessError
from bofbot.secret import Secret

ROW: dict[str, Any] = {
    "番号": "0012345",
    "式": "=1+1",
    "金額": Decimal(-1234567),
    "率": Decimal("0.105"),
    "日付": date(2026, 11, 22),
    "時刻": datetime(2026, 11, 22, 9, 30),  # noqa: DTZ001
    "時": time(18, 5),
    "済": True,
    "空": None,
    "桁": 12345678901234567890,
    "件数": 2026,
}


def test_types_formats_and_widths(tmp_path: Path) -> None:
    path = tmp_path / "out" / "結果.xlsx"
    write_book(path, [NewSheet("結果", tuple(ROW), [ROW]), NewSheet("空", ("a", "b"), [])])
    book = openpyxl.load_workbook(path)
    sheet = book["結果"]
    cells = {heading.value: cell for heading, cell in zip(sheet[1], sheet[2], strict=True)}
    assert {name: cell.value for name, cell in cells.items()} == {
        **ROW, "金額": -1234567, "率": 0.105, "日付": datetime(2026, 11, 22), "時": "18:05:00", "桁": "12345678901234567890",  # noqa: DTZ001
    }  # fmt: skip
    assert cells["式"].data_type in ("s", "inlineStr")
    assert cells["式"].quotePrefix
    assert cells["金額"].number_format == "#,##0"
    assert cells["率"].number_format == "#,##0.000"
    assert cells["日付"].number_format == "yyyy-mm-dd"
    assert cells["件数"].number_format == "General"
    assert sheet.freeze_panes == "A2"
    assert sheet["A1"].font.b
    assert sheet.column_dimensions["A"].width > 8
    assert [cell.value for cell in book["空"][1]] == ["a", "b"]


@pytest.mark.parametrize("name", ["", "x" * 32, "a/b", "a[1]", "'a"])
def test_names_that_no_sheet_can_have(tmp_path: Path, name: str) -> None:
    with pytest.raises(BusinessError, match="cannot be the name of a sheet"):
        write_book(tmp_path / "a.xlsx", [NewSheet(name, ("a",), [{"a": 1}])])
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("value", [["x"], {"a": 1}, Secret("pw")])
def test_what_no_cell_can_hold_leaves_no_file(tmp_path: Path, value: Any) -> None:
    with pytest.raises(BusinessError, match=r"a.xlsx › s › 3 › a: a cell cannot hold"):
        write_book(tmp_path / "a.xlsx", [NewSheet("s", ("a",), [{"a": 1}, {"a": value}])])
    with pytest.raises(BusinessError, match="32,767"):
        write_book(tmp_path / "a.xlsx", [NewSheet("s", ("a",), [{"a": "x" * 40_000}])])
    assert not list(tmp_path.iterdir())


def test_too_many_rows(tmp_path: Path) -> None:
    rows = [{"a": 1}] * 1_048_576
    with pytest.raises(BusinessError, match="do not fit a sheet"):
        write_book(tmp_path / "a.xlsx", [NewSheet("s", ("a",), rows)])


TEXTS = ["", " ", "普通", " led by a blank", "two\nlines", "a&b<c>\"d'", "_x0041_", "tab\tbell\x07", "\r", "＝１", "😀", "x" * 300]  # fmt: skip
VALUES: list[Any] = [*TEXTS, None, True, False, 0, -5, 10**14, 1.5, 1e-7, 1e300, Decimal("0.10"), Decimal("-1234567.89"), date(2026, 11, 22), date(1900, 3, 1), datetime(2026, 11, 22, 9, 30)]  # fmt: skip  # noqa: DTZ001


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(TEXTS), *[st.sampled_from(VALUES)] * 3), max_size=12), st.data())
def test_what_is_written_is_read_by_two_other_libraries(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[Any, ...]], data: st.DataObject
) -> None:
    """Columns of one kind and of many, with gaps, across parts of the sheet that are made one after the other."""
    path = tmp_path_factory.getbasetemp() / "back.xlsx"
    pure = data.draw(st.sampled_from([int, float, Decimal, date, str]))
    records = [
        {"a": a, "b": b, "c": c, "d": d if type(d) in (pure, type(None)) else None} for a, b, c, d in rows
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(newsheet, "_CHUNK", 5)
        write_book(path, [NewSheet("結果 & <表>", ("a", "b", "c", "d"), records)])
    sheet = openpyxl.load_workbook(path)["結果 & <表>"]
    for number, record in enumerate(records, start=2):
        for column, (name, value) in enumerate(record.items(), start=1):
            assert like(value) in both(sheet.cell(number, column).value), (name, number)
    book = open_book(path)
    read = list(book.rows("結果 & <表>"))
    for row, record in zip(read[1:], records, strict=False):
        assert like(record["a"]) in both(row[0])


def both(value: Any) -> tuple[Any, Any]:
    """What a library read, and that with `_x0007_` read as Excel does: not all of them do so."""
    return like(value), unescape(value) if isinstance(value, str) else like(value)


def like(value: Any) -> Any:
    """A value as it must come back: numbers as numbers, days as moments, nothing for empty text."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001
    return value


def test_dates_that_excel_does_not_know_are_text(tmp_path: Path) -> None:
    write_book(
        tmp_path / "a.xlsx", [NewSheet("s", ("日",), [{"日": date(1868, 10, 23)}, {"日": date(2026, 1, 1)}])]
    )
    cells = [row[0].value for row in openpyxl.load_workbook(tmp_path / "a.xlsx")["s"].iter_rows()]
    assert cells == ["日", "1868-10-23", datetime(2026, 1, 1)]  # noqa: DTZ001


def test_the_same_sheets_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_book(tmp_path / name, [NewSheet("結果", tuple(ROW), [ROW])])
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


@pytest.mark.slow
@pytest.mark.skipif(libreoffice.program() is None, reason="LibreOffice (soffice) is not installed")
def test_libreoffice_reads_every_kind_of_cell(tmp_path: Path) -> None:
    path = tmp_path / "結果.xlsx"
    write_book(path, [NewSheet("結果", tuple(ROW), [ROW, {"番号": "髙﨑 <&> ｶﾅ", "済": False}])])
    saved = tmp_path / "saved.xlsx"
    saved.write_bytes(libreoffice.recomputed(path.read_bytes()))
    ours, theirs = (openpyxl.load_workbook(one, data_only=True)["結果"] for one in (path, saved))
    assert [[cell.value for cell in row] for row in theirs] == [[cell.value for cell in row] for row in ours]
    assert [cell.number_format for cell in theirs[2][2:6]] == [
        "#,##0", "#,##0.000", "yyyy\\-mm\\-dd", "yyyy\\-mm\\-dd\\ hh:mm:ss"
    ]  # fmt: skip
