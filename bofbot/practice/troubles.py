"""Where the fault switches bite: a layer around every page that is late, broken, closed or gone when a switch says so."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bofbot.practice.backoffice import BackOffice
from bofbot.practice.web import (
    SESSION_COOKIE,
    ASGIApp,
    Receive,
    Request,
    Response,
    Scope,
    Send,
    go,
    office_of,
    page,
)

Drop = Callable[[Scope], None]
UNTOUCHED = ("/practice", "/static")
"""Pages that no switch reaches: where the switches themselves are set, and what makes pages look well."""


class Dropped(Exception):
    """The connection is to be cut in place of an answer."""


class CutShort(Exception):
    """The answer is to break off halfway."""


class Broken(Exception):
    """The page is to answer 500."""


class Troubles:
    """ASGI middleware: numbers the request, then lets the switches that are on have their way."""

    def __init__(self, app: ASGIApp, drop: Drop) -> None:
        self.app = app
        self.drop = drop

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(UNTOUCHED):
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        scope.setdefault("state", {})["number"] = f"{next(office_of(request).numbers):05d}"
        try:
            instead = await _instead(request)
            await (instead or self.app)(scope, receive, send)
        except Dropped:
            await self._cut(scope)
        except CutShort:
            await _begin(send)
            await self._cut(scope)
        except Broken:
            await page(request, "broken.html", 500)(scope, receive, send)

    async def _cut(self, scope: Scope) -> None:
        self.drop(scope)
        await asyncio.sleep(0.01)  # the loss of the connection is noticed before this returns


async def _begin(send: Send) -> None:
    """The first bytes of an answer that promises more."""
    headers = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", b"4096")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send(
        {"type": "http.response.body", "body": b"<!doctype html><html><head><title>", "more_body": True}
    )
    await asyncio.sleep(0.01)  # they are on their way before the connection is cut


async def _instead(request: Request) -> Response | None:
    """The page that a switch shows in place of the one asked for."""
    office, path = office_of(request), request.url.path
    if office.faults.strike("down", path):
        raise Dropped
    if late := office.faults.strike("slow", path):
        await asyncio.sleep(late.seconds)
    if office.faults.strike("maintenance", path):
        return page(request, "maintenance.html", 503)
    if office.faults.strike("error_500", path):
        raise Broken
    if _ends_session(office, request):
        return go("/login?expired=1")
    for name in ("captcha", "new_terms"):
        if office.faults.look(name, path) and request.cookies.get(f"renshu_{name}") != "done":
            return await _interstitial(request, name)
    return None


def _ends_session(office: BackOffice, request: Request) -> bool:
    token = request.cookies.get(SESSION_COOKIE, "")
    if token not in office.sessions or request.url.path.startswith(("/login", "/logout")):
        return False
    if office.faults.strike("session_expiry", request.url.path) is None:
        return False
    del office.sessions[token]
    return True


async def _interstitial(request: Request, name: str) -> Response:
    """The page in the way; its own button lets the visitor through to where he wanted to go."""
    if request.method == "POST" and request.query_params.get("accept") == name:
        response = go(request.url.path)
        response.set_cookie(f"renshu_{name}", "done")
        return response
    return page(request, f"{name}.html", 200)


async def before_booking(request: Request, key: str) -> None:
    """The faults that strike a submit while nothing is booked yet."""
    faults, path = office_of(request).faults, request.url.path
    if faults.strike("reset_before_booking", path, key):
        raise Dropped
    if faults.strike("error_500_before_booking", path, key):
        raise Broken


async def after_booking(request: Request, key: str) -> None:
    """The faults that strike a submit when everything is booked already."""
    faults, path = office_of(request).faults, request.url.path
    if late := faults.strike("slow_answer", path, key):
        await asyncio.sleep(late.seconds)
    if faults.strike("reset_after_booking", path, key):
        raise Dropped
    if faults.strike("cut_answer", path, key):
        raise CutShort
    if faults.strike("error_500_after_booking", path, key):
        raise Broken
