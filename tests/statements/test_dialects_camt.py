"""CAMT.052, .053 and .054 in the versions and habits of banks: read right, refused by name, or told."""

from __future__ import annotations

import pytest

from tests.statements.dialects import Dialect, check, read

ROOTS = {
    "052": ("BkToCstmrAcctRpt", "Rpt"),
    "053": ("BkToCstmrStmt", "Stmt"),
    "054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
}
IBAN = "DE02120300000000202051"


def ntry(
    amount: str = "10.00",
    side: str = "CRDT",
    status: str = "<Sts>BOOK</Sts>",
    more: str = "",
    currency: str = "EUR",
    day: str = "<BookgDt><Dt>2026-09-02</Dt></BookgDt><ValDt><Dt>2026-09-03</Dt></ValDt>",
) -> str:
    return (
        f'<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd>{status}{day}{more}</Ntry>'
    )


def bal(code: str, amount: str, side: str = "CRDT", day: str = "2026-09-01", currency: str = "EUR") -> str:
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd>'
        f"<Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def part(*parts: str, kind: str = "053", account: str = f"<Id><IBAN>{IBAN}</IBAN></Id><Ccy>EUR</Ccy>") -> str:
    tag = ROOTS[kind][1]
    return f"<{tag}><Id>1</Id><CreDtTm>2026-09-04T00:00:00</CreDtTm><Acct>{account}</Acct>{''.join(parts)}</{tag}>"


def camt(*parts: str, version: str = "08", kind: str = "053", prefix: str = "") -> str:
    root = ROOTS[kind][0]
    text = (
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{kind}.001.{version}"><{root}><GrpHdr><MsgId>1</MsgId>'
        f"<CreDtTm>2026-09-04T00:00:00</CreDtTm></GrpHdr>{''.join(parts)}</{root}></Document>"
    )
    if prefix:
        text = (
            text.replace("</", "\0")
            .replace("<", f"<{prefix}:")
            .replace("\0", f"</{prefix}:")
            .replace("xmlns=", f"xmlns:{prefix}=")
        )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'


OPEN, CLOSE = bal("OPBD", "100.00"), bal("CLBD", "110.00", day="2026-09-03")
ONE = f"1 10.00 100.00 110.00 verified {IBAN} EUR 2026-09-02"
BATCH = (
    "<NtryDtls><Btch><NbOfTxs>2</NbOfTxs></Btch>"
    '<TxDtls><AmtDtls><TxAmt><Amt Ccy="EUR">4.00</Amt></TxAmt></AmtDtls></TxDtls>'
    '<TxDtls><AmtDtls><TxAmt><Amt Ccy="EUR">6.00</Amt></TxAmt></AmtDtls></TxDtls></NtryDtls>'
)
DIALECTS = [
    *(Dialect(f"053 version {version:02}", camt(part(OPEN, CLOSE, ntry(status=(
        "<Sts><Cd>BOOK</Cd></Sts>" if version > 7 else "<Sts>BOOK</Sts>"))), version=f"{version:02}"), ONE) for version in range(1, 14)),
    Dialect("with a prefix", camt(part(OPEN, CLOSE, ntry()), prefix="ns2"), ONE),
    Dialect("without a namespace", camt(part(OPEN, CLOSE, ntry())).replace(' xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"', ""), ONE),
    Dialect("inside a business header", (
        '<?xml version="1.0"?><BizMsg><AppHdr xmlns="urn:iso:std:iso:20022:tech:xsd:head.001.001.02"><BizMsgIdr>1</BizMsgIdr></AppHdr>'
        + camt(part(OPEN, CLOSE, ntry())).split("\n", 1)[1] + "</BizMsg>"), ONE),
    Dialect("previous closing as opening", camt(part(bal("PRCD", "100.00"), CLOSE, ntry())), ONE),
    Dialect("interim balances", camt(part(bal("ITBD", "100.00"), bal("ITBD", "110.00", day="2026-09-03"), ntry())), "1 10"),
    Dialect("available balances beside booked ones", camt(part(OPEN, bal("CLAV", "90.00"), CLOSE, bal("FWAV", "70.00"), ntry())), ONE),
    Dialect("available balances only", camt(part(bal("OPAV", "100.00"), bal("CLAV", "110.00"), ntry())), "1 10 - - unverifiable"),
    Dialect("debit", camt(part(OPEN, bal("CLBD", "90.00"), ntry(side="DBIT"))), "1 -10 100 90 verified"),
    Dialect("overdrawn", camt(part(bal("OPBD", "5.00", "DBIT"), bal("CLBD", "5.00"), ntry())), "1 10 -5 5 verified"),
    Dialect("reversal of a debit", camt(part(OPEN, CLOSE, ntry(more="<RvslInd>true</RvslInd>"))), ONE),
    Dialect("reversal of a credit", camt(part(OPEN, bal("CLBD", "90.00"), ntry(side="DBIT", more="<RvslInd>true</RvslInd>"))), "1 -10 100 90 verified"),
    Dialect("batch counts once", camt(part(OPEN, CLOSE, ntry(more=BATCH))), ONE),
    Dialect("batch whose parts do not add up", camt(part(OPEN, CLOSE, ntry(more=BATCH.replace("6.00", "7.00")))), "1 10 100 110 *"),
    Dialect("pending is not in the balance", camt(part(OPEN, CLOSE, ntry(), ntry("3.00", status="<Sts>PDNG</Sts>"))), "2 13 100 110 verified"),
    Dialect("pending by code", camt(part(OPEN, CLOSE, ntry(), ntry("3.00", status="<Sts><Cd>PDNG</Cd></Sts>"))), "2 13 100 110 verified"),
    Dialect("informational is not in the balance", camt(part(OPEN, CLOSE, ntry(), ntry("3.00", status="<Sts>INFO</Sts>"))), "2 13 100 110 verified"),
    Dialect("two statements", camt(part(OPEN, CLOSE, ntry()), part(bal("OPBD", "110.00"), bal("CLBD", "120.00"), ntry())),
        "1 10 100 110 verified\n1 10 110 120 verified"),
    Dialect("summary agrees", camt(part("<TxsSummry><TtlNtries><NbOfNtries>1</NbOfNtries><Sum>10.00</Sum></TtlNtries></TxsSummry>", ntry(), kind="052"), kind="052"),
        "1 10 - - verified"),
    Dialect("summary of the sides", camt(part(
        "<TxsSummry><TtlCdtNtries><NbOfNtries>1</NbOfNtries><Sum>10.00</Sum></TtlCdtNtries><TtlDbtNtries><NbOfNtries>1</NbOfNtries><Sum>4.00</Sum></TtlDbtNtries></TxsSummry>",
        ntry(), ntry("4.00", "DBIT"), kind="052"), kind="052"), "2 6 - - verified"),
    Dialect("summary is wrong", camt(part("<TxsSummry><TtlNtries><NbOfNtries>2</NbOfNtries></TtlNtries></TxsSummry>", ntry(), kind="052"), kind="052"),
        "1 10 - - discrepancy"),
    Dialect("notice", camt(part(ntry(), kind="054"), kind="054"), "1 10 - - unverifiable"),
    Dialect("local account", camt(part(OPEN, CLOSE, ntry(), account="<Id><Othr><Id>12-345</Id></Othr></Id><Ccy>EUR</Ccy>")), "1 10 100 110 verified 12-345"),
    Dialect("does not add up", camt(part(OPEN, bal("CLBD", "110.01"), ntry())), "1 10 100 110.01 discrepancy"),
    Dialect("no currency of the account", camt(part(OPEN, CLOSE, ntry(), account=f"<Id><IBAN>{IBAN}</IBAN></Id>")), ONE),
    Dialect("entry of another currency", camt(part(OPEN, CLOSE, ntry(currency="USD"))), "1 10 100 110 discrepancy"),
    Dialect("day and time", camt(part(OPEN, CLOSE, ntry(day="<BookgDt><DtTm>2026-09-02T23:59:59.000+02:00</DtTm></BookgDt>"))), ONE),
    Dialect("value day only", camt(part(OPEN, CLOSE, ntry(day="<ValDt><Dt>2026-09-03</Dt></ValDt>"))), "1 10 100 110 verified * * 2026-09-03"),
    Dialect("many decimals", camt(part(OPEN, bal("CLBD", "110.00000"), ntry("10.00000"))), "1 10 100 110 verified"),
    Dialect("amount in an exponent", camt(part(OPEN, CLOSE, ntry("1E1"))), "!bad-amount"),
    Dialect("amount with a comma", camt(part(OPEN, CLOSE, ntry("10,00"))), "!bad-amount"),
    Dialect("negative amount", camt(part(OPEN, bal("CLBD", "90.00"), ntry("-10.00"))), "1 -10 100 90 verified"),
    Dialect("no amount", camt(part(OPEN, CLOSE, ntry()).replace('<Amt Ccy="EUR">10.00</Amt>', "")), "!bad-amount"),
    Dialect("no side", camt(part(OPEN, CLOSE, ntry(side="CRDT").replace("<CdtDbtInd>CRDT</CdtDbtInd>", ""))), "!bad-amount|bad-direction"),
    Dialect("wrong side", camt(part(OPEN, CLOSE, ntry(side="CREDIT"))), "!bad-amount|bad-direction"),
    Dialect("quiet", camt(part(OPEN, bal("CLBD", "100.00"))), "0 0 100 100 verified"),
    Dialect("cut", camt(part(OPEN, CLOSE, ntry()))[:-60], "!cut-file|broken-xml"),
    Dialect("cut inside an amount", camt(part(OPEN, CLOSE, ntry())).split("10.00")[0] + "1", "!cut-file|broken-xml"),
    Dialect("no message part", camt(), "!no-statement"),
    Dialect("utf-16", camt(part(OPEN, CLOSE, ntry())).replace("UTF-8", "UTF-16"), ONE, "utf-16"),
    Dialect("latin-1", camt(part(OPEN, CLOSE, ntry(more="<AddtlNtryInf>Überweisung</AddtlNtryInf>"))).replace("UTF-8", "ISO-8859-1"), ONE, "latin-1"),
    Dialect("BOM and a blank line", "\ufeff" + camt(part(OPEN, CLOSE, ntry())), ONE),
    Dialect("comment inside an amount", camt(part(OPEN, CLOSE, ntry("10<!-- x -->.00"))), ONE),
]  # fmt: skip


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_camt(dialect: Dialect) -> None:
    check(dialect)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("kind", ["052", "053", "054"])
def test_the_kind_is_told_in_every_encoding(kind: str, encoding: str) -> None:
    data = camt(part(OPEN, CLOSE, ntry(), kind=kind), kind=kind).replace("UTF-8", encoding.upper())
    assert [statement.format for statement, _ in read(data.encode(encoding))] == [f"camt.{kind}"]
