"""The system's locks on files: taken now or not at all, and let go of when their holder dies, however it dies."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from bofbot.errors import ApplicationError, Cell, Sighting
from bofbot.words import Sentence

_FAR = 1 << 20
"""On Windows a locked byte cannot be read: the one that stands for the whole file lies beyond what is written in it."""
_LOOK_AGAIN = 0.01
_PATIENCE = 10.0
"""Seconds between two looks whether a file is free, and how long it may take; a write into a file takes far less."""


def locked(file: IO[Any]) -> bool:
    """Lock an open file now, or not at all; closing it lets go."""
    return _lock(file) is True


def is_still(path: Path, file: IO[Any]) -> bool:
    """Is the open file what stands at the path, and not one that was replaced meanwhile?"""
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False


@contextmanager
def alone_with(path: Path) -> Iterator[None]:
    """Hold a file that is read, changed and replaced, so that two runs which write into it do so one after the other.

    Raises ApplicationError when another run does not let go of it. Where it cannot be held (on Windows an open file cannot
    be replaced; some shares have no locks) only the comparison with what was read just before is left, as everywhere."""
    file = None if sys.platform == "win32" else _hold(path)
    try:
        yield
    finally:
        if file is not None:
            file.close()


def _hold(path: Path) -> IO[bytes] | None:
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            file = path.open("rb")
        except OSError:
            return None  # whoever reads it next says so better
        got = _lock(file)
        if got and is_still(path, file):
            return file
        file.close()
        if got is None:
            return None
        if time.monotonic() > end:
            raise _held(path)
        time.sleep(_LOOK_AGAIN)


def _lock(file: IO[Any]) -> bool | None:
    """None where this file system has no locks."""
    if sys.platform == "win32":
        import msvcrt

        file.seek(_FAR)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True


def _held(path: Path) -> ApplicationError:
    return ApplicationError(
        Sentence(
            en=f"another run has been writing into {path.name} for {_PATIENCE:.0f} seconds",
            ja=f"別の実行が {path.name} に {_PATIENCE:.0f} 秒以上書き込み中です",
        ),
        sighting=Sighting(cell=Cell(str(path))),
    )
