"""Statements written in another form: one CSV of all entries, or OFX 2 for accounting programs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from xml.sax.saxutils import escape

from bofbot.statements.merge import entry_ids
from bofbot.statements.model import Entry, Statement
from bofbot.words import Sentence

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


UNKNOWN = "UNKNOWN"


def _response(number: int, statement: Statement, made: date) -> str:
    days = [entry.date for entry in statement.entries]
    last = statement.last_day or max(days, default=made)
    first = statement.first_day or min(days, default=last)
    transactions = "\n".join(
        _transaction(entry, identity)
        for entry, identity in zip(statement.entries, entry_ids(statement), strict=True)
    )
    balance = (
        f"<LEDGERBAL><BALAMT>{statement.closing:f}</BALAMT><DTASOF>{last:%Y%m%d}</DTASOF></LEDGERBAL>\n"
        if statement.closing is not None
        else ""
    )
    return (
        f"<STMTTRNRS><TRNUID>{number}</TRNUID><STATUS><CODE>0</CODE><SEVERITY>INFO</SEVERITY></STATUS>\n"
        f"<STMTRS><CURDEF>{escape(statement.currency or NO_CURRENCY)}</CURDEF><BANKACCTFROM><BANKID>{UNKNOWN}</BANKID>"
        f"<ACCTID>{escape(_account(statement))}</ACCTID><ACCTTYPE>CHECKING</ACCTTYPE></BANKACCTFROM>\n"
        f"<BANKTRANLIST><DTSTART>{first:%Y%m%d}</DTSTART><DTEND>{last:%Y%m%d}</DTEND>\n{transactions}\n</BANKTRANLIST>\n"
        f"{balance}</STMTRS></STMTTRNRS>"
    )


def _account(statement: Statement) -> str:
    """OFX wants a bank and an account, and programs file by them. No statement tells its bank in a way that OFX would
    take; where the account is unknown, too, the file's own mark stands for it: two such files never become one account."""
    return statement.account or f"{UNKNOWN}-{statement.source_sha256[:8]}".rstrip("-")


NO_CURRENCY = "XXX"
"""ISO 4217 for "no currency": OFX wants one, and none is made up."""


def _transaction(entry: Entry, identity: str) -> str:
    name, memo = _plain(entry.counterparty or entry.text)[:32].strip(), _plain(entry.text)[:255].strip()
    return (
        f"<STMTTRN><TRNTYPE>{'CREDIT' if entry.amount >= 0 else 'DEBIT'}</TRNTYPE><DTPOSTED>{entry.date:%Y%m%d}</DTPOSTED>"
        f"<TRNAMT>{entry.amount:f}</TRNAMT><FITID>{escape(_plain(identity))}</FITID>"
        + (f"<NAME>{escape(name)}</NAME>" if name else "")
        + (f"<MEMO>{escape(memo)}</MEMO>" if memo else "")
        + "</STMTTRN>"
    )


def _plain(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return _CONTROLS.sub(" ", text)


_CONTROLS = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def unknown_to_ofx(statements: Sequence[Statement]) -> Sentence | None:
    """What the OFX file could not be told, and how to tell it; None when all is known."""
    accounts = sum(not statement.account for statement in statements)
    currencies = sum(not statement.currency for statement in statements)
    if not accounts and not currencies:
        return None
    return Sentence(
        en=f"OFX needs an account and a currency: {accounts} statements name no account ({UNKNOWN}-… was written), "
        f"{currencies} no currency ({NO_CURRENCY}); name them with --account and --currency",
        ja=f"OFX には口座番号と通貨が必要です。口座番号のない明細 {accounts} 件は {UNKNOWN}-…、通貨のない明細 {currencies} 件は "
        f"{NO_CURRENCY} と書きました。--account と --currency で指定できます",
    )
