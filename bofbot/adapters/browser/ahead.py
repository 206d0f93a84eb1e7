"""The driver, started while a command is still loading its modules: both take about as long, and a machine has two cores.

Playwright starts its driver by itself and has no way to be given one. So while it does, its one request to start a program
is answered with the program that runs already. Whenever anything is not as expected, it starts its own as ever."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self

from bofbot.adapters.browser.kept_code import code_kept
from bofbot.scratch import Scratch

if TYPE_CHECKING:
    import asyncio


class Ahead:
    """A driver nobody has asked for yet. Who takes it ends it; until then `end` does."""

    def __init__(self, command: tuple[str, ...], process: subprocess.Popen[bytes]) -> None:
        self._command = command
        self._process: subprocess.Popen[bytes] | None = process

    @classmethod
    def start(cls, scratch: Scratch) -> Self | None:
        """As Playwright would start it, in `scratch`. None where that cannot be (Windows: pipes of another kind)."""
        if os.name != "posix":
            return None
        try:
            from playwright._impl._driver import compute_driver_executable, get_driver_env

            with scratch.as_temporary_folder(), code_kept():
                command = (*compute_driver_executable(), "run-driver")
                pipe, environ = subprocess.PIPE, get_driver_env()
                process = subprocess.Popen(command, bufsize=0, stdin=pipe, stdout=pipe, env=environ)  # noqa: S603
        except Exception:  # another Playwright, or none: whoever needs it will say so
            return None
        return cls(command, process)

    def take(self, command: tuple[Any, ...]) -> subprocess.Popen[bytes] | None:
        """The driver, once, if this is how it was started and it still runs."""
        process = self._process
        if process is None or command != self._command or process.poll() is not None:
            return None
        self._process = None
        return process

    def end(self) -> None:
        """Leave nothing behind of a driver that nobody took."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()  # it has no browser yet
            process.communicate()


@contextmanager
def given(ahead: Ahead | None) -> Iterator[None]:
    """Who starts a driver inside is given the one that runs already."""
    if ahead is None:
        yield
        return
    import asyncio

    usual = asyncio.create_subprocess_exec

    async def start(*command: Any, **how: Any) -> Any:
        process = ahead.take(command)
        return await (usual(*command, **how) if process is None else _Adopted.of(process))

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
        import asyncio

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
        import asyncio

        rest = await self.stdout.read()
        await asyncio.to_thread(self._process.wait)
        return rest, None
