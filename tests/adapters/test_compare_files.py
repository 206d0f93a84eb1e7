"""Two files compared as bytes: always what the comparison of their tables says."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bofbot.adapters.compare_files import compare_files
from bofbot.adapters.tables import Wanted, read_table
from bofbot.adapters.workbooks import sheetstream, zips
from bofbot.errors import BusinessError
from bofbot.reconcile.comparison import compare_lines, lines
from bofbot.reconcile.comparison.compare import Comparison, compare
from bofbot.reconcile.comparison.meeting import meet

KEYS = ["1", "01", "１", " 1", "1 ", "2", "A-1", "a-1", "", " ", "　", "ｶ)ｱ", "カ)ア", "株式会社ニッシン電機", "x" * 7, "x" * 8, "x" * 9, "x" * 16, "x" * 17, 'say "1"', "1,000", "two\nlines"]  # fmt: skip
CELLS = ["", " ", "1000", "1,000", "1000.0", "１０００", "1001", "0100", "100", "¥100", "▲5", "-5", "2026-01-05", "2026/1/5", "令和8年1月5日", "abc", "ABC", " abc", "髙橋", "高橋", "ｱ", "ア", 'a"b', "a,b", "a\nb", "x" * 40, "x" * 39 + "y"]  # fmt: skip
HEADINGS = [
    ("番号", "金額", "名義"),
    ("番号", "名義", "金額"),
    ("番号", "金額", "摘要"),
    ("名義", "番号", "金額", "備考"),
]


def written(path: Path, rows: list[tuple[str, ...]], how: dict[str, Any]) -> Path:
    out = io.StringIO(newline="")
    writer = csv.writer(
        out, quoting=how["quoting"], lineterminator=how["newline"], delimiter=how["delimiter"]
    )
    writer.writerows(rows)
    text = out.getvalue()
    if how["open_end"]:
        text = text.removesuffix(how["newline"])
    path.write_bytes(text.encode(how["encoding"], "replace"))
    return path


HOW = st.fixed_dictionaries(
    {
        "quoting": st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
        "newline": st.sampled_from(["\n", "\r\n"]),
        "delimiter": st.sampled_from([",", "\t"]),
        "open_end": st.booleans(),
        "encoding": st.sampled_from(["utf-8", "utf-8-sig", "cp932"]),
    }
)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    sides = []
    heading, other_heading = draw(st.sampled_from(HEADINGS)), draw(st.sampled_from(HEADINGS))
    records = draw(st.lists(st.tuples(st.sampled_from(KEYS), *[st.sampled_from(CELLS)] * 4), max_size=12))
    for names in (heading, other_heading):
        rows = [
            dict(zip(("番号", "金額", "名義", "摘要", "備考"), record, strict=True)) for record in records
        ]
        rows = draw(st.permutations(rows)) if draw(st.booleans()) else rows
        for row in rows:
            if draw(st.integers(0, 3)) == 0:
                row[draw(st.sampled_from(names))] = draw(st.sampled_from(KEYS + CELLS))
        rows = rows[draw(st.integers(0, 2)) :] if draw(st.booleans()) else rows
        body = [tuple(row[name] for name in names) for row in rows]
        body = [
            row[: draw(st.integers(0, len(row)))] if draw(st.integers(0, 9)) == 0 else row for row in body
        ]
        sides.append([names, *body])
    return sides[0], sides[1]


def of_tables(left: Path, right: Path, by: list[str], tolerance: Decimal) -> Comparison:
    return compare(read_table(left, Wanted())[0], read_table(right, Wanted())[0], by, tolerance=tolerance)


@settings(max_examples=2000 if "BOFBOT_NIGHTLY" in os.environ else 120, deadline=None)
@given(
    pairs(),
    HOW,
    HOW,
    st.sampled_from([["番号"], ["番号", "名義"], ["名義"]]),
    st.sampled_from(["0", "1"]),
    st.sampled_from([1, 32]),
)
def test_bytes_and_tables_agree(
    tmp_path_factory: pytest.TempPathFactory,
    sides: Any,
    how: Any,
    how_too: Any,
    by: list[str],
    most: str,
    few: int,
) -> None:
    folder = tmp_path_factory.getbasetemp()
    left, right = (
        written(folder / "left.csv", sides[0], how),
        written(folder / "right.csv", sides[1], how_too),
    )
    tolerance = Decimal(most)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "_BLOCK", 3)
        patch.setattr(compare_lines, "_CHUNK", 2)
        patch.setattr(compare_lines, "_FEW", few)
        found = said(lambda: compare_files(left, right, by, tolerance, small=0))
    wanted = said(lambda: of_tables(left, right, by, tolerance))
    assert found == wanted or (found is None and isinstance(wanted, str))


def said(work: Callable[[], Comparison | None]) -> Comparison | str | None:
    """The comparison, or the words in which it was refused."""
    try:
        return work()
    except BusinessError as error:
        return str(error)


def pair(folder: Path, left: bytes, right: bytes) -> tuple[Path, Path]:
    (folder / "left.csv").write_bytes(left)
    (folder / "right.csv").write_bytes(right)
    return folder / "left.csv", folder / "right.csv"


def test_equal_lines_are_never_parsed(tmp_path: Path) -> None:
    left, right = pair(tmp_path, b"id,amount\n1,100\n2,200\n3,300\n", b"id,amount\n3,300\n2,201\n4,400\n")
    found = compare_files(left, right, ["id"], small=0)
    assert found is not None
    assert (found.same, found.left_rows, found.right_rows) == (1, 3, 3)
    assert [(c.key, c.left, c.right, c.difference) for c in found.changed] == [(("2",), "200", "201", 1)]
    assert [row["id"] for row in found.removed] == ["1"]
    assert [(row["id"], row.source.row) for row in found.added] == [("4", 4)]


def test_titles_totals_and_blank_lines_around_the_table(tmp_path: Path) -> None:
    text = "入出金明細,,\r\n\r\n番号,金額,名義\r\n{}001,1000,ア\r\n\r\n,,\r\n002,2000,イ\r\n"
    left, right = pair(tmp_path, text.format("").encode("cp932"), text.format("１,5,ウ\r\n").encode())
    found = compare_files(left, right, ["番号"], small=0)
    assert found == of_tables(left, right, ["番号"], Decimal(0))
    assert found is not None
    assert (found.left_rows, found.right_rows, found.same, len(found.added)) == (2, 3, 2, 1)


@pytest.mark.parametrize(
    "wrong",
    [b"", b"\n\n", b"<html><body>login</body></html>", b"id,amount\n1,\0\n", b"id,amount\n1,\xff\xff\n", b'id,amount\n1,"2\n', b"id,id\n1,2\n", b"id,amount\r1,2\r", "id,amount\n1,2\n".encode("utf-16")],
)  # fmt: skip
def test_a_strange_file_is_left_to_the_reader_of_tables(tmp_path: Path, wrong: bytes) -> None:
    left, right = pair(tmp_path, wrong, b"id,amount\n1,100\n")
    assert compare_files(left, right, ["id"], small=0) is None
    assert compare_files(right, left, ["id"], small=0) is None


def test_small_files_missing_files_and_workbooks_are_left_to_the_reader_of_tables(tmp_path: Path) -> None:
    left, right = pair(tmp_path, b"id\n1\n", b"id\n1\n")
    assert compare_files(left, right, ["id"]) is None
    assert compare_files(left, tmp_path / "none.csv", ["id"], small=0) is None
    assert compare_files(left, tmp_path / "book.xlsx", ["id"], small=0) is None


def test_an_unknown_key_is_named(tmp_path: Path) -> None:
    left, right = pair(tmp_path, b"id,amount\n1,100\n", b"id,amount\n1,100\n")
    with pytest.raises(BusinessError, match="no key column “ib”"):
        compare_files(left, right, ["ib"], small=0)


def test_keys_whose_codes_fall_together_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every key has the same code: nothing is taken for equal that is not."""
    monkeypatch.setattr(
        lines.Lines, "codes", lambda self, _: (np.zeros(len(self), np.uint64), np.zeros(0, int))
    )
    left, right = pair(tmp_path, b"id,amount\n1,100\n2,200\n", b"id,amount\n1,100\n3,200\n")
    assert compare_files(left, right, ["id"], small=0) == of_tables(left, right, ["id"], Decimal(0))
    left, right = pair(tmp_path, b"id,amount\n1,100\n", b"id,amount\n3,200\n")
    assert compare_files(left, right, ["id"], small=0) == of_tables(left, right, ["id"], Decimal(0))


def test_rows_meet_whatever_their_codes() -> None:
    dice = np.random.default_rng(7)
    left = dice.integers(0, 5000, 4000).astype(np.uint64)
    right = dice.integers(0, 5000, 3000).astype(np.uint64)
    found = meet(left, right)
    once = {int(code) for code in left if (left == code).sum() == 1 and (right == code).sum() == 1}
    assert {int(code) for code in left[found.rows]} == once
    assert (left[found.rows] == right[found.others]).all()
    assert sorted([*found.rows, *found.left_rest]) == list(range(4000))
    assert sorted([*found.others, *found.right_rest]) == list(range(3000))


BOOK_CELLS = [None, "", " ", "1000", "1,000", "0100", " abc", "abc", "髙橋", 'a"b', "a\nb", "a,b", "=1", 0, 5, 1000, -7, 0.1, 1e15, True, False, date(2026, 1, 5), datetime.fromisoformat("2026-01-05 09:30"), time(9, 30), timedelta(hours=30)]  # fmt: skip
BOOK_KEYS = [
    "1",
    "01",
    " 1",
    "１",
    "",
    None,
    1,
    1.5,
    "A-1",
    "株式会社ニッシン電機",
    date(2026, 1, 5),
    "x" * 17,
]


@st.composite
def sheets(draw: st.DrawFn) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Two sheets of the same cells, some of them other or of another type."""
    names = draw(st.sampled_from(HEADINGS))
    drawn = draw(
        st.lists(st.tuples(st.sampled_from(BOOK_KEYS), *[st.sampled_from(BOOK_CELLS)] * 3), max_size=8)
    )
    rows = [row[: len(names)] for row in drawn]
    others = [list(row) for row in (draw(st.permutations(rows)) if draw(st.booleans()) else rows)]
    for row in others:
        if draw(st.integers(0, 2)) == 0:
            row[draw(st.integers(0, len(row) - 1))] = draw(st.sampled_from(BOOK_KEYS + BOOK_CELLS))
    gap = draw(st.integers(0, 2))
    return [names, *rows], [names, *[()] * gap, *map(tuple, others)]


@settings(max_examples=1000 if "BOFBOT_NIGHTLY" in os.environ else 60, deadline=None)
@given(sheets(), st.sampled_from([["番号"], ["番号", "名義"]]), st.booleans(), st.booleans())
def test_workbooks_as_lines_and_as_tables_agree(
    tmp_path_factory: pytest.TempPathFactory, sides: Any, by: list[str], of_csv: bool, sliced: bool
) -> None:
    folder = tmp_path_factory.getbasetemp()
    left, right = booked(folder / "left.xlsx", sides[0]), booked(folder / "right.xlsx", sides[1])
    if of_csv:
        texts = [tuple("" if cell is None else str(cell) for cell in row) for row in sides[1]]
        right = written(folder / "other.csv", texts, PLAINLY)
    wanted = said(lambda: of_tables(left, right, by, Decimal(0)))
    with pytest.MonkeyPatch.context() as patch:
        if sliced:
            patch.setattr(sheetstream, "LARGE", 0)
            patch.setattr(sheetstream, "SLICE", 300)
            patch.setattr(zips, "_CHUNK", 32)
        found = said(lambda: compare_files(left, right, by, small=0))
    assert found == wanted or (found is None and of_csv)
    assert repr(found) == repr(wanted) or found is None  # the types of the cells too: 1 == True


PLAINLY = {
    "quoting": csv.QUOTE_MINIMAL,
    "newline": "\n",
    "delimiter": ",",
    "open_end": False,
    "encoding": "utf-8",
}


def booked(path: Path, rows: list[tuple[Any, ...]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
        for cell in book.active[book.active.max_row]:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    book.save(path)
    return path


def test_hidden_rows_of_a_workbook_are_said(tmp_path: Path) -> None:
    left = booked(tmp_path / "left.xlsx", [("id", "amount"), ("1", 100), ("2", 200)])
    book = openpyxl.load_workbook(left)
    book.active.row_dimensions[3].hidden = True
    book.save(tmp_path / "right.xlsx")
    heard: list[str] = []
    found = compare_files(
        left, tmp_path / "right.xlsx", ["id"], small=0, say=lambda remark: heard.append(remark.en)
    )
    assert found is not None
    assert found.equal
    assert heard == ["1 of the 2 rows are hidden or filtered out in the sheet; they were read too"]


def test_a_wrong_cell_of_a_workbook_is_named(tmp_path: Path) -> None:
    left = booked(tmp_path / "left.xlsx", [("id", "amount"), ("1", 100)])
    book = openpyxl.load_workbook(left)
    book.active["B2"] = "=1/0"
    book.save(tmp_path / "right.xlsx")
    with pytest.raises(BusinessError, match=r"right\.xlsx › Sheet › .*never been computed"):
        compare_files(left, tmp_path / "right.xlsx", ["id"], small=0)
