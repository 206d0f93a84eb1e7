"""So many runs at once on a site, over all machines that share a store: the others wait for their turn."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from bofbot.action import Locks

LOOK_AGAIN = 0.5
"""Seconds between two looks whether there is room."""


@asynccontextmanager
async def turn_on(
    hosts: Iterable[str],
    limits: Mapping[str, int],
    locks: Locks,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> AsyncIterator[None]:
    """Hold a place on each of these hosts (or addresses) that has a limit; waits until there is one.

    Places are taken in the order of the hosts' names, so that two runs never wait for each other."""
    held: list[str] = []
    try:
        for host in sorted({_host(one) for one in hosts} & set(limits)):
            while not (place := _place(host, limits[host], locks)):
                await sleep(LOOK_AGAIN)
            held.append(place)
        yield
    finally:
        for place in reversed(held):
            locks.give_back(place)


def _place(host: str, many: int, locks: Locks) -> str:
    """The first free place, taken; "" when all are taken."""
    return next((place for number in range(many) if locks.take(place := f"site {host} {number}")), "")


def _host(written: str) -> str:
    return urlsplit(written if "//" in written else f"//{written}").hostname or written
