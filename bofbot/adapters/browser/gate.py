"""The gate: no request that could change somebody's books leaves the browser unless the step that plays may send it.

Safe are GET, HEAD and OPTIONS. Everything else is let go only by `submit` (the first one, armed before), by `login`,
and by steps that say `posts: true`. Pings and background posts to other sites are dropped in silence."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

from bofbot.adapters.browser.held import Held, HeldRequest

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
Mode = Literal["shut", "open", "submit", "rehearse"]
_SECOND_LEVEL = frozenset(
    {"co", "or", "ne", "go", "ac", "ed", "lg", "gr", "ad", "com", "org", "net", "gov", "edu"}
)


@dataclass(slots=True)
class Sent:
    """One request that could change something, and what became of it."""

    method: str
    url: str
    body: bytes
    navigates: bool
    status: int = 0
    """0 while there is no answer."""
    failed: str = ""

    def described(self) -> dict[str, str]:
        """What the ledger keeps: never the body itself."""
        return {"method": self.method, "url": self.url, "sha256": hashlib.sha256(self.body).hexdigest()}


async def _nothing_to_do(url: str) -> None:
    """Without a proxy of ours there are no connections to close."""


async def _nothing_to_wait_for() -> None:
    """Without a page of ours no error page is waited for."""


@dataclass(slots=True)
class Gate:
    """One per browser; a step sets its mode when it begins, and shuts it when it ends."""

    mode: Mode = "shut"
    arm: Callable[[dict[str, str]], None] | None = None
    """Commits "armed" before the request leaves; may raise, then nothing leaves."""
    sent: list[Sent] = field(default_factory=list)
    blocked: list[Sent] = field(default_factory=list)
    refused: BaseException | None = None
    """What `arm` raised."""
    files: dict[str, bytes] = field(default_factory=dict)
    """Contents of uploaded files by name: Chromium leaves them out of the body it shows."""
    catch: Callable[[Any], Awaitable[bool]] | None = None
    """A download step's own look at pages that are fetched; true when it has answered the request."""

    error_page: Callable[[], Awaitable[None]] = _nothing_to_wait_for
    """Waits until the browser shows its own page of an error: what is opened before that would be interrupted by it."""
    fresh_socket: Callable[[str], Awaitable[None]] = _nothing_to_do
    """Makes the browser's next request to this address take a connection of its own."""

    _told: int = 0
    _sent_on: set[str] = field(default_factory=set)
    """Held requests whose answer sent them on with their body."""

    def late(self) -> list[Sent]:
        """What the page tried to send after the last step had ended."""
        return self.blocked[self._told :]

    def begin(self, mode: Mode, arm: Callable[[dict[str, str]], None] | None = None) -> None:
        self.mode, self.arm, self.refused = mode, arm, None
        self.sent.clear()
        self.blocked.clear()
        self._sent_on.clear()
        self._told = 0

    def end(self) -> None:
        self._told = len(self.blocked)
        self.mode, self.arm, self.catch = "shut", None, None

    async def handle(self, held: Held) -> None:
        request = held.request
        if request.method in SAFE:
            if self.catch is None or not request.is_navigation_request() or not await self.catch(held):
                await held.continue_()
            return
        sent = Sent(request.method, request.url, request.post_data_buffer, request.is_navigation_request())
        if _background(request):
            await held.abort("blockedbyclient")
        elif self.mode == "open":
            self.sent.append(sent)
            if self.catch is None or not await self.catch(held):
                await self._let_go(held, sent)
        elif self.mode == "submit" and self.refused is None and self._may_submit(request):
            await self._send_once(held, sent)
        else:
            self.blocked.append(sent)
            await held.refuse()

    def _may_submit(self, request: HeldRequest) -> bool:
        """The first one, and where its own answer sends it on (307, 308)."""
        return not self.sent or request.follows in self._sent_on

    async def _send_once(self, held: Held, sent: Sent) -> None:
        first = not self.sent
        self.sent.insert(0, sent)  # the answer that counts is that of the last stop
        try:
            if self.arm is not None and first:
                self.arm(sent.described())
        except BaseException as error:
            self.refused = error
            self.sent.clear()
            await held.abort("aborted")
            return
        await self._let_go(held, sent)

    async def _let_go(self, held: Held, sent: Sent) -> None:
        """Chromium sends a POST again by itself when a kept-alive connection dies; this way it leaves once."""
        try:
            body = whole_body(sent.body, self.files)
        except FileNotFoundError:
            body = b""
        if held.request.streams or not (held.request.whole or body):
            await self._by_browser(held, sent)
            return
        try:
            answer = await held.fetch(post_data=body)
        except Exception as error:
            await held.abort("failed")
            if sent.navigates:
                await self.error_page()
            sent.failed = str(error)
            return
        sent.status = answer.status
        if answer.status in (307, 308):
            self._sent_on.add(held.id)
        await held.fulfill(response=answer)

    async def _by_browser(self, held: Held, sent: Sent) -> None:
        """What only Chromium can send (a blob, a stream) or read (an answer without end): on a socket that was never
        used, since it repeats nothing on such a one."""
        await self.fresh_socket(sent.url)
        sent.status = await held.by_browser()
        if not sent.status:
            sent.failed = "no answer"


def _background(request: HeldRequest) -> bool:
    """Telemetry: a ping or a report, or a post to another site that does not lead the page anywhere."""
    if request.is_navigation_request():
        return False
    if request.resource_type in ("ping", "cspviolationreport"):
        return True
    return bool(request.home) and not same_site(request.home, request.url)


def same_site(left: str, right: str) -> bool:
    """Do two addresses belong to one registered name (as far as that can be told without a list)?"""
    return _registered(left) == _registered(right)


def _registered(url: str) -> str:
    host = urlsplit(url).hostname or ""
    parts = host.split(".")
    if re.fullmatch(r"[\d.]+|.*:.*|localhost", host) or len(parts) < 3:
        return host
    keep = 3 if parts[-2] in _SECOND_LEVEL and len(parts[-1]) == 2 else 2
    return ".".join(parts[-keep:])


def whole_body(body: bytes, files: dict[str, bytes]) -> bytes | None:
    """A form's body with the files that Chromium leaves out put back; None when there is nothing to mend."""
    if not body.startswith(b"--") or b'filename="' not in body:
        return None
    boundary = body.split(b"\r\n", 1)[0]
    parts = body.split(boundary + b"\r\n")
    mended = []
    for part in parts:
        head, gap, content = part.partition(b"\r\n\r\n")
        name = re.search(rb'filename="([^"]*)"', head)
        if gap and name and name[1] and content.startswith(b"\r\n"):
            data = files.get(name[1].decode("utf-8", "replace"))
            if data is None:
                raise FileNotFoundError(f"the content of {name[1]!r} is not known")
            content = data + content
        mended.append(head + gap + content)
    return (boundary + b"\r\n").join(mended)
