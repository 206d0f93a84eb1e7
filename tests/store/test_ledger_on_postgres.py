"""The ledger's guarantees with real sessions side by side: threads that reach for the same items, and a small search of
all orders of leases, crashes and replies, on PostgreSQL itself."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from bofbot.effects import Identity, LedgerItem, StaleLease
from bofbot.store import open_store
from bofbot.store.ledger import StoreLedger
from bofbot.store.postgres import PostgresDatabase
from tests.postgres_server import PostgresServer
from tests.store.exploring import AT, Explorer, World, moves

DEEP = 7 if os.environ.get("BOFBOT_NIGHTLY") else 5
"""So many things happen one after the other in the search; the whole of it runs on SQLite."""


def test_eight_that_play_the_same_items_at_once_book_each_one_once(
    postgres: PostgresServer, tmp_path: Path, figures: Callable[[str], None]
) -> None:
    postgres.empty("tests")
    url, key = postgres.url("tests"), tmp_path / "key"
    booked: list[str] = []
    stale: list[str] = []

    def play(worker: int) -> None:
        dice = random.Random(worker)
        with open_store(url, key=key) as store:
            store.appear()
            for _ in range(60):
                identity = Identity("r", "1", str(dice.randrange(25)))
                item = store.ledger.lease(
                    identity, payload="p", run=str(worker), owner=f"{store.owner}", at=AT
                )
                if item.state == "leased" and item.run == str(worker):
                    _finish(store.ledger, item, dice, booked, stale)

    open_store(url, key=key).close()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(play, range(8)))
    with open_store(url, key=key) as store:
        assert store.journal.verify().ok
        done = [store.ledger.find(Identity("r", "1", str(number))) for number in range(25)]
    assert len(booked) == len(set(booked)), "booked twice"
    assert {item.identity.key for item in done if item and item.state == "done"} == set(booked)
    figures(
        f"ledger, postgres: 8 sessions, 480 reaches for 25 items: {len(booked)} booked, 0 twice, {len(stale)} refused as stale"
    )


def _finish(
    ledger: StoreLedger, item: LedgerItem, dice: random.Random, booked: list[str], stale: list[str]
) -> None:
    try:
        if dice.random() < 0.4:
            ledger.settle(item, "new", at=AT)
            return
        armed = ledger.arm(item, request={}, at=AT)
        booked.append(item.identity.key)
        ledger.settle(armed, "done", at=AT)
    except StaleLease:
        stale.append(item.identity.key)


class _InOne(PostgresDatabase):
    """Transactions as savepoints of one that is never committed: a state can be left again without a trace."""

    @contextmanager
    def writing(self) -> Iterator[PostgresDatabase]:
        self.connection.execute("SAVEPOINT move")
        try:
            yield self
            self.connection.execute("RELEASE SAVEPOINT move")
        except BaseException:
            self.connection.execute("ROLLBACK TO SAVEPOINT move")
            raise


class _OnPostgres(Explorer):
    """Depth first: whoever goes back undoes what was tried."""

    def __init__(self, database: _InOne) -> None:
        self.postgres = database
        self.database = database  # type: ignore[assignment]
        self.world = World()
        self.ledger = StoreLedger(database, dead=self._looks_dead)
        self.states = 0
        self.seen_item_states = set()
        self.most_booked = 0
        self.known: dict[object, int] = {}

    def _rows(self) -> list[dict[str, object]]:
        return self.postgres.rows("SELECT state, token, run, owner, receipt, completed, armed_at FROM items")

    def search(self, deep: int, history: tuple[str, ...] = ()) -> None:
        world = self.world
        self.states += 1
        for name, act in moves(world):
            level = len(history)
            self.postgres.connection.execute(f"SAVEPOINT level{level}".encode())
            self.world = world
            after = act(self)
            if after is not None:
                self._check(after, (*history, name))
                sign = self._sign(after)
                if deep > 1 and self.known.get(sign, 0) < deep - 1:
                    self.known[sign] = deep - 1
                    self.world = after
                    self.search(deep - 1, (*history, name))
            self.postgres.connection.execute(f"ROLLBACK TO SAVEPOINT level{level}".encode())
        self.world = world


@pytest.mark.slow
def test_no_order_of_some_events_books_twice_or_forgets(
    postgres: PostgresServer, tmp_path: Path, figures: Callable[[str], None]
) -> None:
    postgres.empty("tests")
    with open_store(postgres.url("tests"), key=tmp_path / "key") as store:
        opened = store.database
        assert isinstance(opened, PostgresDatabase)
        opened.__class__ = _InOne
        assert isinstance(opened, _InOne)
        opened.connection.execute("SET idle_in_transaction_session_timeout = 0")
        opened.connection.execute("BEGIN")
        explorer = _OnPostgres(opened)
        explorer.search(DEEP)
        opened.connection.execute("ROLLBACK")
    figures(
        f"ledger, postgres: {explorer.states} states within {DEEP} events, at most {explorer.most_booked} booked"
    )
    assert explorer.states > 40
    assert explorer.most_booked == 1
