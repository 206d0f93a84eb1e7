"""CSV files of banks in their habits: columns, marks, days, encodings, what stands around: read right, refused, or told."""

from __future__ import annotations

import pytest

from tests.statements.dialects import Dialect, check


def rows(*lines: str, end: str = "\n") -> str:
    return end.join(lines) + end


BALANCED = "2 -50 100 50 verified"
JAPANESE = [
    Dialect("a wallet writes a dash where there is nothing", rows("取引日,出金金額（円）,入金金額（円）,通貨,取引内容,取引先", '2026/09/01 10:11:12,"1,200",-,-,支払い,文具店', '2026/09/02 10:11:12,-,"5,000",-,チャージ,山田銀行'),
        "2 3800 - - unverifiable - JPY 2026-09-01", "cp932"),
    Dialect("mufg", rows('"日付","摘要","摘要内容","支払い金額","預かり金額","差引残高","メモ","未資金化区分","入払区分"',
        '"2026/9/1","振込","ヤマダ タロウ","","10,000","110,000","","","入金"', '"2026/9/3","カード","コンビニ","1,500","","108,500","","","支払い"'),
        "2 8500 100000 108500 verified", "cp932"),
    Dialect("smbc", rows("年月日,お引出し,お預入れ,お取り扱い内容,残高", "2026/9/1,,10000,振込 ヤマダ,110000", "2026/9/3,1500,,カード,108500"),
        "2 8500 100000 108500 verified", "cp932"),
    Dialect("rakuten newest first with a sign", rows("取引日,入出金(円),取引後残高(円),入出金内容", "20260903,-1500,108500,カード", "20260901,10000,110000,振込"),
        "2 8500 100000 108500 verified", "cp932"),
    Dialect("sbi sumishin", rows('"日付","内容","出金金額(円)","入金金額(円)","残高(円)","メモ"', '"2026/09/03","カード","1,500","","108,500","-"',
        '"2026/09/01","振込","","10,000","110,000","-"'), "2 8500 100000 108500 verified", "cp932"),
    Dialect("paypay bank split days", rows('"操作日(年)","操作日(月)","操作日(日)","操作時刻(時)","操作時刻(分)","操作時刻(秒)","取引順番号","摘要","お支払金額","お預り金額","残高","メモ"',
        '"2026","9","1","10","20","30","0001","振込","","10000","110000",""', '"2026","9","3","10","20","30","0001","カード","1500","","108500",""'),
        "2 8500 100000 108500 verified", "cp932"),
    Dialect("minus as a triangle", rows("取引日,金額,残高,摘要", "2026/9/1,△50,50,a", "2026/9/2,▲20,30,b"), "2 -70 100 30 verified", "cp932"),
    Dialect("full width", rows("取引日,出金額,入金額,残高,摘要", "２０２６／９／１,,１００,１００,ａ", "２０２６／９／２,３０,,７０,ｂ"), "2 70 0 70 verified", "cp932"),
    Dialect("reiwa", rows("日付,お支払金額,お預り金額,差引残高,摘要", "令和8年9月1日,,100,100,a", "令和8年9月2日,30,,70,b"), "2 70 0 70 verified - JPY 2026-09-01", "cp932"),
    Dialect("R8", rows("日付,お支払金額,お預り金額,差引残高,摘要", "R8.9.1,,100,100,a", "R8.9.2,30,,70,b"), "2 70 0 70 verified - JPY 2026-09-01"),
    Dialect("two-digit years", rows("日付,お支払金額,お預り金額,差引残高,摘要", "26/09/01,,100,100,a", "26/09/25,30,,70,b"), "2 70 0 70 * - JPY 2026-09-01"),
    Dialect("two-digit years of reiwa", rows("日付,お支払金額,お預り金額,差引残高,摘要", "08/09/01,,100,100,a", "08/09/25,30,,70,b"), "2 70 0 70 * - JPY 2026-09-01"),
    Dialect("yen signs and words", rows("日付,出金,入金,残高,摘要", '2026/9/1,,"¥1,000","¥1,000",a', '2026/9/2,"300円",,"700円",b'), "2 700 0 700 verified"),
    Dialect("zero for nothing", rows("日付,出金額,入金額,残高,摘要", "2026/9/1,0,100,100,a", "2026/9/2,30,0,70,b"), "2 70 0 70 verified"),
    Dialect("asterisk for nothing", rows("日付,出金額,入金額,残高,摘要", "2026/9/1,*,100,100,a", "2026/9/2,30,***,70,b"), "2 70 0 70 verified"),
    Dialect("a column that says in or out", rows("取引日,入払区分,金額,残高,摘要", "2026/9/1,入金,100,100,a", "2026/9/2,出金,30,70,b"), "2 70 0 70 verified"),
    Dialect("headings over two lines in one cell", rows('取引日,"お支払\n金額","お預り\n金額",残高,摘要', "2026/9/1,,100,100,a", "2026/9/2,30,,70,b"), "2 70 0 70 verified"),
    Dialect("blanks in headings", rows("取 引 日,出 金 額,入 金 額,残 高,摘 要", "2026/9/1,,100,100,a", "2026/9/2,30,,70,b"), "2 70 0 70 verified"),
    Dialect("carried forward above", rows("口座番号,1234567", "繰越残高,1000", "日付,出金,入金,摘要", "2026/9/1,,100,a", "期末残高,1100"), "1 100 1000 1100 verified"),
    Dialect("carried forward as a row", rows("日付,摘要,出金,入金,残高", "2026/9/1,前月繰越,,,1000", "2026/9/2,a,,100,1100"), "1 100 1000 1100 verified"),
    Dialect("totals below", rows("日付,摘要,出金,入金", "2026/9/1,a,,100", "2026/9/2,b,30,", "合計,,30,100"), "2 70 - - verified"),
    Dialect("totals do not agree", rows("日付,摘要,出金,入金", "2026/9/1,a,,100", "2026/9/2,b,30,", "合計,,30,110"), "2 70 - - discrepancy"),
    Dialect("utf-8 with a mark", "\ufeff" + rows("日付,出金,入金,残高,摘要", "2026/9/1,,100,100,a"), "1 100 0 100"),
    Dialect("utf-16", rows("日付\t出金\t入金\t残高\t摘要", "2026/9/1\t\t100\t100\ta", "2026/9/2\t30\t\t70\tb"), "2 70 0 70 verified", "utf-16"),
    Dialect("euc-jp is refused", rows("日付,出金,入金,残高,摘要", "2026/9/1,,100,100,振込"), "!wrong-encoding|unknown-columns|unknown-format", "euc_jp"),
    Dialect("weekdays", rows("日付,出金,入金,残高,摘要", "2026/9/1(火),,100,100,a", "2026/9/2(水),30,,70,b"), "2 70 0 70 verified"),
    Dialect("card: spending is positive", rows("ご利用日,ご利用店名,ご利用金額", "2026/9/1,店A,1000", "2026/9/2,店B,500"), "2 -1500 - - unverifiable"),
]  # fmt: skip

WESTERN = [
    Dialect("us, newest first", rows("Date,Description,Amount,Balance", "09/15/2026,Shop,-75.00,50.00", "09/02/2026,Pay,25.00,125.00"), "2 -50 100 50 verified - - 2026-09-02"),
    Dialect("month first is told by one day", rows("Date,Description,Amount,Balance", "09/02/2026,Pay,25.00,125.00", "09/15/2026,Shop,-75.00,50.00"), BALANCED),
    Dialect("day first is told by one day", rows("Date,Description,Amount,Balance", "02/09/2026,Pay,25.00,125.00", "15/09/2026,Shop,-75.00,50.00"), BALANCED + " - - 2026-09-02"),
    Dialect("debit and credit", rows("Date,Description,Debit,Credit,Balance", "2026-09-01,Pay,,25.00,125.00", "2026-09-02,Shop,75.00,,50.00"), BALANCED),
    Dialect("negative debits", rows("Date,Description,Debit,Credit,Balance", "2026-09-01,Pay,,25.00,125.00", "2026-09-02,Shop,-75.00,,50.00"), BALANCED),
    Dialect("brackets", rows("Date,Description,Amount,Balance", "2026-09-01,Pay,$25.00,$125.00", "2026-09-02,Shop,($75.00),$50.00"), BALANCED),
    Dialect("minus behind", rows("Date,Description,Amount,Balance", "2026-09-01,Pay,25.00,125.00", "2026-09-02,Shop,75.00-,50.00"), BALANCED),
    Dialect("CR and DR", rows("Date,Description,Amount,Balance", "2026-09-01,Pay,25.00 CR,125.00 CR", "2026-09-02,Shop,75.00 DR,50.00 CR"), BALANCED),
    Dialect("dr/cr column", rows("Date,Narration,Amount,Dr/Cr,Balance", "01-Sep-2026,Pay,25.00,CR,125.00", "02-Sep-2026,Shop,75.00,DR,50.00"), BALANCED),
    Dialect("type column", rows("Date,Description,Type,Amount,Balance", "2026-09-01,Pay,Credit,25.00,125.00", "2026-09-02,Shop,Debit,75.00,50.00"), BALANCED),
    Dialect("thousands", rows("Date,Description,Amount,Balance", '2026-09-01,Pay,"1,250.00","1,350.00"', '2026-09-02,Shop,"-1,300.00",50.00'), BALANCED),
    Dialect("indian groups", rows("Date,Narration,Withdrawal,Deposit,Closing Balance", '01/09/2026,A,,"1,00,000.00","1,00,100.00"', '13/09/2026,B,"1,00,050.00",,50.00'), BALANCED),
    Dialect("swiss groups", rows("Datum;Text;Betrag;Saldo", "01.09.2026;A;1'250.00;1'350.00", "02.09.2026;B;-1'300.00;50.00"), BALANCED),
    Dialect("german", rows("Buchungstag;Verwendungszweck;Betrag;Saldo;Währung", "01.09.2026;A;1.250,00;1.350,00;EUR", "02.09.2026;B;-1.300,00;50,00;EUR"), BALANCED + " - EUR 2026-09-01", "cp1252"),
    Dialect("german preamble", rows('"Kontonummer:";"DE12";', "", '"Von:";"01.09.2026";', '"Kontostand vom 02.09.2026:";"50,00 EUR";', "",
        '"Buchungstag";"Wertstellung";"Buchungstext";"Betrag (EUR)";', '"02.09.2026";"02.09.2026";"B";"-1.300,00";', '"01.09.2026";"01.09.2026";"A";"1.250,00";'), "2 -50 * *", "cp1252"),
    Dialect("german soll and haben", rows("Datum;Text;Soll;Haben;Saldo", "01.09.2026;A;;25,00;125,00", "02.09.2026;B;75,00;;50,00"), BALANCED),
    Dialect("german S and H", rows("Buchungstag;Text;Umsatz;S/H;Saldo", "01.09.2026;A;25,00;H;125,00", "02.09.2026;B;75,00;S;50,00"), BALANCED),
    Dialect("french", rows("Date;Libellé;Débit;Crédit;Solde", "01/09/2026;A;;25,00;125,00", "15/09/2026;B;75,00;;50,00"), BALANCED, "cp1252"),
    Dialect("french, no-break spaces", rows("Date;Libellé;Montant;Solde", "01/09/2026;A;1\u202f250,00;1\u202f350,00", "15/09/2026;B;-1\u00a0300,00;50,00"), BALANCED),
    Dialect("spanish", rows("Fecha;Concepto;Importe;Saldo", "01/09/2026;A;25,00;125,00", "15/09/2026;B;-75,00;50,00"), BALANCED),
    Dialect("italian", rows("Data;Descrizione;Dare;Avere;Saldo", "01/09/2026;A;;25,00;125,00", "15/09/2026;B;75,00;;50,00"), BALANCED),
    Dialect("dutch af and bij", rows('"Datum","Naam / Omschrijving","Rekening","Tegenrekening","Code","Af Bij","Bedrag (EUR)","Mutatiesoort","Mededelingen"',
        '"20260901","A","NL01","NL02","GT","Bij","25,00","x","y"', '"20260902","B","NL01","NL03","BA","Af","75,00","x","y"'), "2 -50 - - unverifiable"),
    Dialect("polish", rows("Data operacji;Opis;Kwota;Saldo po operacji", "2026-09-01;A;25,00;125,00", "2026-09-02;B;-75,00;50,00"), BALANCED),
    Dialect("swedish", rows("Bokföringsdag;Text;Belopp;Saldo", "2026-09-01;A;25,00;125,00", "2026-09-02;B;-75,00;50,00"), BALANCED),
    Dialect("semicolons with commas inside", rows("Date;Description;Amount;Balance", "2026-09-01;Pay, now;25.00;125.00", "2026-09-02;Shop, a, b;-75.00;50.00"), BALANCED),
    Dialect("tabs", rows("Date\tDescription\tAmount\tBalance", "2026-09-01\tPay\t25.00\t125.00", "2026-09-02\tShop\t-75.00\t50.00"), BALANCED),
    Dialect("pipes", rows("Date|Description|Amount|Balance", "2026-09-01|Pay|25.00|125.00", "2026-09-02|Shop|-75.00|50.00"), BALANCED),
    Dialect("sep line of Excel", rows("sep=;", "Date;Description;Amount;Balance", "2026-09-01;Pay;25.00;125.00", "2026-09-02;Shop;-75.00;50.00"), BALANCED),
    Dialect("newlines and quotes in text", rows("Date,Description,Amount,Balance", '2026-09-01,"Pay\nroll ""A""",25.00,125.00', "2026-09-02,Shop,-75.00,50.00"), BALANCED),
    Dialect("old mac line ends", rows("Date,Description,Amount,Balance", "2026-09-01,Pay,25.00,125.00", "2026-09-02,Shop,-75.00,50.00", end="\r"), BALANCED),
    Dialect("trailing delimiters and blank lines", rows("Date,Description,Amount,Balance,", "", "2026-09-01,Pay,25.00,125.00,", "", "2026-09-02,Shop,-75.00,50.00,", ""), BALANCED),
    Dialect("named months", rows("Date,Description,Amount,Balance", '"Sep 1, 2026",Pay,25.00,125.00', '"Sep 2, 2026",Shop,-75.00,50.00'), BALANCED),
    Dialect("named months, day first", rows("Date,Description,Amount,Balance", "1 September 2026,Pay,25.00,125.00", "2 Sep 2026,Shop,-75.00,50.00"), BALANCED),
    Dialect("time stamps", rows("Date,Description,Amount,Balance", "2026-09-01T10:00:00Z,Pay,25.00,125.00", "2026-09-02 11:00:00,Shop,-75.00,50.00"), BALANCED),
    Dialect("excel's text guard", rows("Date,Description,Amount,Balance", '="2026-09-01",Pay,25.00,125.00', '="2026-09-02",Shop,-75.00,50.00'), BALANCED),
    Dialect("two days: posting and value", rows("Posting Date,Value Date,Description,Amount,Balance", "2026-09-01,2026-09-03,Pay,25.00,125.00", "2026-09-02,2026-09-02,Shop,-75.00,50.00"), BALANCED + " - - 2026-09-01"),
    Dialect("opening and closing lines", rows("Opening Balance,100.00", "Date,Description,Amount", "2026-09-01,Pay,25.00", "2026-09-02,Shop,-75.00", "Closing Balance,50.00"), BALANCED),
    Dialect("opening line as a row", rows("Date,Description,Amount,Balance", "2026-09-01,Opening Balance,,100.00", "2026-09-01,Pay,25.00,125.00", "2026-09-02,Shop,-75.00,50.00"), BALANCED),
    Dialect("american three-digit thousands only", rows("Date,Description,Amount", '2026-09-01,Pay,"1,250"', '2026-09-02,Shop,"-1,300"'), "2 -50"),
    Dialect("comma amounts in a comma file, quoted", rows("Date,Description,Amount,Balance", '2026-09-01,Pay,"25,00","125,00"', '2026-09-02,Shop,"-75,00","50,00"'), BALANCED),
    Dialect("a balance that does not follow", rows("Date,Description,Amount,Balance", "2026-09-01,Pay,25.00,125.00", "2026-09-02,Shop,-75.00,51.00"), "2 -50 * * discrepancy"),
    Dialect("a lost row", rows("Date,Description,Amount,Balance", "2026-09-01,Pay,25.00,125.00", "2026-09-03,Shop,-5.00,45.00"), "2 20 * * discrepancy"),
    Dialect("letters in an amount", rows("Date,Description,Amount,Balance", "2026-09-01,Pay,2S.00,125.00"), "!bad-amount"),
    Dialect("letters in a day", rows("Date,Description,Amount,Balance", "2026-09-01,Pay,25.00,125.00", "2O26-09-02,Shop,-75.00,50.00"), "!bad-date"),
    Dialect("a day that does not exist", rows("Date,Description,Amount,Balance", "2026-02-30,Pay,25.00,125.00"), "!bad-date"),
    Dialect("an amount is missing", rows("Date,Description,Amount", "2026-09-01,Pay,", "2026-09-02,Shop,-75.00"), "!bad-amount"),
    Dialect("cut in a row", rows("Date,Description,Amount,Balance", "2026-09-01,Pay,25.00,125.00", "2026-09-02,Sho").rstrip(), "!bad-amount|cut-file"),
    Dialect("two amounts in a row", rows("Date,Description,Debit,Credit", "2026-09-01,Pay,5.00,25.00"), "!two-amounts"),
    Dialect("headings only", rows("Date,Description,Amount,Balance"), "!no-statement"),
    Dialect("no statement at all", rows("Name,City,Phone", "A,B,1", "C,D,2"), "!unknown-columns"),
    Dialect("an unknown word for the direction", rows("Date,Description,Type,Amount", "2026-09-01,Pay,Debit,25.00", "2026-09-02,Pay,Irgendwas,25.00"), "!unknown-direction"),
    Dialect("the heading once more at the end", rows("Date,Description,Transaction Type,Amount", "2026-09-01,Pay,credit,25.00", "2026-09-02,Shop,debit,75.00", "Date,Description,Transaction Type,Amount"), "2 -50"),
    Dialect("letters of unknown meaning and no signs", rows("18.09.2026;Shop;18.09.2026;33,87;O", "19.09.2026;Refund;19.09.2026;24,00;I", "20.09.2026;Rent;20.09.2026;500,00;O"), "!unknown-direction"),
    Dialect("letters that say it, without headings", rows("18.09.2026;Shop;33,87;D", "19.09.2026;Refund;24,00;C", "20.09.2026;Rent;500,00;D"), "3 -509.87"),
    Dialect("a line of the transactions' total", rows("Date,Action,Description,Amount", "04/27/2026,Buy,Fund,-20.00", "04/17/2026 as of 04/15/2026,Interest,Bank,0.03", "Transactions Total,,,-19.97"), "2 -19.97"),
    Dialect("small print below", rows("Run Date,Action,Amount ($),Settlement Date", "01/27/2026,DEBIT,-10.00,", "01/23/2026,DEPOSIT,30.00,", ",,,", "The data is provided for your own use.,,,", "Date downloaded 01/30/2026 10:28 am,,,"), "2 20"),
    Dialect("markup is no table", "\ufeff<?xml version='1.0'?>\n<a:Order xmlns:a='urn:x,y,z'>\n<a:b c='1,2,3'/>\n</a:Order>\n", "!unknown-format"),
    Dialect("days without a year", rows("Date,Description,Amount", "01.09.,Pay,25.00"), "!bad-date|unknown-columns|no-statement"),
    Dialect("three decimals stay three", rows("Date;Description;Amount;Balance", "2026-09-01;Pay;25.125;125.125", "2026-09-02;Shop;-75.125;50.000"), "2 -50 * 50"),
]  # fmt: skip


@pytest.mark.parametrize("dialect", JAPANESE, ids=lambda dialect: dialect.name)
def test_japanese(dialect: Dialect) -> None:
    check(dialect)


@pytest.mark.parametrize("dialect", WESTERN, ids=lambda dialect: dialect.name)
def test_western(dialect: Dialect) -> None:
    check(dialect)
