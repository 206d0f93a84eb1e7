"""The ledger's moves: every legal one works, every other one is refused, and who comes late changes nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import product
from threading import Barrier
from typing import get_args

import pytest

from bofbot.effects import Identity, Ledger, LedgerItem, StaleLease, State
from bofbot.store import Store
from bofbot.store.ledger import MOVES, StoreLedger
from bofbot.store.port import Database
from tests.store.conftest import OpenStore

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ITEM = Identity("経費申請の登録", "3", "K-0107")
STATES: tuple[State, ...] = get_args(State)


def lease(store: Store, run: str = "1001", owner: str = "", payload: str = "sha") -> LedgerItem:
    return store.ledger.lease(ITEM, payload=payload, run=run, owner=owner or store.owner, at=AT)


def in_state(store: Store, state: State) -> LedgerItem:
    """The item, brought to a state by legal moves alone."""
    item = lease(store)
    if state in ("armed", "done", "uncertain"):
        item = store.ledger.arm(item, request={"method": "POST"}, at=AT)
    if state in ("done", "uncertain", "new", "business", "dead", "waiting"):
        item = store.ledger.settle(item, state, at=AT)
    return item


def test_the_store_keeps_the_port_of_effects(store: Store) -> None:
    ledger: Ledger = store.ledger
    assert ledger.find(ITEM) is None


@pytest.mark.parametrize(("before", "after"), list(product(STATES, STATES)))
def test_settle_makes_the_moves_of_the_table_and_no_other(store: Store, before: State, after: State) -> None:
    item = in_state(store, before)
    assert item.state == before
    if after in MOVES.get(before, frozenset()):
        assert store.ledger.settle(item, after, at=AT, why="because").state == after
        found = store.ledger.find(ITEM)
        assert found is not None
        assert (found.state, found.why) == (after, "because")
    else:
        with pytest.raises(ValueError, match=r"never goes from|K-0107"):
            store.ledger.settle(item, after, at=AT)
        assert store.ledger.find(ITEM) == item


@pytest.mark.parametrize("state", STATES)
def test_only_a_leased_item_is_armed_and_only_open_ones_are_leased(store: Store, state: State) -> None:
    item = in_state(store, state)
    again = lease(store, run="1002", payload="another")
    if state in ("new", "business"):  # a refused item is not done, and a person has started another run since
        assert (again.state, again.token, again.attempt, again.run, again.payload) == (
            "leased",
            2,
            2,
            "1002",
            "another",
        )
    else:
        assert again == item
    if state != "leased":
        with pytest.raises(ValueError, match="only a leased item"):
            store.ledger.arm(item, request={}, at=AT)


def test_a_refused_item_is_not_tried_again_by_the_run_that_was_refused(store: Store) -> None:
    refused = in_state(store, "business")
    assert lease(store, run=refused.run) == refused


def test_an_older_token_is_refused_everywhere(store: Store) -> None:
    old = lease(store)
    store.ledger.settle(old, "new", at=AT)
    newest = lease(store, run="1002")
    for late in (
        lambda: store.ledger.arm(old, request={}, at=AT),
        lambda: store.ledger.settle(old, "business", at=AT),
        lambda: store.ledger.complete(old, at=AT),
    ):
        with pytest.raises(StaleLease):
            late()
    assert store.ledger.find(ITEM) == newest


def test_a_done_item_keeps_receipt_request_and_time_and_is_completed_once(store: Store) -> None:
    armed = store.ledger.arm(
        lease(store), request={"method": "POST", "url": "/claims", "sha256": "ab"}, at=AT
    )
    done = store.ledger.settle(armed, "done", at=AT, receipt="A-001")
    assert (done.receipt, done.armed_at, done.completed) == ("A-001", AT, False)
    assert done.request == {"method": "POST", "url": "/claims", "sha256": "ab"}
    store.ledger.complete(done, at=AT)
    found = store.ledger.find(ITEM)
    assert found is not None
    assert found.completed
    assert store.ledger.items_of_run("1001") == [found]


def test_a_body_without_an_effect_is_done_when_it_was_played(store: Store) -> None:
    store.ledger.complete(lease(store), at=AT)
    found = store.ledger.find(ITEM)
    assert found is not None
    assert (found.state, found.completed) == ("done", True)


@pytest.mark.parametrize("state", ["new", "armed", "uncertain", "business", "waiting", "dead"])
def test_nothing_else_is_completed(store: Store, state: State) -> None:
    with pytest.raises(ValueError, match="cannot be completed"):
        store.ledger.complete(in_state(store, state), at=AT)


def dying(database: Database) -> tuple[StoreLedger, set[str]]:
    gone: set[str] = set()
    return StoreLedger(database, dead=gone.__contains__), gone


def test_a_lease_of_a_dead_process_is_taken_over_and_its_ghost_refused(database: Database) -> None:
    ledger, gone = dying(database)
    ghost = ledger.lease(ITEM, payload="p", run="1001", owner="a", at=AT)
    assert ledger.lease(ITEM, payload="p", run="1002", owner="b", at=AT) == ghost
    gone.add("a")
    taken = ledger.lease(ITEM, payload="p", run="1002", owner="b", at=AT)
    assert (taken.state, taken.run, taken.attempt) == ("leased", "1002", 2)
    with pytest.raises(StaleLease):
        ledger.arm(ghost, request={}, at=AT)
    assert [(row.run, row.state) for row in ledger.attempts(ITEM)] == [("1001", "new"), ("1002", "leased")]


def test_an_armed_item_of_a_dead_process_is_uncertain_and_never_leased(database: Database) -> None:
    ledger, gone = dying(database)
    armed = ledger.arm(ledger.lease(ITEM, payload="p", run="1001", owner="a", at=AT), request={}, at=AT)
    gone.add("a")
    seen = ledger.lease(ITEM, payload="p", run="1002", owner="b", at=AT)
    assert (seen.state, seen.run, seen.attempt) == ("uncertain", "1001", 1)
    with pytest.raises(StaleLease):
        ledger.settle(armed, "done", at=AT)
    assert ledger.waiting() == [seen]


def test_sweep_settles_what_the_dead_left_and_leaves_the_living_alone(database: Database) -> None:
    ledger, gone = dying(database)
    items = {}
    for key, owner in (("1", "a"), ("2", "a"), ("3", "b")):
        identity = Identity("r", "3", key)
        items[key] = ledger.lease(identity, payload="p", run="1001", owner=owner, at=AT)
    ledger.arm(items["2"], request={}, at=AT)
    gone.add("a")
    assert {item.identity.key: item.state for item in ledger.sweep(AT)} == {"1": "new", "2": "uncertain"}
    assert ledger.sweep(AT) == []
    assert ledger.find(items["3"].identity) == items["3"]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("word", ["done", "new", "dead"])
def test_a_person_decides_what_no_living_process_holds(store: Store, state: State, word: State) -> None:
    item = in_state(store, state)
    if state in ("done", "leased", "armed"):
        if state == "done":
            with pytest.raises(ValueError, match="nothing can be decided"):
                store.ledger.resolve(ITEM, word, by="佐藤", why="確認した", at=AT)  # type: ignore[arg-type]
        return
    decided = store.ledger.resolve(ITEM, word, by="佐藤", why="画面で確認した", at=AT, receipt="A-9")  # type: ignore[arg-type]
    assert (decided.state, decided.why, decided.token) == (word, "画面で確認した", item.token + 1)
    last = store.ledger.attempts(ITEM)[-1]
    assert (last.owner, last.run, last.state, last.why) == ("佐藤", "", word, "画面で確認した")


def test_nothing_is_decided_over_a_living_process_or_without_a_reason(store: Store) -> None:
    item = store.ledger.lease(ITEM, payload="p", run="1001", owner=store.owner, at=AT)
    with pytest.raises(ValueError, match="nothing can be decided"):
        store.ledger.resolve(ITEM, "new", by="佐藤", why="急ぎ", at=AT)
    store.ledger.settle(item, "waiting", at=AT)
    with pytest.raises(ValueError, match="needs a reason"):
        store.ledger.resolve(ITEM, "new", by="佐藤", why=" ", at=AT)
    with pytest.raises(ValueError, match="no item"):
        store.ledger.resolve(Identity("r", "3", "?"), "new", by="佐藤", why="x", at=AT)


def test_of_four_that_reach_for_the_same_items_one_gets_each(opens: OpenStore) -> None:
    def reach(run: int) -> list[str]:
        with opens() as own:
            own.appear()
            leased = [
                own.ledger.lease(
                    Identity("r", "1", str(key)), payload="p", run=str(run), owner=own.owner, at=AT
                )
                for key in range(60)
            ]
            together.wait()  # a lease ends with its process, and none may end before all have reached
        return [item.identity.key for item in leased if item.run == str(run)]

    opens().close()
    together = Barrier(4)
    with ThreadPoolExecutor(4) as pool:
        taken = [key for keys in pool.map(reach, range(4)) for key in keys]
    assert sorted(taken, key=int) == [str(key) for key in range(60)]


def test_keys_of_broken_names_stay_apart(store: Store) -> None:
    keys = ["\udcff.pdf", "\udcfe.pdf", "ÿ.pdf"]
    for run, key in enumerate(keys):
        identity = Identity("r", "1", key)
        item = store.ledger.lease(identity, payload="p", run=str(run), owner="here", at=AT)
        assert (item.state, item.token, item.run) == ("leased", 1, str(run))
        store.ledger.settle(item, "dead", at=AT, why=key)
        found = store.ledger.find(identity)
        assert found is not None
        assert found.state == "dead"
