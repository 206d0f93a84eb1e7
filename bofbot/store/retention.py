"""What is old enough to go: evidence of runs and the history of schedules. The ledger and the sealed journal stay whole.

The journal's records prove one another in one line and the ledger is compared with them, so none is ever taken out; what
is removed is itself told there, in a sealed record, before it goes."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bofbot.settings import KeepSettings
from bofbot.store.database import Store
from bofbot.store.moments import as_text, microseconds
from bofbot.store.sealing import body_of

TIDIED = "Tidied"
"""The kind of the record that says what was removed."""


@dataclass(frozen=True, slots=True)
class Old:
    """What may go now."""

    runs: tuple[str, ...]
    """Runs whose folder of evidence is older than `keep.evidence` and that nobody needs any more."""
    size: int
    """Bytes in these folders."""
    slots: int
    """Times of schedules that are over, older than `keep.history`; the newest of each schedule stays."""


def find_old(store: Store, logs: Path, keep: KeepSettings, now: datetime) -> Old:
    """What may go at `now`; looks only."""
    runs: list[str] = []
    if keep.evidence:
        kept = _needed(store)
        rows = store.database.rows(_ENDED, {"until": microseconds(now - timedelta(seconds=keep.evidence))})
        runs = [row["id"] for row in rows if row["id"] not in kept and _has_folder(logs, row["id"])]
    size = sum(_size(logs / run) for run in runs)
    before = _before(keep, now)
    found = store.database.row(f"SELECT COUNT(*) AS n FROM slots WHERE {_OVER}", {"before": before})  # noqa: S608 (our own words)
    return Old(tuple(runs), size, int(found["n"]) if found and keep.history else 0)


def tidy(store: Store, logs: Path, keep: KeepSettings, now: datetime) -> Old:
    """Remove what may go; what was removed. Any number of processes may do so at once, a crash leaves the rest to the next."""
    old = find_old(store, logs, keep, now)
    if old.runs:
        told = {"event": TIDIED, "at": now.isoformat(), "evidence_of": list(old.runs)}
        with store.database.writing():
            store.journal.seal.append([("", TIDIED, body_of(told))])
        for run in old.runs:
            shutil.rmtree(logs / run, ignore_errors=True)
    if old.slots:
        with store.database.writing():
            store.database.rows(f"DELETE FROM slots WHERE {_OVER}", {"before": _before(keep, now)})  # noqa: S608
    return old


def _needed(store: Store) -> set[str]:
    """Runs of items that wait for somebody or are being played, runs that wait, and whatever these go on from; runs whose
    evidence is still to be copied."""
    needed = {row["id"] for row in store.database.rows(_WAITING)}
    earlier = {row["id"]: row["of_run"] for row in store.database.rows("SELECT id, of_run FROM runs WHERE of_run <> ''")}  # fmt: skip
    for run in list(needed):
        while (run := earlier.get(run, "")) and run not in needed:
            needed.add(run)
    return needed


def _has_folder(logs: Path, run: str) -> bool:
    """A folder of ours: named by its run's number, and no link to elsewhere."""
    return run.isdecimal() and (logs / run).is_dir() and not (logs / run).is_symlink()


def _size(folder: Path) -> int:
    return sum(file.lstat().st_size for file in folder.rglob("*") if file.is_file())


def _before(keep: KeepSettings, now: datetime) -> str:
    return as_text(now - timedelta(seconds=keep.history))


_TAKEN_UP = (
    "EXISTS (SELECT 1 FROM runs AS later WHERE later.mode = 'resume' AND later.started_us > runs.started_us"
    " AND later.of_run = CASE WHEN runs.mode = 'resume' THEN runs.of_run ELSE runs.id END)"
)
"""Somebody went on with the run since: it waits no longer, even if it ended so."""
_ENDED = (
    "SELECT id FROM runs WHERE (state NOT IN ('running', 'waiting') OR (state = 'waiting' AND "  # noqa: S608 (our own words)
    f"{_TAKEN_UP})) AND started_us + seconds * 1000000 < :until ORDER BY started_us, id"
)
_WAITING = (
    "SELECT run AS id FROM items WHERE state IN ('leased', 'armed', 'uncertain', 'waiting')"  # noqa: S608 (our own words)
    f" UNION SELECT id FROM runs WHERE state = 'running' OR (state = 'waiting' AND NOT {_TAKEN_UP})"
    " UNION SELECT run AS id FROM slots WHERE state IN ('due', 'started', 'waiting')"
    " UNION SELECT run AS id FROM copies WHERE at = ''"
)
_OVER = (
    "state IN ('done', 'failed', 'missed', 'skipped') AND tell <> 1 AND nominal NOT LIKE 'file %' AND nominal NOT LIKE 'mail %' AND nominal NOT LIKE 'hook %' AND due_at < :before AND EXISTS"
    " (SELECT 1 FROM slots AS later WHERE later.schedule = slots.schedule AND later.due_at > slots.due_at)"
)
