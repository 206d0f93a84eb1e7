"""The archive: originals as they were received, found by day, amount and counterparty, and proved untouched."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from bofbot.errors import BusinessError
from bofbot.statements.archive_described import described
from bofbot.statements.archive_index import ArchiveIndex
from bofbot.statements.archive_record import BEGINNING, Key, Record, record_hash
from bofbot.statements.archive_search import Search
from bofbot.statements.options import NO_OPTIONS, Options
from bofbot.words import Sentence

_KEPT_YEARS = 10
"""Years a document is kept unless told otherwise: the longest of the Japanese and German periods."""


class Archive:
    """An archive folder: `objects/` (originals by SHA-256, read-only) and `index.db` (append-only)."""

    def __init__(self, folder: Path, now: Callable[[], datetime]) -> None:
        self.folder = folder
        self._now = now
        self.index = ArchiveIndex(folder / "index.db")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self.index.close()

    def add(
        self, data: bytes, *, name: str, source: str = "", key: Key | None = None, note: str = "", replaces: str = "",
        keep_until: date | None = None, options: Options = NO_OPTIONS,
    ) -> tuple[Record, bool]:  # fmt: skip
        """File a document away; returns its record and whether it is new (the same bytes are kept once).

        A statement or invoice tells its own keys; for anything else `key` must say day, amount and counterparty.
        `replaces` names the document this is a newer version of. Raises Refused `needs-key`, BusinessError."""
        sha256 = hashlib.sha256(data).hexdigest()
        known = self.index.with_content(sha256)
        if known is not None and not replaces:
            return known, False
        told = described(data, name, key, options)
        self._keep(sha256, data)
        now = self._now()
        with self.index.writing():
            last = self.index.last()
            document, version = self._place(replaces, last)
            record = Record(
                seq=(last.seq if last else 0) + 1, event="added", document=document, version=version, sha256=sha256,
                size=len(data), name=name, received=now, source=source, format=told.format,
                outcome=told.outcome, account=told.account, currency=told.currency, note=note,
                keep_until=keep_until or _years_after(told.day or now.date(), _KEPT_YEARS), keys=told.keys,
                previous=last.hash if last else BEGINNING,
            )  # fmt: skip
            record = replace(record, hash=record_hash(record))
            self.index.append(record, told.text)
        return record, True

    def search(self, wanted: Search) -> list[Record]:
        """Documents with a dealing that meets every condition, the newest record first."""
        conditions, values = wanted.conditions()
        return self.index.find(conditions, values, wanted.limit, not wanted.all_versions)

    def show(self, document: str) -> list[Record]:
        """All versions of a document, oldest first. Raises BusinessError when there is none."""
        found = self.index.versions(document)
        if not found:
            raise BusinessError(
                Sentence(
                    en=f"The archive has no document {document}.",
                    ja=f"保管庫に文書 {document} はありません。",
                )
            )
        return found

    def content(self, record: Record) -> bytes:
        """The original bytes. Raises BusinessError when they are gone or were changed."""
        try:
            data = self.object_path(record.sha256).read_bytes()
        except OSError:
            raise BusinessError(
                Sentence(
                    en=f"The original of {record.document} is missing.",
                    ja=f"{record.document} の原本が見つかりません。",
                )
            ) from None
        if hashlib.sha256(data).hexdigest() != record.sha256:
            raise BusinessError(
                Sentence(
                    en=f"The original of {record.document} was changed.",
                    ja=f"{record.document} の原本が書き換えられています。",
                )
            )
        return data

    def dispose(self, document: str, reason: str) -> Record:
        """Throw a document away after its time of keeping; the record of it stays. Raises BusinessError before."""
        versions = self.show(document)
        today = self._now().date()
        kept = max((record.keep_until for record in versions if record.keep_until), default=None)
        if kept is not None and today <= kept:
            raise BusinessError(
                Sentence(
                    en=f"{document} must be kept until {kept}.",
                    ja=f"{document} は {kept} まで保存が必要なため、削除できません。",
                )
            )
        with self.index.writing():
            last = self.index.last()
            assert last is not None
            record = replace(
                versions[-1],
                seq=last.seq + 1,
                event="disposed",
                received=self._now(),
                note=reason,
                previous=last.hash,
                hash="",
            )
            record = replace(record, hash=record_hash(record))
            self.index.append(record, "")
        for version in versions:
            path = self.object_path(version.sha256)
            path.chmod(0o600)
            path.unlink(missing_ok=True)
        return record

    def roots(self) -> Iterator[tuple[date, int, str]]:
        """For each day: the last record's number and hash. Kept in a second place, they date the chain."""
        current: Record | None = None
        for record in self.index.all():
            if current is not None and record.received.date() != current.received.date():
                yield current.received.date(), current.seq, current.hash
            current = record
        if current is not None:
            yield current.received.date(), current.seq, current.hash

    def object_path(self, sha256: str) -> Path:
        return self.folder / "objects" / sha256[:2] / sha256[2:]

    def object_name(self, sha256: str) -> str:
        """The same as text."""
        return f"{self.folder}/objects/{sha256[:2]}/{sha256[2:]}"

    def _keep(self, sha256: str, data: bytes) -> None:
        """Write the original once: a temporary file, flushed to the disk, renamed, read-only."""
        path = self.object_path(sha256)
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{secrets.token_hex(8)}")
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o444)
        temporary.replace(path)

    def _place(self, replaces: str, last: Record | None) -> tuple[str, int]:
        if not replaces:
            return f"D{(last.seq if last else 0) + 1:06d}", 1
        return replaces, max(record.version for record in self.show(replaces)) + 1


def _years_after(day: date, years: int) -> date:
    """The end of the business year is not known here: the end of the calendar year, that many years later."""
    return date(day.year + years, 12, 31)
