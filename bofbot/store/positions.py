"""How far each schedule has looked at what grows by itself, e.g. a mailbox. Only a help: slots say what was started."""

from __future__ import annotations

from bofbot.store.port import Database


class Positions:
    """One text a schedule."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, schedule: str) -> str:
        """Where it stopped; empty for a schedule that never looked."""
        row = self._database.row("SELECT place FROM positions WHERE schedule = :name", {"name": schedule})
        return str(row["place"]) if row else ""

    def move(self, schedule: str, place: str) -> None:
        with self._database.writing():
            self._database.rows(
                "INSERT INTO positions (schedule, place) VALUES (:name, :place)"
                " ON CONFLICT (schedule) DO UPDATE SET place = excluded.place",
                {"name": schedule, "place": place},
            )
