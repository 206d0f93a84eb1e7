"""A simulated office: one clock, tickers that are killed at any moment, and children that play in simulated time."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from bofbot.schedule.book import Schedule
from bofbot.schedule.server import Server
from bofbot.store.database import Store
from bofbot.store.slots import SlotRow
from bofbot.words import Sentence


class Killed(BaseException):
    """The machine takes a process away."""


class Child:
    """Plays a slot for some simulated seconds, as `bofbot schedule play` does: it takes the slot, plays, ends it."""

    def __init__(self, world: World, slot: SlotRow, again: bool) -> None:
        self.world, self.slot, self.again = world, slot, again
        self.name = world.new_process()
        self.ends = world.now + timedelta(seconds=world.seconds_of(slot))
        self.began = False

    def step(self) -> None:
        """What the process does in a second; the world may kill it before any part of it."""
        world, slots = self.world, self.world.slots
        if not self.began:
            world.as_process(self.name)
            if self.again:
                found = slots.find(self.slot.id)
                if not (
                    found
                    and found.state == "started"
                    and found.process in world.dead
                    and slots.start_again(found)
                ):
                    world.dead.add(self.name)
                    return
                world.resumed[self.slot.schedule, self.slot.nominal] += 1
            elif slots.start(self.slot.id, world.now) is None:
                world.dead.add(self.name)
                return
            else:
                world.started[self.slot.schedule, self.slot.nominal] += 1
            self.began = True
        elif world.now >= self.ends:
            slots.end(self.slot.id, "done", world.now)
            world.dead.add(self.name)

    def poll(self) -> int | None:
        return 0 if self.name in self.world.dead else None

    def terminate(self) -> None:
        self.world.dead.add(self.name)


class World:
    """Time, processes and what really happened."""

    def __init__(self, store: Store, now: datetime, seed: int, monkeypatch: object) -> None:
        self.store, self.now, self.chance = store, now, random.Random(seed)
        self.slots = store.slots
        self.dead: set[str] = set()
        self.started: Counter[tuple[str, str]] = Counter()
        self.resumed: Counter[tuple[str, str]] = Counter()
        self.told: list[tuple[SlotRow, Sentence]] = []
        self.children: list[Child] = []
        self._count = 0
        self._process = "nobody"
        monkeypatch.setattr("bofbot.store.slots.this_process", lambda: self._process)  # type: ignore[attr-defined]

    def new_process(self) -> str:
        self._count += 1
        return f"process-{self._count}"

    def seconds_of(self, slot: SlotRow) -> float:
        """How long a slot is played."""
        return self.chance.choice([1, 5, 40])

    def as_process(self, name: str) -> None:
        self._process = name

    def server(self, book: Sequence[Schedule], at_most: int = 3) -> Server:
        def launch(slot: SlotRow, again: bool) -> Child:
            child = Child(self, slot, again)
            self.children.append(child)
            return child

        return Server(
            self.slots, lambda: book, launch, lambda slot, said: self.told.append((slot, said)), lambda: self.now,
            at_most=at_most, me=self.new_process(), dead=lambda process: process in self.dead,
        )  # fmt: skip

    def pass_time(self, seconds: float, servers: Sequence[Server], step: float = 1) -> None:
        """Everybody works for so long."""
        until = self.now + timedelta(seconds=seconds)
        while self.now < until:
            self.now += timedelta(seconds=step)
            for server in servers:
                server.tick()
            for child in self.children:
                if child.name not in self.dead:
                    child.step()
            self.children = [child for child in self.children if child.name not in self.dead]
