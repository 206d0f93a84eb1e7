"""A small world around the real ledger code: two workers, one item, a network and a portal, in every order.

Each state is a snapshot of the real database plus what the workers, the network and the portal remember; from each
one every possible next thing is tried until no new state appears."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal

from bofbot.effects import Identity, LedgerItem, StaleLease
from bofbot.store.ledger import StoreLedger
from bofbot.store.sqlite import SqliteDatabase, open_database

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ITEM = Identity("経費申請の登録", "submit 1", "K-0107")
MOST_TOKENS = 3
"""Longer histories only repeat shorter ones: the token is compared for equality alone."""

Place = Literal["idle", "leased", "armed", "sent", "done"]


@dataclass(frozen=True)
class Worker:
    """One worker: where it is, what it believes, and which incarnation of its process this is."""

    name: str
    born: int = 0
    place: Place = "idle"
    item: LedgerItem | None = None

    @property
    def request(self) -> str:
        """The request of this try; a later try never reads an earlier one's answer."""
        return f"{self.owner}#{self.item.token if self.item else 0}"

    @property
    def owner(self) -> str:
        return f"{self.name}{self.born}"


@dataclass(frozen=True)
class World:
    """Everything but the database."""

    workers: tuple[Worker, Worker] = (Worker("a"), Worker("b"))
    dead: frozenset[str] = frozenset()
    """Owners that are really gone."""
    misjudged: frozenset[str] = frozenset()
    """Owners that are taken for dead, but live: a frozen process, another pid namespace."""
    on_the_way: frozenset[str] = frozenset()
    """Requests that left and have not arrived."""
    replies: frozenset[tuple[str, str]] = frozenset()
    """Answers that can still be read: (request, "booked" or "refused")."""
    booked: int = 0


class Broken(Exception):
    """The world reached a state that must never be."""


class Explorer:
    """All states that can be reached from the empty store, each checked."""

    def __init__(self, ledger: type[StoreLedger] = StoreLedger) -> None:
        self.database: SqliteDatabase = open_database(None)
        self.world = World()
        self.ledger = ledger(self.database, dead=self._looks_dead)
        self.states = 0
        self.seen_item_states: set[str] = set()
        self.most_booked = 0

    def _looks_dead(self, owner: str) -> bool:
        return owner in self.world.dead or owner in self.world.misjudged

    def explore(self) -> None:
        """To closure. Raises Broken with the history that led there."""
        start = (self.database.connection.serialize(), World())
        known = {self._sign(World()): ""}
        queue: deque[tuple[bytes, World, tuple[str, ...]]] = deque([(*start, ())])
        while queue:
            snapshot, world, history = queue.popleft()
            self.states += 1
            for name, act in moves(world):
                self.database.connection.deserialize(snapshot)
                self.world = world
                after = act(self)
                if after is None:
                    continue
                self._check(after, (*history, name))
                sign = self._sign(after)
                if sign not in known:
                    known[sign] = name
                    queue.append((self.database.connection.serialize(), after, (*history, name)))

    def _sign(self, world: World) -> Any:
        rows = self.database.rows("SELECT state, token, run, owner, receipt, completed, armed_at FROM items")
        beliefs = tuple(
            (worker.owner, worker.place, worker.item and (worker.item.state, worker.item.token))
            for worker in world.workers
        )
        rest = (world.dead, world.misjudged, world.on_the_way, world.replies, world.booked)
        return (beliefs, rest, tuple(tuple(row.values()) for row in rows))

    def _check(self, world: World, history: tuple[str, ...]) -> None:
        item = self.ledger.find(ITEM)
        state = item.state if item else "new"
        self.seen_item_states.add(state)
        self.most_booked = max(self.most_booked, world.booked)
        story = " → ".join(history)
        if world.booked > 1:
            raise Broken(f"booked twice: {story}")
        if world.booked and state in ("new", "leased", "business", "dead"):
            raise Broken(f"booked, but the ledger says {state}: {story}")
        if state == "done" and not world.booked:
            raise Broken(f"done, but nothing was booked: {story}")


Move = Callable[[Explorer], World | None]


def moves(world: World) -> Iterator[tuple[str, Move]]:
    """Whatever may happen next."""
    for index, worker in enumerate(world.workers):
        for act in (
            lease,
            arm,
            send,
            give_up,
            stumble,
            read_reply,
            die,
            be_misjudged,
            sweep,
            verify,
            by_hand,
        ):
            yield (
                f"{act.__name__} {worker.owner}",
                lambda explorer, act=act, index=index: act(explorer, index),
            )
    for request in sorted(world.on_the_way):
        for fate in ("booked", "refused", "lost", "booked, reply lost"):
            yield (
                f"{fate} {request}",
                lambda explorer, request=request, fate=fate: arrive(explorer, request, fate),
            )


def _with(world: World, index: int, worker: Worker) -> World:
    workers = list(world.workers)
    workers[index] = worker
    return replace(world, workers=(workers[0], workers[1]))


def lease(explorer: Explorer, index: int) -> World | None:
    world, worker = explorer.world, explorer.world.workers[index]
    before = explorer.ledger.find(ITEM)
    if worker.place != "idle" or (before and before.token >= MOST_TOKENS):
        return None
    run = f"run of {worker.owner}"
    item = explorer.ledger.lease(ITEM, payload="p", run=run, owner=worker.owner, at=AT)
    if item.state == "leased" and item.run == run:
        return _with(world, index, replace(worker, place="leased", item=item))
    return world if item != before else None


def arm(explorer: Explorer, index: int) -> World | None:
    world, worker = explorer.world, explorer.world.workers[index]
    if worker.place != "leased" or worker.item is None:
        return None
    try:
        item = explorer.ledger.arm(worker.item, request={}, at=AT)
    except StaleLease:
        return _with(world, index, replace(worker, place="idle", item=None))
    return _with(world, index, replace(worker, place="armed", item=item))


def send(explorer: Explorer, index: int) -> World | None:
    world, worker = explorer.world, explorer.world.workers[index]
    if worker.place != "armed":
        return None
    sent = _with(world, index, replace(worker, place="sent"))
    return replace(sent, on_the_way=world.on_the_way | {worker.request})


def arrive(explorer: Explorer, request: str, fate: str) -> World | None:
    world = explorer.world
    world = replace(world, on_the_way=world.on_the_way - {request})
    if fate.startswith("booked"):
        world = replace(world, booked=world.booked + 1)
    if fate in ("booked", "refused") and any(
        worker.request == request and worker.place == "sent" for worker in world.workers
    ):
        world = replace(world, replies=world.replies | {(request, fate)})
    return world


def read_reply(explorer: Explorer, index: int) -> World | None:
    world, worker = explorer.world, explorer.world.workers[index]
    mine = [reply for reply in world.replies if reply[0] == worker.request]
    if worker.place != "sent" or worker.item is None or not mine:
        return None
    state: Any = "done" if mine[0][1] == "booked" else "business"
    return _settle(explorer, index, state, replace(world, replies=world.replies - {mine[0]}))


def give_up(explorer: Explorer, index: int) -> World | None:
    """A time-out, a 500, an unknown page: the worker does not know."""
    worker = explorer.world.workers[index]
    return (
        _settle(explorer, index, "uncertain", explorer.world) if worker.place in ("armed", "sent") else None
    )


def stumble(explorer: Explorer, index: int) -> World | None:
    """An error before anything left."""
    worker = explorer.world.workers[index]
    return _settle(explorer, index, "new", explorer.world) if worker.place == "leased" else None


def _settle(explorer: Explorer, index: int, state: Any, world: World) -> World:
    worker = world.workers[index]
    assert worker.item is not None
    try:
        explorer.ledger.settle(worker.item, state, at=AT, receipt="A-1" if state == "done" else "")
    except StaleLease:
        pass  # somebody else decided meanwhile; this worker's word counts no more
    return _with(world, index, replace(worker, place="idle", item=None))


def die(explorer: Explorer, index: int) -> World | None:
    """kill -9; what was sent stays on its way. The next process is another owner."""
    world, worker = explorer.world, explorer.world.workers[index]
    if worker.born or worker.place == "idle":
        return None
    gone = replace(world, dead=world.dead | {worker.owner})
    return _with(gone, index, replace(worker, born=worker.born + 1, place="idle", item=None))


def be_misjudged(explorer: Explorer, index: int) -> World | None:
    world, worker = explorer.world, explorer.world.workers[index]
    if worker.place == "idle" or worker.owner in world.misjudged or index:
        return None
    return replace(world, misjudged=world.misjudged | {worker.owner})


def sweep(explorer: Explorer, index: int) -> World | None:
    return explorer.world if not index and explorer.ledger.sweep(AT) else None


def by_hand(explorer: Explorer, index: int) -> World | None:
    """A person enters it before any run has met it, and marks it; where a run was quicker, the person looks and leaves it."""
    world = explorer.world
    if index or explorer.ledger.find(ITEM) is not None:
        return None
    explorer.ledger.resolve(ITEM, "done", by="hanako", why="by hand", at=AT, unknown=True)
    return replace(world, booked=world.booked + 1)


def verify(explorer: Explorer, index: int) -> World | None:
    """Look the item up in the portal; absent counts only when nothing is on its way and nobody alive could still send."""
    world, item = explorer.world, explorer.ledger.find(ITEM)
    if index or item is None or item.state != "uncertain":
        return None
    if world.booked:
        explorer.ledger.settle(item, "done", at=AT, receipt="found")
        return world
    may_send = any(worker.place in ("armed", "sent") for worker in world.workers)
    if world.on_the_way or may_send:
        return None
    explorer.ledger.settle(item, "new", at=AT, why="absent")
    return world
