"""Reports as a person meets them: on paper, in a spreadsheet, in a browser."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from bofbot.actions.reconciliation.compare_report import write_comparison
from bofbot.actions.reconciliation.report import write_report
from bofbot.errors import Cell
from bofbot.reconcile.comparison.compare import compare
from bofbot.reconcile.engine import reconcile
from bofbot.reconcile.model import Decide, Result
from bofbot.records import Row, Table


def table(columns: str, *rows: str) -> Table:
    names = columns.split(",")
    made = (
        Row(dict(zip(names, row.split(","), strict=True)), Cell("t.csv", "", n))
        for n, row in enumerate(rows, 2)
    )
    return Table(tuple(names), tuple(made), Cell("t.csv"))


@pytest.fixture(scope="module")
def result() -> Result:
    bank = table(
        "取引番号,取引日,入金額,摘要",
        "001,2026-01-05,10000,ﾌﾘｺﾐ ｶ)ﾆﾂｼﾝﾃﾞﾝｷ",
        "002,2026-01-06,19560,ｶ)ﾔﾏﾄｼｽﾃﾑ",
        "003,2026-01-07,3000,ﾅｿﾞﾉﾋﾄ",
        "004,2026-01-08,7700,ﾕ)ｱｻﾋｻﾝｷﾞﾖｳ",
    )
    ledger = table(
        "請求番号,入金予定日,請求額,フリガナ",
        "I1,2026-01-05,10000,ニッシンデンキ（カ",
        "I2,2026-01-06,20000,カ）ヤマトシステム",
        "I3,2025-10-01,55000,カ）キムラインサツ",
        "I4,2026-01-08,7700,ユ）アサヒサンギョウ",
    )
    return reconcile(bank, ledger, names=("銀行", "売掛金"), decide=Decide(max_auto_amount=Decimal(15_000)))


def book(path: Path) -> Any:
    return load_workbook(path)


def test_every_sheet_is_ready_for_paper(result: Result, tmp_path: Path) -> None:
    write_report(tmp_path / "r.xlsx", result)
    for sheet in book(tmp_path / "r.xlsx").worksheets:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (None, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        if sheet.auto_filter.ref:
            assert (sheet.print_title_rows, sheet.freeze_panes[1:]) == ("$1:$1", "2")


def test_what_waits_for_a_person_stands_on_top_and_numbers_stay(result: Result, tmp_path: Path) -> None:
    write_report(tmp_path / "r.xlsx", result)
    rows = list(book(tmp_path / "r.xlsx")["照合"].iter_rows(values_only=True))
    grades = [row[2] for row in rows[1:]]
    assert set(grades) == {"要確認", "確定"}
    assert grades == sorted(grades, key=("要確認", "判断不可", "確定").index)
    assert sorted(row[1] for row in rows[1:]) == list(range(1, len(rows)))
    assert rows[0][3:7] == ("銀行\n番号", "銀行\n日付", "銀行\n名義・摘要", "銀行\n金額")


def test_yen_have_no_decimals_and_cents_have_two(result: Result, tmp_path: Path) -> None:
    write_report(tmp_path / "yen.xlsx", result)
    assert book(tmp_path / "yen.xlsx")["未照合"]["E2"].number_format == "#,##0;[Red]-#,##0;0"
    dollars = reconcile(
        table("id,date,amount,text", "1,2026-01-05,10.50,ACME"),
        table("no,date,amount,name", "7,2026-01-05,11.25,OTHER"),
    )
    write_report(tmp_path / "usd.xlsx", dollars, "en")
    assert book(tmp_path / "usd.xlsx")["Breaks"]["E2"].number_format == "#,##0.00;[Red]-#,##0.00;0"


def test_differences_by_kind_add_up_to_the_difference(result: Result, tmp_path: Path) -> None:
    write_report(tmp_path / "r.xlsx", result)
    rows = {
        row[0]: row
        for row in load_workbook(tmp_path / "r.xlsx", data_only=True)["要約"].iter_rows(values_only=True)
    }
    assert (rows["振込手数料"][1:3], rows["計"][1], rows["計"][3]) == ((-440, 1), -440, "OK")


def test_long_reasons_have_rows_as_high_as_they_need(result: Result, tmp_path: Path) -> None:
    write_report(tmp_path / "r.xlsx", result)
    sheet = book(tmp_path / "r.xlsx")["照合"]
    assert sheet.row_dimensions[2].height > 25


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_same_as_a_page_for_a_browser(result: Result, tmp_path: Path, language: Any) -> None:
    write_report(tmp_path / "r.html", result, language)
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert page.startswith(f'<!doctype html><html lang="{language}">')
    assert len(re.findall("<h1>", page)) == 3
    assert "<svg" in page
    assert "カ）キムラインサツ" in page


def test_a_comparison_for_a_spreadsheet_and_for_a_browser(tmp_path: Path) -> None:
    left = table("番号,金額,旧", "001,1000,a", "002,2000,b", "003,3000,c", "003,3000,c")
    right = table("番号,金額,新", "001,1000.5,x", "004,4000,y", "003,3000,z")
    found = compare(left, right, ["番号"], tolerance=Decimal("0.1"))
    for name in ("c.xlsx", "c.html"):
        write_comparison(tmp_path / name, found, ("先月", "今月"))
    page = (tmp_path / "c.html").read_text(encoding="utf-8")
    assert '<td class="w">1000.5</td>' in page
    made = load_workbook(tmp_path / "c.xlsx", data_only=True)
    rows = [row[:6] for row in made["要約"].iter_rows(min_row=4, max_row=6, values_only=True)]
    assert rows == [
        (None, "行数", "一致", "変更あり", "片側だけ", "キー重複"),
        ("先月", 4, 0, 1, 1, 2),
        ("今月", 3, 0, 1, 1, 1),
    ]
    assert [cell.value for cell in made["変更"][2]] == ["001", "金額", "1000", "1000.5", 0.5]
    assert made["重複"]["C2"].value == "4、5"
