"""Shares: the items of one loop that several workers play together; each is claimed by one of them, and told once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bofbot.store.port import Database


@dataclass(frozen=True, slots=True)
class ShareRow:
    """A loop that is shared now."""

    id: str
    of_order: str
    step: str
    batch: str
    """What its items are, by their hash: whoever sees other items takes no part."""
    run: str
    """The run whose loop it is."""


@dataclass(frozen=True, slots=True)
class ToldRow:
    """An item that was played by another run."""

    number: int
    """In which order they were told, from 1."""
    index: int
    run: str
    told: str
    """What became of it, as JSON."""


class Shares:
    """The rows of all shares. They go when their loop has ended: what happened stands in the ledger and the journal."""

    def __init__(self, database: Database, dead: Callable[[str], bool]) -> None:
        self._database = database
        self._dead = dead

    def open(self, share: ShareRow, at: datetime) -> None:
        """This run's loop is shared from now on, also when an earlier try of its order shared it. Another batch of the
        same order is closed."""
        named = {**_columns(share), "at": at.isoformat()}
        with self._database.writing():
            self._database.rows(
                "DELETE FROM shares WHERE of_order = :of_order AND step = :step AND id <> :id", named
            )
            self._database.rows(_OPEN, named)

    def of_order(self, order: str) -> list[ShareRow]:
        """What is shared of an order now."""
        rows = self._database.rows("SELECT * FROM shares WHERE of_order = :order", {"order": order})
        return [ShareRow(**{name: row[name] for name in ShareRow.__slots__}) for row in rows]

    def is_open(self, share: str) -> bool:
        return self._database.row("SELECT 1 AS one FROM shares WHERE id = :id", {"id": share}) is not None

    def claim(self, share: str, indexes: Sequence[int], run: str, process: str, at: datetime) -> int | None:
        """The next of the items (their indexes rise from 1), taken for this run; else one whose claimer died or gave it back.
        0 when none is free while others play theirs; None when all are told, or the share is closed."""
        with self._database.writing():
            if not self.is_open(share):
                return None
            last = self._database.row(
                "SELECT MAX(place) AS place FROM share_items WHERE share = :share", {"share": share}
            )
            after = (last["place"] if last else None) or 0
            index = next((one for one in indexes if one > after), None)
            if index is None:
                untold = self._untold(share)
                free = (row["place"] for row in untold if self._is_free(row["process"]))
                index = next(free, 0 if untold else None)
            if not index:
                return index
            named = {"share": share, "place": index, "run": run, "process": process, "at": at.isoformat()}
            self._database.rows(_CLAIM, named)
            return index

    def give_back(self, share: str, index: int, process: str) -> None:
        """The item was begun and not ended: whoever is free takes it."""
        with self._database.writing():
            self._database.rows(
                "UPDATE share_items SET process = '' WHERE share = :share AND place = :place AND process = :process AND number = 0",
                {"share": share, "place": index, "process": process},
            )

    def tell(self, share: str, index: int, process: str, told: str) -> None:
        """What became of an item that this process claimed."""
        with self._database.writing():
            self._database.rows(_TELL, {"share": share, "place": index, "process": process, "told": told})

    def told(self, share: str, after: int) -> list[ToldRow]:
        """What was told since, in order."""
        rows = self._database.rows(
            "SELECT number, place, run, told FROM share_items WHERE share = :share AND number > :after ORDER BY number",
            {"share": share, "after": after},
        )
        return [ToldRow(row["number"], row["place"], row["run"], row["told"]) for row in rows]

    def at_work(self, share: str) -> bool:
        """Whether an item is being played by somebody alive."""
        return any(not self._is_free(row["process"]) for row in self._untold(share))

    def close(self, share: str, *, over: bool) -> None:
        """Nobody takes an item of it any more; `over`: all of them are told in the journal as well."""
        with self._database.writing():
            self._database.rows("DELETE FROM shares WHERE id = :share", {"share": share})
            if over:
                self._database.rows("DELETE FROM share_items WHERE share = :share", {"share": share})

    def _untold(self, share: str) -> list[dict[str, Any]]:
        return self._database.rows(
            "SELECT place, process FROM share_items WHERE share = :share AND number = 0 ORDER BY place",
            {"share": share},
        )

    def _is_free(self, process: str) -> bool:
        return not process or self._dead(process)


_OPEN = (
    "INSERT INTO shares (id, of_order, step, batch, run, opened_at) VALUES (:id, :of_order, :step, :batch, :run, :at)"
    " ON CONFLICT (id) DO UPDATE SET run = excluded.run, opened_at = excluded.opened_at"
)
_CLAIM = (
    "INSERT INTO share_items (share, place, run, process, claimed_at) VALUES (:share, :place, :run, :process, :at)"
    " ON CONFLICT (share, place) DO UPDATE SET run = excluded.run, process = excluded.process, claimed_at = excluded.claimed_at"
)
_TELL = (
    "UPDATE share_items SET told = :told, number = (SELECT MAX(number) + 1 FROM share_items WHERE share = :share)"
    " WHERE share = :share AND place = :place AND process = :process AND number = 0"
)


def _columns(share: ShareRow) -> dict[str, str]:
    return {name: getattr(share, name) for name in ShareRow.__slots__}
