"""Orders: what the engine was told to play, and which run came of it, so that a second try goes on where the first stopped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bofbot.store.port import Database


@dataclass(frozen=True, slots=True)
class Begun:
    """A try of an order."""

    tries: int
    """This one included."""
    run: str
    """The run of the latest try; "" when it came to none."""


class Orders:
    """One row an order that was begun."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, order: str, process: str, at: datetime) -> Begun:
        """This process plays the order from now on."""
        named = {"id": order, "process": process, "at": at.isoformat()}
        with self._database.writing():
            row = self._database.row(_BEGIN, named)
        assert row is not None
        return Begun(row["tries"], row["run"])

    def came_to(self, order: str, run: str) -> None:
        """The order is being played by this run: on disk before its first step."""
        with self._database.writing():
            self._database.rows("UPDATE orders SET run = :run WHERE id = :id", {"id": order, "run": run})

    def run_of(self, order: str) -> str:
        """The run of the order's latest try; "" when it came to none."""
        row = self._database.row("SELECT run FROM orders WHERE id = :id", {"id": order})
        return str(row["run"]) if row else ""

    def tries(self, order: str) -> int:
        row = self._database.row("SELECT tries FROM orders WHERE id = :id", {"id": order})
        return int(row["tries"]) if row else 0


_BEGIN = (
    "INSERT INTO orders (id, process, tries, run, begun_at) VALUES (:id, :process, 1, '', :at)"
    " ON CONFLICT (id) DO UPDATE SET tries = orders.tries + 1, process = excluded.process, begun_at = excluded.begun_at"
    " RETURNING tries, run"
)
