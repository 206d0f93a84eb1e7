"""The verb: files in, report, memory and open items out; marks of people read back."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from openpyxl import load_workbook

from bofbot.actions.reconciliation.reconcile import Reconcile
from bofbot.actions.reconciliation.review import marks_in
from bofbot.adapters.workbooks.newbook import NewSheet, write_book
from bofbot.errors import ApplicationError, BusinessError
from bofbot.statements.model import Entry

PEOPLE = ("ニッシンデンキ", "ヤマトシステム", "アサヒサンギョウ", "キムラショクヒン", "フジケンセツ")
HALF = ("ｶ)ﾆﾂｼﾝﾃﾞﾝｷ", "ﾌﾘｺﾐ ﾔﾏﾄｼｽﾃﾑ(ｶ", "ﾕ)ｱｻﾋｻﾝｷﾞﾖｳ", "ﾌﾘｺﾐ ｷﾑﾗｼﾖｸﾋﾝ(ｶ", "ﾔﾏﾀﾞﾀﾛｳ")


@pytest.fixture
def office(tmp_path: Path) -> Path:
    lines = ["取引番号,取引日,摘要,入金額"]
    invoices: list[dict[str, Any]] = []
    for k, (party, half) in enumerate(zip(PEOPLE, HALF, strict=True)):
        amount = 11_111 * (k + 2) + 7 * k
        lines.append(f"B{k},2026/01/{k + 5:02},{half},{amount - (220 if k == 1 else 0)}")
        invoices.append(
            {
                "請求番号": f"I{k}",
                "フリガナ": party,
                "入金予定日": date(2026, 1, k + 5),
                "請求額": amount,
                "消込": "",
            }
        )
    invoices.append(
        {
            "請求番号": "I9",
            "フリガナ": "スズキイサツ",
            "入金予定日": date(2025, 9, 1),
            "請求額": 98_765,
            "消込": "",
        }
    )
    (tmp_path / "bank.csv").write_bytes("\r\n".join(lines).encode("cp932"))
    write_book(tmp_path / "売掛金.xlsx", [NewSheet("売掛金", tuple(invoices[0]), invoices)])
    return tmp_path


def verb(**more: Any) -> Reconcile:
    return Reconcile.model_validate(
        {
            "reconcile": {
                "left": {"name": "bank", "file": "bank.csv", "encoding": "cp932"},
                "right": {"name": "ledger", "file": "売掛金.xlsx", "sheet": "売掛金"},
                "report": "out/消込.xlsx",
                "memory": "configs/memory.csv",
                "carry_to": "out/繰越.csv",
                **more,
            }
        }
    )


def play(office: Path, step: Reconcile, said: list[Any] | None = None) -> Any:
    context = SimpleNamespace(
        path=lambda text: office / text,
        progress=lambda done, total: None,
        note=lambda sentence: said.append(sentence) if said is not None else None,
        clock=lambda: datetime(2026, 1, 31).astimezone(),
        settings=SimpleNamespace(language="ja"),
    )
    return asyncio.run(step.run(context))  # type: ignore[arg-type]


def test_counts_totals_and_facts(office: Path) -> None:
    result = play(office, verb())
    assert result.value["open"] == len(result.value["breaks"])
    assert result.facts["left_total"] == str(sum(11_111 * (k + 2) + 7 * k for k in range(5)) - 220)
    assert int(result.facts["left_matched_total"]) + int(result.facts["left_open_total"]) == int(
        result.facts["left_total"]
    )
    assert "消込" in result.summary.ja
    assert (office / "out/繰越.csv").read_text(encoding="utf-8-sig").startswith("side,id,")


def test_a_tick_in_the_report_is_learned_by_the_next_run(office: Path) -> None:
    first = play(office, verb())
    other_payer = next(m for m in first.value["matches_list"] if m["left"] == ["B4"])
    assert other_payer["grade"] != "confirmed"
    book = load_workbook(office / "out/消込.xlsx")
    sheet = book["照合"]
    row = next(cells for cells in sheet.iter_rows(min_row=2) if "B4" in str(cells[3].value))
    row[0].value = "✓"
    book.save(office / "out/消込.xlsx")
    second = play(office, verb())
    assert next(m for m in second.value["matches_list"] if m["left"] == ["B4"])["grade"] == "confirmed"
    learned = (office / "configs/memory.csv").read_text(encoding="utf-8-sig")
    assert "pair,B4,I4,2026-01-31" in learned
    assert "alias,ﾔﾏﾀﾞﾀﾛｳ,フジケンセツ" in learned


def test_a_cross_means_never_again(office: Path) -> None:
    play(office, verb())
    book = load_workbook(office / "out/消込.xlsx")
    row = next(cells for cells in book["照合"].iter_rows(min_row=2) if "B4" in str(cells[3].value))
    row[0].value = "×"
    book.save(office / "out/消込.xlsx")
    again = play(office, verb())
    assert all(m["left"] != ["B4"] for m in again.value["matches_list"])


def test_a_mark_that_is_neither_is_named(office: Path) -> None:
    play(office, verb())
    path = office / "out/消込.xlsx"
    book = load_workbook(path)
    book["照合"]["A2"].value = "たぶん"
    book.save(path)
    with pytest.raises(BusinessError, match="neither ✓ nor ×"):
        marks_in(path)


def test_confirmed_rows_are_marked_in_the_source_and_nothing_else(office: Path) -> None:
    result = play(office, verb(mark={"right": "消込"}))
    sheet = load_workbook(office / "売掛金.xlsx")["売掛金"]
    marked = {row[0].value for row in sheet.iter_rows(min_row=2) if row[4].value == "済"}
    assert marked == {
        i for m in result.value["matches_list"] if m["grade"] == "confirmed" for i in m["right"]
    }
    assert "I9" not in marked


def test_a_missing_column_to_mark_is_named(office: Path) -> None:
    with pytest.raises(BusinessError, match="no column “けしこみ”"):
        play(office, verb(mark={"right": "けしこみ"}))


def test_the_same_input_writes_the_same_report(office: Path) -> None:
    play(office, verb())
    first = (office / "out/消込.xlsx").read_bytes()
    play(office, verb())
    assert (office / "out/消込.xlsx").read_bytes() == first


def test_a_report_that_is_open_is_not_written_over(office: Path) -> None:
    """The marks that a person is making in it would be lost."""
    play(office, verb())
    (office / "out/.~lock.消込.xlsx#").write_text(",経理,pc,22.11.2026 10:00,file;", encoding="utf-8")
    before = (office / "out/消込.xlsx").read_bytes()
    with pytest.raises(ApplicationError, match="open"):
        play(office, verb())
    assert (office / "out/消込.xlsx").read_bytes() == before


def test_hidden_rows_of_a_side_are_said(office: Path) -> None:
    book = load_workbook(office / "売掛金.xlsx")
    book["売掛金"].row_dimensions[3].hidden = True
    book.save(office / "売掛金.xlsx")
    said: list[Any] = []
    play(office, verb(), said)
    assert any("1 of the 6 rows are hidden" in sentence.en for sentence in said)


def test_plain_comparison_by_key(office: Path) -> None:
    result = play(
        office, verb(right={"name": "again", "file": "bank.csv"}, by="取引番号", report="out/差分.xlsx")
    )
    assert result.value["equal"] is True
    assert (office / "out/差分.xlsx").exists()


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice (soffice) is not on this machine")
def test_libreoffice_computes_the_same_figures(office: Path) -> None:
    play(office, verb())
    profile = office / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        '<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">'
        "<value>0</value></prop></item></oor:items>",
        encoding="utf-8",
    )
    shutil.copy(office / "out/消込.xlsx", office / "in.xlsx")
    subprocess.run(
        ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(office / "lo"), str(office / "in.xlsx")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    ours = load_workbook(office / "in.xlsx", data_only=True)["要約"]
    theirs = load_workbook(office / "lo/in.xlsx", data_only=True)["要約"]
    figures = [
        (cell.coordinate, cell.value, theirs[cell.coordinate].value)
        for row in ours.iter_rows(min_row=4)
        for cell in row
        if cell.value is not None
    ]
    assert [one for one in figures if one[1] != one[2]] == []
    assert [theirs[f"G{row}"].value for row in (5, 6)] == ["OK", "OK"]


def test_a_side_may_be_rows_in_short(office: Path) -> None:
    entries = (
        Entry(date(2026, 1, 5), Decimal(22_222), "ｶ)ﾆﾂｼﾝﾃﾞﾝｷ"),
        Entry(date(2026, 1, 7), Decimal(44_458), "ﾕ)ｱｻﾋｻﾝｷﾞﾖｳ"),
    )
    result = play(office, verb(left=entries))
    assert [m["right"] for m in result.value["matches_list"]] == [["I0"], ["I2"]]
