"""The portal's pages put together under their addresses."""

from __future__ import annotations

from starlette.middleware import Middleware

from bofbot.practice.backoffice import BackOffice
from bofbot.practice.pages import (
    bank,
    bills,
    claims,
    corner,
    entrance,
    invoices,
    lists,
    receivables,
    vendors,
    workshop,
)
from bofbot.practice.troubles import Drop, Troubles
from bofbot.practice.web import STATIC, ASGIApp, Mount, Starlette, StaticFiles


def make_site(office: BackOffice, drop: Drop) -> ASGIApp:
    """The whole portal over one office; `drop` cuts the connection of a request."""
    routes = [
        *entrance.ROUTES,
        *claims.ROUTES,
        *invoices.ROUTES,
        *vendors.ROUTES,
        *bank.ROUTES,
        *bills.ROUTES,
        *receivables.ROUTES,
        *corner.ROUTES,
        *lists.ROUTES,
        *workshop.ROUTES,
        Mount("/static", StaticFiles(directory=STATIC)),
    ]
    site = Starlette(routes=routes, middleware=[Middleware(Troubles, drop=drop)])
    site.state.office = office
    return site
