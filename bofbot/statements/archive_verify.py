"""Is the archive as it was written? Every record, key and original is proved; what was touched is named."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from bofbot.statements.archive import Archive
from bofbot.statements.archive_index import scaled
from bofbot.statements.archive_record import BEGINNING, Row, canonical_with, plain_name
from bofbot.words import Sentence

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Touched:
    """One thing that is not as it was written. `seq` is 0 for the index itself."""

    kind: str
    """`record`, `chain`, `missing-record`, `keys`, `object`, `missing-object`, `guard`, `root`."""
    seq: int
    document: str
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Verified:
    """What a verification found."""

    records: int
    objects: int
    touched: tuple[Touched, ...]


def verify(
    archive: Archive,
    roots: Mapping[date, tuple[int, str]] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Verified:
    """Prove chain, keys and originals; compare with day roots kept elsewhere. Reads everything, changes nothing."""
    touched: list[Touched] = []
    checked: set[str] = set()
    disposed = archive.index.disposed()
    keys = groupby(archive.index.key_rows(), key=lambda row: row[0])
    waiting = next(keys, None)
    previous: _Line | None = None
    count = 0
    for row in archive.index.rows():
        count += 1
        line = _line(row)
        touched.extend(_chain(line, previous))
        found: list[tuple[str | None, int | None, str]] = []
        while waiting is not None and waiting[0] <= line.seq:
            if waiting[0] == line.seq:
                found = [key[1:] for key in waiting[1]]
            waiting = next(keys, None)
        if line.keys != found:
            touched.append(_keys_changed(line))
        if line.sha256 not in checked and line.document not in disposed:
            checked.add(line.sha256)
            touched.extend(_object(archive, line))
        previous = line
        if progress and count % 1000 == 0:
            progress(count)
    touched.extend(_end(archive, previous.seq if previous else 0))
    touched.extend(_roots(archive, roots or {}))
    return Verified(count, len(checked), tuple(touched))


class _Line(NamedTuple):
    """What verification needs of a row."""

    seq: int
    document: str
    sha256: str
    keys: list[tuple[str | None, int | None, str]]
    previous: str
    stored: str
    true: str
    """The hash the row ought to have."""


def _line(row: Row) -> _Line:
    try:
        written = json.loads(row[15])
        told = canonical_with(row, written)
        keys = [
            (day, None if amount is None else scaled(Decimal(amount)), plain_name(who or ""))
            for day, amount, who in written
        ]
    except (ValueError, TypeError, ArithmeticError):
        told, keys = "", []  # no longer even a list of keys: the hash will not fit
    return _Line(row[0], row[2], row[4], keys, row[16], row[17], hashlib.sha256(told.encode()).hexdigest())


def _chain(line: _Line, previous: _Line | None) -> Iterator[Touched]:
    expected = previous.seq + 1 if previous else 1
    if line.seq != expected:
        gap = str(expected) if line.seq == expected + 1 else f"{expected}–{line.seq - 1}"
        yield Touched(
            "missing-record", expected, "",
            Sentence(en=f"record {gap} was removed", ja=f"記録 {gap} が取り除かれています"),
        )  # fmt: skip
    before = (previous.stored, previous.true) if previous else (BEGINNING,)
    if line.true != line.stored:
        yield Touched(
            "record", line.seq, line.document,
            Sentence(en=f"record {line.seq} ({line.document}) was changed", ja=f"記録 {line.seq}（{line.document}）が書き換えられています"),
        )  # fmt: skip
    elif line.seq == expected and line.previous not in before:
        yield Touched(
            "chain", line.seq, line.document,
            Sentence(en=f"record {line.seq} does not follow from the one before", ja=f"記録 {line.seq} が直前の記録とつながりません"),
        )  # fmt: skip


def _keys_changed(line: _Line) -> Touched:
    return Touched(
        "keys", line.seq, line.document,
        Sentence(
            en=f"the search keys of record {line.seq} ({line.document}) were changed",
            ja=f"記録 {line.seq}（{line.document}）の検索項目が書き換えられています",
        ),
    )  # fmt: skip


def _object(archive: Archive, line: _Line) -> Iterator[Touched]:
    where = f"{line.document} (record {line.seq})", f"{line.document}（記録 {line.seq}）"
    try:
        digest = _digest(archive.object_name(line.sha256))
    except OSError:
        yield Touched(
            "missing-object", line.seq, line.document,
            Sentence(en=f"the original of {where[0]} is missing", ja=f"{where[1]}の原本がありません"),
        )  # fmt: skip
        return
    if digest != line.sha256:
        yield Touched(
            "object", line.seq, line.document,
            Sentence(en=f"the original of {where[0]} was changed", ja=f"{where[1]}の原本が書き換えられています"),
        )  # fmt: skip


def _digest(path: str) -> str:
    """SHA-256 of a file. Raises OSError. Most originals are one read; a file object for each costs more than its hash."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        told = hashlib.sha256()
        while chunk := os.read(descriptor, _CHUNK):
            told.update(chunk)
        return told.hexdigest()
    finally:
        os.close(descriptor)


def _end(archive: Archive, at: int) -> Iterator[Touched]:
    highest = archive.index.highest_ever()
    if highest > at:
        yield Touched(
            "missing-record",
            at + 1,
            "",
            Sentence(
                en=f"the records after {at} were removed (there were {highest})",
                ja=f"記録 {at} より後が取り除かれています（{highest} まで記録されていました）",
            ),
        )
    for guard in archive.index.guards_missing():
        yield Touched(
            "guard",
            0,
            "",
            Sentence(
                en=f"the guard {guard} was removed from the index", ja=f"索引の保護 {guard} が外されています"
            ),
        )


def _roots(archive: Archive, kept: Mapping[date, tuple[int, str]]) -> Iterator[Touched]:
    """Whoever rewrites the whole chain cannot rewrite roots kept elsewhere: the first day that differs is named."""
    present = {day: (seq, digest) for day, seq, digest in archive.roots()} if kept else {}
    for day, root in sorted(kept.items()):
        if present.get(day) != root:
            yield Touched(
                "root",
                root[0],
                "",
                Sentence(
                    en=f"the root of {day} differs from the one kept elsewhere: something up to record {root[0]} was rewritten",
                    ja=f"{day} の要約値が控えと違います。記録 {root[0]} までのどこかが書き換えられています",
                ),
            )
            return
