"""openpyxl edits only what it keeps whole; the rest is refused by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bofbot.adapters.workbooks.bookfile import read_book_file
from bofbot.adapters.workbooks.books import edit_book, lost_by_saving
from bofbot.errors import ApplicationError, BusinessError

from .feature_book import make_feature_book


def add_sheet(book: Any) -> None:
    book.create_sheet("結果")["A1"] = "済"


def test_a_plain_book_is_edited(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    made = openpyxl.Workbook()
    made.active["A1"] = "x"
    made.save(path)
    assert lost_by_saving(read_book_file(path)) == ()
    edit_book(path, add_sheet)
    assert openpyxl.load_workbook(path)["結果"]["A1"].value == "済"


def test_a_rich_book_is_refused_and_its_losses_named(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsm"
    make_feature_book(path)
    before = path.read_bytes()
    with pytest.raises(BusinessError, match="would lose") as caught:
        edit_book(path, add_sheet)
    for thing in (
        "charts",
        "images",
        "pivot tables",
        "slicers",
        "macros",
        "custom XML",
        "sparklines",
        "form controls",
    ):
        assert thing in caught.value.message.en
    for thing in ("グラフ", "画像", "ピボットテーブル", "スライサー", "マクロ"):
        assert thing in caught.value.message.ja
    assert path.read_bytes() == before


def test_a_failed_change_leaves_the_book(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    openpyxl.Workbook().save(path)
    before = path.read_bytes()

    def meddle(book: Any) -> None:
        path.write_bytes(before + b" ")

    with pytest.raises(ApplicationError, match="changed by somebody else"):
        edit_book(path, meddle)
    path.write_bytes(before)
    with pytest.raises(ZeroDivisionError):
        edit_book(path, lambda book: 1 / 0)  # type: ignore[arg-type,return-value]
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.xlsx"]
