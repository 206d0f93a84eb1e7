"""The one way to add to the sealed journal: events, moves of items and approvals are links of the same chain.

A record is written in the transaction of what it tells, so neither is ever there without the other, and a move costs no
second sync."""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bofbot.store.chain import EMPTY, Head, Key
from bofbot.store.port import Database

MOVED, ADOPTED, APPROVED, ASKED = "LedgerMoved", "LedgerAdopted", "Approved", "QuestionMoved"
"""Kinds of records that are no events: a move of an item, a row that is older than its seal, a person's yes, a question
that was asked, answered or ended."""

ITEM = (
    "robot", "step", "key", "state", "token", "attempt", "payload", "run", "owner", "receipt", "why",
    "completed", "armed_at", "request", "made_at", "changed_at",
)  # fmt: skip
ATTEMPT = (
    "robot", "step", "key", "token", "attempt", "run", "owner", "started_at", "armed_at", "ended_at", "state",
    "receipt", "why", "request",
)  # fmt: skip
APPROVAL = ("fingerprint", "robot", "approver", "why", "at", "totals")
QUESTION = (
    "id", "story", "run", "robot", "robot_file", "robot_sha256", "owner", "started_by", "step", "item", "print", "kind",
    "said_en", "said_ja", "choices", "asked_of", "asked_at", "until", "otherwise", "state", "value", "settled_by",
    "settled_at", "why",
)  # fmt: skip
"""The columns of a row that are sealed."""

Row = Mapping[str, Any]


class Seal:
    """Adds links to the chain. Every call but `head` and `chain` stands inside a transaction of the caller."""

    def __init__(self, database: Database, key: Key) -> None:
        self._database = database
        self.key = key

    def chain(self) -> dict[str, Any]:
        empty = {"seq": 0, "mac": EMPTY, "seal": "", "adopted": None}
        return self._database.row("SELECT * FROM chain WHERE id = 1") or empty

    def head(self) -> Head:
        row = self.chain()
        return Head(row["seq"], row["mac"])

    def ends_well(self) -> bool:
        """Whether the end of the chain is as it was sealed; one look, where `verify` walks it all."""
        last = self._database.row(
            "SELECT events.seq AS at, events.mac AS stands, chain.mac AS mac, chain.seq AS seq, chain.seal AS seal FROM events"
            " LEFT JOIN chain ON chain.id = 1 ORDER BY events.seq DESC LIMIT 1"
        )
        if last is None:
            return bool(self.chain()["seq"] == 0)
        whole = (last["at"], last["stands"]) == (last["seq"], last["mac"])
        return whole and hmac.compare_digest(last["seal"], self.key.seal_head(Head(last["seq"], last["mac"])))

    def append(self, records: Iterable[tuple[str, str, str]]) -> None:
        """Add (run, kind, body) each, in order."""
        chain = self.chain()
        seq, mac, rows = chain["seq"], chain["mac"], []
        for run, kind, body in records:
            seq += 1
            mac = self.key.seal(mac, seq, body)
            rows.append(
                {"seq": seq, "run": run, "kind": kind, "body": body, "sealed_by": self.key.name, "mac": mac}
            )
        self._database.later(_INSERT, rows)
        seal = self.key.seal_head(Head(seq, mac))
        self._database.later(_MOVE_HEAD, [{"seq": seq, "mac": mac, "by": self.key.name, "seal": seal}])

    def moved(self, items: Sequence[Row], attempts: Sequence[Row]) -> None:
        """Seal rows of the ledger as they stand after a move."""
        holds: dict[tuple[str, str, str], list[Row]] = {}
        for row in attempts:
            holds.setdefault(who(row), []).append(sealed_part(row, ATTEMPT))
        self.append(
            (
                "",
                MOVED,
                body_of(
                    {
                        "event": MOVED,
                        "item": sealed_part(row, ITEM),
                        "attempts": holds.get(who(row), []),
                    }
                ),
            )
            for row in items
        )

    def approved(self, approval: Row) -> None:
        self.append(
            [("", APPROVED, body_of({"event": APPROVED, "approval": sealed_part(approval, APPROVAL)}))]
        )

    def asked(self, questions: Sequence[Row]) -> None:
        """Seal questions as they stand after a move; the records belong to the runs that wait."""
        self.append(
            (row["run"], ASKED, body_of({"event": ASKED, "question": sealed_part(row, QUESTION)}))
            for row in questions
        )

    def adopt(self) -> None:
        """Once for a store that is older than the seal of its ledger: what it holds is sealed as it stands."""
        if self.chain()["adopted"] == 1:
            return
        with self._database.writing():
            chain = self.chain()
            if chain["adopted"] == 1:
                return  # another process was quicker, and may have moved items since
            found = [
                (part, row)
                for part, table in (("item", "items"), ("attempt", "attempts"), ("approval", "approvals"))
                for row in self._database.rows(f"SELECT * FROM {table}")  # noqa: S608, names of ours
            ]
            if chain["adopted"] is None and not found:
                return
            self.append(
                ("", ADOPTED, body_of({"event": ADOPTED, part: sealed_part(row, _COLUMNS[part])}))
                for part, row in found
            )
            self._database.rows("UPDATE chain SET adopted = 1 WHERE id = 1")


def body_of(plain: Mapping[str, Any]) -> str:
    """A record as it is kept and sealed. Half characters (broken file names) become JSON escapes: SQLite takes none."""
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")


def sealed_part(row: Row, columns: Iterable[str]) -> dict[str, Any]:
    """What is sealed of a row; empty columns are left out."""
    return {name: row[name] for name in columns if row[name] not in ("", 0, "{}")}


def who(row: Row) -> tuple[str, str, str]:
    return row["robot"], row["step"], row["key"]


_COLUMNS = {"item": ITEM, "attempt": ATTEMPT, "approval": APPROVAL}
_INSERT = "INSERT INTO events (seq, run, kind, body, sealed_by, mac) VALUES (:seq, :run, :kind, :body, :sealed_by, :mac)"
_MOVE_HEAD = (
    "INSERT INTO chain (id, seq, mac, sealed_by, seal, adopted) VALUES (1, :seq, :mac, :by, :seal, 1)"
    " ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, mac = excluded.mac, sealed_by = excluded.sealed_by, seal = excluded.seal"
)
