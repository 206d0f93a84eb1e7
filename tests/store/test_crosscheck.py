"""The ledger, the approvals and the runs stand inside the seal: 200 of 200 rows changed by hand are found and named."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bofbot.effects import Identity
from bofbot.store import Store, open_store
from bofbot.store.approvals import Approval
from tests.sinks.tales import expenses, smooth

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TRIES = 200


def lived(store: Store) -> Store:
    """A store with runs, approvals, and items in every state."""
    for event in (*expenses(), *smooth()):
        store.journal.append(event)
    store.journal.flush()
    ledger = store.ledger
    for number, end in enumerate(
        ["done", "business", "uncertain", "armed", "leased", "new", "resolved", "swept"] * 3
    ):
        who = Identity("経費申請の登録", "submit 1", f"K-{number:04}")
        at = AT + timedelta(minutes=number)
        owner = "gone" if end == "swept" else store.owner
        item = ledger.lease(who, payload=f"p{number}", run="1044", owner=owner, at=at)
        if end == "new":
            ledger.settle(item, "new", at=at, why="the site was down")
        elif end not in ("leased", "swept"):
            item = ledger.arm(item, request={"method": "POST", "url": "https://a.example/"}, at=at)
            if end in ("done", "business", "uncertain"):
                item = ledger.settle(item, end, at=at, receipt="R-1" if end == "done" else "", why="said so")  # type: ignore[arg-type]
            if end == "done":
                ledger.complete(item, at=at)
            if end == "resolved":
                ledger.settle(item, "uncertain", at=at)
                ledger.resolve(who, "done", by="hanako", why="seen on the site", at=at, receipt="R-9")
    for number in range(4):
        store.approvals.add(
            Approval(f"{number:064}", "支払", "hanako", "looked at", AT, {"2": {"count": "4"}})
        )
    return store


@pytest.fixture
def kept(tmp_path: Path) -> Store:
    return lived(open_store(tmp_path / "bofbot.db"))


Attack = Callable[[Store, random.Random], str]


def _one(store: Store, sql: str, **values: object) -> None:
    assert len(store.database.rows(sql + " RETURNING 1 AS one", values)) == 1


def _item(store: Store, dice: random.Random, where: str = "1 = 1") -> str:
    rows = store.database.rows(f"SELECT key FROM items WHERE {where} ORDER BY key")
    return str(dice.choice(rows)["key"])


def reopen(store: Store, dice: random.Random) -> str:
    key = _item(store, dice, "state = 'done'")
    _one(
        store,
        "UPDATE items SET state = 'new', token = token + :more WHERE key = :key",
        key=key,
        more=dice.randint(0, 1),
    )
    return key


def call_done(store: Store, dice: random.Random) -> str:
    key = _item(store, dice, "state <> 'done'")
    _one(store, "UPDATE items SET state = 'done', completed = 1, receipt = 'R-7' WHERE key = :key", key=key)
    return key


def edit(store: Store, dice: random.Random) -> str:
    key, column = (
        _item(store, dice),
        dice.choice(["receipt", "payload", "run", "owner", "why", "made_at", "request"]),
    )
    _one(store, f"UPDATE items SET {column} = {column} || 'x' WHERE key = :key", key=key)
    return key


def count(store: Store, dice: random.Random) -> str:
    key, column = _item(store, dice), dice.choice(["token", "attempt"])
    _one(store, f"UPDATE items SET {column} = {column} + 1 WHERE key = :key", key=key)
    return key


def rename(store: Store, dice: random.Random) -> str:
    key = _item(store, dice)
    _one(store, "UPDATE items SET key = key || 'x' WHERE key = :key", key=key)
    return key


def delete(store: Store, dice: random.Random) -> str:
    key = _item(store, dice)
    store.database.rows("DELETE FROM attempts WHERE key = :key", {"key": key})
    _one(store, "DELETE FROM items WHERE key = :key", key=key)
    return key


def put_in(store: Store, dice: random.Random) -> str:
    key = f"X-{dice.randint(1, 9999)}"
    _one(
        store,
        "INSERT INTO items (robot, step, key, state, token, attempt, payload, made_at, changed_at)"
        " VALUES ('経費申請の登録', 'submit 1', :key, 'done', 1, 1, '', '', '')",
        key=key,
    )
    return key


def swap_receipts(store: Store, dice: random.Random) -> str:
    one, other = dice.sample(
        [row["key"] for row in store.database.rows("SELECT key FROM items WHERE state = 'done'")], 2
    )
    store.database.rows(
        "UPDATE items SET receipt = 'R-swapped' WHERE key IN (:one, :other)", {"one": one, "other": other}
    )
    return min(one, other)


def another_decider(store: Store, dice: random.Random) -> str:
    row = dice.choice(store.database.rows("SELECT key, token FROM attempts WHERE run = ''"))
    _one(store, "UPDATE attempts SET owner = 'taro' WHERE key = :key AND token = :token", **row)
    return str(row["key"])


def forget_a_hold(store: Store, dice: random.Random) -> str:
    row = dice.choice(store.database.rows("SELECT key, token FROM attempts"))
    _one(store, "DELETE FROM attempts WHERE key = :key AND token = :token", **row)
    return str(row["key"])


def forge_an_approval(store: Store, dice: random.Random) -> str:
    name = f"{dice.randint(0, 3):064}"
    sql = dice.choice(
        [
            "UPDATE approvals SET fingerprint = 'ff' WHERE fingerprint = :name",
            "UPDATE approvals SET totals = '{}' WHERE fingerprint = :name",
            "DELETE FROM approvals WHERE fingerprint = :name",
        ]
    )
    _one(store, sql, name=name)
    return "approval"


def whitewash_a_run(store: Store, dice: random.Random) -> str:
    sql = dice.choice(
        [
            "UPDATE runs SET items_failed = items_failed + 1 WHERE id = '1044'",
            "UPDATE runs SET state = 'interrupted' WHERE id = '1044'",
            "DELETE FROM runs WHERE id = '1044'",
        ]
    )
    _one(store, sql)
    return "1044"


def take_in_again(store: Store, dice: random.Random) -> str:
    """A row put in by hand, and the store told to take its rows into the seal once more."""
    put_in(store, dice)
    store.database.rows("UPDATE chain SET adopted = 0")
    store.journal.seal.adopt()
    return "second time"


ATTACKS: list[Attack] = [
    reopen, call_done, edit, count, rename, delete, put_in, swap_receipts, another_decider, forget_a_hold,
    forge_an_approval, whitewash_a_run,
]  # fmt: skip


def test_what_was_lived_is_sound(kept: Store) -> None:
    verdict = kept.journal.verify()
    assert verdict.why is None
    assert verdict.ok
    kept.ledger.sweep(AT)
    assert kept.journal.verify().ok


def test_every_row_changed_by_hand_is_found_and_named(kept: Store, figures: Callable[[str], None]) -> None:
    found = named = 0
    kept.database.rows("PRAGMA foreign_keys = OFF")  # as in any other program
    for number in range(TRIES):
        dice = random.Random(number)
        attack = ATTACKS[number % len(ATTACKS)]
        kept.database.rows("BEGIN")
        about = attack(kept, dice)
        wrong = _verdict(kept)
        kept.database.rows("ROLLBACK")
        found += wrong is not None
        named += wrong is not None and about in wrong
    figures(f"rows changed behind the journal's back: {TRIES} tried, {found} found, {named} named")
    assert (found, named) == (TRIES, TRIES)


def _verdict(store: Store) -> str | None:
    """As `verify` does, inside the open transaction that is undone afterwards."""
    from bofbot.store.crosscheck import Told

    told = Told()
    for _ in told.watch(store.journal._records()):
        pass
    wrong = told.compare(store.database)
    return wrong[1].en if wrong else None


def test_rows_taken_in_a_second_time_are_found(kept: Store) -> None:
    assert take_in_again(kept, random.Random(1))
    verdict = kept.journal.verify()
    assert not verdict.ok
    assert verdict.why is not None
    assert "second time" in verdict.why.en


def test_a_changed_row_is_told_with_both_values(kept: Store) -> None:
    _one(kept, "UPDATE items SET state = 'new' WHERE key = 'K-0000'")
    verdict = kept.journal.verify()
    assert not verdict.ok
    assert verdict.why is not None
    assert "item K-0000" in verdict.why.en
    assert "state: done → new" in verdict.why.en
    assert verdict.wrong > 0


def test_a_move_and_its_seal_are_one_transaction(kept: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    who = Identity("r", "submit 1", "K")
    leased = kept.ledger.lease(who, payload="p", run="1", owner=kept.owner, at=AT)

    def broken(*_: object) -> None:
        raise RuntimeError("the seal broke")

    with monkeypatch.context() as patch:
        patch.setattr(kept.journal.seal, "moved", broken)
        with pytest.raises(RuntimeError):
            kept.ledger.arm(leased, request={}, at=AT)
    assert kept.ledger.find(who) == leased
    assert kept.journal.verify().ok
