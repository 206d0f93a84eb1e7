"""The invoices vendors sent: a list with a file beside each of them, and all of them in one zip."""

from __future__ import annotations

from bofbot.practice.bills import BILLS, KINDS, paper_of
from bofbot.practice.pages.delivery import deliver
from bofbot.practice.pages.gate import guarded
from bofbot.practice.papers import as_zip
from bofbot.practice.web import Request, Response, Route, page


@guarded
async def listing(request: Request) -> Response:
    return page(request, "bills.html", bills=BILLS, kinds=KINDS)


@guarded
async def file(request: Request) -> Response:
    """/bills/PB-2601/file; with ?show=1 inline."""
    bill = next((bill for bill in BILLS if bill.number == request.path_params["number"]), None)
    if bill is None:
        return page(request, "missing.html", 404)
    return deliver(request, *paper_of(bill), inline="show" in request.query_params)


@guarded
async def whole(request: Request) -> Response:
    """Every sound invoice in one zip."""
    papers = dict(paper_of(bill)[::-1] for bill in BILLS if not bill.tax_off_by)
    return deliver(request, as_zip(papers), "請求書_2026-10.zip")


ROUTES = [
    Route("/bills", listing),
    Route("/bills/all.zip", whole),
    Route("/bills/{number}/file", file),
]
