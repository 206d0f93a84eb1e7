"""Invoices in the profiles that leave lines or rates out (Factur-X MINIMUM, BASIC WL): read right, and still proved."""

from __future__ import annotations

import pytest

from tests.statements.dialects import Dialect, check

_SPACES = (
    'xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100" '
    'xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100" '
    'xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"'
)


def cii(settlement: str) -> str:
    return f"""<?xml version="1.0"?>
<rsm:CrossIndustryInvoice {_SPACES}>
<rsm:ExchangedDocument><ram:ID>R-1</ram:ID><ram:TypeCode>380</ram:TypeCode>
<ram:IssueDateTime><udt:DateTimeString format="102">20260901</udt:DateTimeString></ram:IssueDateTime></rsm:ExchangedDocument>
<rsm:SupplyChainTradeTransaction>
<ram:ApplicableHeaderTradeAgreement><ram:SellerTradeParty><ram:Name>Stationer</ram:Name></ram:SellerTradeParty></ram:ApplicableHeaderTradeAgreement>
<ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>{settlement}</ram:ApplicableHeaderTradeSettlement>
</rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>"""


def sums(**amounts: str) -> str:
    told = "".join(f"<ram:{name}>{amount}</ram:{name}>" for name, amount in amounts.items())
    return f"<ram:SpecifiedTradeSettlementHeaderMonetarySummation>{told}</ram:SpecifiedTradeSettlementHeaderMonetarySummation>"


def tax(basis: str, rate: str, amount: str) -> str:
    return f"<ram:ApplicableTradeTax><ram:CalculatedAmount>{amount}</ram:CalculatedAmount><ram:BasisAmount>{basis}</ram:BasisAmount><ram:RateApplicablePercent>{rate}</ram:RateApplicablePercent></ram:ApplicableTradeTax>"


def extra(amount: str, charge: str) -> str:
    return f"<ram:SpecifiedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>{charge}</udt:Indicator></ram:ChargeIndicator><ram:ActualAmount>{amount}</ram:ActualAmount></ram:SpecifiedTradeAllowanceCharge>"


MINIMUM = {"TaxBasisTotalAmount": "100.00", "TaxTotalAmount": "20.00", "GrandTotalAmount": "120.00", "DuePayableAmount": "120.00"}  # fmt: skip
RATED = tax("100.00", "20", "20.00") + extra("5.00", "false")
DIALECTS = [
    Dialect("minimum: net, tax and total alone", cii(sums(**MINIMUM)), "2 120 0 120 verified - EUR 2026-09-01"),
    Dialect("minimum without tax", cii(sums(TaxBasisTotalAmount="100.00", GrandTotalAmount="100.00")), "1 100 0 100"),
    Dialect("minimum: a total that is wrong", cii(sums(**{**MINIMUM, "GrandTotalAmount": "121.00"})), "2 120 0 121 discrepancy"),
    Dialect("without lines: an allowance and a rate", cii(RATED + sums(LineTotalAmount="105.00", AllowanceTotalAmount="5.00", **MINIMUM)), "2 120 0 120 verified"),
    Dialect("without lines: a sum of lines that is wrong", cii(RATED + sums(LineTotalAmount="106.00", AllowanceTotalAmount="5.00", **MINIMUM)), "2 120 0 120 discrepancy"),
]  # fmt: skip


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_invoice(dialect: Dialect) -> None:
    check(dialect)
