"""Which files of evidence there are, with their hashes, and which of them have been copied to the place that keeps them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from bofbot.store.moments import as_text, microseconds
from bofbot.store.port import Database


@dataclass(frozen=True, slots=True)
class Copy:
    """One file of a run. `path` is relative to the folder of the run."""

    run: str
    path: str
    sha256: str
    size: int
    place: str
    """The address of the shelf."""
    made: bool = False


class Copies:
    """One row a file; a run without files has one row with an empty path."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, run: str, files: Iterable[Copy]) -> None:
        """The files of a run, all at once; what was noted before stays as it is."""
        rows = [_row(one) for one in files] or [_row(Copy(run, "", "", 0, "", made=True))]
        with self._database.writing():
            self._database.later(
                "INSERT INTO copies (run, path, sha256, size, place, at) VALUES (:run, :path, :sha256, :size, :place, :at)"
                " ON CONFLICT (run, path) DO NOTHING",
                rows,
            )

    def made(self, copies: Iterable[Copy], place: str) -> None:
        """These are kept now."""
        named = [{"run": one.run, "path": one.path, "place": place, "at": _now()} for one in copies]
        with self._database.writing():
            self._database.later(
                "UPDATE copies SET at = :at, place = :place WHERE run = :run AND path = :path", named
            )

    def changed(self, old: Copy, now: Copy | None) -> None:
        """A file is no longer what was noted, or (None) no longer there."""
        named = {"run": old.run, "path": old.path}
        with self._database.writing():
            if now is None:
                self._database.rows("DELETE FROM copies WHERE run = :run AND path = :path", named)
            else:
                self._database.rows(
                    "UPDATE copies SET sha256 = :sha256, size = :size WHERE run = :run AND path = :path",
                    {**named, "sha256": now.sha256, "size": now.size},
                )

    def of(self, run: str) -> list[Copy]:
        rows = self._database.rows(
            "SELECT * FROM copies WHERE run = :run AND path <> '' ORDER BY path", {"run": run}
        )
        return [Copy(row["run"], row["path"], row["sha256"], row["size"], row["place"], bool(row["at"])) for row in rows]  # fmt: skip

    def to_make(self) -> list[str]:
        """Runs with files that are not kept yet, the oldest first."""
        rows = self._database.rows("SELECT DISTINCT run FROM copies WHERE at = '' ORDER BY run")
        return [str(row["run"]) for row in rows]

    def runs_unknown(self, since: datetime | None, until: datetime) -> list[str]:
        """Runs that began after `since`, ended before `until`, and of whose files nothing is noted; the oldest first."""
        rows = self._database.rows(
            "SELECT id FROM runs WHERE state <> 'running' AND started_us >= :since"
            " AND started_us + seconds * 1000000 <= :until"
            " AND NOT EXISTS (SELECT 1 FROM copies WHERE copies.run = runs.id) ORDER BY started_us, id",
            {"since": microseconds(since) if since else 0, "until": microseconds(until)},
        )
        return [str(row["id"]) for row in rows]


def _row(one: Copy) -> dict[str, object]:
    return {
        "run": one.run, "path": one.path, "sha256": one.sha256, "size": one.size, "place": one.place,
        "at": _now() if one.made else "",
    }  # fmt: skip


def _now() -> str:
    return as_text(datetime.now(UTC))
