"""The archive: kept as received, found by its keys, and every way of tampering is named."""

from __future__ import annotations

import csv
import hashlib
import json
import sqlite3
import stat
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from bofbot.errors import BusinessError
from bofbot.statements.archive import Archive
from bofbot.statements.archive_export import export_for_audit, telling_name
from bofbot.statements.archive_record import FIELDS, Key, canonical_line, record_hash
from bofbot.statements.archive_search import Search
from bofbot.statements.archive_verify import verify
from bofbot.statements.model import Refused

SAMPLES = Path(__file__).parent / "samples"
JST = timezone(timedelta(hours=9))


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 1, 9, 0, tzinfo=JST)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def archive(tmp_path: Path, clock: Clock) -> Iterator[Archive]:
    with Archive(tmp_path / "archive", clock) as opened:
        yield opened


def receipt(archive: Archive, number: int, who: str = "株式会社サンプル商事", **more: object) -> str:
    key = Key(date(2026, 9, 1) + timedelta(days=number), Decimal(1000 + number), who)
    record, new = archive.add(f"領収書 {number}".encode(), name=f"receipt-{number}.txt", key=key, **more)  # type: ignore[arg-type]
    assert new
    return record.document


def test_originals_are_kept_as_received_and_once(archive: Archive) -> None:
    data = (SAMPLES / "csv_ja_in_out.csv").read_bytes()
    record, new = archive.add(data, name="明細.csv")
    again, second = archive.add(data, name="other.csv")
    assert (new, second, again.document) == (True, False, record.document)
    path = archive.object_path(hashlib.sha256(data).hexdigest())
    assert path.read_bytes() == data == archive.content(record)
    assert not path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)
    assert (record.outcome, record.key) == ("verified", Key(date(2026, 9, 3), Decimal(99500), ""))


def test_search_by_day_amount_and_counterparty_and_any_two(archive: Archive) -> None:
    receipt(archive, 1)
    receipt(archive, 2, "みどり銀行")
    receipt(archive, 3, "ｶ)ｻﾝﾌﾟﾙ")

    def names(**wanted: object) -> list[str]:
        return sorted(record.name for record in archive.search(Search(**wanted)))  # type: ignore[arg-type]

    assert names(day_from=date(2026, 9, 3)) == ["receipt-2.txt", "receipt-3.txt"]
    assert names(amount_to=Decimal(1001)) == ["receipt-1.txt"]
    assert names(counterparty="サンプル") == ["receipt-1.txt", "receipt-3.txt"]
    assert names(counterparty="銀行") == ["receipt-2.txt"]
    assert names(counterparty="サンプル", amount_from=Decimal(1002)) == ["receipt-3.txt"]
    assert names(day_to=date(2026, 9, 3), counterparty="みど") == ["receipt-2.txt"]
    assert names(day_from=date(2026, 9, 2), day_to=date(2026, 9, 2), amount_from=Decimal(1002)) == []


def test_a_statement_is_found_by_each_of_its_entries(archive: Archive) -> None:
    record, _ = archive.add((SAMPLES / "csv_ja_in_out.csv").read_bytes(), name="a.csv")
    for wanted in (
        Search(day_from=date(2026, 9, 1), day_to=date(2026, 9, 1), amount_from=Decimal(100000)),
        Search(amount_from=Decimal(50500), amount_to=Decimal(50500)),
        Search(text="電気"),
        Search(text="振込カ)ア"),
    ):
        assert [found.document for found in archive.search(wanted)] == [record.document]
    assert archive.search(Search(text="100%")) == []


def test_what_tells_no_key_must_be_given_one(archive: Archive) -> None:
    with pytest.raises(Refused) as refused:
        archive.add(b"\x89PNG", name="photo.png")
    assert refused.value.reason == "needs-key"
    assert archive.index.last() is None


def test_a_new_version_replaces_and_the_old_one_stays(archive: Archive) -> None:
    document = receipt(archive, 1)
    newer, _ = archive.add(
        b"corrected", name="receipt-1b.txt", key=Key(date(2026, 9, 2), Decimal(999), "A"), replaces=document
    )
    assert (newer.document, newer.version) == (document, 2)
    assert [record.version for record in archive.show(document)] == [1, 2]
    assert [record.version for record in archive.search(Search())] == [2]
    assert len(archive.search(Search(all_versions=True))) == 2
    with pytest.raises(BusinessError):
        archive.show("D999999")


def test_nothing_is_thrown_away_before_its_time(archive: Archive, clock: Clock) -> None:
    document = receipt(archive, 1)
    with pytest.raises(BusinessError, match="2036-12-31"):
        archive.dispose(document, "no longer needed")
    clock.now = datetime(2037, 1, 1, tzinfo=JST)
    gone = archive.dispose(document, "kept long enough")
    assert gone.event == "disposed"
    assert not archive.object_path(gone.sha256).exists()
    assert verify(archive).touched == ()


def test_the_index_refuses_changes(archive: Archive) -> None:
    receipt(archive, 1)
    with sqlite3.connect(archive.folder / "index.db") as other:
        for statement in (
            "UPDATE records SET note = 'x'",
            "DELETE FROM records",
            "UPDATE keys SET amount = 1",
            "DELETE FROM keys",
        ):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                other.execute(statement)
    other.close()


def _unguarded(archive: Archive, *statements: str) -> None:
    """What somebody does who can write to the file: drop the guards, change, put the guards back."""
    other = sqlite3.connect(archive.folder / "index.db")
    guards = other.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in guards:
        other.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        other.execute(statement)
    for _, sql in guards:
        other.execute(sql)
    other.commit()
    other.close()


def _change_object(archive: Archive) -> None:
    path = archive.object_path(archive.show("D000003")[0].sha256)
    path.chmod(0o644)
    path.write_bytes(b"forged")


def _lose_object(archive: Archive) -> None:
    archive.object_path(archive.show("D000003")[0].sha256).unlink()


TAMPERINGS: dict[str, tuple[Callable[[Archive], None], str, int]] = {
    "an amount in a record": (lambda a: _unguarded(a, "UPDATE records SET keys = replace(keys, '1003', '9003') WHERE seq = 3"), "record", 3),
    "a day in a record": (lambda a: _unguarded(a, "UPDATE records SET received = '2020-01-01T00:00:00+09:00' WHERE seq = 3"), "record", 3),
    "a stored hash": (lambda a: _unguarded(a, "UPDATE records SET hash = 'ff' WHERE seq = 3"), "record", 3),
    "a search key": (lambda a: _unguarded(a, "UPDATE keys SET amount = 1 WHERE seq = 3"), "keys", 3),
    "a removed search key": (lambda a: _unguarded(a, "DELETE FROM keys WHERE seq = 3"), "keys", 3),
    "a removed record": (lambda a: _unguarded(a, "DELETE FROM keys WHERE seq = 3", "DELETE FROM records WHERE seq = 3"), "missing-record", 3),
    "a removed tail": (lambda a: _unguarded(a, "DELETE FROM keys WHERE seq > 4", "DELETE FROM records WHERE seq > 4"), "missing-record", 5),
    "a changed original": (_change_object, "object", 3),
    "a missing original": (_lose_object, "missing-object", 3),
}  # fmt: skip


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_tampering_is_named(archive: Archive, tampering: str) -> None:
    for number in range(1, 6):
        receipt(archive, number)
    assert verify(archive).touched == ()
    tamper, kind, seq = TAMPERINGS[tampering]
    tamper(archive)
    touched = verify(archive).touched
    assert (kind, seq) in {(one.kind, one.seq) for one in touched}
    assert {one.seq for one in touched if one.kind in ("record", "object", "missing-object", "keys")} <= {3}


def test_a_missing_guard_is_told(archive: Archive) -> None:
    receipt(archive, 1)
    other = sqlite3.connect(archive.folder / "index.db")
    other.execute("DROP TRIGGER records_update_refused")
    other.commit()
    other.close()
    assert [one.kind for one in verify(archive).touched] == ["guard"]


def test_a_chain_forged_from_end_to_end_is_found_by_roots_kept_elsewhere(
    archive: Archive, clock: Clock
) -> None:
    from dataclasses import replace

    for number in range(1, 4):
        receipt(archive, number)
        clock.now += timedelta(days=1)
    kept = {day: (seq, digest) for day, seq, digest in archive.roots()}
    assert len(kept) == 3
    records = list(archive.index.all())
    forged = []
    previous = records[0].previous
    for record in records:
        note = "forged" if record.seq == 2 else record.note
        changed = replace(record, note=note, previous=previous, hash="")
        changed = replace(changed, hash=record_hash(changed))
        previous = changed.hash
        forged.append(
            f"UPDATE records SET note = '{note}', previous = '{changed.previous}', hash = '{changed.hash}' WHERE seq = {record.seq}"
        )
    _unguarded(archive, *forged)
    assert verify(archive).touched == ()
    assert [(one.kind, one.seq) for one in verify(archive, kept).touched] == [("root", 2)]


def test_export_for_audit(archive: Archive, tmp_path: Path) -> None:
    receipt(archive, 1)
    receipt(archive, 2, "A/B:C")
    done = export_for_audit(archive, tmp_path / "audit", archive.search(Search()))
    assert done.documents == 2
    names = sorted(path.name for path in (done.folder / "originals").iterdir())
    assert names == ["20260902_株式会社サンプル商事_1001.txt", "20260903_A_B_C_1002.txt"]
    with (done.folder / "index.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        original = (done.folder / row["ファイル名 file"]).read_bytes()
        assert hashlib.sha256(original).hexdigest() == row["sha256"]
    lines = (done.folder / "chain.ndjson").read_text(encoding="utf-8").splitlines()
    for earlier, later in pairwise(lines):
        assert json.loads(later)["previous"] == hashlib.sha256(earlier.encode()).hexdigest()


def test_a_damaged_original_is_not_exported_as_sound(archive: Archive, tmp_path: Path) -> None:
    for number in range(1, 4):
        receipt(archive, number)
    _change_object(archive)
    with pytest.raises(BusinessError, match="changed"):
        export_for_audit(archive, tmp_path / "audit", archive.search(Search()))


def test_two_writers_keep_one_chain(archive: Archive, tmp_path: Path, clock: Clock) -> None:
    with Archive(archive.folder, clock) as other:
        for number in range(1, 20):
            receipt(archive if number % 2 else other, number)
    result = verify(archive)
    assert (result.records, result.touched) == (19, ())


def test_telling_names_are_safe(archive: Archive) -> None:
    record, _ = archive.add(b"x", name="CON.exe.pdf", key=Key(None, None, "../../取引先" + "長" * 300))
    name = telling_name(record)
    assert "/" not in name
    assert len(name.encode()) <= 180
    assert name.startswith("00000000_")


def test_the_canonical_line_is_plain_json_with_sorted_names(archive: Archive) -> None:
    receipt(archive, 1, '株式会社 "引用" \\ 改\n行', note="備考\t1")
    [row] = list(archive.index.rows())
    told = json.loads(canonical_line(row))
    assert canonical_line(row) == json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert set(told) == set(FIELDS)
    assert told["keys"][0][2] == '株式会社 "引用" \\ 改\n行'
