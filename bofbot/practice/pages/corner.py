"""The corner of odd pages: a frame, a popup that answers, a dialog before leaving, a banner, a slow part."""

from __future__ import annotations

import asyncio

from bofbot.practice.account import INVOICES
from bofbot.practice.pages.gate import guarded
from bofbot.practice.web import HTMLResponse, Request, Response, Route, page

ODDITIES = ("frame", "popup", "overlay", "dialog", "late", "shadow")


@guarded
async def corner(request: Request) -> Response:
    return page(request, "corner.html")


@guarded
async def oddity(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in ODDITIES:
        return page(request, "missing.html", 404)
    return page(request, f"corner_{name}.html")


@guarded
async def pick(request: Request) -> Response:
    """What the popup shows: vendors to choose from."""
    return page(
        request, "corner_pick.html", names=list(dict.fromkeys(invoice.customer for invoice in INVOICES))
    )


@guarded
async def late_part(request: Request) -> Response:
    """A piece of HTML that the page fetches after it was shown."""
    await asyncio.sleep(1)
    return HTMLResponse('<p id="late-total">未承認の申請: <b>3</b>件</p>')


ROUTES = [
    Route("/corner", corner),
    Route("/corner/pick", pick),
    Route("/corner/late/part", late_part),
    Route("/corner/{name}", oddity),
]
