"""The account adds up, its papers say the same, and the truth about the invoices is the truth."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bofbot.practice.account import INVOICES, MONTHS, bank_month, truth
from bofbot.practice.data import write_truth
from bofbot.practice.pages.bank import PAPERS, WAYS
from bofbot.practice.papers import as_csv, as_ofx
from bofbot.practice.pdf import as_pdf
from bofbot.practice.zengin import as_zengin
from bofbot.statements.reading import proved, read_bytes


@pytest.mark.parametrize("month", MONTHS)
def test_every_running_balance_follows_from_the_line_before(month: str) -> None:
    shown = bank_month(month)
    balance = shown.opening
    for line in shown.lines:
        assert (line.paid_in > 0) != (line.paid_out > 0)
        balance += line.paid_in - line.paid_out
        assert line.balance == balance > 0
        assert shown.first_day <= line.day <= shown.last_day
        assert line.day.weekday() < 5
    assert shown.closing == balance
    assert list(shown.lines) == sorted(shown.lines, key=lambda line: line.day)


def test_each_month_opens_where_the_last_one_closed() -> None:
    for before, after in pairwise(MONTHS):
        assert bank_month(after).opening == bank_month(before).closing


def test_there_is_as_much_to_reconcile_as_in_a_real_month() -> None:
    assert len(INVOICES) == 24
    assert 35 <= len(bank_month("2026-10").lines) <= 60


def test_the_truth_accounts_for_every_credit_and_every_invoice() -> None:
    told = truth()
    credits = sorted(
        (line.day.isoformat(), line.paid_in) for line in bank_month("2026-10").lines if line.paid_in
    )
    explained = [(one["day"], one["paid"]) for one in told["paid"]]
    explained += [(one["day"], one["amount"]) for one in told["no_invoice"]]
    explained += [("2026-10-29", told["paid_twice"]["amount"])]
    assert sorted(explained) == credits
    assert sorted([one["invoice"] for one in told["paid"]] + told["unpaid"]) == sorted(
        i.number for i in INVOICES
    )
    assert sorted(one["short"] for one in told["paid"] if one["short"]) == [1, 440, 660, 880]


def test_the_truth_is_written_as_json(tmp_path: Path) -> None:
    write_truth(tmp_path / "truth.json")
    assert json.loads((tmp_path / "truth.json").read_text(encoding="utf-8")) == truth()


@pytest.mark.parametrize("month", MONTHS)
@pytest.mark.parametrize("make", [as_csv, as_pdf, as_zengin, as_ofx])
def test_papers_are_the_same_bytes_every_time(make: Any, month: str) -> None:
    assert make(bank_month(month)) == make(bank_month(month))


def test_the_csv_is_cp932() -> None:
    rows = list(csv.reader(io.StringIO(as_csv(bank_month("2026-10")).decode("cp932"))))
    assert rows[0] == ["練習銀行", "入出金明細"]


@pytest.mark.parametrize("month", MONTHS)
@pytest.mark.parametrize("make", [as_csv, as_pdf, as_zengin])
def test_papers_prove_themselves_and_hold_the_same_lines(make: Any, month: str) -> None:
    shown = bank_month(month)
    [(statement, proof)] = proved(read_bytes(make(shown), name="入出金明細"))
    assert proof.outcome == "verified"
    assert (statement.opening, statement.closing) == (Decimal(shown.opening), Decimal(shown.closing))
    assert [(e.date, e.amount) for e in statement.entries] == [
        (line.day, Decimal(line.paid_in - line.paid_out)) for line in shown.lines
    ]


def test_the_pdf_s_text_can_be_extracted() -> None:
    import pypdfium2

    shown = bank_month("2026-10")
    document = pypdfium2.PdfDocument(as_pdf(shown))
    text = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    assert "練習銀行" in text
    for line in shown.lines:
        assert f"{line.day:%Y/%m/%d} {line.kind}" in text
        assert f"{line.balance:,}" in text


@pytest.mark.parametrize("month", MONTHS)
def test_the_zengin_file_has_records_of_200_bytes_and_right_totals(month: str) -> None:
    shown = bank_month(month)
    data = as_zengin(shown)
    assert data.endswith(b"\r\n\x1a")
    records = data[:-1].split(b"\r\n")[:-1]
    assert {len(record) for record in records} == {200}
    assert [chr(record[0]) for record in records] == ["1", *["2"] * len(shown.lines), "8", "9"]
    trailer = records[-2].decode("cp932")
    assert (int(trailer[7:20]), int(trailer[26:39])) == (shown.paid_in, shown.paid_out)
    assert (int(trailer[40:54]), int(trailer[54:61])) == (shown.closing, len(shown.lines))
    assert int(records[-1][1:11]) == len(records)
    assert not re.search("[ァ-ヶ一-龠]", data.decode("cp932"))


def test_the_ofx_file_holds_every_line() -> None:
    shown = bank_month("2026-10")
    [statement] = read_bytes(as_ofx(shown), name="statement.ofx")
    assert (len(statement.entries), statement.closing) == (len(shown.lines), Decimal(shown.closing))
    assert statement.entries[0].date == date(2026, 10, 1)


@pytest.mark.parametrize("kind", PAPERS)
def test_the_portal_hands_out_what_the_papers_say(visitor: Any, kind: str) -> None:
    make, _ = PAPERS[kind]
    sent = visitor.get(f"/bank/2026-09/statement.{kind}")
    assert sent.body == make(bank_month("2026-09"))
    assert sent.headers["content-disposition"].startswith("attachment; filename=")
    assert (
        visitor.get(f"/bank/2026-09/statement.{kind}?show=1")
        .headers["content-disposition"]
        .startswith("inline")
    )
    assert visitor.post("/bank/export", {"month": "2026-09", "kind": kind}).body == sent.body
    assert visitor.get(f"/bank/2020-01/statement.{kind}").status == 404


def test_the_odd_ways_are_as_odd_as_they_say(visitor: Any) -> None:
    page = visitor.get("/bank/ways").text
    assert all(f"取得 {name}<" in page for name in WAYS)
    with zipfile.ZipFile(io.BytesIO(visitor.get("/bank/ways/zip").body)) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == 6
    assert visitor.get("/bank/ways/no-content").status == 204
    assert visitor.get("/bank/ways/error-attachment").status == 500
    assert "../../CON" in visitor.get("/bank/ways/evil-name").headers["content-disposition"]
    raw = visitor.get("/bank/ways/sjis-name").headers["content-disposition"]
    assert "入出金明細_2026-10.csv" in raw.encode("latin-1").decode("cp932")
    assert "%E6%98%8E" * 200 in visitor.get("/bank/ways/long-name").headers["content-disposition"]


def test_the_page_shows_the_lines_of_the_month(visitor: Any) -> None:
    told = json.loads(visitor.get("/bank/2026-10/lines.json").body)
    page = visitor.get("/bank/statements?month=2026-10").text
    assert len(told["lines"]) == len(bank_month("2026-10").lines)
    assert all(f"{line['balance']:,}" in page for line in told["lines"])
