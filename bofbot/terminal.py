"""A line typed by the person at the terminal, awaited so that Ctrl-C ends the waiting at once."""

from __future__ import annotations

import asyncio
import getpass
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_LOOK_SECONDS = 0.2


async def typed_line(prompt: str, *, hidden: bool = False) -> str | None:
    """What was typed, without the end of the line; None at the end of the input (Ctrl-D). `hidden`: it is not shown.

    A thread that sits in `readline` cannot be ended, and would hold up the whole process until somebody presses Enter."""
    stopped = threading.Event()
    try:
        return await asyncio.to_thread(_read, prompt, hidden, stopped)
    finally:
        stopped.set()


def _read(prompt: str, hidden: bool, stopped: threading.Event) -> str | None:
    if sys.platform == "win32":
        return _read_on_windows(prompt, hidden)
    file = sys.stdin.fileno()
    with _unseen(file) if hidden else _seen():
        sys.stderr.write(prompt)
        sys.stderr.flush()
        return _read_by_looks(file, stopped)


def _read_by_looks(file: int, stopped: threading.Event) -> str | None:
    """A terminal hands out whole lines, so that one read is one line."""
    import select

    while not stopped.is_set():
        if select.select([file], [], [], _LOOK_SECONDS)[0]:
            typed = os.read(file, 1 << 16)
            text = typed.decode(sys.stdin.encoding or "utf-8", "replace")
            return text.rstrip("\r\n") if typed else None
    return None


@contextmanager
def _seen() -> Iterator[None]:
    yield


@contextmanager
def _unseen(file: int) -> Iterator[None]:
    """The terminal shows nothing of what is typed."""
    import termios

    before = termios.tcgetattr(file)
    after = [*before[:3], before[3] & ~termios.ECHO, *before[4:]]
    termios.tcsetattr(file, termios.TCSAFLUSH, after)
    try:
        yield
    finally:
        termios.tcsetattr(file, termios.TCSAFLUSH, before)
        sys.stderr.write("\n")
        sys.stderr.flush()


def _read_on_windows(prompt: str, hidden: bool) -> str | None:
    if hidden:
        return getpass.getpass(prompt)
    sys.stderr.write(prompt)
    sys.stderr.flush()
    line = sys.stdin.readline()
    return line.rstrip("\r\n") if line else None
