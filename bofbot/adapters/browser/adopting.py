"""A driver that runs already, given to Playwright, which always starts its own and has no way to be given one.

While it does, its one request to start a program is answered with the program that is there."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self


class Unwanted(Exception):
    """Playwright would have started another program, or this one has ended."""


async def adopt(command: tuple[str, ...], process: subprocess.Popen[bytes]) -> Any:
    """Playwright, led by the driver that runs as `process`. Raises Unwanted, or what Playwright raises."""
    from playwright.async_api import async_playwright

    if process.poll() is not None:
        raise Unwanted
    with _given(command, process):
        return await async_playwright().start()


@contextmanager
def _given(command: tuple[str, ...], process: subprocess.Popen[bytes]) -> Iterator[None]:
    usual = asyncio.create_subprocess_exec

    async def start(*words: Any, **how: Any) -> Any:
        if words[-1:] != command[-1:]:  # somebody else's
            return await usual(*words, **how)
        if words != command or process.poll() is not None:
            raise Unwanted
        return await _Adopted.of(process)

    asyncio.create_subprocess_exec = start
    try:
        yield
    finally:
        asyncio.create_subprocess_exec = usual


class _Adopted:
    """A running program in the shape of `asyncio.subprocess.Process`, as far as the driver's pipe uses it."""

    stdin: asyncio.StreamWriter
    stdout: asyncio.StreamReader

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self.pid = process.pid

    @classmethod
    async def of(cls, process: subprocess.Popen[bytes]) -> Self:
        adopted, loop = cls(process), asyncio.get_running_loop()
        adopted.stdout = asyncio.StreamReader(loop=loop)
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(adopted.stdout), process.stdout)
        transport, protocol = await loop.connect_write_pipe(asyncio.streams.FlowControlMixin, process.stdin)
        adopted.stdin = asyncio.StreamWriter(transport, protocol, None, loop)
        return adopted

    @property
    def returncode(self) -> int | None:
        return self._process.poll()

    async def communicate(self) -> tuple[bytes, None]:
        """What it still says, when it has ended."""
        rest = await self.stdout.read()
        await asyncio.to_thread(self._process.wait)
        return rest, None
