"""The electronic invoices vendors sent to the practice company: what is in them, and how each of them is made as a file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from bofbot.practice.electronic import as_cii, as_ubl
from bofbot.practice.paper_bill import Bill, BillLine
from bofbot.practice.pdf import as_hybrid_pdf

BILLS: tuple[Bill, ...] = (
    Bill(
        "PB-2601", "みどり文具株式会社", "T6999900000011", date(2026, 10, 20), date(2026, 11, 30), "JPY",
        (BillLine("コピー用紙 A4", 12_500, 10), BillLine("来客用のお茶", 3_333, 8)),
    ),
    Bill(
        "PB-2602", "青葉クラウド株式会社", "T3999900000022", date(2026, 10, 31), date(2026, 11, 30), "JPY",
        (BillLine("クラウド利用料 10月分", 84_210, 10), BillLine("サポート", 15_000, 10)),
    ),
    Bill(
        "RE-2026-417", "Nordlicht Logistik GmbH", "DE123456789", date(2026, 10, 15), date(2026, 11, 14), "EUR",
        (BillLine("Seefracht Hamburg – Yokohama", 184_000, 19), BillLine("Versicherung", 12_550, 19)),
    ),
    Bill(
        "F2026-0098", "Papeterie du Lac SAS", "FR32123456789", date(2026, 10, 28), date(2026, 11, 27), "EUR",
        (BillLine("Papier à lettres", 24_990, 20),),
    ),
    Bill(
        "PB-2603", "かえで印刷株式会社", "T9999900000033", date(2026, 10, 25), date(2026, 11, 25), "JPY",
        (BillLine("名刺 200枚", 9_800, 10),), tax_off_by=1,
    ),
)  # fmt: skip
"""Vendors, and numbers that no company has. The last one states a tax that is one yen too high: whoever reads it must say so."""

KINDS: dict[str, tuple[Callable[[Bill], bytes], str, str]] = {
    "PB-2601": (as_ubl, "xml", "JP PINT"),
    "PB-2602": (as_hybrid_pdf, "pdf", "PDF (XML)"),
    "RE-2026-417": (as_cii, "xml", "CII (XRechnung)"),
    "F2026-0098": (as_hybrid_pdf, "pdf", "Factur-X (PDF)"),
    "PB-2603": (as_ubl, "xml", "JP PINT"),
}
"""How each vendor sends them: maker, extension, and what the page calls it."""


def paper_of(bill: Bill) -> tuple[bytes, str]:
    """The file and its name."""
    make, extension, _ = KINDS[bill.number]
    return make(bill), f"{bill.number}.{extension}"
