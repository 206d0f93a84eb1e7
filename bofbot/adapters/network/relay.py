"""Passing bytes on between a browser and a site: headers for the next hop, both directions at once, connections that end."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

_BLOCK = 64 * 1024
_PATIENCE = 10.0
"""Seconds that an answer may still take when the browser is gone."""


def next_headers(head: bytes, authorization: bytes) -> bytes:
    """The request's headers for the next hop: hop-by-hop ones replaced by `Connection: close`.

    An upgrade to a WebSocket keeps its own headers: it takes the connection over."""
    lines = head.split(b"\r\n")[1:-2]
    upgrade = any(line.lower().startswith(b"upgrade:") for line in lines)
    dropped = (b"proxy-",) if upgrade else (b"proxy-", b"connection:", b"keep-alive:")
    kept = [line for line in lines if not line.lower().startswith(dropped)]
    closing = [] if upgrade else [b"Connection: close"]
    return b"\r\n".join([*kept, *closing]) + b"\r\n" + authorization + b"\r\n"


async def answer(writer: asyncio.StreamWriter, status: int, text: str) -> None:
    body = text.encode()
    reason = {403: "Forbidden", 502: "Bad Gateway"}[status]
    head = f"HTTP/1.1 {status} {reason}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    writer.write(head.encode() + body)
    with contextlib.suppress(OSError):
        await writer.drain()


async def both_ways(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    far: asyncio.StreamReader,
    far_writer: asyncio.StreamWriter,
    *,
    head: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]] | None = None,
    asks: Callable[[], None] = lambda: None,
    answers: Callable[[], None] = lambda: None,
) -> None:
    """Copy until the far side has ended its answer, or either side is gone. `head` passes on how the answer begins;
    `asks` and `answers` are called whenever bytes have come from the near side and from the far side."""

    async def back() -> None:
        if head is not None:
            await head(far, writer)
        await _copy(far, writer, answers)

    up = asyncio.create_task(_copy(reader, far_writer, asks))
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


async def _copy(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, moved: Callable[[], None]
) -> None:
    while block := await reader.read(_BLOCK):
        moved()
        writer.write(block)
        await writer.drain()


async def pass_head(far: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
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
