"""The seal of the journal: whatever is done to it behind bofbot's back is found, and the first wrong record named."""

from __future__ import annotations

import random
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bofbot.errors import NotReady
from bofbot.store import Head, Store, open_store
from bofbot.store.chain import EMPTY, Key
from tests.sinks.tales import expenses, smooth


@pytest.fixture
def store(tmp_path: Path) -> Store:
    opened = open_store(tmp_path / "bofbot.db")
    for event in (*expenses(), *smooth()):
        opened.journal.append(event)
    opened.journal.flush()
    return opened


def test_an_untouched_journal_is_sound_across_runs_and_processes(store: Store, tmp_path: Path) -> None:
    verdict = store.journal.verify()
    assert verdict.ok
    assert verdict.records == len(expenses()) + len(smooth())
    with open_store(tmp_path / "bofbot.db") as other:
        for event in smooth():
            other.journal.append(event)
        other.journal.flush()
    assert store.journal.verify(verdict.head).ok


def test_an_empty_journal_is_sound() -> None:
    with open_store(":memory:") as empty:
        assert empty.journal.verify().ok
        assert empty.journal.head() == Head(0, EMPTY)


def snapshot(store: Store) -> bytes:
    """The database as bytes that open in memory: the header says "rollback journal" in place of "WAL"."""
    whole = store.database.connection.serialize()
    return whole[:18] + b"\x01\x01" + whole[20:]


Attack = Callable[[Store, random.Random], int]


def _run(store: Store, sql: str, **values: object) -> None:
    store.database.rows(sql, values)


def edit(store: Store, dice: random.Random) -> int:
    seq = dice.randint(1, store.journal.head().seq)
    _run(store, "UPDATE events SET body = replace(body, 'e', 'a') WHERE seq = :seq", seq=seq)
    return seq


def delete(store: Store, dice: random.Random) -> int:
    seq = dice.randint(1, store.journal.head().seq - 1)
    _run(store, "DELETE FROM events WHERE seq = :seq", seq=seq)
    return seq


def swap(store: Store, dice: random.Random) -> int:
    seq = dice.randint(1, store.journal.head().seq - 1)
    rows = store.database.rows(
        "SELECT body, mac FROM events WHERE seq IN (:a, :b) ORDER BY seq", {"a": seq, "b": seq + 1}
    )
    for place, row in zip((seq + 1, seq), rows, strict=True):
        _run(store, "UPDATE events SET body = :body, mac = :mac WHERE seq = :seq", seq=place, **row)
    return seq


def cut_tail(store: Store, dice: random.Random) -> int:
    """The attacker moves the head back too, but cannot seal it."""
    seq = dice.randint(2, store.journal.head().seq - 1)
    last = store.database.row("SELECT mac FROM events WHERE seq = :seq", {"seq": seq - 1})
    assert last
    _run(store, "DELETE FROM events WHERE seq >= :seq", seq=seq)
    _run(store, "UPDATE chain SET seq = :seq, mac = :mac", seq=seq - 1, mac=last["mac"])
    return seq


def rechain(store: Store, dice: random.Random) -> int:
    """Everything from a record on is sealed anew with the attacker's own key."""
    key, seq = Key.fresh(), dice.randint(1, store.journal.head().seq)
    before = store.database.row("SELECT mac FROM events WHERE seq = :seq", {"seq": seq - 1})
    mac = before["mac"] if before else EMPTY
    for row in store.database.rows(
        "SELECT seq, body FROM events WHERE seq >= :seq ORDER BY seq", {"seq": seq}
    ):
        body = row["body"].replace("done", "gone")
        mac = key.seal(mac, row["seq"], body)
        _run(
            store,
            "UPDATE events SET body = :body, mac = :mac WHERE seq = :seq",
            seq=row["seq"],
            body=body,
            mac=mac,
        )
    head = Head(store.journal.head().seq, mac)
    _run(store, "UPDATE chain SET mac = :mac, seal = :seal", mac=mac, seal=key.seal_head(head))
    return seq


@pytest.mark.parametrize("attack", [edit, delete, swap, cut_tail, rechain])
def test_forty_of_forty_changes_are_found_and_named(store: Store, attack: Attack) -> None:
    dice = random.Random(attack.__name__)
    untouched = snapshot(store)
    for _ in range(40):
        with open_store(":memory:") as copy:
            copy.database.connection.deserialize(untouched)
            copy.journal.seal.key = store.journal.seal.key
            wrong = attack(copy, dice)
            verdict = copy.journal.verify()
            assert not verdict.ok
            assert verdict.wrong == wrong
            assert verdict.why is not None


def test_an_older_copy_put_back_is_found_with_an_exported_head(store: Store) -> None:
    older = snapshot(store)
    for event in smooth():
        store.journal.append(event)
    store.journal.flush()
    exported = Head.read(str(store.journal.head()))
    with open_store(":memory:") as copy:
        copy.database.connection.deserialize(older)
        copy.journal.seal.key = store.journal.seal.key
        assert copy.journal.verify().ok
        verdict = copy.journal.verify(exported)
        assert not verdict.ok
        assert verdict.why is not None
        assert "older copy" in verdict.why.en


@pytest.mark.parametrize("text", ["", "12", "x:" + "0" * 64, "1:" + "0" * 63, "1:" + "G" * 64])
def test_a_head_is_read_strictly(text: str) -> None:
    with pytest.raises(ValueError, match="a head of the journal"):
        Head.read(text)


def test_the_key_lies_beside_the_store_for_its_user_alone(store: Store, tmp_path: Path) -> None:
    key = tmp_path / "bofbot.db.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "bofbot.db").stat().st_mode) == 0o600
    assert key.read_text().strip().encode() not in store.database.connection.serialize()


def test_a_lost_key_stops_no_robot_and_is_told_by_verify(store: Store, tmp_path: Path) -> None:
    store.close()
    (tmp_path / "bofbot.db.key").unlink()
    with open_store(tmp_path / "bofbot.db") as later:
        for event in smooth():
            later.journal.append(event)
        later.journal.flush()
        verdict = later.journal.verify()
    assert not verdict.ok
    assert verdict.wrong == 1
    assert verdict.why is not None
    assert "another key" in verdict.why.en


def test_a_damaged_key_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "bofbot.db.key").write_text("not hex")
    with pytest.raises(NotReady, match=r"bofbot\.db\.key") as caught:
        open_store(tmp_path / "bofbot.db")
    assert caught.value.fix is not None


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        names = {key.name for key in pool.map(lambda _: Key.at(tmp_path / "key"), range(32))}
    assert len(names) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["key"]
