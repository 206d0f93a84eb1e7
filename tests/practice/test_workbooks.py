"""The demo's workbooks are formatted books that read back as the practice month has it."""

from __future__ import annotations

import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from bofbot.adapters.tables import Wanted, read_table
from bofbot.practice.account import INVOICES
from bofbot.practice.data import DemoFiles, write_demo_files
from bofbot.practice.expenses import EXPENSES


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> DemoFiles:
    return write_demo_files(tmp_path_factory.mktemp("demo") / "data")


def test_the_claims_read_back_with_their_zeros(files: DemoFiles) -> None:
    columns = {
        "申請番号": "code",
        "日付": "date",
        "社員番号": "code",
        "科目": "text",
        "支払先": "text",
        "摘要": "text",
        "金額": "yen",
    }
    table, _ = read_table(files.expenses, Wanted(columns=columns, sheet="経費"))
    assert [tuple(row.values()) for row in table] == [
        (e.number, e.day, e.employee, e.subject, e.payee, e.note, Decimal(e.amount)) for e in EXPENSES
    ]
    assert table[0].source.row == 5


def test_the_receivables_read_back(files: DemoFiles) -> None:
    columns = {
        "請求番号": "code",
        "取引先": "text",
        "フリガナ": "text",
        "請求額": "yen",
        "入金予定日": "date",
    }
    table, _ = read_table(files.receivables, Wanted(columns=columns))
    assert [tuple(row.values()) for row in table] == [
        (i.number, i.customer, i.reading, Decimal(i.amount), i.due) for i in INVOICES
    ]


def test_the_book_has_what_an_office_s_book_has(files: DemoFiles) -> None:
    with zipfile.ZipFile(files.expenses) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert "xl/charts/chart1.xml" in book.namelist()
    for part in (
        "<f>SUM(G5:G24)</f><v>275478</v>",
        "<mergeCell ",
        "<dataValidation ",
        "<conditionalFormatting ",
        "<autoFilter ",
        "<pane ",
    ):
        assert part in sheet


def test_making_them_again_gives_the_same_bytes(files: DemoFiles, tmp_path: Path) -> None:
    again = write_demo_files(tmp_path)
    assert again.expenses.read_bytes() == files.expenses.read_bytes()
    assert again.receivables.read_bytes() == files.receivables.read_bytes()
