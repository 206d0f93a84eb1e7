"""Second line behind the exploration of every state: long random lives of several items among three workers, a person,
a network that loses answers, and ghosts that speak up late."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bofbot.effects import Identity, LedgerItem, StaleLease
from bofbot.store.ledger import StoreLedger
from bofbot.store.sqlite import open_database
from tests.store.exploring import AT
from tests.store.test_ledger_exploration import (
    DeadMeansDone,
    DoesNotFence,
    DoneMeansDoItAgain,
    ForgetsTheEffectOfTheDead,
    TakesUncertain,
)

EXAMPLES = 2000 if os.environ.get("BOFBOT_NIGHTLY") else 300
KEYS = ("K-1", "K-2", "K-3", "K-4")
WORKERS = 3

workers = st.integers(0, WORKERS - 1)
keys = st.sampled_from(KEYS)


class Lives(RuleBasedStateMachine):
    """The real ledger, and what really happened."""

    ledger_class: ClassVar[type[StoreLedger]] = StoreLedger
    counted: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.database = open_database(None)
        self.dead: set[str] = set()
        self.ledger = self.ledger_class(self.database, dead=self.dead.__contains__)
        self.born = [0] * WORKERS
        self.held: list[LedgerItem | None] = [None] * WORKERS
        self.under_way: dict[str, tuple[str, str]] = {}
        """Requests that left and have not arrived: name → (key, who sent it)."""
        self.answers: dict[str, str] = {}
        self.booked: Counter[str] = Counter()
        self.ghosts: list[LedgerItem] = []
        """What dead or given-up workers believed."""

    def teardown(self) -> None:
        self.database.close()

    def owner(self, worker: int) -> str:
        return f"w{worker}.{self.born[worker]}"

    def request(self, item: LedgerItem) -> str:
        return f"{item.identity.key} {item.owner} {item.token}"

    def holding(self, *states: str) -> list[int]:
        """The workers that hold an item in one of these states, as they believe."""
        return [worker for worker, item in enumerate(self.held) if item and item.state in states]

    def one_of(self, holding: list[int], worker: int) -> tuple[int, LedgerItem]:
        chosen = holding[worker % len(holding)]
        item = self.held[chosen]
        assert item
        return chosen, item

    @precondition(lambda self: None in self.held)
    @rule(key=keys)
    def lease(self, key: str) -> None:
        worker = self.held.index(None)
        run = f"run of {self.owner(worker)}"
        item = self.ledger.lease(
            Identity("r", "submit 1", key), payload="p", run=run, owner=self.owner(worker), at=AT
        )
        if item.state == "leased" and item.run == run:
            self.held[worker] = item
            self.counted["leases"] += 1

    @precondition(lambda self: self.holding("leased"))
    @rule(worker=workers)
    def arm_and_send(self, worker: int) -> None:
        worker, item = self.one_of(self.holding("leased"), worker)
        try:
            armed = self.ledger.arm(item, request={}, at=AT)
        except StaleLease:
            self.held[worker] = None
            return
        self.held[worker] = armed
        self.under_way[self.request(armed)] = (item.identity.key, self.owner(worker))

    @precondition(lambda self: None in self.held)
    @rule(key=keys)
    def lease_arm_and_send(self, key: str) -> None:
        worker = self.held.index(None)
        self.lease(key)
        if self.held[worker]:
            self.arm_and_send(self.holding("leased").index(worker))

    @precondition(lambda self: self.under_way)
    @rule(data=st.data(), fate=st.sampled_from(["booked", "refused", "lost", "booked, answer lost"]))
    def arrive(self, data: st.DataObject, fate: str) -> None:
        request = data.draw(st.sampled_from(sorted(self.under_way)))
        key, _ = self.under_way.pop(request)
        self.booked[key] += fate.startswith("booked")
        self.counted["sent"] += 1
        if fate in ("booked", "refused"):
            self.answers[request] = fate

    @precondition(lambda self: self.holding("armed") and self.answers)
    @rule()
    def hear(self) -> None:
        for worker in self.holding("armed"):
            _, item = self.one_of([worker], 0)
            if fate := self.answers.pop(self.request(item), ""):
                self.settle(worker, item, "done" if fate == "booked" else "business")

    @precondition(lambda self: self.holding("armed", "leased"))
    @rule(worker=workers)
    def give_up(self, worker: int) -> None:
        worker, item = self.one_of(self.holding("armed", "leased"), worker)
        self.settle(worker, item, "uncertain" if item.state == "armed" else "new")

    def settle(self, worker: int, item: LedgerItem, state: Any) -> None:
        self.held[worker] = None
        self.ghosts.append(item)
        try:
            self.ledger.settle(item, state, at=AT)
        except StaleLease:
            pass  # a person has decided meanwhile

    @rule(worker=workers)
    def die(self, worker: int) -> None:
        """The process is gone; the next one is another owner. What it sent is still on its way."""
        self.dead.add(self.owner(worker))
        self.born[worker] += 1
        if item := self.held[worker]:
            self.ghosts.append(item)
            self.counted["deaths"] += 1
        self.held[worker] = None

    @rule()
    def sweep(self) -> None:
        self.ledger.sweep(AT)

    @precondition(lambda self: self.ghosts)
    @rule(data=st.data(), state=st.sampled_from(["done", "new", "uncertain", "business", "armed"]))
    def a_ghost_speaks(self, data: st.DataObject, state: Any) -> None:
        """An old view of an item, written late: it must be refused, unless nothing has happened since."""
        ghost = data.draw(st.sampled_from(self.ghosts))
        now = self.ledger.find(ghost.identity)
        if now is None or (now.token, now.state) == (ghost.token, ghost.state):
            return
        self.counted["ghosts"] += 1
        try:
            if state == "armed":
                self.ledger.arm(ghost, request={}, at=AT)
            else:
                self.ledger.settle(ghost, state, at=AT)
        except (StaleLease, ValueError):
            return
        raise AssertionError(f"a ghost was believed: {ghost} → {state}, it was {now}")

    @rule(key=keys)
    def look_up(self, key: str) -> None:
        """The machine's own look: absent counts only when nothing can still arrive."""
        item = self.ledger.find(Identity("r", "submit 1", key))
        if item is None or item.state != "uncertain":
            return
        if self.booked[key]:
            self.ledger.settle(item, "done", at=AT)
        elif self.settled(key) and self.ledger.is_fenced(item):
            self.ledger.settle(item, "new", at=AT)

    @rule(key=keys)
    def a_person_decides(self, key: str) -> None:
        """Somebody who has looked at the site when nothing was on its way any more."""
        if self.settled(key):
            try:
                state: Any = "done" if self.booked[key] else "new"
                self.ledger.resolve(Identity("r", "submit 1", key), state, by="hanako", why="looked", at=AT)
                self.counted["decisions"] += 1
            except ValueError:
                pass  # not hers to decide now

    def settled(self, key: str) -> bool:
        sending = any(sent == key for sent, _ in self.under_way.values())
        return not sending and not any(
            item and item.state == "armed" and item.identity.key == key for item in self.held
        )

    @invariant()
    def never_twice_and_nothing_forgotten(self) -> None:
        for key in KEYS:
            item = self.ledger.find(Identity("r", "submit 1", key))
            state = item.state if item else "new"
            assert self.booked[key] <= 1, f"{key} was booked {self.booked[key]} times"
            assert state != "done" or self.booked[key], f"{key} is done, but was never booked"
            assert not self.booked[key] or state in ("armed", "uncertain", "done"), (
                f"{key} is booked, but {state}"
            )


def live(ledger: type[StoreLedger], examples: int) -> None:
    machine = type("LivesOf", (Lives,), {"ledger_class": ledger})
    found_is_enough = [Phase.generate]
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=60,
            deadline=None,
            derandomize=True,
            database=None,
            phases=found_is_enough if ledger is not StoreLedger else list(Phase),
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_no_life_books_twice(figures: Callable[[str], None]) -> None:
    Lives.counted.clear()
    live(StoreLedger, EXAMPLES)
    told = ", ".join(f"{count} {name}" for name, count in sorted(Lives.counted.items()))
    figures(f"random lives of the ledger: {EXAMPLES} tried ({told}), 0 doubled, 0 lost")
    assert Lives.counted["sent"] > EXAMPLES // 2
    assert Lives.counted["ghosts"] > 0


@pytest.mark.slow
@pytest.mark.parametrize(
    "mutant",
    [TakesUncertain, ForgetsTheEffectOfTheDead, DoesNotFence, DoneMeansDoItAgain, DeadMeansDone],
    ids=lambda mutant: mutant.__name__,
)
def test_a_planted_mutant_does(mutant: type[StoreLedger]) -> None:
    with pytest.raises((AssertionError, ValueError, StaleLease)):
        live(mutant, 400)
