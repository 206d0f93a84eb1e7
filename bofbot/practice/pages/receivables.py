"""The receivables: a plain table over several pages, to be read as it stands."""

from __future__ import annotations

from bofbot.practice.account import INVOICES
from bofbot.practice.pages.gate import guarded
from bofbot.practice.pages.paging import sheet_of
from bofbot.practice.web import Request, Response, Route, page


@guarded
async def listing(request: Request) -> Response:
    sheet = sheet_of(request, INVOICES)
    total = sum(invoice.amount for invoice in INVOICES)
    return page(
        request, "receivables.html",
        invoices=sheet.shown, at=sheet.at, pages=sheet.pages, count=len(INVOICES), total=total,
    )  # fmt: skip


ROUTES = [Route("/receivables", listing)]
