"""BAI2 in the habits of banks: continuations, funds types, signs, several days and accounts; read right or refused."""

from __future__ import annotations

import pytest

from tests.statements.dialects import Dialect, check


def bai(*account: str, group: str = "02,ME,BANK,1,260901,0000,USD,2/", end: str = "\n") -> str:
    """One account in a file with right trailers."""
    amounts = sum(_amounts(record) for record in account)
    records = [*account, f"49,{amounts},{len(account) + 1}/"]
    lines = [
        "01,BANK,ME,260901,0600,1,80,,2/", group, *records, f"98,{amounts},1,{len(records) + 2}/", f"99,{amounts},1,{len(records) + 4}/",
    ]  # fmt: skip
    return end.join(lines) + end


def _amounts(record: str) -> int:
    fields = record.rstrip("/").split(",")
    if fields[0] == "16":
        return int(fields[2] or 0)
    if fields[0] in ("03", "88"):
        at = 3 if fields[0] == "03" else 1
        return sum(
            int(fields[n + 1])
            for n in range(at, len(fields) - 1)
            if len(fields[n]) == 3 and fields[n].isdigit() and fields[n + 1].lstrip("+-").isdigit()
        )
    return 0


ACCOUNT = "03,123,USD,010,10000,,,015,11000,,/"
ONE = "1 10 100 110 verified 123 USD 2026-09-01"
DIALECTS = [
    Dialect("plain", bai(ACCOUNT, "16,142,1000,,REF,OWN,Deposit/"), ONE),
    Dialect("crlf", bai(ACCOUNT, "16,142,1000,,REF,OWN,Deposit/", end="\r\n"), ONE),
    Dialect("text without a slash", bai(ACCOUNT, "16,142,1000,,REF,OWN,Deposit"), ONE),
    Dialect("commas in the text", bai(ACCOUNT, "16,142,1000,,REF,OWN,Deposit, of A, B/"), ONE),
    Dialect("continued text", bai(ACCOUNT, "16,142,1000,,REF,OWN,Deposit", "88,of A and 1234567", "88,and B/"), ONE),
    Dialect("continued balances", bai("03,123,USD,010,10000,,/", "88,015,11000,,/", "16,142,1000,,,,x/"), ONE),
    Dialect("debit", bai("03,123,USD,010,10000,,,015,9000,,/", "16,475,1000,,,,Cheque/"), "1 -10 100 90 verified"),
    Dialect("funds type 0 1 2 Z", bai("03,123,USD,010,10000,,,015,14000,,/", *(f"16,142,1000,{kind},R,O,x/" for kind in "012Z")), "4 40 100 140 verified"),
    Dialect("funds type S", bai(ACCOUNT, "16,142,1000,S,500,300,200,R,O,x/"), ONE),
    Dialect("funds type V", bai(ACCOUNT, "16,142,1000,V,260903,0800,R,O,x/"), ONE),
    Dialect("funds type D", bai(ACCOUNT, "16,142,1000,D,2,0,500,1,500,R,O,x/"), ONE),
    Dialect("currency of the group", bai("03,123,,010,10000,,,015,11000,,/", "16,142,1000,,,,x/"), ONE),
    Dialect("yen have no minor unit", bai("03,123,JPY,010,10000,,,015,11000,,/", "16,142,1000,,,,x/"), "1 1000 10000 11000 verified 123 JPY"),
    Dialect("signs in balances", bai("03,123,USD,010,+10000,,,015,-11000,,/", "16,475,21000,,,,x/"), "1 -210 100 -110 verified"),
    Dialect("information only", bai("03,123,USD,010,10000,,,015,10000,,/", "16,890,,,,,Note/"), "0 0 100 100 verified"),
    Dialect("no balances", bai("03,123,USD,,,,/", "16,142,1000,,,,x/"), "1 10 - - *"),
    Dialect("blank trailers", bai("03,123,,/").replace("49,0,2/", "49,,2/").replace("98,0,1,4/", "98,,1,4/").replace("99,0,1,6/", "99,,1,6/"), "0 0 - - unverifiable"),
    Dialect("does not add up", bai("03,123,USD,010,10000,,,015,11001,,/", "16,142,1000,,,,x/"), "1 10 100 110.01 discrepancy"),
    Dialect("a wrong account total", bai(ACCOUNT, "16,142,1000,,,,x/").replace("49,22000", "49,22001"), "1 10 100 110 discrepancy"),
    Dialect("a wrong count of records", bai(ACCOUNT, "16,142,1000,,,,x/").replace("49,22000,3/", "49,22000,4/"), "1 10 100 110 discrepancy"),
    Dialect("a lost record", bai(ACCOUNT, "16,142,1000,,,,x/", "16,475,0,,,,y/").replace("16,475,0,,,,y/\n", ""), "1 10 100 110 discrepancy"),
    Dialect("cut", bai(ACCOUNT, "16,142,1000,,,,x/").split("49,")[0], "!cut-file"),
    Dialect("cut before the file trailer", bai(ACCOUNT, "16,142,1000,,,,x/").split("99,")[0], "!cut-file"),
    Dialect("letters in an amount", bai(ACCOUNT, "16,142,1000,,,,x/").replace("16,142,1000", "16,142,1O00"), "!bad-amount"),
    Dialect("decimals in an amount", bai(ACCOUNT, "16,142,1000,,,,x/").replace("16,142,1000", "16,142,10.00"), "!bad-amount"),
    Dialect("a bad day", bai(ACCOUNT, "16,142,1000,,,,x/", group="02,ME,BANK,1,261301,0000,USD,2/"), "!bad-date"),
    Dialect("a movement without an account", "01,B,M,260901,0600,1,80,,2/\n02,M,B,1,260901,0000,USD,2/\n16,142,1000,,,,x/\n98,0,0,3/\n99,0,1,5/\n", "!record-order"),
]  # fmt: skip


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_bai2(dialect: Dialect) -> None:
    check(dialect)
