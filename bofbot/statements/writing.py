"""Statements written in another form: one CSV of all entries, or OFX 2 for accounting programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from xml.sax.saxutils import escape

from bofbot.statements.merge import entry_ids
from bofbot.statements.model import Statement

HEADINGS = (
    "file",
    "account",
    "currency",
    "date",
    "value_date",
    "amount",
    "balance",
    "counterparty",
    "text",
    "reference",
)


def rows(statements: Sequence[Statement]) -> Iterator[tuple[str | Decimal | date | None, ...]]:
    """Every entry as typed cells under `HEADINGS`."""
    for statement in statements:
        for entry in statement.entries:
            yield (
                statement.file, statement.account, statement.currency, entry.date, entry.value_date, entry.amount,
                entry.balance, entry.counterparty, entry.text, entry.reference,
            )  # fmt: skip


def as_csv(statements: Sequence[Statement]) -> str:
    """All entries in one CSV with a heading line. A cell that a spreadsheet would compute is written as text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for row in rows(statements):
        writer.writerow([_cell(value) for value in row])
    return out.getvalue()


def _cell(value: str | Decimal | date | None) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    return f"'{value}" if value[:1] in "=+-@\t" and value[1:2] and not value[1:2].isspace() else value


def as_ofx(statements: Sequence[Statement], made: date) -> str:
    """OFX 2.2 with one response per statement. `made` is the day it is made."""
    body = "\n".join(_response(number, statement, made) for number, statement in enumerate(statements, 1))
    stamp = f"{made:%Y%m%d}"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<?OFX OFXHEADER="200" VERSION="220" SECURITY="NONE" OLDFILEUID="NONE" NEWFILEUID="NONE"?>\n'
        "<OFX>\n<SIGNONMSGSRSV1><SONRS><STATUS><CODE>0</CODE><SEVERITY>INFO</SEVERITY></STATUS>"
        f"<DTSERVER>{stamp}</DTSERVER><LANGUAGE>ENG</LANGUAGE></SONRS></SIGNONMSGSRSV1>\n"
        f"<BANKMSGSRSV1>\n{body}\n</BANKMSGSRSV1>\n</OFX>\n"
    )


def _response(number: int, statement: Statement, made: date) -> str:
    days = [entry.date for entry in statement.entries]
    first = statement.first_day or min(days, default=made)
    last = statement.last_day or max(days, default=made)
    transactions = "\n".join(
        f"<STMTTRN><TRNTYPE>{'CREDIT' if entry.amount >= 0 else 'DEBIT'}</TRNTYPE><DTPOSTED>{entry.date:%Y%m%d}</DTPOSTED>"
        f"<TRNAMT>{entry.amount:f}</TRNAMT><FITID>{escape(identity)}</FITID>"
        f"<NAME>{escape((entry.counterparty or entry.text)[:32])}</NAME><MEMO>{escape(entry.text[:255])}</MEMO></STMTTRN>"
        for entry, identity in zip(statement.entries, entry_ids(statement), strict=True)
    )
    balance = (
        f"<LEDGERBAL><BALAMT>{statement.closing:f}</BALAMT><DTASOF>{last:%Y%m%d}</DTASOF></LEDGERBAL>\n"
        if statement.closing is not None
        else ""
    )
    return (
        f"<STMTTRNRS><TRNUID>{number}</TRNUID><STATUS><CODE>0</CODE><SEVERITY>INFO</SEVERITY></STATUS>\n"
        f"<STMTRS><CURDEF>{escape(statement.currency or 'XXX')}</CURDEF><BANKACCTFROM><BANKID>0</BANKID>"
        f"<ACCTID>{escape(statement.account or '0')}</ACCTID><ACCTTYPE>CHECKING</ACCTTYPE></BANKACCTFROM>\n"
        f"<BANKTRANLIST><DTSTART>{first:%Y%m%d}</DTSTART><DTEND>{last:%Y%m%d}</DTEND>\n{transactions}\n</BANKTRANLIST>\n"
        f"{balance}</STMTRS></STMTTRNRS>"
    )
