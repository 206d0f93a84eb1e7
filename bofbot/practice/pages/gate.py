"""The gate before every page that needs a login."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from urllib.parse import quote

from bofbot.practice.web import SESSION_COOKIE, Request, Response, go, session_of

Page = Callable[[Request], Awaitable[Response]]


def guarded(show: Page) -> Page:
    """Show the page to who has logged in; send others to the login page, and back here afterwards."""

    @wraps(show)
    async def shown(request: Request) -> Response:
        if session_of(request) is not None:
            return await show(request)
        expired = "expired=1&" if SESSION_COOKIE in request.cookies else ""
        back = quote(
            f"{request.url.path}?{request.url.query}".rstrip("?") if request.method == "GET" else "/home",
            safe="/",
        )
        return go(f"/login?{expired}next={back}")

    return shown
