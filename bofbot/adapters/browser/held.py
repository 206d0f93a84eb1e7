"""Requests that Chromium holds until somebody lets them go: one hold for the whole browser, popups, frames and workers too.

Chromium itself tells which kinds of requests are held, before any of them leaves: those that a page can make with a
method of its own (documents, fetch, XHR, pings, reports). Styles, scripts, pictures, fonts and media are always GET and
pass untouched, so a page costs next to nothing. A page's own routes would hold every request of every kind, and turn
the browser's cache off."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

_KINDS = ("Document", "XHR", "Fetch", "Ping", "CSPViolationReport", "Other")
_REASONS = {"aborted": "Aborted", "failed": "Failed", "blockedbyclient": "BlockedByClient"}
_OF_THE_WIRE = {"content-encoding", "content-length", "transfer-encoding", "connection", "keep-alive"}
"""Headers that no longer fit a body that was read and is handed on."""


@dataclass(slots=True)
class _Known:
    """What was seen so far in one browser."""

    answers: dict[str, asyncio.Future[Mapping[str, Any]]] = field(default_factory=dict)
    """Requests that Chromium is sending, by their id → what it tells when the answer begins."""
    frames: set[str] = field(default_factory=set)
    """Frames that have shown a document of the web; that of a whole tab has the tab's own id."""


class HeldRequest:
    """What Chromium is about to send."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        request = told["request"]
        self.method: str = request["method"]
        self.url: str = request["url"] + request.get("urlFragment", "")
        self.headers: dict[str, str] = {name.lower(): value for name, value in request["headers"].items()}
        self.resource_type: str = told["resourceType"].lower()
        self.post_data_buffer: bytes = _body(request)
        self.whole: bool = _is_whole(request, self.post_data_buffer)
        """False when the page keeps a part of the body to itself (a blob, a stream)."""
        self.follows: str = told.get("redirectedRequestId", "")
        """The held request whose answer, a redirect, led to this one."""

    @property
    def streams(self) -> bool:
        """The page wants to read the answer while it comes."""
        return "text/event-stream" in self.headers.get("accept", "")

    def is_navigation_request(self) -> bool:
        return self.resource_type == "document"

    @property
    def home(self) -> str:
        """The address it comes from, "" when Chromium does not say."""
        origin = self.headers.get("origin", "")
        return origin if origin not in ("", "null") else self.headers.get("referer", "")


class Held:
    """One request, held until one of these is called; it speaks like a route of Playwright."""

    def __init__(self, told: Mapping[str, Any], session: Any, profile: Any, known: _Known) -> None:
        self.request = HeldRequest(told)
        self.id: str = told["requestId"]
        self._frame: str = told.get("frameId", "")
        self._session, self._profile, self._known = session, profile, known

    async def continue_(self) -> None:
        """Let Chromium send it."""
        await self._tell("continueRequest")

    async def refuse(self) -> None:
        """It does not leave, and the page stays where it is. A tab that was opened for nothing but this is closed again:
        it would stay empty, and Playwright would wait for it for ever."""
        await self.abort("aborted" if self.request.is_navigation_request() else "blockedbyclient")
        if self.request.is_navigation_request() and self._frame not in self._known.frames:
            from playwright.async_api import Error

            try:
                await self._session.send("Target.closeTarget", {"targetId": self._frame})
            except Error:
                pass  # a frame inside a page: its id names no tab

    async def abort(self, reason: str = "failed") -> None:
        """It does not leave; the page is told why."""
        await self._tell("failRequest", errorReason=_REASONS[reason])

    async def fetch(self, *, post_data: bytes | None = None) -> Any:
        """Send it once, over a connection of its own, with the browser's cookies; a redirect is not followed. Waits as
        long as it takes; raises Playwright's Error when no answer comes."""
        body = self.request.post_data_buffer if post_data is None else post_data
        return await self._profile.request.fetch(
            self.request.url,
            method=self.request.method,
            headers=self.request.headers,
            data=body or None,
            max_redirects=0,
            max_retries=0,
            timeout=0,
        )

    async def by_browser(self) -> int:
        """Let Chromium send it, and come back with the HTTP status, or with 0 when no answer came. The page gets it all."""
        answer = self._known.answers[self.id] = asyncio.get_running_loop().create_future()
        try:
            await self._tell("continueRequest", interceptResponse=True)
            told = await answer
            await self._tell("continueResponse" if "responseStatusCode" in told else "continueRequest")
        finally:
            del self._known.answers[self.id]
        return int(told.get("responseStatusCode", 0))

    async def fulfill(
        self,
        *,
        response: Any = None,
        status: int = 200,
        content_type: str = "",
        body: bytes | str | None = None,
    ) -> None:
        """Answer it ourselves, with what `fetch` has brought or with a text of our own. Chromium follows a redirect."""
        headers = [("content-type", content_type)] if content_type else []
        if response is not None:
            status = response.status
            headers = [
                (one["name"], one["value"])
                for one in response.headers_array
                if one["name"].lower() not in _OF_THE_WIRE
            ]
            body = await response.body() if body is None else body
        data = body.encode() if isinstance(body, str) else body or b""
        await self._tell(
            "fulfillRequest",
            responseCode=status,
            responseHeaders=[{"name": name, "value": value} for name, value in headers],
            body=base64.b64encode(data).decode(),
        )

    async def _tell(self, what: str, **how: Any) -> None:
        if what != "failRequest" and self.request.is_navigation_request():
            self._known.frames.add(self._frame)
        await self._session.send(f"Fetch.{what}", {"requestId": self.id, **how})


async def hold(browser: Any, profile: Any, handle: Callable[[Held], Awaitable[None]]) -> None:
    """From now on `handle` decides about every request of `browser` that could be more than a question."""
    from playwright.async_api import Error

    session = await browser.new_browser_cdp_session()
    under_way: set[asyncio.Task[None]] = set()
    known = _Known()

    async def decide(told: Mapping[str, Any]) -> None:
        try:
            await handle(Held(told, session, profile, known))
        except Error as error:
            # The page, or the whole browser, is gone; a request that nobody decided about stays held.
            if "closed" not in str(error) and "Invalid InterceptionId" not in str(error):
                raise

    def begin(told: Mapping[str, Any]) -> None:
        if told["requestId"] in known.answers:
            known.answers[told["requestId"]].set_result(told)
            return
        task = asyncio.ensure_future(decide(told))
        under_way.add(task)
        task.add_done_callback(under_way.discard)

    session.on("Fetch.requestPaused", begin)
    await session.send("Fetch.enable", {"patterns": _patterns(_KINDS)})


def _patterns(kinds: Iterable[str]) -> list[dict[str, str]]:
    return [{"urlPattern": "*", "resourceType": kind} for kind in kinds]


def _is_whole(request: Mapping[str, Any], body: bytes) -> bool:
    entries = request.get("postDataEntries", ())
    return bool(body) and all("bytes" in entry for entry in entries) if request.get("hasPostData") else True


def _body(request: Mapping[str, Any]) -> bytes:
    """The body's bytes; what was taken from files is missing."""
    if entries := request.get("postDataEntries"):
        return b"".join(base64.b64decode(entry.get("bytes", "")) for entry in entries)
    return str(request.get("postData", "")).encode()
