"""OFX, QFX and QBO as banks write them, and QIF as programs do: read right, refused by name, or told."""

from __future__ import annotations

import pytest

from tests.statements.dialects import Dialect, check

SGML = (
    "OFXHEADER:100\r\nDATA:OFXSGML\r\nVERSION:102\r\nSECURITY:NONE\r\nENCODING:{encoding}\r\nCHARSET:{charset}\r\n"
    "COMPRESSION:NONE\r\nOLDFILEUID:NONE\r\nNEWFILEUID:NONE\r\n\r\n"
)
USASCII = SGML.format(encoding="USASCII", charset="1252")
XML = '<?xml version="1.0" encoding="UTF-8"?>\n<?OFX OFXHEADER="200" VERSION="211" SECURITY="NONE" OLDFILEUID="NONE" NEWFILEUID="NONE"?>\n'
SIGNON = "<SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS><DTSERVER>20260901<LANGUAGE>ENG</SONRS></SIGNONMSGSRSV1>"


def one(amount: str = "-12.50", day: str = "20260902120000[-5:EST]", number: int = 1, more: str = "") -> str:
    return f"<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>{day}<TRNAMT>{amount}<FITID>F{number}<NAME>Shop{more}</STMTTRN>"


def bank(
    *entries: str, account: str = "123", balance: str = "<LEDGERBAL><BALAMT>87.50<DTASOF>20260930</LEDGERBAL>"
) -> str:
    return (
        f"<BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STATUS><CODE>0<SEVERITY>INFO</STATUS><STMTRS><CURDEF>USD<BANKACCTFROM><BANKID>9"
        f"<ACCTID>{account}<ACCTTYPE>CHECKING</BANKACCTFROM><BANKTRANLIST><DTSTART>20260901<DTEND>20260930{''.join(entries)}"
        f"</BANKTRANLIST>{balance}</STMTRS></STMTTRNRS></BANKMSGSRSV1>"
    )


def ofx(*parts: str, header: str = USASCII) -> str:
    return f"{header}<OFX>{SIGNON}{''.join(parts)}</OFX>"


def tagged(text: str) -> str:
    """The same with closing tags and a line each, as OFX 2 writes it."""
    import re

    return re.sub(r"<([A-Z0-9.]+)>([^<\s][^<]*)", r"<\1>\2</\1>\n", text)


ONE = "1 -12.50 - 87.50 unverifiable 123 USD 2026-09-02"
DIALECTS = [
    Dialect("sgml in one line", ofx(bank(one())), ONE),
    Dialect("xml", tagged(ofx(bank(one()), header=XML)), ONE),
    Dialect("closing tags under an sgml header", tagged(ofx(bank(one()))), ONE),
    Dialect("lower-case tags", ofx(bank(one())).replace("<", "<").lower().replace("usd", "USD"), "1 -12.50 - 87.50 unverifiable 123 USD"),
    Dialect("no header at all", ofx(bank(one()), header=""), ONE),
    Dialect("header with blank lines and a BOM", "\ufeff" + ofx(bank(one()), header=USASCII.replace("\r\n", "\r\n\r\n")), ONE),
    Dialect("header in one line", ofx(bank(one()), header=USASCII.replace("\r\n", " ")), ONE),
    Dialect("comma as decimal mark", ofx(bank(one("-12,50"))), ONE),
    Dialect("thousands", ofx(bank(one("-1,012.50"))), "1 -1012.50"),
    Dialect("plus sign and blanks", ofx(bank(one(" +12.50 "))), "1 12.50"),
    Dialect("european thousands", ofx(bank(one("-1.012,50"))), "1 -1012.50"),
    Dialect("the sign of a currency", ofx(bank(one("$120"))), "!bad-amount"),
    Dialect("no fraction", ofx(bank(one("-12"), balance="")), "1 -12 - -"),
    Dialect("short day", ofx(bank(one(day="20260902"))), ONE),
    Dialect("day with milliseconds", ofx(bank(one(day="20260902120000.000[0:GMT]"))), ONE),
    Dialect("entities in text", ofx(bank(one(more=" &amp; Co &lt;x&gt;"))), ONE),
    Dialect("bare ampersand", ofx(bank(one(more=" & Co"))), ONE),
    Dialect("cp1252 text", ofx(bank(one(more=" Café"))), ONE, "cp1252"),
    Dialect("utf-8 under a header of 1252", ofx(bank(one(more=" Café"))), ONE),
    Dialect("japanese in cp932", ofx(bank(one(more=" コンビニ支払い")), header=SGML.format(encoding="USASCII", charset="NONE")), ONE, "cp932"),
    Dialect("utf-16", ofx(bank(one()), header=XML), ONE, "utf-16"),
    Dialect("two accounts", ofx(bank(one(), account="1"), bank(one("5.00"), account="2")),
        "1 -12.50 - 87.50 unverifiable 1\n1 5 - 87.50 unverifiable 2"),
    Dialect("two answers in one message set", ofx(
        bank(one(), account="1").replace("</BANKMSGSRSV1>", "") + bank(one("5.00"), account="2").replace("<BANKMSGSRSV1>", "")),
        "1 -12.50\n1 5"),
    Dialect("card", ofx(bank(one()).replace("STMTRS", "CCSTMTRS").replace("BANKACCTFROM", "CCACCTFROM")), "1 -12.50 - 87.50 unverifiable 123"),
    Dialect("entries are left open", ofx(bank(one(), one("2.50", number=2)).replace("</STMTTRN>", "")), "2 -10"),
    Dialect("available balance first", ofx(bank(one(), balance=(
        "<AVAILBAL><BALAMT>1.00<DTASOF>20260930</AVAILBAL><LEDGERBAL><BALAMT>87.50<DTASOF>20260930</LEDGERBAL>"))), ONE),
    Dialect("available balance only", ofx(bank(one(), balance="<AVAILBAL><BALAMT>1.00<DTASOF>20260930</AVAILBAL>")), "1 -12.50 - -"),
    Dialect("payee aggregate and a currency of the entry", ofx(bank(one(more=(
        "<CURRENCY><CURRATE>1.1<CURSYM>EUR</CURRENCY>"))))  , "1 -12.50"),
    Dialect("newest first", ofx(bank(one(day="20260903", number=2), one("1", "20260901"))), "2 -11.5 - 87.5 unverifiable 123 USD 2026-09-01"),
    Dialect("quiet account", ofx(bank()), "0 0 - 87.50 unverifiable"),
    Dialect("without an amount", ofx(bank(one().replace("<TRNAMT>-12.50", ""))), "!bad-amount|missing-amount"),
    Dialect("empty amount", ofx(bank(one(""))), "!bad-amount|missing-amount"),
    Dialect("letters in the amount", ofx(bank(one("-12.5O"))), "!bad-amount"),
    Dialect("two dots", ofx(bank(one("-1.2.50"))), "!bad-amount"),
    Dialect("no day", ofx(bank(one(day="00000000"))), "!bad-date"),
    Dialect("cut in an entry", ofx(bank(one(), one(number=2)))[:-300], "!cut-file"),
    Dialect("cut after the list", ofx(bank(one()))[: -len("</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>")], "!cut-file"),
    Dialect("the bank refuses", ofx(
        "<BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STATUS><CODE>2000<SEVERITY>ERROR<MESSAGE>General error</STATUS></STMTTRNRS></BANKMSGSRSV1>"),
        "!no-statement"),
    Dialect("entity bomb", XML + '<!DOCTYPE a [<!ENTITY b "c">]>' + "<OFX></OFX>", "!entities"),
    Dialect("balance with letters", ofx(bank(one(), balance="<LEDGERBAL><BALAMT>n/a<DTASOF>20260930</LEDGERBAL>")), "1 -12.50 - - unverifiable"),
    Dialect("investment cash", ofx(
        "<INVSTMTMSGSRSV1><INVSTMTTRNRS><TRNUID>1<STATUS><CODE>0<SEVERITY>INFO</STATUS><INVSTMTRS><DTASOF>20260930<CURDEF>USD"
        "<INVACCTFROM><BROKERID>b<ACCTID>77</INVACCTFROM><INVTRANLIST><DTSTART>20260901<DTEND>20260930"
        "<BUYSTOCK><INVBUY><INVTRAN><FITID>1<DTTRADE>20260905<DTSETTLE>20260907</INVTRAN><SECID><UNIQUEID>x<UNIQUEIDTYPE>CUSIP</SECID>"
        "<UNITS>10<UNITPRICE>5<TOTAL>-50.00<SUBACCTSEC>CASH<SUBACCTFUND>CASH</INVBUY><BUYTYPE>BUY</BUYSTOCK>"
        "<INVBANKTRAN><STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260906<TRNAMT>100.00<FITID>2<NAME>Deposit</STMTTRN><SUBACCTFUND>CASH</INVBANKTRAN>"
        "<INCOME><INVTRAN><FITID>3<DTTRADE>20260910</INVTRAN><INCOMETYPE>DIV<TOTAL>1.25<SUBACCTSEC>CASH<SUBACCTFUND>CASH</INCOME>"
        "</INVTRANLIST></INVSTMTRS></INVSTMTTRNRS></INVSTMTMSGSRSV1>"), "3 51.25 - - unverifiable 77 USD 2026-09-05"),
]  # fmt: skip


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_ofx(dialect: Dialect) -> None:
    check(dialect)


def qif(*lines: str, kind: str = "Bank") -> str:
    return "\n".join((f"!Type:{kind}", *lines)) + "\n"


QIF = [
    Dialect("us days", qif("D9/25/2026", "T-12.50", "PShop", "^", "D9/26/2026", "T1,000.00", "^"), "2 987.50 - - unverifiable - - 2026-09-25"),
    Dialect("european days", qif("D25/09/2026", "T-12,50", "^", "D26/09/2026", "T1.000,00", "^"), "2 987.50 - - unverifiable - - 2026-09-25"),
    Dialect("apostrophe for the century", qif("D9/25'26", "T-12.50", "^", "D9/ 6'26", "T1.00", "^"), "2 -11.5"),
    Dialect("blanks in days", qif("D 9/ 5/26", "T-1", "^", "D12/25/26", "T-2", "^"), "2 -3"),
    Dialect("dots in days", qif("D25.09.2026", "T-1.00", "^"), "1 -1 - - unverifiable - - 2026-09-25"),
    Dialect("iso days", qif("D2026-09-25", "T-1.00", "^"), "1 -1 - - unverifiable - - 2026-09-25"),
    Dialect("days that could be swapped", qif("D02/03/2026", "T-1.00", "^"), "1 -1 - - unverifiable"),
    Dialect("splits add up", qif("D9/25/2026", "T-10.00", "SFood", "$-7.00", "SDrink", "$-3.00", "^"), "1 -10"),
    Dialect("splits do not add up", qif("D9/25/2026", "T-10.00", "SFood", "$-7.00", "SDrink", "$-2.00", "^"), "1 -10 - - discrepancy"),
    Dialect("U and T", qif("D9/25/2026", "U-10.00", "T-10.00", "^"), "1 -10"),
    Dialect("U and T differ", qif("D9/25/2026", "U-11.00", "T-10.00", "^"), "!two-amounts|bad-amount"),
    Dialect("card", qif("D9/25/2026", "T-10.00", "^", kind="CCard"), "1 -10"),
    Dialect("opening balance", qif("D9/01/2026", "T100.00", "CX", "POpening Balance", "L[Checking]", "^", "D9/25/2026", "T-10.00", "^"), "2 90"),
    Dialect("accounts", "!Account\nNOne\nTBank\n^\n!Type:Bank\nD9/25/2026\nT-1\n^\n!Account\nNTwo\nTCash\n^\n!Type:Cash\nD9/26/2026\nT2\n^\n",
        "1 -1 - - unverifiable One\n1 2 - - unverifiable Two"),
    Dialect("categories only", "!Type:Cat\nNFood\nE\n^\n", "0 0 - - unverifiable"),
    Dialect("no amount", qif("D9/25/2026", "PShop", "^"), "!bad-amount|missing-amount"),
    Dialect("no day", qif("T-10.00", "PShop", "^"), "!bad-date"),
    Dialect("letters in the amount", qif("D9/25/2026", "T-1O.00", "^"), "!bad-amount"),
    Dialect("cut in a record", qif("D9/25/2026", "T-10.00", "^", "D9/26/2026", "T-2").rstrip(), "!cut-file"),
    Dialect("a byte order mark", "\ufeff" + qif("D9/25/2026", "T-1", "^"), "1 -1"),
    Dialect("cp1252", qif("D25/09/2026", "T-1,00", "PCafé", "^"), "1 -1", "cp1252"),
    Dialect("crlf and a trailing blank", "!Type:Bank \r\nD9/25/2026\r\nT-1.00\r\n^\r\n", "1 -1"),
    Dialect("investment", "!Type:Invst\nD9/25/2026\nNBuy\nYACME\nI10.00\nQ5\nT50.00\nO1.00\n^\nD9/26/2026\nNDiv\nYACME\nT2.50\n^\n", "2 -47.50"),
]  # fmt: skip


@pytest.mark.parametrize("dialect", QIF, ids=lambda dialect: dialect.name)
def test_qif(dialect: Dialect) -> None:
    check(dialect)
