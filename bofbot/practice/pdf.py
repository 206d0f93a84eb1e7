"""A month of the account, and an invoice, as a PDF: the portal's door to reportlab."""

from __future__ import annotations

import io
from typing import Any

from bofbot.practice.account import BANK, BRANCH, HOLDER, BankMonth
from bofbot.practice.electronic import as_cii
from bofbot.practice.paper_bill import Bill
from bofbot.practice.papers import as_rows, slashed

_FONT = "HeiseiKakuGo-W5"
"""A CID font: named in the file, not embedded; every viewer brings one of its own for it."""
_MM = 72 / 25.4


def as_pdf(month: BankMonth) -> bytes:
    """An A4 statement whose Japanese text can be extracted; the same bytes at every call."""
    platypus, styles = _reportlab()
    made = io.BytesIO()
    document = platypus.SimpleDocTemplate(
        made, pagesize=(210 * _MM, 297 * _MM), title="入出金明細書", author=BANK, invariant=1,
        topMargin=15 * _MM, bottomMargin=15 * _MM, leftMargin=16 * _MM, rightMargin=16 * _MM,
    )  # fmt: skip
    document.build([*_head(platypus, styles, month), _lines(platypus, month)])
    return made.getvalue()


def as_hybrid_pdf(bill: Bill) -> bytes:
    """An invoice for people that carries itself as data (Factur-X, ZUGFeRD): `factur-x.xml` is attached."""
    platypus, styles = _reportlab()
    made = io.BytesIO()
    document = platypus.SimpleDocTemplate(
        made, pagesize=(210 * _MM, 297 * _MM), title=f"請求書 {bill.number}", author=bill.vendor, invariant=1
    )
    plain = styles.ParagraphStyle("plain", fontName=_FONT, fontSize=10, leading=15)
    texts = [
        f"請求書 {bill.number}", bill.vendor, f"{slashed(bill.day)}　{bill.registration}",
        *(f"{line.name}　{bill.money(line.net)}　{line.rate}%" for line in bill.lines),
        *(f"{rate}%対象 {bill.money(net)}　消費税 {bill.money(tax)}" for rate, net, tax in bill.taxes),
        f"合計 {bill.money(bill.total)} {bill.currency}",
    ]  # fmt: skip

    def attach(canvas: Any, _: Any) -> None:
        _attach(canvas, "factur-x.xml", as_cii(bill))

    document.build([platypus.Paragraph(text, plain) for text in texts], onFirstPage=attach)
    return made.getvalue()


def _attach(canvas: Any, name: str, data: bytes) -> None:
    """PDF 32000-1, 7.11.4: an embedded file under a name of the catalogue; reportlab has no word for it."""
    from reportlab.pdfbase import pdfdoc

    doc: Any = pdfdoc
    document = canvas._doc
    embedded = doc.PDFStream(
        dictionary=doc.PDFDictionary(
            {"Type": doc.PDFName("EmbeddedFile"), "Subtype": doc.PDFName("text/xml")}
        ),
        content=data,
    )
    there = document.Reference(embedded)
    named = doc.PDFDictionary(
        {
            "Type": doc.PDFName("Filespec"), "F": doc.PDFString(name), "UF": doc.PDFString(name),
            "EF": doc.PDFDictionary({"F": there, "UF": there}), "AFRelationship": doc.PDFName("Alternative"),
        }
    )  # fmt: skip
    names = doc.PDFArray([doc.PDFString(name), document.Reference(named)])
    document.Catalog.Names = doc.PDFDictionary({"EmbeddedFiles": doc.PDFDictionary({"Names": names})})


def _reportlab() -> tuple[Any, Any]:
    """What is used of reportlab, a library without types; the font is made known to it."""
    from reportlab import platypus
    from reportlab.lib import styles
    from reportlab.pdfbase import cidfonts, pdfmetrics

    fonts: Any = cidfonts
    metrics: Any = pdfmetrics
    metrics.registerFont(fonts.UnicodeCIDFont(_FONT))
    return platypus, styles


def _head(platypus: Any, styles: Any, month: BankMonth) -> list[Any]:
    title = styles.ParagraphStyle("title", fontName=_FONT, fontSize=15, leading=20)
    plain = styles.ParagraphStyle("plain", fontName=_FONT, fontSize=9.5, leading=14)
    return [
        platypus.Paragraph(f"{BANK}　入出金明細書", title),
        platypus.Spacer(1, 3 * _MM),
        platypus.Paragraph(f"店名　{BRANCH}　　口座番号　普通 {month.account}　　口座名義　{HOLDER}", plain),
        platypus.Paragraph(f"照会期間　{slashed(month.first_day)} ～ {slashed(month.last_day)}", plain),
        platypus.Paragraph(f"前月残高　{month.opening:,}　　当月残高　{month.closing:,}", plain),
        platypus.Spacer(1, 4 * _MM),
    ]


def _lines(platypus: Any, month: BankMonth) -> Any:
    widths = [width * _MM for width in (22, 18, 56, 26, 26, 28)]
    table = platypus.Table(as_rows(month), colWidths=widths, repeatRows=1)
    table.setStyle(
        [
            ("FONT", (0, 0), (-1, -1), _FONT, 8.5),
            ("ALIGN", (3, 0), (-1, -1), "RIGHT"),
            ("BACKGROUND", (0, 0), (-1, 0), (0.92, 0.95, 0.97)),
            ("LINEBELOW", (0, 0), (-1, -1), 0.4, (0.73, 0.78, 0.82)),
            ("TOPPADDING", (0, 0), (-1, -1), 2.2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2.2),
        ]
    )
    return table
