"""A large sheet read slice by slice: the rows that reading it whole gives."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bofbot.adapters.tables import Wanted, read_table, stream_table
from bofbot.adapters.workbooks import sheetstream, zips
from bofbot.adapters.workbooks.newbook import NewSheet, write_book
from bofbot.adapters.workbooks.sheets import open_book
from bofbot.adapters.workbooks.sheetstream import NotStreamed

CELLS = ["あ", "a & b <c>", " spaced ", "two\nlines", "</row>", 5, -0.5, 1e20, True, None, date(2026, 1, 5), datetime.fromisoformat("2026-01-05 09:30"), time(9, 30), timedelta(hours=30)]  # fmt: skip


@pytest.fixture(autouse=True)
def small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if a few rows were much."""
    monkeypatch.setattr(sheetstream, "LARGE", 0)
    monkeypatch.setattr(sheetstream, "SLICE", 2_000)
    monkeypatch.setattr(zips, "_CHUNK", 100)


def book_of(path: Path, seed: int) -> Path:
    """A sheet with every kind of cell, gaps between rows, an empty column at the left and dates in two formats."""
    dice = random.Random(seed)
    book = openpyxl.Workbook()
    sheet: Any = book.active
    other = book.create_sheet("other")
    other["A1"] = "a text of another sheet"
    row = dice.randint(1, 3)
    for _ in range(120):
        for column in dice.sample(range(2, 7), 4):
            cell = sheet.cell(row, column, dice.choice(CELLS))
            if isinstance(cell.value, date) and dice.random() < 0.3:
                cell.number_format = "ggge年m月d日"
        row += dice.choice((1, 1, 1, 1, 4))
    book.save(path)
    return path


@pytest.mark.parametrize("seed", range(4))
def test_slices_give_the_rows_of_the_whole(tmp_path: Path, seed: int) -> None:
    book = open_book(book_of(tmp_path / "book.xlsx", seed))
    sheet = book.sheet_named("Sheet")
    stream = book.streamed(sheet)
    assert stream is not None
    streamed = list(stream.rows())
    whole = list(enumerate(book.rows(sheet), start=1))
    assert stream.height == len(whole) == len(streamed)
    for (number, cells), (number_too, cells_too) in zip(streamed, whole, strict=True):
        assert number == number_too
        padded = cells + [""] * (len(cells_too) - len(cells))
        assert list(map(repr, padded)) == list(map(repr, cells_too))


def test_a_new_book_of_our_own_is_read_in_slices(tmp_path: Path) -> None:
    rows = [{"番号": f"{n:04}", "日付": date(2026, 1, 1) + timedelta(days=n)} for n in range(300)]
    write_book(tmp_path / "book.xlsx", [NewSheet("S", ("番号", "日付"), rows)])
    streamed = stream_table(tmp_path / "book.xlsx", Wanted(), lean=True)
    assert tuple(streamed.rows) == read_table(tmp_path / "book.xlsx", Wanted())[0].rows


def test_a_small_sheet_is_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheetstream, "LARGE", 1_000_000)
    assert open_book(book_of(tmp_path / "book.xlsx", 1)).streamed("Sheet") is None


@pytest.mark.parametrize(
    ("sign", "other"), [(b' r="', b' q="'), (b"<sheetData", b"<x:sheetData")], ids=["no numbers", "prefixed"]
)
def test_a_sheet_that_cannot_be_cut_is_refused(tmp_path: Path, sign: bytes, other: bytes) -> None:
    book = open_book(book_of(tmp_path / "book.xlsx", 2))
    parts = book.file.zip
    assert parts is not None
    name = "xl/worksheets/sheet1.xml"
    xml = parts.read(name).replace(sign, other)
    new = zips.pack([xml], parts.parts[name])
    with (tmp_path / "other.xlsx").open("wb") as file:
        parts.copy_to(file, {name: new})
    stream = open_book(tmp_path / "other.xlsx").streamed("Sheet")
    assert stream is not None
    with pytest.raises(NotStreamed):
        list(stream.rows())
