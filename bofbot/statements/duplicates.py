"""Did this statement come before? The same bytes, or the same entries of the same account under another name."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date
from decimal import Decimal

from bofbot.statements.archive import Archive
from bofbot.statements.archive_record import Record
from bofbot.statements.model import Statement
from bofbot.statements.received import same_account


class Seen:
    """The statements read so far, by what they say."""

    def __init__(self) -> None:
        self._known: dict[Hashable, str] = {}

    def twin(self, statement: Statement) -> str:
        """The file that held the same statement before, "" for a new one; from now on this one is known."""
        told = _told(statement)
        if not statement.entries or not (statement.account or statement.closing is not None):
            return ""  # too little to call two files the same
        return "" if (first := self._known.setdefault(told, statement.file)) == statement.file else first


def twin_in(archive: Archive, statement: Statement) -> str:
    """The document of an archive that is the same file or the same statement, as `D000012 name.csv`; "" for a new one."""
    same = archive.index.with_content(statement.source_sha256)
    if same is None and statement.entries and statement.account:
        same = next((one for one in archive.index.of_account(statement.account) if _is(one, statement)), None)
    return f"{same.document} {same.name}" if same else ""


def _told(statement: Statement) -> Hashable:
    return (statement.account, statement.opening, statement.closing, _movements(statement))


def _movements(statement: Statement) -> tuple[tuple[date | None, Decimal | None], ...]:
    return tuple((entry.date, entry.amount) for entry in statement.entries)


def _is(record: Record, statement: Statement) -> bool:
    own, *entries = record.keys or (None,)
    return (
        own is not None
        and same_account(record.account, statement.account)
        and own.amount == statement.closing
        and tuple((key.day, key.amount) for key in entries) == _movements(statement)
    )
