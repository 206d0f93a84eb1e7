"""The one way out of a run's browser: a forward proxy on the loopback that knows which hosts the robot may reach.

Redirects, frames, workers, sockets and prefetches all pass here, whatever the page does: an allow-list in the page's own
routes is bypassed by every 302. A name is resolved once, checked, and connected to by the checked address, so that a
name that points home (DNS rebinding) leads nowhere. Plain HTTP gets a fresh upstream connection per request and
tunnels can be dropped, so that Chromium never re-sends a POST on a connection that died.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

from bofbot.errors import UsageError
from bofbot.words import Sentence

_HEAD_LIMIT = 256 * 1024
"""As much as Chromium takes for the head of an answer."""
_BLOCK = 64 * 1024
_PATIENCE = 10.0
"""Seconds that an answer may still take when the browser is gone."""
_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}


@dataclass(frozen=True, slots=True)
class Allowed:
    """Hosts a run may reach: `keihi.example.co.jp`, `*.example.co.jp`, with a port (`127.0.0.1:8080`) that port only."""

    hosts: frozenset[str]

    @classmethod
    def of(cls, places: Iterable[str]) -> Self:
        """From hosts or whole URLs. Raises UsageError for a place that names no host."""
        return cls(frozenset(_host_of(place) for place in places if place.strip()))

    def names(self, host: str, port: int) -> bool:
        """Whether the host itself (not a pattern) is listed; only then may it be a private address."""
        name = _plain(host)
        return bool({name, f"{name}:{port}"} & self.hosts)

    def reaches(self, host: str, port: int) -> bool:
        name = _plain(host)
        parents = [f"*.{name.partition('.')[2]}"] if "." in name else []
        while parents and "." in parents[-1].removeprefix("*."):
            parents.append("*." + parents[-1].removeprefix("*.").partition(".")[2])
        return self.names(host, port) or any({one, f"{one}:{port}"} & self.hosts for one in parents)


def _host_of(place: str) -> str:
    if "://" not in place:
        return _plain(place)
    parts = urlsplit(place)
    if not parts.hostname:
        raise UsageError(Sentence(en=f'"{place}" names no host', ja=f"「{place}」にホスト名がありません"))
    usual = _PORTS.get(parts.scheme)
    return _plain(parts.hostname) + (f":{parts.port}" if parts.port and parts.port != usual else "")


def _plain(host: str) -> str:
    return (
        host.strip("[]").rstrip(".").lower().encode("idna").decode()
        if not host.isascii()
        else host.strip("[]").rstrip(".").lower()
    )


@dataclass(frozen=True, slots=True)
class Refusal:
    """A connection that was not let out, and why."""

    target: str
    why: Sentence


class _Refused(Exception):
    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.why.en)
        self.refusal = refusal


@dataclass(slots=True)
class Egress:
    """An open proxy. `refused` lists what it did not let out, newest last."""

    allowed: Allowed
    upstream: str = ""
    """The office's own proxy, e.g. `http://user:pass@proxy:8080`; names are then resolved there."""
    refused: list[Refusal] = field(default_factory=list)
    _told: set[str] = field(default_factory=set)
    _server: asyncio.Server | None = None
    _tunnels: set[asyncio.StreamWriter] = field(default_factory=set)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @classmethod
    async def open(cls, allowed: Allowed, upstream: str = "") -> Self:
        egress = cls(allowed, upstream)
        egress._server = await asyncio.start_server(egress._accept, "127.0.0.1", 0, limit=_HEAD_LIMIT)
        return egress

    @property
    def url(self) -> str:
        assert self._server
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def lets_out(self, url: str) -> bool:
        """Whether this address may be reached at all; only http and https are."""
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme, 0)
        return parts.scheme in ("http", "https") and self.allowed.reaches(parts.hostname or "", port)

    def newly_refused(self) -> list[Refusal]:
        """What was refused since this was last asked, each target once for the whole run."""
        fresh = [one for one in dict.fromkeys(self.refused) if one.target not in self._told]
        self._told.update(one.target for one in fresh)
        return fresh

    def drop_tunnels(self) -> None:
        """Close every open tunnel: the next request of the browser takes a fresh socket."""
        for writer in list(self._tunnels):
            writer.close()

    async def close(self) -> None:
        """Close everything; never raises."""
        if self._server:
            self._server.close()
            for _ in range(
                3
            ):  # connections accepted at this moment come to their handlers, to be ended there
                await asyncio.sleep(0)
        self.drop_tunnels()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        try:
            await self._serve(reader, writer)
        except (
            OSError,
            asyncio.IncompleteReadError,
            asyncio.LimitOverrunError,
            ValueError,
            asyncio.CancelledError,
        ):
            pass  # the browser or the site went away; both see a closed connection
        finally:
            self._tasks.discard(task)
            writer.close()
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await writer.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        method, target, _ = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)
        try:
            if method == "CONNECT":
                await self._tunnel(target, reader, writer)
            else:
                await self._pass_on(method, target, head, reader, writer)
        except _Refused as error:
            self.refused.append(error.refusal)
            await _answer(writer, 403, f"bofbot: {error.refusal.why.en}")
        except OSError as error:
            await _answer(writer, 502, f"bofbot: {target} does not answer ({error})")

    async def _tunnel(self, target: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, _, port = target.rpartition(":")
        remote_reader, remote_writer = await self._connect(host, int(port), tunnel=True)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        self._tunnels.update((writer, remote_writer))
        try:
            await _both_ways(reader, writer, remote_reader, remote_writer)
        finally:
            self._tunnels.difference_update((writer, remote_writer))
            remote_writer.close()

    async def _pass_on(
        self,
        method: str,
        target: str,
        head: bytes,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        """One plain request over a connection of its own; both sides close after the answer."""
        parts = urlsplit(target)
        if parts.scheme != "http" or not parts.hostname:
            raise _Refused(
                Refusal(
                    target,
                    Sentence(
                        en=f"{target}: not an address of the web",
                        ja=f"{target}：Web のアドレスではありません",
                    ),
                )
            )
        remote_reader, remote_writer = await self._connect(parts.hostname, parts.port or 80, tunnel=False)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        first = f"{method} {target if self.upstream else path} HTTP/1.1\r\n".encode("latin-1")
        try:
            remote_writer.write(first + _headers(head, self._authorization()))
            await _both_ways(reader, writer, remote_reader, remote_writer, _pass_head)
        finally:
            remote_writer.close()

    async def _connect(
        self, host: str, port: int, *, tunnel: bool
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if not self.allowed.reaches(host, port):
            raise _Refused(
                Refusal(
                    f"{host}:{port}",
                    Sentence(
                        en=f"{host}:{port} is not among the robot's hosts",
                        ja=f"{host}:{port} はロボットの接続先にありません",
                    ),
                )
            )
        if not self.upstream:
            return await asyncio.open_connection(await self._address(host, port), port, limit=_HEAD_LIMIT)
        parts = urlsplit(self.upstream)
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port or 8080, limit=_HEAD_LIMIT)
        if tunnel:
            writer.write(
                f"CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n".encode()
                + self._authorization()
                + b"\r\n"
            )
            answer = await reader.readuntil(b"\r\n\r\n")
            if b" 200" not in answer.split(b"\r\n", 1)[0]:
                raise ConnectionRefusedError(answer.split(b"\r\n", 1)[0].decode("latin-1"))
        return reader, writer

    async def _address(self, host: str, port: int) -> str:
        """The address to connect to, checked: a private one only where the host itself is listed."""
        found = await asyncio.get_running_loop().getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
        addresses = [entry[4][0] for entry in found]
        if not self.allowed.names(host, port):
            for address in addresses:
                if not ipaddress.ip_address(str(address).partition("%")[0]).is_global:
                    why = Sentence(
                        en=f"{host} leads to the private address {address}; list the host itself to allow it",
                        ja=f"{host} は内部アドレス {address} です。許可するにはホスト名そのものを指定してください",
                    )
                    raise _Refused(Refusal(f"{host}:{port}", why))
        return str(addresses[0])

    def _authorization(self) -> bytes:
        parts = urlsplit(self.upstream) if self.upstream else None
        if not parts or not parts.username:
            return b""
        token = base64.b64encode(f"{parts.username}:{parts.password or ''}".encode()).decode()
        return f"Proxy-Authorization: Basic {token}\r\n".encode()


def _headers(head: bytes, authorization: bytes) -> bytes:
    """The request's headers for the next hop: hop-by-hop ones replaced by `Connection: close`.

    An upgrade to a WebSocket keeps its own headers: it takes the connection over."""
    lines = head.split(b"\r\n")[1:-2]
    upgrade = any(line.lower().startswith(b"upgrade:") for line in lines)
    dropped = (b"proxy-",) if upgrade else (b"proxy-", b"connection:", b"keep-alive:")
    kept = [line for line in lines if not line.lower().startswith(dropped)]
    closing = [] if upgrade else [b"Connection: close"]
    return b"\r\n".join([*kept, *closing]) + b"\r\n" + authorization + b"\r\n"


async def _answer(writer: asyncio.StreamWriter, status: int, text: str) -> None:
    body = text.encode()
    reason = {403: "Forbidden", 502: "Bad Gateway"}[status]
    head = f"HTTP/1.1 {status} {reason}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    writer.write(head.encode() + body)
    with contextlib.suppress(OSError):
        await writer.drain()


async def _both_ways(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    far: asyncio.StreamReader,
    far_writer: asyncio.StreamWriter,
    head: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]] | None = None,
) -> None:
    """Copy until the far side has ended its answer, or either side is gone. `head` passes on how the answer begins."""

    async def back() -> None:
        if head is not None:
            await head(far, writer)
        await _copy(far, writer)

    up = asyncio.create_task(_copy(reader, far_writer))
    down = asyncio.create_task(back())
    try:
        await asyncio.wait({up, down}, return_when=asyncio.FIRST_COMPLETED)
        if up.done() and not down.done() and not up.exception():
            # the browser has said all; the answer may still be on its way
            await asyncio.wait({down}, timeout=_PATIENCE)
    finally:
        for task in (up, down):
            task.cancel()
        await asyncio.gather(up, down, return_exceptions=True)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while block := await reader.read(_BLOCK):
        writer.write(block)
        await writer.drain()


async def _pass_head(far: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass on the head of an answer, and say that the connection ends with it.

    A site that keeps the connection open all the same would otherwise be sent the browser's next request on it, past
    the list of hosts; and a POST on a connection that has been used before is one that Chromium may send twice."""
    try:
        while True:
            head = await far.readuntil(b"\r\n\r\n")
            status = head.split(b" ", 2)[1][:3]
            if status != b"101" and not status.startswith(b"1"):
                break
            writer.write(head)
            if status == b"101":
                return
    except asyncio.IncompleteReadError as error:
        writer.write(error.partial)
        return
    lines = [line for line in head.split(b"\r\n")[:-2] if not line.lower().startswith(_LASTING)]
    writer.write(b"\r\n".join([*lines, b"Connection: close"]) + b"\r\n\r\n")


_LASTING = (b"connection:", b"keep-alive:", b"proxy-connection:")
