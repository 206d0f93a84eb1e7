"""Invoices as data: UBL 2.1 in the profile of JP PINT, and UN/CEFACT CII in those of XRechnung and Factur-X."""

from __future__ import annotations

from xml.sax.saxutils import escape

from bofbot.practice.company import SYSTEM
from bofbot.practice.paper_bill import Bill

_UBL = "urn:oasis:names:specification:ubl:schema:xsd"
_CII = "urn:un:unece:uncefact:data:standard"


def as_ubl(bill: Bill) -> bytes:
    """JP PINT (Peppol International, Japan)."""

    def money(name: str, units: int) -> str:
        return f'<cbc:{name} currencyID="{bill.currency}">{bill.money(units)}</cbc:{name}>'

    taxes = "".join(
        f"<cac:TaxSubtotal>{money('TaxableAmount', net)}{money('TaxAmount', tax)}<cac:TaxCategory><cbc:ID>S</cbc:ID>"
        f"<cbc:Percent>{rate}</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:TaxCategory></cac:TaxSubtotal>"
        for rate, net, tax in bill.taxes
    )
    lines = "".join(
        f"<cac:InvoiceLine><cbc:ID>{number}</cbc:ID><cbc:InvoicedQuantity>1</cbc:InvoicedQuantity>"
        f"{money('LineExtensionAmount', line.net)}<cac:Item><cbc:Name>{escape(line.name)}</cbc:Name></cac:Item></cac:InvoiceLine>\n"
        for number, line in enumerate(bill.lines, 1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<Invoice xmlns="{_UBL}:Invoice-2" xmlns:cac="{_UBL}:CommonAggregateComponents-2" '
        f'xmlns:cbc="{_UBL}:CommonBasicComponents-2">\n'
        "<cbc:CustomizationID>urn:peppol:pint:billing-1@jp-1</cbc:CustomizationID>"
        "<cbc:ProfileID>urn:peppol:bis:billing</cbc:ProfileID>\n"
        f"<cbc:ID>{bill.number}</cbc:ID><cbc:IssueDate>{bill.day}</cbc:IssueDate><cbc:DueDate>{bill.due}</cbc:DueDate>"
        f"<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode><cbc:DocumentCurrencyCode>{bill.currency}</cbc:DocumentCurrencyCode>\n"
        f"<cac:AccountingSupplierParty><cac:Party><cac:PartyTaxScheme><cbc:CompanyID>{bill.registration}</cbc:CompanyID>"
        "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme><cac:PartyLegalEntity>"
        f"<cbc:RegistrationName>{escape(bill.vendor)}</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party></cac:AccountingSupplierParty>\n"
        "<cac:AccountingCustomerParty><cac:Party><cac:PartyLegalEntity>"
        f"<cbc:RegistrationName>{SYSTEM.ja.split()[0]}</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party></cac:AccountingCustomerParty>\n"
        f"<cac:TaxTotal>{money('TaxAmount', bill.tax)}{taxes}</cac:TaxTotal>\n"
        f"<cac:LegalMonetaryTotal>{money('LineExtensionAmount', bill.net)}{money('TaxExclusiveAmount', bill.net)}"
        f"{money('TaxInclusiveAmount', bill.total)}{money('PayableAmount', bill.total)}</cac:LegalMonetaryTotal>\n"
        f"{lines}</Invoice>\n"
    ).encode()


def as_cii(bill: Bill) -> bytes:
    """CrossIndustryInvoice D16B."""
    taxes = "".join(
        f"<ram:ApplicableTradeTax><ram:CalculatedAmount>{bill.money(tax)}</ram:CalculatedAmount><ram:TypeCode>VAT</ram:TypeCode>"
        f"<ram:BasisAmount>{bill.money(net)}</ram:BasisAmount><ram:CategoryCode>S</ram:CategoryCode>"
        f"<ram:RateApplicablePercent>{rate}</ram:RateApplicablePercent></ram:ApplicableTradeTax>"
        for rate, net, tax in bill.taxes
    )
    lines = "".join(
        f"<ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument><ram:LineID>{number}</ram:LineID>"
        f"</ram:AssociatedDocumentLineDocument><ram:SpecifiedTradeProduct><ram:Name>{escape(line.name)}</ram:Name></ram:SpecifiedTradeProduct>"
        "<ram:SpecifiedLineTradeSettlement><ram:SpecifiedTradeSettlementLineMonetarySummation>"
        f"<ram:LineTotalAmount>{bill.money(line.net)}</ram:LineTotalAmount></ram:SpecifiedTradeSettlementLineMonetarySummation>"
        "</ram:SpecifiedLineTradeSettlement></ram:IncludedSupplyChainTradeLineItem>\n"
        for number, line in enumerate(bill.lines, 1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<rsm:CrossIndustryInvoice xmlns:rsm="{_CII}:CrossIndustryInvoice:100" '
        f'xmlns:ram="{_CII}:ReusableAggregateBusinessInformationEntity:100" xmlns:udt="{_CII}:UnqualifiedDataType:100">\n'
        "<rsm:ExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>urn:cen.eu:en16931:2017</ram:ID>"
        "</ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>\n"
        f"<rsm:ExchangedDocument><ram:ID>{bill.number}</ram:ID><ram:TypeCode>380</ram:TypeCode><ram:IssueDateTime>"
        f'<udt:DateTimeString format="102">{bill.day:%Y%m%d}</udt:DateTimeString></ram:IssueDateTime></rsm:ExchangedDocument>\n'
        f"<rsm:SupplyChainTradeTransaction>{lines}<ram:ApplicableHeaderTradeAgreement><ram:SellerTradeParty>"
        f'<ram:Name>{escape(bill.vendor)}</ram:Name><ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">{bill.registration}</ram:ID>'
        "</ram:SpecifiedTaxRegistration></ram:SellerTradeParty></ram:ApplicableHeaderTradeAgreement>\n"
        f"<ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>{bill.currency}</ram:InvoiceCurrencyCode>{taxes}"
        f"<ram:SpecifiedTradeSettlementHeaderMonetarySummation><ram:LineTotalAmount>{bill.money(bill.net)}</ram:LineTotalAmount>"
        f"<ram:TaxBasisTotalAmount>{bill.money(bill.net)}</ram:TaxBasisTotalAmount>"
        f'<ram:TaxTotalAmount currencyID="{bill.currency}">{bill.money(bill.tax)}</ram:TaxTotalAmount>'
        f"<ram:GrandTotalAmount>{bill.money(bill.total)}</ram:GrandTotalAmount><ram:DuePayableAmount>{bill.money(bill.total)}"
        "</ram:DuePayableAmount></ram:SpecifiedTradeSettlementHeaderMonetarySummation></ram:ApplicableHeaderTradeSettlement>\n"
        "</rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>\n"
    ).encode()
