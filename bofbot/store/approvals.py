"""Who said yes to what, and when."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bofbot.store.port import Database
from bofbot.store.sealing import Seal


@dataclass(frozen=True, slots=True)
class Approval:
    """One person's yes."""

    fingerprint: str
    robot: str
    by: str
    why: str
    at: datetime
    totals: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Path of a loop → what its items came to in the dry run that was looked at."""


class Approvals:
    """Kept for ever; the newest yes to a fingerprint counts."""

    def __init__(self, database: Database, seal: Seal) -> None:
        self._database = database
        self._seal = seal

    def add(self, approval: Approval) -> None:
        row = {
            "fingerprint": approval.fingerprint,
            "robot": approval.robot,
            "approver": approval.by,
            "why": approval.why,
            "at": approval.at.isoformat(),
            "totals": json.dumps(approval.totals, ensure_ascii=False, sort_keys=True),
        }
        with self._database.writing():
            for kept in self._database.rows(_ADD, row):
                self._seal.approved(kept)

    def find(self, fingerprint: str, not_by: Collection[str] = ()) -> Approval | None:
        """The newest yes to it that was not given by one of these."""
        rows = self._database.rows(
            "SELECT * FROM approvals WHERE fingerprint = :fingerprint ORDER BY at DESC",
            {"fingerprint": fingerprint},
        )
        row = next((row for row in rows if row["approver"] not in not_by), None)
        if row is None:
            return None
        at, totals = datetime.fromisoformat(row["at"]), json.loads(row["totals"])
        return Approval(row["fingerprint"], row["robot"], row["approver"], row["why"], at, totals)


_ADD = (
    "INSERT INTO approvals (fingerprint, robot, approver, why, at, totals)"
    " VALUES (:fingerprint, :robot, :approver, :why, :at, :totals) RETURNING *"
)
