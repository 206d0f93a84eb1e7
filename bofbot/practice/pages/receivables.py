"""The receivables: a plain table over several pages, to be read as it stands."""

from __future__ import annotations

from bofbot.practice.account import INVOICES
from bofbot.practice.pages.gate import guarded
from bofbot.practice.web import Request, Response, Route, page

PAGE_SIZE = 10


@guarded
async def listing(request: Request) -> Response:
    asked = request.query_params.get("page", "1")
    pages = -(-len(INVOICES) // PAGE_SIZE)
    at = min(max(int(asked) if asked.isdecimal() else 1, 1), pages)
    shown = INVOICES[(at - 1) * PAGE_SIZE : at * PAGE_SIZE]
    return page(
        request, "receivables.html",
        invoices=shown, at=at, pages=pages, count=len(INVOICES), total=sum(invoice.amount for invoice in INVOICES),
    )  # fmt: skip


ROUTES = [Route("/receivables", listing)]
