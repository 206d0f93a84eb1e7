"""Evidence copied to where all machines see it: after the run, by hash; a place that is away delays copies and fails no run."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path, PurePosixPath

from bofbot.adapters.shelf import Shelf, open_shelf
from bofbot.errors import BofbotError
from bofbot.files import sha256_of
from bofbot.office import Office
from bofbot.store import Store
from bofbot.store.copies import Copies, Copy
from bofbot.words import Sentence

_EVERY = 10.0
_SLOWEST = 600.0
"""A place that is away is asked less and less often, down to this."""
_PATIENCE = 20.0
_LONG_AGO = timedelta(days=7)
_SETTLED = timedelta(minutes=1)
"""The report of a run is written a moment after its end."""


@dataclass(frozen=True, slots=True)
class Shelved:
    """What became of one round."""

    made: int = 0
    left: int = 0
    trouble: Sentence | None = None


class Shelving:
    """The evidence of one office and the place that keeps copies of it."""

    def __init__(self, store: Store, logs: Path, folder: Path, address: str) -> None:
        self._copies, self._logs, self._folder, self._address = Copies(store.database), logs, folder, address
        self._shelf: Shelf | None = None
        self._looked_at: datetime | None = None

    def after(self, run: str, seconds: float = _PATIENCE) -> Shelved:
        """A run has ended, its report is written: keep what is in its folder, waiting for the place no longer than this.
        What is not done by then goes on as long as the process lives, and is made up for later."""
        self._note(run)
        done: list[Shelved] = []
        thread = threading.Thread(target=lambda: done.append(_safely(lambda: self._copy([run]))), daemon=True)
        thread.start()
        thread.join(seconds)
        return done[0] if done else Shelved(trouble=_SLOW)

    def round(self, settled: timedelta = _SETTLED) -> Shelved:
        """Whatever of this machine's runs is not kept yet, if it ended so long ago."""
        now = datetime.now(UTC)
        since = self._looked_at and self._looked_at - _LONG_AGO
        self._looked_at = now
        for run in self._copies.runs_unknown(since, now - settled):
            if self._is_here(run):
                self._note(run)
        return self._copy([run for run in self._copies.to_make() if self._is_here(run)])

    def fetch(self, run: str) -> int:
        """Bring back what is missing in the folder of a run; how many files came. Raises ApplicationError, NotReady."""
        count, folder = 0, self._logs / run
        for one in self._copies.of(run):
            path = folder / one.path
            if one.made and not path.exists() and _is_inside(one.path):
                self._opened().get(one.sha256, path)
                count += 1
        return count

    def _note(self, run: str) -> None:
        """Hashes are taken where the files were written, before anything is sent."""
        folder, found = self._logs / run, []
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink() and not path.name.startswith((".bofbot-", "~$")):
                shown = path.relative_to(folder).as_posix()
                found.append(Copy(run, shown, sha256_of(path), path.stat().st_size, self._address))
        self._copies.note(run, found)

    def _copy(self, runs: list[str]) -> Shelved:
        made = 0
        for run in runs:
            wanted = [one for one in self._copies.of(run) if not one.made]
            if not wanted:
                continue
            try:
                for one in wanted:
                    if here := self._as_it_is(one):
                        self._opened().put(self._logs / run / one.path, here.sha256)
                        self._copies.made([here], self._address)
                        made += 1
                self._opened().write(f"runs/{run}.json", self._told(run))
            except BofbotError as away:
                left = sum(not one.made for other in runs for one in self._copies.of(other))
                return Shelved(made, left, away.message)
        return Shelved(made)

    def _as_it_is(self, one: Copy) -> Copy | None:
        """The file as it stands; None when it is gone. A report may have been written anew since it was noted; a picture
        that changed is found out by its hash in the sealed journal."""
        path = self._logs / one.run / one.path
        try:
            here = replace(one, sha256=sha256_of(path), size=path.stat().st_size)
        except OSError:
            self._copies.changed(one, None)
            return None
        if here != one:
            self._copies.changed(one, here)
        return here

    def _told(self, run: str) -> bytes:
        """What a person needs who has the place alone: which file is which."""
        files = [{"path": one.path, "sha256": one.sha256, "size": one.size} for one in self._copies.of(run)]
        return json.dumps({"run": run, "files": files}, ensure_ascii=False, indent=1).encode()

    def _opened(self) -> Shelf:
        self._shelf = self._shelf or open_shelf(self._address, self._folder)
        return self._shelf

    def _is_here(self, run: str) -> bool:
        return run.isdecimal() and (self._logs / run).is_dir()


class Shelver:
    """Goes round in a thread of its own beside `bofbot serve` and `bofbot worker`."""

    def __init__(self, shelving: Shelving, told: Callable[[Sentence], None], every: float = _EVERY) -> None:
        self._shelving, self._told, self._every = shelving, told, every
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._go_round, name="bofbot evidence", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, seconds: float = 20.0) -> None:
        """A last round; what it does not get done waits for the next start."""
        self._stopping.set()
        self._thread.join(seconds)

    def _go_round(self) -> None:
        wait, last, trouble = self._every, False, ""
        while not last:
            last = self._stopping.wait(wait)
            settled = timedelta(0) if last else _SETTLED
            done = _safely(partial(self._shelving.round, settled))
            wait = min(wait * 2, _SLOWEST) if done.trouble else self._every
            if done.trouble and done.trouble.en != trouble:
                self._told(done.trouble)
            trouble = done.trouble.en if done.trouble else ""


def _safely(do: Callable[[], Shelved]) -> Shelved:
    try:
        return do()
    except BofbotError as wrong:
        return Shelved(trouble=wrong.message)
    except Exception as fault:
        logging.getLogger("bofbot").debug("copying evidence failed", exc_info=True)
        return Shelved(trouble=Sentence.same(f"{type(fault).__name__}: {fault}"))


def _is_inside(path: str) -> bool:
    parts = PurePosixPath(path)
    return not parts.is_absolute() and ".." not in parts.parts


def shelving_of(office: Office) -> Shelving | None:
    """As the settings say; None without `evidence:`."""
    address = office.settings.evidence
    logs = office.folder / office.settings.logs
    return Shelving(office.store, logs, office.folder, address) if address else None


_SLOW = Sentence(
    en=f"the evidence's place has not taken everything within {_PATIENCE:g} s",
    ja=f"証跡の保管先が {_PATIENCE:g} 秒以内にすべてを受け取りませんでした",
)
