"""Where the driver keeps its own code as the machine understands it (1 MB): it starts in two thirds of the time then."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_KEPT = "NODE_COMPILE_CACHE"


@contextmanager
def code_kept() -> Iterator[None]:
    """A driver that is started inside finds its code translated, where this person has a place for such."""
    folder = None if _KEPT in os.environ else _own_folder()
    if folder is not None:
        os.environ[_KEPT] = str(folder)
    try:
        yield
    finally:
        if folder is not None:
            del os.environ[_KEPT]


def _own_folder() -> Path | None:
    """A folder of this person alone: what lies there is run. None when there is none to be had."""
    try:
        shelf = {"darwin": "Library/Caches", "win32": "AppData/Local"}.get(sys.platform, ".cache")
        folder = Path.home() / shelf / "bofbot" / "driver"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.stat()
    except (OSError, RuntimeError):  # no home, or nothing may be written there
        return None
    if sys.platform != "win32" and (status.st_uid != os.getuid() or status.st_mode & 0o022):
        return None
    return folder
