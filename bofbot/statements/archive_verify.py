"""Is the archive as it was written? Every record, key and original is proved; what was touched is named."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from bofbot.statements.archive import Archive
from bofbot.statements.archive_index import scaled
from bofbot.statements.archive_record import BEGINNING, Record, plain_name, record_hash
from bofbot.words import Sentence


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
    disposed = {record.document for record in archive.index.all() if record.event == "disposed"}
    keys = groupby(archive.index.key_rows(), key=lambda row: row[0])
    waiting = next(keys, None)
    previous: Record | None = None
    count = 0
    for record in archive.index.all():
        count += 1
        touched.extend(_chain(record, previous))
        found: list[tuple[str | None, int | None, str]] = []
        while waiting is not None and waiting[0] <= record.seq:
            if waiting[0] == record.seq:
                found = [row[1:] for row in waiting[1]]
            waiting = next(keys, None)
        touched.extend(_keys(record, found))
        if record.sha256 not in checked and record.document not in disposed:
            checked.add(record.sha256)
            touched.extend(_object(archive, record))
        previous = record
        if progress and count % 1000 == 0:
            progress(count)
    touched.extend(_end(archive, previous))
    touched.extend(_roots(archive, roots or {}))
    return Verified(count, len(checked), tuple(touched))


def _chain(record: Record, previous: Record | None) -> Iterator[Touched]:
    expected = previous.seq + 1 if previous else 1
    if record.seq != expected:
        gap = str(expected) if record.seq == expected + 1 else f"{expected}–{record.seq - 1}"
        yield Touched(
            "missing-record",
            expected,
            "",
            Sentence(en=f"record {gap} was removed", ja=f"記録 {gap} が取り除かれています"),
        )
    if record_hash(record) != record.hash:
        yield Touched(
            "record",
            record.seq,
            record.document,
            Sentence(
                en=f"record {record.seq} ({record.document}) was changed",
                ja=f"記録 {record.seq}（{record.document}）が書き換えられています",
            ),
        )
    elif (
        record.seq == expected
        and record.previous != (previous.hash if previous else BEGINNING)
        and not (previous is not None and record.previous == record_hash(previous))
    ):
        yield Touched(
            "chain",
            record.seq,
            record.document,
            Sentence(
                en=f"record {record.seq} does not follow from the one before",
                ja=f"記録 {record.seq} が直前の記録とつながりません",
            ),
        )


def _keys(record: Record, found: list[tuple[str | None, int | None, str]]) -> Iterator[Touched]:
    written = [
        (key.day.isoformat() if key.day else None, scaled(key.amount), plain_name(key.counterparty))
        for key in record.keys
    ]
    if written != found:
        yield Touched(
            "keys",
            record.seq,
            record.document,
            Sentence(
                en=f"the search keys of record {record.seq} ({record.document}) were changed",
                ja=f"記録 {record.seq}（{record.document}）の検索項目が書き換えられています",
            ),
        )


def _object(archive: Archive, record: Record) -> Iterator[Touched]:
    try:
        data = archive.object_path(record.sha256).read_bytes()
    except OSError:
        yield Touched(
            "missing-object",
            record.seq,
            record.document,
            Sentence(
                en=f"the original of {record.document} (record {record.seq}) is missing",
                ja=f"{record.document}（記録 {record.seq}）の原本がありません",
            ),
        )
        return
    if hashlib.sha256(data).hexdigest() != record.sha256:
        yield Touched(
            "object",
            record.seq,
            record.document,
            Sentence(
                en=f"the original of {record.document} (record {record.seq}) was changed",
                ja=f"{record.document}（記録 {record.seq}）の原本が書き換えられています",
            ),
        )


def _end(archive: Archive, last: Record | None) -> Iterator[Touched]:
    highest, at = archive.index.highest_ever(), last.seq if last else 0
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
