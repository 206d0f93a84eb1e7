"""The archive's index in SQLite: rows are added, never changed; triggers refuse the rest. Knows rows, not files."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from bofbot.statements.archive_record import FIELDS, Record, Row, as_row, keys_from, plain_name

_SCALE = 10_000
"""Amounts are compared as whole ten-thousandths: exact, and ordered like numbers."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS records (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL, document TEXT NOT NULL, version INTEGER NOT NULL,
    sha256 TEXT NOT NULL, size INTEGER NOT NULL, name TEXT NOT NULL, received TEXT NOT NULL, source TEXT NOT NULL,
    format TEXT NOT NULL, outcome TEXT NOT NULL, account TEXT NOT NULL, currency TEXT NOT NULL, note TEXT NOT NULL,
    keep_until TEXT, keys TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL, UNIQUE (document, version, event)
) STRICT;
CREATE TABLE IF NOT EXISTS keys (
    seq INTEGER NOT NULL REFERENCES records (seq), day TEXT, amount INTEGER, who TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS records_by_content ON records (sha256);
CREATE INDEX IF NOT EXISTS keys_by_day ON keys (day, amount, seq);
CREATE INDEX IF NOT EXISTS keys_by_amount ON keys (amount, day, seq);
CREATE INDEX IF NOT EXISTS keys_by_who ON keys (who, day, amount, seq);
CREATE INDEX IF NOT EXISTS keys_by_record ON keys (seq);
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (who, text, tokenize = 'trigram', detail = 'none');
"""
GUARDS = {
    f"{table}_{action.lower()}_refused": f"CREATE TRIGGER IF NOT EXISTS {table}_{action.lower()}_refused "
    f"BEFORE {action} ON {table} BEGIN SELECT RAISE(ABORT, 'the archive index is append-only'); END"
    for table in ("records", "keys")
    for action in ("UPDATE", "DELETE")
}
"""Trigger name → SQL."""
_COLUMNS = ", ".join((*FIELDS, "hash"))


class ArchiveIndex:
    """The open index. One writer at a time; readers never wait."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None, timeout=30)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        if not self._db.execute("SELECT 1 FROM sqlite_master WHERE name = 'records'").fetchone():
            self._db.executescript(SCHEMA)
            for guard in GUARDS.values():
                self._db.execute(guard)

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """All rows written inside stand together or not at all."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def append(self, record: Record, text: str) -> None:
        """Write a finished record, its keys and the words it is found by."""
        self._db.execute(
            f"INSERT INTO records ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",  # noqa: S608 - our own columns
            as_row(record),
        )
        self._db.executemany(
            "INSERT INTO keys (seq, day, amount, who) VALUES (?,?,?,?)",
            [
                (
                    record.seq,
                    key.day.isoformat() if key.day else None,
                    scaled(key.amount),
                    plain_name(key.counterparty),
                )
                for key in record.keys
            ],
        )
        names = " ".join(dict.fromkeys(plain_name(key.counterparty) for key in record.keys))
        self._db.execute(
            "INSERT INTO words (rowid, who, text) VALUES (?,?,?)", (record.seq, names, plain_name(text))
        )

    def last(self) -> Record | None:
        return next(self._records("ORDER BY seq DESC LIMIT 1", ()), None)

    def all(self) -> Iterator[Record]:
        """Every record in the order it was written."""
        return self._records("ORDER BY seq", ())

    def rows(self) -> Iterator[Row]:
        """Every record's row as it stands, in the order it was written: what verification hashes."""
        return self._db.execute(f"SELECT {_COLUMNS} FROM records ORDER BY seq")  # noqa: S608 - our own columns

    def disposed(self) -> set[str]:
        """Documents that were thrown away after their time."""
        return {name for (name,) in self._db.execute("SELECT document FROM records WHERE event = 'disposed'")}

    def versions(self, document: str) -> list[Record]:
        return list(self._records("WHERE document = ? ORDER BY seq", (document,)))

    def with_content(self, sha256: str) -> Record | None:
        return next(
            self._records("WHERE sha256 = ? AND event = 'added' ORDER BY seq LIMIT 1", (sha256,)), None
        )

    def of_account(self, account: str) -> list[Record]:
        """Documents of this account, in the order they were filed."""
        return list(self._records("WHERE account = ? AND event = 'added' ORDER BY seq", (account,)))

    def with_source(self, beginning: str) -> list[Record]:
        """Records whose source begins so, in the order they were written."""
        return list(self._records("WHERE substr(source, 1, ?) = ? ORDER BY seq", (len(beginning), beginning)))

    def _records(self, condition: str, values: tuple[object, ...]) -> Iterator[Record]:
        rows = self._db.execute(f"SELECT {_COLUMNS} FROM records {condition}", values)  # noqa: S608 - our own words
        return (_record(row) for row in rows)

    def find(self, conditions: list[str], values: list[object], limit: int, latest: bool) -> list[Record]:
        """Records whose keys meet the conditions, newest day first; `latest` leaves older versions out."""
        newest = (
            " AND NOT EXISTS (SELECT 1 FROM records later WHERE later.document = records.document AND later.seq > records.seq)"
            if latest
            else ""
        )
        where = " AND ".join(conditions) or "1"
        return list(
            self._records(
                f"WHERE seq IN (SELECT DISTINCT keys.seq FROM keys WHERE {where} ORDER BY keys.day DESC LIMIT ?){newest} "  # noqa: S608
                "ORDER BY seq DESC LIMIT ?",
                (*values, limit * 4, limit),
            )
        )

    def key_rows(self) -> Iterator[tuple[int, str | None, int | None, str]]:
        """The search keys as they stand, by record: verification compares them with the records."""
        return self._db.execute("SELECT seq, day, amount, who FROM keys ORDER BY seq, rowid")

    def guards_missing(self) -> list[str]:
        there = {
            name for (name,) in self._db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        }
        return sorted(set(GUARDS) - there)

    def highest_ever(self) -> int:
        """The highest number SQLite has given out: more than the last record's when the tail was cut off."""
        row = self._db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'records'").fetchone()
        return int(row[0]) if row else 0


def scaled(amount: Decimal | None) -> int | None:
    return None if amount is None else int(amount.scaleb(4).to_integral_value())


def _record(row: tuple[object, ...]) -> Record:
    (
        seq, event, document, version, sha256, size, name, received, source, format_, outcome, account, currency, note,
        keep_until, keys, previous, hash_,
    ) = row  # fmt: skip
    return Record(
        seq=int(str(seq)), event=str(event), document=str(document), version=int(str(version)), sha256=str(sha256),
        size=int(str(size)), name=str(name), received=datetime.fromisoformat(str(received)), source=str(source),
        format=str(format_), outcome=str(outcome), account=str(account), currency=str(currency), note=str(note),
        keep_until=date.fromisoformat(str(keep_until)) if keep_until else None, keys=keys_from(json.loads(str(keys))),
        previous=str(previous), hash=str(hash_),
    )  # fmt: skip
