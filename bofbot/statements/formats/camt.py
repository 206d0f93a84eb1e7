"""ISO 20022 CAMT.052, .053 and .054 in every version: read by local names. Source: ISO 20022 message definitions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from bofbot.statements.day_notation import bad_date
from bofbot.statements.markup import child, children, elements, line_of, local, text
from bofbot.statements.model import Control, Entry, Statement, no_statement
from bofbot.statements.notation import bad_amount, is_plain_amount
from bofbot.statements.options import Options
from bofbot.statements.progress import ticking
from bofbot.words import Sentence

if TYPE_CHECKING:
    from bofbot.statements.markup import Element

NAME = "camt"
_ROOTS = (b"BkToCstmrAcctRpt", b"BkToCstmrStmt", b"BkToCstmrDbtCdtNtfctn")
_NOT_BOOKED = ("PDNG", "INFO", "FUTR")
"""Entries that are announced, but in no balance yet."""
_WRAPPERS = {"Rpt": "camt.052", "Stmt": "camt.053", "Ntfctn": "camt.054"}


def recognise(head: bytes) -> bool:
    """One of the three bank-to-customer messages."""
    return any(root in head for root in _ROOTS)


def read(data: bytes, options: Options) -> list[Statement]:
    """Every report, statement or notification of the message. Raises Refused."""
    statements: list[Statement] = []
    entries: list[Entry] = []
    pending = Decimal(0)
    currencies: set[str] = set()
    found = elements(data, ("Ntry", *_WRAPPERS))
    for element in ticking(found, data.count(b"Ntry>") // 2 if options.progress else 0, options):
        if local(element) == "Ntry":
            parent = element.getparent()
            if parent is None or local(parent) not in _WRAPPERS:
                continue
            entry, currency, booked = _entry(element)
            entries.append(entry)
            currencies.add(currency)
            pending += 0 if booked else entry.amount
            _forget(element)
        elif _is_message_part(element):
            statements.append(_statement(element, entries, currencies - {""}, pending))
            entries, pending, currencies = [], Decimal(0), set()
            element.clear()
    if not statements:
        raise no_statement(
            Sentence(
                en="the message has no report, statement or notification.",
                ja="報告・明細・通知の要素がありません。",
            )
        )
    return statements


def _is_message_part(element: Element) -> bool:
    parent = element.getparent()
    return parent is not None and local(parent).encode() in _ROOTS


def _forget(element: Element) -> None:
    """Free what was read: a file of 100,000 entries must not become a tree of them."""
    element.clear()
    parent = element.getparent()
    before = element.getprevious()
    if parent is not None and before is not None and local(before) == "Ntry":
        parent.remove(before)


def _entry(element: Element) -> tuple[Entry, str, bool]:
    parts = {local(part): part for part in element}
    line = line_of(element)
    amount = _signed(parts.get("Amt"), parts.get("CdtDbtInd"), line)
    booked, value = _day(parts.get("BookgDt")), _day(parts.get("ValDt"))
    day = booked or value or _day_of_message(element)
    if day is None:
        raise bad_date("", line)
    text_, counterparty = _details(element, parts, amount < 0)
    reference = _text_of(parts.get("AcctSvcrRef")) or _text_of(parts.get("NtryRef"))
    amount_element = parts.get("Amt")
    currency = str(amount_element.get("Ccy", "")) if amount_element is not None else ""
    status = parts.get("Sts")
    status_text = (_text_of(status) or text(status, "Cd")) if status is not None else "BOOK"
    return (
        Entry(day, amount, text_, None, value, reference, counterparty, line),
        currency,
        status_text not in _NOT_BOOKED,
    )


def _details(element: Element, parts: dict[str, Element], debit: bool) -> tuple[str, str]:
    """The text of an entry, and its counterparty: of all its transactions when several are booked as one (a batch)."""
    words = [_text_of(parts.get("AddtlNtryInf"))]
    names = []
    side = "Cdtr" if debit else "Dbtr"
    for details in children(element, "NtryDtls"):
        for transaction in children(details, "TxDtls"):
            remittance = child(transaction, "RmtInf")
            if remittance is not None:
                words.extend((part.text or "").strip() for part in children(remittance, "Ustrd"))
                words.append(text(remittance, "Strd", "CdtrRefInf", "Ref"))
            party = child(transaction, "RltdPties", side)
            names.append(text(party, "Nm") or text(party, "Pty", "Nm"))
    return " ".join(word for word in words if word), ", ".join(dict.fromkeys(name for name in names if name))


def _text_of(element: Element | None) -> str:
    return (element.text or "").strip() if element is not None else ""


def _signed(amount: Element | None, indicator: Element | None, line: int) -> Decimal:
    """CdtDbtInd alone gives the sign: a reversal (RvslInd) is already stated as what it does to the account."""
    written = _text_of(amount)
    side = _text_of(indicator)
    if not is_plain_amount(written) or side not in ("CRDT", "DBIT"):
        raise bad_amount(f"{written} {side}".strip(), line)
    return -Decimal(written) if side == "DBIT" else Decimal(written)


@lru_cache(maxsize=4096)
def _date(written: str) -> date | None:
    try:
        return date.fromisoformat(written[:10])
    except ValueError:
        return None


def _day(element: Element | None) -> date | None:
    if element is None:
        return None
    return _date(text(element, "Dt") or text(element, "DtTm"))


def _day_of_message(element: Element) -> date | None:
    return _date(text(element.getparent(), "CreDtTm"))


def _statement(element: Element, entries: list[Entry], currencies: set[str], pending: Decimal) -> Statement:
    name, account = _WRAPPERS[local(element)], child(element, "Acct")
    opening, closing, of_balances = _balances(element)
    currency = text(account, "Ccy") or next(iter(of_balances), "") or min(currencies, default="")
    every = currencies | set(of_balances)
    controls = _summary(element)
    if len(every) > 1:
        controls.append(Control("one-currency", Decimal(1), Decimal(len(every))))
    period = child(element, "FrToDt")
    return Statement(
        account=text(account, "Id", "IBAN") or text(account, "Id", "Othr", "Id") or text(account, "Id", "BBAN"),
        currency=currency, entries=tuple(entries), opening=opening, closing=closing,
        first_day=_date(text(period, "FrDtTm") or text(period, "FrDt")),
        last_day=_date(text(period, "ToDtTm") or text(period, "ToDt")),
        format=name, kind="movements" if name == "camt.054" else "account", number=text(element, "Id"),
        title=text(account, "Ownr", "Nm"), controls=tuple(controls), pending=pending,
    )  # fmt: skip


def _balances(element: Element) -> tuple[Decimal | None, Decimal | None, tuple[str, ...]]:
    """Opening (OPBD, else PRCD, else first ITBD), closing (CLBD, else last ITBD), and the currencies of the two."""
    found: dict[str, list[tuple[Decimal, str]]] = {}
    for balance in children(element, "Bal"):
        code = text(balance, "Tp", "CdOrPrtry", "Cd") or text(balance, "Tp", "CdOrPrtry", "Prtry")
        amount = child(balance, "Amt")
        value = _signed(amount, child(balance, "CdtDbtInd"), line_of(balance))
        found.setdefault(code, []).append((value, str(amount.get("Ccy", "")) if amount is not None else ""))
    interim = found.get("ITBD", [])
    opening = next(
        (found[code][0] for code in ("OPBD", "PRCD") if code in found), interim[0] if interim else None
    )
    closing = found["CLBD"][-1] if "CLBD" in found else interim[-1] if len(interim) > 1 else None
    ends = [end for end in (opening, closing) if end is not None]
    return (
        opening and opening[0],
        closing and closing[0],
        tuple(dict.fromkeys(code for _, code in ends if code)),
    )


def _summary(element: Element) -> list[Control]:
    summary = child(element, "TxsSummry")
    controls = []
    for part, prefix in (("TtlNtries", "entry"), ("TtlCdtNtries", "credit"), ("TtlDbtNtries", "debit")):
        total = child(summary, part)
        line = line_of(total) if total is not None else 0
        count, amount = text(total, "NbOfNtries"), text(total, "Sum")
        if count.isascii() and count.isdigit():
            controls.append(Control(f"{prefix}-count", Decimal(count), line=line))
        if is_plain_amount(amount):
            controls.append(
                Control("absolute-sum" if prefix == "entry" else f"{prefix}-sum", Decimal(amount), line=line)
            )
    return controls
