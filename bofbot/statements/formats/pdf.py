"""PDF statements with text: lines under a heading become rows; hybrid invoices are read from the XML they carry."""

from __future__ import annotations

from dataclasses import replace

from bofbot.statements.columns import heading_roles
from bofbot.statements.formats import invoice
from bofbot.statements.grid import read_grid
from bofbot.statements.model import Refused, Statement
from bofbot.statements.ocr import recognised_rows
from bofbot.statements.options import GridRow, Options
from bofbot.statements.pdf import PdfRow, Piece, open_pdf
from bofbot.words import Sentence

NAME = "pdf"


def recognise(head: bytes) -> bool:
    """The mark `%PDF-` near the beginning."""
    return b"%PDF-" in head[:1024]


def read(data: bytes, options: Options) -> list[Statement]:
    """The statement on the pages, or the invoice inside. Raises Refused."""
    pdf = open_pdf(data)
    for _, attached in pdf.attachments:
        if invoice.recognise(attached[:65536]):
            return [replace(found, format=f"pdf+{found.format}") for found in invoice.read(attached, options)]
    if pdf.rows:
        return read_grid(_grid(pdf.rows), options)
    rows = recognised_rows(data, pdf.pages) if pdf.has_pictures else ()
    if not rows:
        raise Refused(
            "empty-pdf",
            Sentence(
                en=f"The PDF's {pdf.pages} pages are blank.", ja=f"PDFの {pdf.pages} ページはすべて白紙です。"
            ),
        )
    return [replace(found, format="ocr") for found in read_grid(_grid(rows), options)]


def _grid(rows: tuple[PdfRow, ...]) -> list[GridRow]:
    """Rows with cells under the columns of the nearest heading above; before it, pieces as they stand."""
    grid: list[GridRow] = []
    heading: tuple[Piece, ...] = ()
    for row in rows:
        texts = tuple(piece.text for piece in row.pieces)
        if heading_roles(texts):
            if heading and [piece.text for piece in heading] == list(texts):
                heading = row.pieces  # the same heading on the next page
                continue
            heading = row.pieces
            grid.append((row.number, texts))
        elif heading:
            grid.append((row.number, _under(row.pieces, heading)))
        else:
            grid.append((row.number, texts))
    return grid


def _under(pieces: tuple[Piece, ...], heading: tuple[Piece, ...]) -> list[str]:
    cells = [""] * len(heading)
    for piece in pieces:
        column = max(range(len(heading)), key=lambda index: _nearness(piece, heading[index]))
        cells[column] = f"{cells[column]} {piece.text}".strip()
    return cells


def _nearness(piece: Piece, heading: Piece) -> float:
    """How much a piece lies under a heading: the overlap, else minus the least distance of edges or middles."""
    overlap = min(piece.right, heading.right) - max(piece.left, heading.left)
    if overlap > 0:
        return overlap
    middles = abs(piece.left + piece.right - heading.left - heading.right) / 2
    return -min(abs(piece.left - heading.left), abs(piece.right - heading.right), middles)
