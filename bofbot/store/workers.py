"""Who plays orders: one row a worker, with what it can do and when it was last seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bofbot.store.port import Database

HUNG = timedelta(seconds=30)
"""A worker that holds its lease and has not been seen for so long stands still: somebody must evict it."""


@dataclass(frozen=True, slots=True)
class WorkerRow:
    """One worker as it was last seen."""

    process: str
    can: tuple[str, ...]
    playing: int
    wanted: str
    """"" or "drain": it shall take nothing more and end."""
    since: datetime
    seen: datetime
    alive: bool
    """It holds its lease."""

    def is_hung(self, now: datetime) -> bool:
        return self.alive and now - self.seen > HUNG


class Workers:
    """The rows of all workers; those of the dead are shown once more, then forgotten."""

    def __init__(self, database: Database, dead: Callable[[str], bool]) -> None:
        self._database = database
        self._dead = dead

    def see(self, process: str, can: tuple[str, ...], playing: int, now: datetime) -> str:
        """This worker is well. What is wanted of it comes back: "" or "drain"."""
        named = {"process": process, "can": " ".join(can), "playing": playing, "now": now.isoformat()}
        with self._database.writing():
            row = self._database.row(_SEE, named)
        return str(row["wanted"]) if row else ""

    def leave(self, process: str) -> None:
        """The worker has ended, or is known to be dead."""
        with self._database.writing():
            self._database.rows("DELETE FROM workers WHERE process = :process", {"process": process})

    def ask_to_drain(self, process: str) -> None:
        with self._database.writing():
            self._database.rows(
                "UPDATE workers SET wanted = 'drain' WHERE process = :process", {"process": process}
            )

    def all(self) -> list[WorkerRow]:
        """The oldest first."""
        rows = self._database.rows("SELECT * FROM workers ORDER BY since, process")
        return [
            WorkerRow(
                process=row["process"],
                can=tuple(row["can"].split()),
                playing=row["playing"],
                wanted=row["wanted"],
                since=datetime.fromisoformat(row["since"]),
                seen=datetime.fromisoformat(row["seen"]),
                alive=not self._dead(row["process"]),
            )
            for row in rows
        ]


_SEE = (
    "INSERT INTO workers (process, can, playing, wanted, since, seen) VALUES (:process, :can, :playing, '', :now, :now)"
    " ON CONFLICT (process) DO UPDATE SET playing = excluded.playing, seen = excluded.seen RETURNING wanted"
)
