"""A run's own scratch folder: TMPDIR of everything it starts, so that whatever a crash leaves behind can be found and swept.

Processes are found by the scratch folder in their environment, never by name: nobody else's browser carries it. Where
the system does not show environments (Windows, macOS), the folder alone is removed; the driver ends its browser there.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

RECORDS = ".scratch"
"""Under an office's logs: which scratch folders are in use, and by whom."""
_PATIENCE = 3.0
"""Seconds that processes are given to end by themselves."""


@dataclass(frozen=True, slots=True)
class Scratch:
    """One folder (0700), and the record that says whose it is."""

    folder: Path
    record: Path
    private: tuple[str, ...] = ()
    """Environment variables that are nobody else's business: no child is given them."""
    ahead: Any = None
    """A browser that is on its way in it before anybody has asked for it (`adapters.browser.ahead.Ahead`)."""

    @classmethod
    def make(cls, records: Path, run_id: str, owner: str, private: tuple[str, ...] = ()) -> Self:
        """A fresh scratch folder in the system's place for such; recorded in `records` before it is used."""
        records.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f"bofbot-{run_id}-"))
        record = records / f"{run_id}.json"
        record.write_text(json.dumps({"owner": owner, "folder": str(folder)}), encoding="utf-8")
        return cls(folder, record, private)

    @contextmanager
    def as_temporary_folder(self) -> Iterator[None]:
        """Children started inside make their temporary files here, and know nothing of the secrets around them."""
        changed = ("TMPDIR", *self.private)
        before = {name: os.environ[name] for name in changed if name in os.environ}
        for name in self.private:
            os.environ.pop(name, None)
        os.environ["TMPDIR"] = str(self.folder)
        try:
            yield
        finally:
            del os.environ["TMPDIR"]
            os.environ.update(before)

    def remove(self) -> None:
        """End what still lives in it, and leave nothing behind. Never raises."""
        _end(self.folder)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.record.unlink(missing_ok=True)


def sweep(records: Path, is_dead: Callable[[str], bool]) -> list[Path]:
    """Remove the scratch folders whose owners are dead, with the processes that live in them. The folders removed."""
    swept = []
    for record in sorted(records.glob("*.json")):
        try:
            kept = json.loads(record.read_text(encoding="utf-8"))
            owner, folder = str(kept["owner"]), Path(kept["folder"])
        except (OSError, ValueError, KeyError):
            continue  # being written at this moment, or nothing of ours
        if is_dead(owner) and folder.name.startswith("bofbot-"):
            Scratch(folder, record).remove()
            swept.append(folder)
    return swept


def living_in(folder: Path) -> list[int]:
    """Processes whose TMPDIR is this folder."""
    mark = f"TMPDIR={folder}".encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*") if Path("/proc/self/environ").exists() else ():
        try:
            if mark in (entry / "environ").read_bytes().split(b"\0") and int(entry.name) != os.getpid():
                found.append(int(entry.name))
        except OSError:
            continue  # gone, or another user's
    return found


def _end(folder: Path) -> None:
    """First politely, then for good."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        alive = living_in(folder)
        for pid in alive:
            try:
                os.kill(pid, sign)
            except OSError:
                continue
        until = time.monotonic() + _PATIENCE
        while alive and time.monotonic() < until:
            time.sleep(0.05)
            alive = living_in(folder)
        if not alive:
            return
