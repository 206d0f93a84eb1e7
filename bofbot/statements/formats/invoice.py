"""Electronic invoices: UBL 2.1 (Peppol BIS, JP PINT) and UN/CEFACT CII (Factur-X, ZUGFeRD, XRechnung).

An invoice is told like a statement: from nothing (opening 0) its lines, charges and taxes lead to the total (closing).
Source: EN 16931 and JP PINT rules; a tax is rounded once for each rate of an invoice (消費税法施行令 第70条の10)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from bofbot.statements.day_notation import bad_date, unambiguous_date
from bofbot.statements.invoice_checks import Tax, Totals, invoice_checks
from bofbot.statements.markup import child, children, line_of, local, text, tree
from bofbot.statements.model import Entry, Refused, Statement
from bofbot.statements.notation import bad_amount
from bofbot.statements.options import Options
from bofbot.words import Sentence

if TYPE_CHECKING:
    from bofbot.statements.markup import Element

NAME = "invoice"


def recognise(head: bytes) -> bool:
    """The namespace of a UBL invoice or credit note, or of a CII invoice."""
    return (
        b"urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" in head
        or b"urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2" in head
        or (b"CrossIndustryInvoice" in head and b"urn:un:unece:uncefact" in head)
    )


def read(data: bytes, options: Options) -> list[Statement]:
    """The one invoice of the file. Raises Refused."""
    root = tree(data)
    name = local(root)
    if name in ("Invoice", "CreditNote"):
        return [_ubl(root, credit=name == "CreditNote")]
    if name == "CrossIndustryInvoice":
        return [_cii(root)]
    raise Refused(
        "not-an-invoice",
        Sentence(en=f"The root element is {name}.", ja=f"ルート要素が {name} です。"),
        line=line_of(root),
    )


def _ubl(root: Element, credit: bool) -> Statement:
    currency = text(root, "DocumentCurrencyCode")
    day = _day(text(root, "IssueDate"), root)
    lines = list(_ubl_lines(root, day, "CreditNoteLine" if credit else "InvoiceLine"))
    totals = child(root, "LegalMonetaryTotal")
    taxes = [
        Tax(_money(sub, "TaxableAmount"), text(sub, "TaxCategory", "Percent"), _money(sub, "TaxAmount"))
        for total in _in_currency(children(root, "TaxTotal"), currency)
        for sub in children(total, "TaxSubtotal")
    ]
    party = child(root, "AccountingSupplierParty", "Party")
    named = [
        text(scheme, "CompanyID")
        for scheme in (children(party, "PartyTaxScheme") if party is not None else [])
    ]
    figures = Totals(
        lines=_optional(totals, "LineExtensionAmount"), net=_optional(totals, "TaxExclusiveAmount"),
        gross=_optional(totals, "TaxInclusiveAmount"), prepaid=_optional(totals, "PrepaidAmount"),
        rounding=_optional(totals, "PayableRoundingAmount"), payable=_optional(totals, "PayableAmount"),
        tax=_first([_optional(total, "TaxAmount") for total in _in_currency(children(root, "TaxTotal"), currency)]),
    )  # fmt: skip
    name = text(party, "PartyLegalEntity", "RegistrationName") or text(party, "PartyName", "Name")
    extras = list(_ubl_extras(root, day))
    pint = (
        "ubl-jp-pint"
        if "pint" in text(root, "CustomizationID") and "jp" in text(root, "CustomizationID")
        else "ubl"
    )
    return _invoice(
        pint, text(root, "ID"), currency, day, name, named, lines, extras, taxes, figures, -1 if credit else 1
    )


def _ubl_lines(root: Element, day: date, name: str) -> Iterator[Entry]:
    for line in children(root, name):
        yield Entry(
            day, _money(line, "LineExtensionAmount"), text(line, "Item", "Name") or text(line, "Note"),
            reference=text(line, "ID"), line=line_of(line),
        )  # fmt: skip


def _ubl_extras(root: Element, day: date) -> Iterator[Entry]:
    for extra in children(root, "AllowanceCharge"):
        sign = 1 if text(extra, "ChargeIndicator") == "true" else -1
        yield Entry(
            day, sign * _money(extra, "Amount"), text(extra, "AllowanceChargeReason"), line=line_of(extra)
        )


def _in_currency(totals: list[Element], currency: str) -> list[Element]:
    """A second TaxTotal in the tax currency repeats the first: only the document's own counts."""
    chosen = []
    for total in totals:
        amount = child(total, "TaxAmount")
        if amount is not None and str(amount.get("currencyID", currency)) == currency:
            chosen.append(total)
    return chosen


def _cii(root: Element) -> Statement:
    trade = child(root, "SupplyChainTradeTransaction")
    settlement = child(trade, "ApplicableHeaderTradeSettlement")
    document = child(root, "ExchangedDocument")
    day = _day(text(document, "IssueDateTime", "DateTimeString"), root)
    sums = child(settlement, "SpecifiedTradeSettlementHeaderMonetarySummation")
    taxes = [
        Tax(_money(tax, "BasisAmount"), text(tax, "RateApplicablePercent"), _money(tax, "CalculatedAmount"))
        for tax in (children(settlement, "ApplicableTradeTax") if settlement is not None else [])
    ]
    lines = [
        Entry(
            day, _money(child(line, "SpecifiedLineTradeSettlement", "SpecifiedTradeSettlementLineMonetarySummation"), "LineTotalAmount"),
            text(line, "SpecifiedTradeProduct", "Name"), reference=text(line, "AssociatedDocumentLineDocument", "LineID"), line=line_of(line),
        )
        for line in (children(trade, "IncludedSupplyChainTradeLineItem") if trade is not None else [])
    ]  # fmt: skip
    extras = [
        Entry(
            day,
            (1 if text(extra, "ChargeIndicator", "Indicator") == "true" else -1)
            * _money(extra, "ActualAmount"),
            text(extra, "Reason"),
            line=line_of(extra),
        )
        for extra in (children(settlement, "SpecifiedTradeAllowanceCharge") if settlement is not None else [])
    ]
    seller = child(trade, "ApplicableHeaderTradeAgreement", "SellerTradeParty")
    named = [
        text(one, "ID")
        for one in (children(seller, "SpecifiedTaxRegistration") if seller is not None else [])
    ]
    figures = Totals(
        lines=_optional(sums, "LineTotalAmount"), net=_optional(sums, "TaxBasisTotalAmount"), gross=_optional(sums, "GrandTotalAmount"),
        prepaid=_optional(sums, "TotalPrepaidAmount"), rounding=_optional(sums, "RoundingAmount"),
        payable=_optional(sums, "DuePayableAmount"), tax=_optional(sums, "TaxTotalAmount"),
    )  # fmt: skip
    sign = -1 if text(document, "TypeCode") == "381" else 1
    return _invoice(
        "cii",
        text(document, "ID"),
        text(settlement, "InvoiceCurrencyCode"),
        day,
        text(seller, "Name"),
        named,
        lines,
        extras,
        taxes,
        figures,
        sign,
    )


def _invoice(
    name: str, number: str, currency: str, day: date, supplier: str, registrations: list[str], lines: list[Entry],
    extras: list[Entry], taxes: list[Tax], totals: Totals, sign: int,
) -> Statement:  # fmt: skip
    if totals.gross is None and totals.payable is None:
        raise Refused(
            "missing-amount", Sentence(en="The invoice states no total.", ja="請求書に合計金額がありません。")
        )
    told = [
        Entry(day, tax.amount, f"tax {tax.rate}%", line=0) for tax in taxes
    ]  # fmt: skip
    moved = [*lines, *extras, *told]
    if not lines and totals.net is not None:  # the profiles MINIMUM and BASIC WL carry no lines
        moved = [Entry(day, totals.net, supplier), *(told or _whole_tax(day, totals))]
    entries = tuple(entry._replace(amount=sign * entry.amount, counterparty=supplier) for entry in moved)
    gross = totals.gross if totals.gross is not None else totals.payable
    return Statement(
        account=next((one for one in registrations if one), ""), currency=currency, entries=entries, opening=Decimal(0),
        closing=sign * gross if gross is not None else None, first_day=day, last_day=day, format=name, kind="invoice",
        title=supplier, number=number, checks=tuple(invoice_checks(lines, extras, taxes, totals, currency, registrations)),
    )  # fmt: skip


def _whole_tax(day: date, totals: Totals) -> list[Entry]:
    """The tax of an invoice that states it without rates (the profile MINIMUM)."""
    return [Entry(day, totals.tax, "tax")] if totals.tax else []


def _money(element: Element | None, name: str) -> Decimal:
    amount = _optional(element, name)
    if amount is None:
        raise bad_amount(text(element, name), line_of(element) if element is not None else 0)
    return amount


def _optional(element: Element | None, name: str) -> Decimal | None:
    written = text(element, name)
    if not written:
        return None
    bare = written.removeprefix("-").removeprefix("+")
    if not bare or len(bare) > 30 or not bare.isascii() or not bare.replace(".", "", 1).isdigit():
        raise bad_amount(written, line_of(element) if element is not None else 0)
    return Decimal(written)


def _first(values: list[Decimal | None]) -> Decimal | None:
    return next((value for value in values if value is not None), None)


def _day(written: str, root: Element) -> date:
    day = unambiguous_date(written)
    if day is None:
        raise bad_date(written, line_of(root))
    return day
