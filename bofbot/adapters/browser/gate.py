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


@dataclass
class Gate:  # no slots: Playwright hangs a name of its own on the owner of a handler
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

    _told: int = 0

    def late(self) -> list[Sent]:
        """What the page tried to send after the last step had ended."""
        return self.blocked[self._told :]

    def begin(self, mode: Mode, arm: Callable[[dict[str, str]], None] | None = None) -> None:
        self.mode, self.arm, self.refused = mode, arm, None
        self.sent.clear()
        self.blocked.clear()
        self._told = 0

    def end(self) -> None:
        self._told = len(self.blocked)
        self.mode, self.arm, self.catch = "shut", None, None

    async def handle(self, route: Any) -> None:
        request = route.request
        if request.method in SAFE:
            if self.catch is None or not request.is_navigation_request() or not await self.catch(route):
                await route.continue_()
            return
        sent = Sent(
            request.method, request.url, request.post_data_buffer or b"", request.is_navigation_request()
        )
        if self._background(request, sent):
            await route.abort("blockedbyclient")
        elif self.mode == "open":
            self.sent.append(sent)
            if self.catch is None or not await self.catch(route):
                await route.continue_()
        elif self.mode == "submit" and not self.sent and self.refused is None:
            await self._send_once(route, sent)
        else:
            self.blocked.append(sent)
            await route.abort(
                "aborted" if sent.navigates else "blockedbyclient"
            )  # so the page stays where it is

    def _background(self, request: Any, sent: Sent) -> bool:
        """Telemetry: a ping, or a post to another site that does not lead the page anywhere."""
        if sent.navigates:
            return False
        try:
            home = request.frame.page.url
        except Exception:
            return False
        return request.resource_type == "ping" or not same_site(home, sent.url)

    async def _send_once(self, route: Any, sent: Sent) -> None:
        self.sent.append(sent)
        try:
            if self.arm is not None:
                self.arm(sent.described())
        except BaseException as error:
            self.refused = error
            self.sent.clear()
            await route.abort("aborted")
            return
        # Chromium sends a POST again by itself when a kept-alive connection dies; this way it leaves once.
        try:
            answer = await route.fetch(
                max_redirects=0, max_retries=0, timeout=0, post_data=whole_body(sent.body, self.files)
            )
        except Exception as error:
            sent.failed = str(error)
            await route.abort("failed")
            return
        sent.status = answer.status
        location = answer.headers.get("location", "")
        if 300 <= answer.status < 400 and location and sent.navigates and answer.status not in (307, 308):
            # Chromium refuses a redirect it is handed, so a page that leads on takes its place.
            body = f'<meta http-equiv="refresh" content="0;url={location.replace(chr(34), "%22")}">'
            await route.fulfill(status=200, content_type="text/html", body=body)
        elif 300 <= answer.status < 400 and location:
            await route.fulfill(response=await self._follow(route, answer.status, location))
        else:
            await route.fulfill(response=answer)

    async def _follow(self, route: Any, status: int, location: str) -> Any:
        from urllib.parse import urljoin

        url = urljoin(route.request.url, location)
        method = route.request.method if status in (307, 308) else "GET"
        return await route.fetch(url=url, method=method, max_retries=0, timeout=0)


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
