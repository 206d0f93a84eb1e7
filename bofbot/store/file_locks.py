"""Locks that end with their process, as locked files: the system lets go of them however the process dies."""

from __future__ import annotations

import hashlib
import os
import threading
from pathlib import Path
from typing import IO

from bofbot.locking import is_still, locked


class FileLocks:
    """Locks by name, each a file in one folder; without a folder they count in this object alone."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._held: dict[str, int] = {}
        self._guard = threading.Lock()

    def take(self, lock: str, *, shared: bool) -> bool:
        """Take it now, or come back with False. `shared`: by this process as often as it likes."""
        with self._guard:
            held = self._held.get(lock, 0)
            if (held and not shared) or (not held and self._folder and not _take(self._path(lock), shared)):
                return False
            self._held[lock] = held + 1
            return True

    def give_back(self, lock: str) -> None:
        with self._guard:
            if held := self._held.pop(lock, 0):
                if held > 1:
                    self._held[lock] = held - 1
                elif self._folder:
                    _give_back(self._path(lock))

    def is_taken(self, lock: str) -> bool:
        if lock in self._held:
            return True
        if not self._folder or not self._path(lock).exists():
            return False
        with self._path(lock).open("r+b") as file:
            return not locked(file)

    def close(self) -> None:
        for lock in list(self._held):
            while lock in self._held:
                self.give_back(lock)

    def _path(self, lock: str) -> Path:
        assert self._folder is not None
        return self._folder / (hashlib.sha256(lock.encode()).hexdigest()[:32] + ".lock")


_OF_PROCESS: dict[Path, tuple[IO[bytes], int]] = {}
"""What this process has locked, and how often."""
_GUARD = threading.Lock()


def _take(path: Path, shared: bool) -> bool:
    with _GUARD:
        if path in _OF_PROCESS:
            file, times = _OF_PROCESS[path]
            if shared:
                _OF_PROCESS[path] = (file, times + 1)
            return shared
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        while True:
            file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b")
            if not locked(file):
                file.close()
                return False
            if is_still(path, file):
                _OF_PROCESS[path] = (file, 1)
                return True
            file.close()  # given back, and so removed, between our opening and our locking


def _give_back(path: Path) -> None:
    with _GUARD:
        file, times = _OF_PROCESS.pop(path)
        if times > 1:
            _OF_PROCESS[path] = (file, times - 1)
            return
        if os.name != "nt":
            path.unlink(missing_ok=True)
        file.close()


def any_locked(folder: Path) -> bool:
    """Whether any process holds any lock in this folder."""
    for path in folder.glob("*.lock"):
        try:
            with path.open("r+b") as file:
                if not locked(file):
                    return True
        except FileNotFoundError:
            continue
    return False
