"""Cells change; every other byte of the workbook stays."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bofbot.adapters.workbooks.bookparts import column_letters, column_number
from bofbot.adapters.workbooks.patch import patch_cells
from bofbot.adapters.workbooks.sheets import open_book
from bofbot.adapters.workbooks.zips import Zip
from bofbot.errors import ApplicationError, BusinessError

from .feature_book import SHEET, make_feature_book

FORMULA_CELL, PLAIN, STYLED, NEW_ROW, DATE, LOOKS_LIKE_FORMULA = (
    (4, 7),
    (4, 3),
    (5, 8),
    (40, 9),
    (5, 9),
    (6, 8),
)

CHANGES: dict[tuple[int, int], Any] = {
    FORMULA_CELL: Decimal("123.45"),
    PLAIN: "会議費 <急ぎ> & 「確認」",
    STYLED: "A-0001",
    LOOKS_LIKE_FORMULA: "=1+1",
    DATE: date(2026, 11, 22),
    (7, 8): True,
    (8, 5): None,
    NEW_ROW: " 先頭と\n末尾 ",
}


@pytest.fixture(scope="module")
def feature_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("book") / "経費.xlsm"
    make_feature_book(path)
    return path


@pytest.fixture
def book(feature_book: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(feature_book, tmp_path / "経費.xlsm"))


def raw_entries(path: Path) -> dict[str, bytes]:
    """Every part as it lies in the file: its packed bytes with their local header."""
    packed = Zip.of(path)
    return {name: packed._data[part.start : part.end] for name, part in packed.parts.items()}


def test_only_the_sheet_and_what_formulas_need_change(feature_book: Path, book: Path) -> None:
    patched = patch_cells(book, SHEET, CHANGES)
    before, after = raw_entries(feature_book), raw_entries(book)
    assert list(before) == list(after), "the same parts in the same order"
    assert len(before) >= 39
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/calcChain.xml", "xl/workbook.xml"}
    assert changed == set(patched.parts)
    with zipfile.ZipFile(book) as zipped:
        assert zipped.testzip() is None
        assert zipped.comment == b"made by hand"


def test_outside_the_cells_the_sheet_is_the_same_text(feature_book: Path, book: Path) -> None:
    patch_cells(book, SHEET, CHANGES)
    old, new = (Zip.of(path).read("xl/worksheets/sheet1.xml").decode() for path in (feature_book, book))
    old_head, old_tail = re.split("<sheetData>.*</sheetData>", old, flags=re.DOTALL)
    new_head, new_tail = re.split("<sheetData>.*</sheetData>", new, flags=re.DOTALL)
    assert new_tail == old_tail
    assert new_head == old_head.replace('<dimension ref="A1:K12"/>', '<dimension ref="A1:K40"/>')
    touched = {f"{column_letters(column)}{row}" for row, column in CHANGES}
    cells = re.compile(r'<c r="([A-Z]+\d+)".*?(?:/>|</c>)', re.DOTALL)
    old_cells = {found[1]: found[0] for found in cells.finditer(old)}
    new_cells = {found[1]: found[0] for found in cells.finditer(new)}
    assert {ref: xml for ref, xml in new_cells.items() if ref not in touched} == {
        ref: xml for ref, xml in old_cells.items() if ref not in touched
    }
    assert list(new_cells) == sorted(new_cells, key=_in_reading_order)


def _in_reading_order(reference: str) -> tuple[int, int]:
    letters = reference.rstrip("0123456789")
    return int(reference[len(letters) :]), column_number(letters)


def test_formulas_are_computed_on_load_and_the_chain_forgets_the_replaced_one(book: Path) -> None:
    patch_cells(book, SHEET, CHANGES)
    parts = Zip.of(book)
    chain = parts.read("xl/calcChain.xml").decode()
    assert re.findall(r'r="([A-Z]+\d+)"', chain) == ["G5", "G6", "G7", "G8", "G9", "E11", "A1"]
    assert '<c i="1" r="G5"/>' in chain, "the first of a sheet must say which sheet it is"
    assert parts.read("xl/workbook.xml").count(b'fullCalcOnLoad="1"') == 1
    assert b"<f>" not in re.findall(rb'<c r="G4".*?(?:/>|</c>)', parts.read("xl/worksheets/sheet1.xml"))[0]


@pytest.mark.filterwarnings("ignore:.*extension is not supported")  # what openpyxl would lose
def test_values_are_read_as_they_were_written_by_two_libraries(book: Path) -> None:
    patch_cells(book, SHEET, CHANGES)
    rows = list(open_book(book).rows(SHEET))
    sheet = openpyxl.load_workbook(book, keep_vba=True)[SHEET]
    for (row, column), value in CHANGES.items():
        read, cell = rows[row - 1][column - 1], sheet.cell(row, column)
        if isinstance(value, Decimal):
            assert (read, cell.value) == (123.45, 123.45)
        elif isinstance(value, date):
            assert (read, cell.value) == (value, datetime(2026, 11, 22))  # noqa: DTZ001
        else:
            assert (read, cell.value) == (value if value is not None else "", value)
    assert sheet.cell(*LOOKS_LIKE_FORMULA).data_type != "f"
    assert sheet.cell(*LOOKS_LIKE_FORMULA).quotePrefix
    assert sheet.cell(*STYLED).number_format == "#,##0", "a cell keeps its style"


@pytest.mark.slow
def test_libreoffice_opens_it_and_computes(book: Path, tmp_path: Path) -> None:
    soffice = shutil.which("soffice")
    if not soffice:
        pytest.skip(
            "LibreOffice (soffice) is not installed: the patched book was not opened in an office program"
        )
    patch_cells(book, SHEET, CHANGES)
    profile = (tmp_path / "profile").as_uri()
    command = [
        soffice,
        f"-env:UserInstallation={profile}",
        "--headless",
        "--convert-to",
        "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,1",
    ]
    subprocess.run(
        [*command, "--outdir", str(tmp_path / "out"), str(book)], check=True, capture_output=True, timeout=120
    )
    (made,) = (tmp_path / "out").iterdir()
    rows = list(csv.reader(made.read_text(encoding="utf-8").splitlines(keepends=True)))
    assert rows[4][7] == "A-0001"
    assert rows[3][2] == "会議費 <急ぎ> & 「確認」"
    assert rows[5][7] == "=1+1"
    assert rows[39][8] == " 先頭と\n末尾 "


@pytest.mark.filterwarnings("ignore:.*extension is not supported")
def test_the_last_formula_takes_the_chain_with_it(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsm"
    make_feature_book(path)
    cells = {(row, 7): 1 for row in range(4, 10)} | {(11, 5): 2}
    patch_cells(path, SHEET, cells)
    done = patch_cells(path, "科目別", {(1, 1): 3})
    assert done.dropped == ("xl/calcChain.xml",)
    parts = Zip.of(path)
    assert "xl/calcChain.xml" not in parts.parts
    assert b"calcChain" not in parts.read("[Content_Types].xml") + parts.read("xl/_rels/workbook.xml.rels")
    openpyxl.load_workbook(path, keep_vba=True)


REFUSED: list[tuple[dict[tuple[int, int], Any], str]] = [
    ({(1, 3): "x"}, "C1 is hidden inside a merged cell that begins at A1"),
    ({(11, 7): 1}, "G11 holds a formula that other cells share"),
    ({(4, 8): "x" * 40_000}, "a cell holds 32,767"),
    ({(4, 8): 1234567890123456789}, "Excel keeps 15 digits"),
    ({(4, 8): float("nan")}, "not a number"),
    ({(4, 8): ["list"]}, "cannot hold a list"),
    ({(4, 8): date(1899, 12, 31)}, "Excel has no date 1899-12-31"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "reason"), REFUSED)
def test_what_would_break_the_book_is_refused_and_nothing_is_written(
    book: Path, changes: dict[tuple[int, int], Any], reason: str
) -> None:
    before = book.read_bytes()
    with pytest.raises(BusinessError, match=re.escape(reason)):
        patch_cells(book, SHEET, {(4, 1): "other", **changes})
    assert book.read_bytes() == before
    assert [path.name for path in book.parent.iterdir()] == [book.name]


def test_a_book_changed_meanwhile_is_not_overwritten(book: Path) -> None:
    seen = open_book(book)
    patch_cells(book, SHEET, {(4, 8): "somebody else's"})
    theirs = book.read_bytes()
    with pytest.raises(ApplicationError, match="changed by somebody else"):
        patch_cells(book, SHEET, {(5, 8): "ours"}, seen=seen.file)
    assert book.read_bytes() == theirs


def test_a_signed_book_is_refused(book: Path) -> None:
    with zipfile.ZipFile(book, "a") as zipped:
        zipped.writestr("_xmlsignatures/sig1.xml", "<Signature/>")
    with pytest.raises(BusinessError, match="digitally signed"):
        patch_cells(book, SHEET, {(4, 8): "x"})


def rewritten(path: Path, part: str, change: Callable[[str], str]) -> None:
    with zipfile.ZipFile(path) as zipped:
        content = {info.filename: zipped.read(info) for info in zipped.infolist()}
    content[part] = change(content[part].decode()).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, data in content.items():
            zipped.writestr(name, data)


def small_book(path: Path, rows: list[list[Any]]) -> None:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    made.active.title = SHEET
    made.save(path)


PART = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    "change",
    [
        lambda xml: re.sub(r' r="[A-Z]*\d+"', "", xml),
        lambda xml: re.sub(r"<(/?)(?!\?)", r"<\1x:", xml).replace("xmlns=", "xmlns:x="),
        lambda xml: re.sub(r'<row r="(\d+)"', r'<row spans="1:3" r="\1"', xml),
        lambda xml: xml.replace("><", ">\n  <"),
    ],
    ids=["no references", "a namespace prefix", "attributes in another order", "indented"],
)
def test_other_ways_to_write_the_same_sheet(tmp_path: Path, change: Callable[[str], str]) -> None:
    path = tmp_path / "a.xlsx"
    small_book(path, [["a", "b", "c"], [1, 2, 3], [4, 5, 6]])
    rewritten(path, PART, change)
    patch_cells(path, SHEET, {(2, 2): "changed", (3, 4): "right", (6, 1): "below"})
    rows = [[str(cell) for cell in row] for row in open_book(path).rows(SHEET)]
    assert rows == [
        ["a", "b", "c", ""],
        ["1.0", "changed", "3.0", ""],
        ["4.0", "5.0", "6.0", "right"],
        ["", "", "", ""],
        ["", "", "", ""],
        ["below", "", "", ""],
    ]


def test_an_empty_sheet_and_rows_without_cells(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    small_book(path, [])
    patch_cells(path, SHEET, {(3, 2): "x"})
    assert list(open_book(path).rows(SHEET))[2] == ["", "x"]
    rewritten(
        path,
        PART,
        lambda xml: re.sub(
            "<sheetData>.*</sheetData>", '<sheetData><row r="2" ht="20" customHeight="1"/></sheetData>', xml
        ),
    )
    patch_cells(path, SHEET, {(1, 1): "a", (2, 1): "b"})
    assert [row[0] for row in open_book(path).rows(SHEET)] == ["a", "b"]
    assert b'<row r="2" ht="20" customHeight="1"><c r="A2"' in Zip.of(path).read(PART)


def test_comments_in_the_xml_are_refused_rather_than_guessed_at(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    small_book(path, [["a"]])
    rewritten(path, PART, lambda xml: xml.replace("<row", '<!-- <row r="9"> --><row'))
    with pytest.raises(BusinessError, match="not as office programs write it"):
        patch_cells(path, SHEET, {(1, 1): "x"})


def test_times_and_the_1904_calendar(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    small_book(path, [["a"]])
    rewritten(
        path,
        "xl/workbook.xml",
        lambda xml: xml.replace("<workbookPr ", '<workbookPr date1904="1" ').replace(
            "<workbookPr/>", '<workbookPr date1904="1"/>'
        ),
    )
    moment = datetime(2026, 11, 22, 9, 30, 15)  # noqa: DTZ001
    patch_cells(path, SHEET, {(1, 1): date(2026, 11, 22), (1, 2): moment, (1, 3): time(18, 5)})
    row = next(open_book(path).rows(SHEET))
    assert row[0] == date(2026, 11, 22)
    assert row[1].replace(microsecond=0) == moment
    sheet = openpyxl.load_workbook(path)[SHEET]
    assert sheet["C1"].value == time(18, 5)


_texts = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=30)
_values = st.one_of(
    _texts,
    st.integers(-(10**14), 10**14),
    st.booleans(),
    st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**9), max_value=10**9),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    old=st.dictionaries(st.tuples(st.integers(1, 12), st.integers(1, 6)), st.integers(0, 99), max_size=15),
    new=st.dictionaries(st.tuples(st.integers(1, 14), st.integers(1, 8)), _values, min_size=1, max_size=12),
)
def test_any_cells_in_any_sheet(
    tmp_path: Path, old: dict[tuple[int, int], int], new: dict[tuple[int, int], Any]
) -> None:
    path = tmp_path / "a.xlsx"
    made = openpyxl.Workbook()
    made.active.title = SHEET
    for (row, column), number in old.items():
        made.active.cell(row, column, number)
    made.save(path)
    patch_cells(path, SHEET, new)
    rows = list(open_book(path).rows(SHEET))
    for place, value in {**old, **new}.items():
        row, column = place
        cell = rows[row - 1][column - 1] if row <= len(rows) and column <= len(rows[row - 1]) else ""
        if isinstance(value, bool | str):
            assert cell == value, place
        else:
            assert cell == float(value), place
