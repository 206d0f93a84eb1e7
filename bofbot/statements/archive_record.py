"""One record of the archive, and the hash that chains it to the one before."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

BEGINNING = "0" * 64
"""The hash before the first record."""


FIELDS = (
    "seq", "event", "document", "version", "sha256", "size", "name", "received", "source", "format", "outcome", "account",
    "currency", "note", "keep_until", "keys", "previous",
)  # fmt: skip
"""What a record's hash covers."""
_KEYS = FIELDS.index("keys")
Row = tuple[Any, ...]
"""The values of `FIELDS`, then the hash, as the index keeps them."""


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


_ENCODE = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
_quoted = json.encoder.encode_basestring


def canonical(record: Record) -> str:
    """The record as one line of JSON that never varies: what the hash is made of, and what an auditor can redo."""
    return canonical_line(as_row(record))


def canonical_line(row: Row) -> str:
    """The same from the index's row, without making anything of its texts first."""
    return canonical_with(row, json.loads(row[_KEYS]))


def canonical_with(row: Row, keys: Any) -> str:
    """The same when the keys are read already: `_ENCODE` of all fields by name, written out because verification asks
    for it a hundred thousand times."""
    (
        seq, event, document, version, sha256, size, name, received, source, form, outcome, account, currency, note,
        keep_until, _, previous,
    ) = row[: len(FIELDS)]  # fmt: skip
    return (
        f'{{"account":{_quoted(account)},"currency":{_quoted(currency)},"document":{_quoted(document)},"event":{_quoted(event)},'
        f'"format":{_quoted(form)},"keep_until":{"null" if keep_until is None else _quoted(keep_until)},"keys":{_ENCODE(keys)},'
        f'"name":{_quoted(name)},"note":{_quoted(note)},"outcome":{_quoted(outcome)},"previous":{_quoted(previous)},'
        f'"received":{_quoted(received)},"seq":{seq},"sha256":{_quoted(sha256)},"size":{size},"source":{_quoted(source)},'
        f'"version":{version}}}'
    )


def as_row(record: Record) -> Row:
    """The record as the index keeps it: texts and numbers, in the order of `FIELDS`, then the hash."""
    return (
        record.seq, record.event, record.document, record.version, record.sha256, record.size, record.name,
        record.received.isoformat(), record.source, record.format, record.outcome, record.account, record.currency,
        record.note, record.keep_until.isoformat() if record.keep_until else None,
        json.dumps(keys_json(record.keys), ensure_ascii=False), record.previous, record.hash,
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


@lru_cache(maxsize=8192)
def plain_name(counterparty: str) -> str:
    """A name as it is searched for: without width, case and blanks."""
    return "".join(unicodedata.normalize("NFKC", counterparty).casefold().split())
