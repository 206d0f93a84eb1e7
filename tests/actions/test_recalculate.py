"""Formulas computed anew by LibreOffice: their results change, no other byte of the book does."""

from __future__ import annotations

import shutil
import sys
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from bofbot.actions.sheets.recalculate import Recalculate
from bofbot.adapters.workbooks import libreoffice
from bofbot.adapters.workbooks.patch import patch_cells
from bofbot.adapters.workbooks.sheets import open_book
from bofbot.errors import ApplicationError, BusinessError, NotReady

from .stage import Stage

sys.path.insert(0, str(Path(__file__).parents[1] / "adapters"))
from feature_book import SHEET, make_feature_book

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        libreoffice.program() is None,
        reason="LibreOffice (soffice) is not installed: nothing computes formulas here",
    ),
]


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def shown(path: Path, row: int, column: int, sheet: str = SHEET) -> object:
    """The result that the book itself holds, as any program reads it."""
    return list(open_book(path).rows(sheet))[row - 1][column - 1]


async def test_totals_follow_what_was_written(stage: Stage) -> None:
    book = stage.work_folder / "経費.xlsm"
    make_feature_book(book)
    await Recalculate(recalculate=book.name).run(stage)
    before = shown(book, 11, 5)
    amount = shown(book, 4, 5)
    patch_cells(book, SHEET, {(4, 5): 99_000})
    written = parts(book)
    result = await Recalculate(recalculate=book.name).run(stage)
    assert shown(book, 11, 5) - before == 99_000 - amount  # type: ignore[operator]
    assert shown(book, 1, 1, "科目別") == shown(book, 11, 5)
    assert int(result.value) >= 2
    changed = {name for name, content in parts(book).items() if content != written[name]}
    assert all(name.startswith("xl/worksheets/sheet") for name in changed), changed
    assert list(parts(book)) == list(written)


async def test_a_second_time_changes_nothing(stage: Stage) -> None:
    book = stage.work_folder / "経費.xlsm"
    make_feature_book(book)
    await Recalculate(recalculate=book.name).run(stage)
    once = book.read_bytes()
    assert (await Recalculate(recalculate=book.name).run(stage)).value == 0
    assert book.read_bytes() == once


async def test_a_function_that_libreoffice_lacks_is_named_and_nothing_is_written(stage: Stage) -> None:
    path = stage.work_folder / "odd.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("集計")
    sheet.write_formula("A1", "=BOFBOTUNKNOWN(1)", None, 7)
    sheet.write_formula("A2", "=1+1", None, 0)
    book.close()
    before = path.read_bytes()
    with pytest.raises(BusinessError, match=r"集計!A1"):
        await Recalculate(recalculate="odd.xlsx").run(stage)
    assert path.read_bytes() == before


async def test_a_csv_is_refused(stage: Stage) -> None:
    (stage.work_folder / "a.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(BusinessError, match=r"a\.csv"):
        await Recalculate(recalculate="a.csv").run(stage)


def test_one_that_does_not_end_is_ended(tmp_path: Path) -> None:
    make_feature_book(tmp_path / "a.xlsm")
    with pytest.raises(ApplicationError, match="not done after"):
        libreoffice.recomputed((tmp_path / "a.xlsm").read_bytes(), seconds=0.05)


def test_without_libreoffice_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setattr(libreoffice, "_PLACES", ())
    with pytest.raises(NotReady, match="LibreOffice"):
        libreoffice.recomputed(b"")
