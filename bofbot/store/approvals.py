"""Who said yes to what, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bofbot.store.port import Database


@dataclass(frozen=True, slots=True)
class Approval:
    """One person's yes."""

    fingerprint: str
    robot: str
    by: str
    why: str
    at: datetime


class Approvals:
    """Kept for ever; the newest yes to a fingerprint counts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, approval: Approval) -> None:
        with self._database.writing():
            self._database.rows(
                "INSERT INTO approvals (fingerprint, robot, approver, why, at) VALUES (:fingerprint, :robot, :by, :why, :at)",
                {
                    "fingerprint": approval.fingerprint,
                    "robot": approval.robot,
                    "by": approval.by,
                    "why": approval.why,
                    "at": approval.at.isoformat(),
                },
            )

    def find(self, fingerprint: str) -> Approval | None:
        row = self._database.row(
            "SELECT * FROM approvals WHERE fingerprint = :fingerprint ORDER BY at DESC LIMIT 1",
            {"fingerprint": fingerprint},
        )
        if row is None:
            return None
        return Approval(
            row["fingerprint"], row["robot"], row["approver"], row["why"], datetime.fromisoformat(row["at"])
        )
