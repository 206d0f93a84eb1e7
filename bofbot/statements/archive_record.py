"""One record of the archive, and the hash that chains it to the one before."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

BEGINNING = "0" * 64
"""The hash before the first record."""


@dataclass(frozen=True, slots=True)
class Key:
    """What a document is found by: one dealing's day, amount and counterparty. Any of them may be unknown."""

    day: date | None
    amount: Decimal | None
    counterparty: str


@dataclass(frozen=True, slots=True)
class Record:
    """One line of the index, as it was written once and for all."""

    seq: int
    event: str
    """`added`, or `disposed` when its time of keeping was over and it was thrown away."""
    document: str
    """The document's name in the archive, shared by all its versions: `D000001`."""
    version: int
    sha256: str
    size: int
    name: str
    """The file's name as it was received; evidence only."""
    received: datetime
    source: str
    """Where it came from: a path, an address, a robot's run."""
    format: str
    outcome: str
    account: str
    currency: str
    note: str
    keep_until: date | None
    keys: tuple[Key, ...]
    previous: str = BEGINNING
    hash: str = ""

    @property
    def key(self) -> Key:
        """The document's own key: the first."""
        return self.keys[0] if self.keys else Key(None, None, "")


def canonical(record: Record) -> str:
    """The record as one line of JSON that never varies: what the hash is made of, and what an auditor can redo."""
    return json.dumps(
        {
            "seq": record.seq, "event": record.event, "document": record.document, "version": record.version,
            "sha256": record.sha256, "size": record.size, "name": record.name, "received": record.received.isoformat(),
            "source": record.source, "format": record.format, "outcome": record.outcome, "account": record.account,
            "currency": record.currency, "note": record.note,
            "keep_until": record.keep_until.isoformat() if record.keep_until else None,
            "keys": keys_json(record.keys), "previous": record.previous,
        },
        ensure_ascii=False, sort_keys=True, separators=(",", ":"),
    )  # fmt: skip


def keys_json(keys: tuple[Key, ...]) -> list[list[str | None]]:
    return [
        [
            key.day.isoformat() if key.day else None,
            None if key.amount is None else f"{key.amount:f}",
            key.counterparty,
        ]
        for key in keys
    ]


def keys_from(written: list[list[str | None]]) -> tuple[Key, ...]:
    return tuple(
        Key(date.fromisoformat(day) if day else None, None if amount is None else Decimal(amount), who or "")
        for day, amount, who in written
    )


def record_hash(record: Record) -> str:
    """SHA-256 of the canonical line, which holds the previous hash."""
    return hashlib.sha256(canonical(record).encode()).hexdigest()


def plain_name(counterparty: str) -> str:
    """A name as it is searched for: without width, case and blanks."""
    return "".join(unicodedata.normalize("NFKC", counterparty).casefold().split())
