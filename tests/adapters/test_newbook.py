"""New workbooks: every cell of the type its value has, nothing from data ever a formula."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bofbot.adapters.newbook import NewSheet, write_book
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
