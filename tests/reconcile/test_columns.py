"""Columns of banks, cards, ledgers and invoice lists that nobody described."""

from __future__ import annotations

import pytest

from bofbot.errors import BusinessError
from bofbot.reconcile.intake.columns import recognise
from bofbot.reconcile.intake.headings import likeness

KNOWN = {
    "日付,摘要,摘要内容,支払い金額,預かり金額,差引残高,メモ": (
        "2026/10/{n},振込１,ｶ)ｱｵｲ{n},,110{n},500000,",
        "date=日付 in=預かり金額 out=支払い金額 text=摘要内容",
    ),
    "年月日,お引出し,お預入れ,お取り扱い内容,残高": (
        "2026/10/{n},,11{n},振込 ｶ)ｱｵｲ{n},5000",
        "date=年月日 in=お預入れ out=お引出し text=お取り扱い内容",
    ),
    "取引日,入出金(円),取引後残高(円),入出金内容": (
        "2026100{n},11{n},5000,ｶ)ｱｵｲ{n}",
        "date=取引日 amount=入出金(円) text=入出金内容",
    ),
    "日付,内容,出金金額(円),入金金額(円),残高(円),メモ": (
        "2026/10/{n},振込＊アオイ{n},,11{n},5000,-",
        "date=日付 in=入金金額(円) out=出金金額(円) text=内容",
    ),
    "取引日,受入金額（円）,払出金額（円）,詳細１,詳細２,現在（貸付）高": (
        "2026100{n},11{n},,振込,ｶ)ｱｵｲ{n},5000",
        "date=取引日 in=受入金額（円） out=払出金額（円） text=詳細２",
    ),
    "請求書番号,件名,取引先名,請求日,お支払期限,売上計上日,合計金額,入金ステータス": (
        "INV-{n},10月分,葵商事,2026/9/30,2026/10/{n},2026/9/30,11{n},未入金",
        "id=請求書番号 date=お支払期限 amount=合計金額 party=取引先名 text=件名",
    ),
    "得意先コード,得意先名称,得意先カナ,売上伝票番号,売上日,回収予定日,税抜金額,消費税額,税込金額": (
        "C01,葵商事,アオイショウジ,S-{n},2026/9/10,2026/10/{n},100{n},10,110{n}",
        "id=売上伝票番号 date=回収予定日 amount=税込金額 kana=得意先カナ party=得意先名称 ref=得意先コード",
    ),
    "No,お客様名,ご請求日,お振込期限,ご請求金額（税込）,備考": (
        "{n},葵商事,2026/9/30,2026/10/3{n},11{n},",
        "id=No date=お振込期限 amount=ご請求金額（税込） party=お客様名 text=備考",
    ),
    "支払番号,仕入先コード,仕入先名,請求書受領日,支払予定日,支払金額": (
        "P{n},V01,葵商事,2026/9/30,2026/10/{n},11{n}",
        "id=支払番号 date=支払予定日 out=支払金額 party=仕入先名",
    ),
    "id,Created (UTC),Amount,Currency,Description,Customer Name": (
        "ch_{n},2026-10-0{n} 10:00,11{n}.00,usd,Order {n},Aoi",
        "id=id date=Created (UTC) amount=Amount currency=Currency party=Customer Name text=Description",
    ),
    "Details,Posting Date,Description,Amount,Type,Balance,Check or Slip #": (
        "CREDIT,10/0{n}/2026,ACME CORP {n},11{n}.00,ACH,500.00,",
        "date=Posting Date amount=Amount text=Description",
    ),
    "Transaction Date,Transaction Type,Sort Code,Account Number,Transaction Description,Debit Amount,Credit Amount,Balance": (
        "0{n}/10/2026,FPI,11-22-33,12345678,ACME {n},,11{n}.00,500",
        "date=Transaction Date in=Credit Amount out=Debit Amount text=Transaction Description",
    ),
    "ContactName,InvoiceNumber,Reference,InvoiceDate,DueDate,Total,InvoiceAmountDue,Currency": (
        "Acme,INV-{n},PO{n},2026-09-30,2026-10-3{n},11{n}.00,11{n}.00,GBP",
        "id=InvoiceNumber date=DueDate amount=InvoiceAmountDue currency=Currency party=ContactName ref=Reference",
    ),
    "txn_id,posted_at,amount_jpy,payer_name,memo": (
        "T{n},2026-10-0{n},11{n},ｶ)ｱｵｲ{n},x",
        "id=txn_id date=posted_at amount=amount_jpy party=payer_name text=memo",
    ),
}


@pytest.mark.parametrize("headings", KNOWN)
def test_columns_are_known_by_their_headings(headings: str) -> None:
    row, wanted = KNOWN[headings]
    columns = headings.split(",")
    rows = [row.replace("{n}", str(n)).split(",") for n in range(1, 6)]
    values = {column: [cells[at] for cells in rows] for at, column in enumerate(columns)}
    _, (said,) = recognise("bank", columns, values)
    found = dict(part.split("=", 1) for part in said.en.removeprefix("bank: columns read as ").split(", "))
    parts = [part for part in wanted.replace("=", " = ").split(" ") if part]
    roles = [parts[at - 1] for at, part in enumerate(parts) if part == "="]
    assert sorted(found) == sorted(roles)
    for role, column in found.items():
        assert f"{role}={column}" in wanted


def test_a_number_that_several_rows_share_names_no_row() -> None:
    values = {"伝票番号の控え": ["1", "1", "1", "2"], "金額": ["10", "20", "30", "40"]}
    layout, _ = recognise("ledger", list(values), values)
    assert (layout.id, layout.amount) == ("", "金額")


@pytest.mark.parametrize("heading", ["口座番号", "電話番号", "支店番号", "Account Number", "登録番号"])
def test_numbers_of_accounts_and_telephones_are_no_ids(heading: str) -> None:
    assert likeness("id", heading) is None


@pytest.mark.parametrize("heading", ["消費税額", "振込手数料額", "Tax amount", "残高合計"])
def test_parts_of_an_amount_are_not_the_amount(heading: str) -> None:
    assert likeness("amount", heading) is None


def test_a_table_without_an_amount_is_refused_with_its_columns() -> None:
    with pytest.raises(BusinessError, match="no column looks like an amount"):
        recognise("bank", ["日付", "摘要"], {"日付": ["2026/10/1"], "摘要": ["x"]})
