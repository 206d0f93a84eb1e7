"""The archive: originals as they were received, found by day, amount and counterparty, and proved untouched."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Self

from bofbot.errors import BusinessError
from bofbot.statements.archive_index import ArchiveIndex, scaled
from bofbot.statements.archive_record import BEGINNING, Key, Record, plain_name, record_hash
from bofbot.statements.model import Proof, Refused, Statement
from bofbot.statements.options import NO_OPTIONS, Options
from bofbot.statements.reading import proved, read_bytes
from bofbot.words import Sentence

_KEPT_YEARS = 10
"""Years a document is kept unless told otherwise: the longest of the Japanese and German periods."""


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for; everything given must hold for one and the same dealing."""

    day_from: date | None = None
    day_to: date | None = None
    amount_from: Decimal | None = None
    amount_to: Decimal | None = None
    """Amounts are compared without their sign: a payment of 1,000 is found by 1000."""
    counterparty: str = ""
    text: str = ""
    """Words of the document (full text)."""
    all_versions: bool = False
    limit: int = 1000


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
        described = _described(data, name, key, options)
        self._keep(sha256, data)
        now = self._now()
        with self.index.writing():
            last = self.index.last()
            document, version = self._place(replaces, last)
            record = Record(
                seq=(last.seq if last else 0) + 1, event="added", document=document, version=version, sha256=sha256,
                size=len(data), name=name, received=now, source=source, format=described.format,
                outcome=described.outcome, account=described.account, currency=described.currency, note=note,
                keep_until=keep_until or _years_after(described.day or now.date(), _KEPT_YEARS), keys=described.keys,
                previous=last.hash if last else BEGINNING,
            )  # fmt: skip
            record = replace(record, hash=record_hash(record))
            self.index.append(record, described.text)
        return record, True

    def search(self, wanted: Search) -> list[Record]:
        """Documents with a dealing that meets every condition, the newest record first."""
        conditions, values = _conditions(wanted)
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


@dataclass(frozen=True, slots=True)
class _Described:
    """What a file told about itself."""

    keys: tuple[Key, ...]
    format: str = ""
    outcome: str = "unread"
    account: str = ""
    currency: str = ""
    text: str = ""

    @property
    def day(self) -> date | None:
        return self.keys[0].day


def _described(data: bytes, name: str, key: Key | None, options: Options) -> _Described:
    try:
        found = proved(read_bytes(data, name=name, options=options))
    except Refused as refusal:
        if key is None:
            raise Refused(
                "needs-key",
                Sentence(
                    en=f"{name} does not tell its day, amount and counterparty ({refusal.message.en})",
                    ja=f"{name} から取引日・金額・取引先を読み取れません（{refusal.message.ja}）",
                ),
                file=name,
                fix=Sentence(
                    en="Give them: --date --amount --counterparty.",
                    ja="--date --amount --counterparty で指定してください。",
                ),
            ) from None
        return _Described((key,), text=name)
    first = found[0][0]
    keys = ((key,) if key else ()) + tuple(one for statement, _ in found for one in _keys_of(statement))
    text = " ".join(
        dict.fromkeys(entry.text for statement, _ in found for entry in statement.entries if entry.text)
    )
    return _Described(
        keys,
        first.format,
        _outcome(found),
        first.account,
        first.currency,
        f"{name} {first.title} {first.number} {text}",
    )


def _keys_of(statement: Statement) -> Iterator[Key]:
    """An invoice is one dealing; a statement is known by its last day, closing balance and title, and by each entry."""
    yield Key(statement.last_day, statement.closing, statement.title or statement.account)
    if statement.kind != "invoice":
        yield from (
            Key(entry.date, entry.amount, entry.counterparty or entry.text[:80])
            for entry in statement.entries
        )


def _outcome(found: Sequence[tuple[Statement, Proof]]) -> str:
    outcomes = {proof.outcome for _, proof in found}
    return next(outcome for outcome in ("discrepancy", "unverifiable", "verified") if outcome in outcomes)


def _conditions(wanted: Search) -> tuple[list[str], list[object]]:
    conditions: list[str] = []
    values: list[object] = []
    if wanted.day_from or wanted.day_to:
        conditions.append("keys.day BETWEEN ? AND ?")
        values += [(wanted.day_from or date.min).isoformat(), (wanted.day_to or date.max).isoformat()]
    if wanted.amount_from is not None or wanted.amount_to is not None:
        low = scaled(abs(wanted.amount_from)) if wanted.amount_from is not None else 0
        high = scaled(abs(wanted.amount_to)) if wanted.amount_to is not None else 2**62
        conditions.append("(keys.amount BETWEEN ? AND ? OR keys.amount BETWEEN ? AND ?)")
        values += [low, high, -(high or 0), -(low or 0)]
    if wanted.counterparty:
        conditions += _containing("who", plain_name(wanted.counterparty), values)
        conditions.append("instr(keys.who, ?) > 0")
        values.append(plain_name(wanted.counterparty))
    if wanted.text:
        conditions += _containing("text", plain_name(wanted.text), values)
    return conditions, values


_FINDING = {
    ("who", True): "keys.seq IN (SELECT rowid FROM words WHERE who LIKE ?)",
    ("text", True): "keys.seq IN (SELECT rowid FROM words WHERE text LIKE ?)",
    ("text", False): "keys.seq IN (SELECT rowid FROM words WHERE instr(text, ?) > 0)",
}
"""Column, and whether its index of three-letter runs can be used."""


def _containing(column: str, word: str, values: list[object]) -> list[str]:
    """Full text by runs of three letters; shorter words (給与) and those with % or _ are looked for one by one."""
    indexed = len(word) >= 3 and "%" not in word and "_" not in word
    condition = _FINDING.get((column, indexed))
    if condition is None:
        return []
    values.append(f"%{word}%" if indexed else word)
    return [condition]


def _years_after(day: date, years: int) -> date:
    """The end of the business year is not known here: the end of the calendar year, that many years later."""
    return date(day.year + years, 12, 31)
