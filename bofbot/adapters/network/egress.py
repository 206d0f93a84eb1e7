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
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import unquote, urlsplit

from bofbot.adapters.network.allowed import PORTS, Allowed
from bofbot.adapters.network.relay import answer, both_ways, next_headers, pass_head
from bofbot.words import Sentence

_HEAD_LIMIT = 256 * 1024
"""As much as Chromium takes for the head of an answer."""
_QUIET = 0.03
"""Seconds without a byte after which an answered tunnel counts as idle."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A connection that was not let out, and why."""

    target: str
    why: Sentence


class _Refused(Exception):
    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.why.en)
        self.refusal = refusal


@dataclass(eq=False, slots=True)
class _Tunnel:
    """A connection that the proxy does not see into; who spoke last tells whether an answer is awaited on it."""

    host: str
    writers: tuple[asyncio.StreamWriter, asyncio.StreamWriter]
    asked: bool = False
    """The browser spoke last."""
    moved_at: float = 0.0

    def asks(self) -> None:
        self.asked, self.moved_at = True, asyncio.get_running_loop().time()

    def answers(self) -> None:
        self.asked, self.moved_at = False, asyncio.get_running_loop().time()

    def close(self) -> None:
        for writer in self.writers:
            writer.close()


@dataclass(slots=True)
class Egress:
    """An open proxy. `refused` lists what it did not let out, newest last."""

    allowed: Allowed
    upstream: str = ""
    """The office's own proxy, e.g. `http://user:pass@proxy:8080`; names are then resolved there."""
    refused: list[Refusal] = field(default_factory=list)
    _told: set[str] = field(default_factory=set)
    _server: asyncio.Server | None = None
    _tunnels: set[_Tunnel] = field(default_factory=set)
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
        port = parts.port or PORTS.get(parts.scheme, 0)
        return parts.scheme in ("http", "https") and self.allowed.reaches(parts.hostname or "", port)

    def newly_refused(self) -> list[Refusal]:
        """What was refused since this was last asked, each target once for the whole run."""
        fresh = [one for one in dict.fromkeys(self.refused) if one.target not in self._told]
        self._told.update(one.target for one in fresh)
        return fresh

    async def fresh_socket(self, url: str, longest: float = 1.0) -> None:
        """The browser's next request to this address takes a connection that was never used: idle tunnels to its host are
        closed. One on which an answer is awaited is in use, and stays; one that is being read is waited for, up to
        `longest` seconds. (Plain HTTP takes a new connection for every request anyway.)"""
        loop, host = asyncio.get_running_loop(), (urlsplit(url).hostname or "").lower()
        end = loop.time() + longest
        while quiet := [one for one in self._tunnels if one.host == host and not one.asked]:
            for tunnel in quiet:
                if loop.time() - tunnel.moved_at >= _QUIET or loop.time() > end:
                    tunnel.close()
                    self._tunnels.discard(tunnel)
            await asyncio.sleep(0.005)

    def drop_tunnels(self) -> None:
        """Close every open tunnel."""
        for tunnel in list(self._tunnels):
            tunnel.close()

    async def close(self) -> None:
        """Close everything; never raises."""
        if self._server:
            self._server.close()
            for _ in range(3):  # connections accepted just now come to their handlers, to be ended there
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
            await answer(writer, 403, f"bofbot: {error.refusal.why.en}")
        except OSError as error:
            await answer(writer, 502, f"bofbot: {target} does not answer ({error})")

    async def _tunnel(self, target: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, _, port = target.rpartition(":")
        remote_reader, remote_writer = await self._connect(host, int(port), tunnel=True)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        tunnel = _Tunnel(host.strip("[]").lower(), (writer, remote_writer))
        self._tunnels.add(tunnel)
        try:
            await both_ways(
                reader, writer, remote_reader, remote_writer, asks=tunnel.asks, answers=tunnel.answers
            )
        finally:
            self._tunnels.discard(tunnel)
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
            remote_writer.write(first + next_headers(head, self._authorization()))
            await both_ways(reader, writer, remote_reader, remote_writer, head=pass_head)
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
        addresses = await _addresses_of(host.strip("[]"), port)
        if not self.allowed.names(host, port):
            for address in addresses:
                if not ipaddress.ip_address(address.partition("%")[0]).is_global:
                    why = Sentence(
                        en=f"{host} leads to the private address {address}; list the host itself to allow it",
                        ja=f"{host} は内部アドレス {address} です。許可するにはホスト名そのものを指定してください",
                    )
                    raise _Refused(Refusal(f"{host}:{port}", why))
        return addresses[0]

    def _authorization(self) -> bytes:
        parts = urlsplit(self.upstream) if self.upstream else None
        if not parts or not parts.username:
            return b""
        token = base64.b64encode(
            f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
        ).decode()
        return f"Proxy-Authorization: Basic {token}\r\n".encode()


async def _addresses_of(host: str, port: int) -> list[str]:
    """What a name stands for; a number stands for itself, and needs no thread that asks."""
    with contextlib.suppress(ValueError):
        return [str(ipaddress.ip_address(host))]
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]
