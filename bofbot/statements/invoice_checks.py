"""The proofs of an invoice: its lines make its net total, its taxes follow from their rates, its totals agree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from bofbot.statements.model import Check, Entry
from bofbot.statements.registration import registration_check
from bofbot.words import Sentence

_NO_DECIMALS = frozenset({"JPY", "KRW", "VND", "CLP"})


@dataclass(frozen=True, slots=True)
class Tax:
    """One rate of an invoice: its basis, percentage as written, and tax."""

    basis: Decimal
    rate: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Totals:
    """The totals an invoice states; None where it does not."""

    lines: Decimal | None = None
    net: Decimal | None = None
    tax: Decimal | None = None
    gross: Decimal | None = None
    prepaid: Decimal | None = None
    rounding: Decimal | None = None
    payable: Decimal | None = None


def invoice_checks(
    lines: list[Entry],
    extras: list[Entry],
    taxes: list[Tax],
    totals: Totals,
    currency: str,
    registrations: list[str],
) -> Iterator[Check]:
    """Every check that the stated figures allow."""
    yield from _sums(lines, extras, taxes, totals)
    yield from _totals(totals)
    for tax in taxes:
        yield from _rate(tax, currency)
    for written in registrations:
        if found := registration_check(written):
            yield found


def _sums(lines: list[Entry], extras: list[Entry], taxes: list[Tax], totals: Totals) -> Iterator[Check]:
    """What the parts of the invoice come to is what it states."""
    line_sum = sum((entry.amount for entry in lines), Decimal(0))
    if totals.lines is not None and lines:
        left, right = ("the lines", "明細の合計"), ("the stated sum of lines", "明細合計の記載")
        yield _same("invoice-lines", line_sum, totals.lines, left, right)
    listed = line_sum if lines else totals.lines
    if totals.net is not None and listed is not None:
        net = listed + sum((entry.amount for entry in extras), Decimal(0))
        left, right = ("lines, charges and allowances", "明細と加減算"), ("the net total", "税抜合計")
        yield _same("invoice-net", net, totals.net, left, right)
    if totals.tax is not None and taxes:
        tax_sum = sum((tax.amount for tax in taxes), Decimal(0))
        left, right = ("the taxes by rate", "税率ごとの税額"), ("the total tax", "税額合計")
        yield _same("invoice-tax", tax_sum, totals.tax, left, right)


def _totals(totals: Totals) -> Iterator[Check]:
    """The stated totals agree with each other."""
    if totals.gross is None:
        return
    if totals.net is not None and totals.tax is not None:
        left, right = ("net and tax", "税抜＋税額"), ("the total", "税込合計")
        yield _same("invoice-gross", totals.net + totals.tax, totals.gross, left, right)
    if totals.payable is not None:
        due = totals.gross - (totals.prepaid or 0) + (totals.rounding or 0)
        left, right = ("total less prepaid", "税込合計－前払"), ("the amount due", "支払額")
        yield _same("invoice-payable", due, totals.payable, left, right)


def _rate(tax: Tax, currency: str) -> Iterator[Check]:
    """Tax is basis × rate, rounded once, up or down as the issuer likes: within one unit of the currency."""
    try:
        exact = tax.basis * Decimal(tax.rate or "0") / 100
    except InvalidOperation:
        return
    unit = Decimal(1) if currency in _NO_DECIMALS else Decimal("0.01")
    difference = tax.amount - exact
    ok = abs(difference) < unit
    yield Check(
        "tax-rate", ok,
        Sentence(
            en=f"{tax.rate}% of {tax.basis:f} is {exact.normalize():f}, stated {tax.amount:f}",
            ja=f"{tax.basis:,f} の {tax.rate}% は {exact.normalize():,f}、記載は {tax.amount:,f}",
        ),
        None if ok else difference,
    )  # fmt: skip


def _same(
    check: str, found: Decimal, stated: Decimal, left: tuple[str, str], right: tuple[str, str]
) -> Check:
    ok = found == stated
    said = Sentence(
        en=f"{left[0]} {found:f}, {right[0]} {stated:f}" + ("" if ok else f": difference {stated - found:f}"),
        ja=f"{left[1]} {found:,f}、{right[1]} {stated:,f}" + ("" if ok else f"：差額 {stated - found:,f}"),
    )
    return Check(check, ok, said, None if ok else stated - found, proves=check == "invoice-gross")
