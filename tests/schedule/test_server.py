"""Tickers on one store, in simulated time: nothing is lost, nothing plays twice, whatever is killed or set back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

from bofbot.errors import NotReady
from bofbot.schedule.book import Schedule
from bofbot.schedule.rules import due
from bofbot.schedule.sentences import read_sentence
from bofbot.store import open_store

_spec = spec_from_file_location("schedule_office", Path(__file__).with_name("office.py"))
assert _spec is not None
assert _spec.loader is not None
office = module_from_spec(_spec)
_spec.loader.exec_module(office)

NINE = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
"""09:00 in Tokyo on a Tuesday."""


def schedule(when: str, **how: Any) -> Schedule:
    return Schedule(how.pop("name", when), "robot", read_sentence(when), **how)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Any]]:
    with open_store(":memory:") as store:
        yield lambda at=NINE, seed=0: office.World(store, at, seed, monkeypatch)


def states(world: Any, name: str) -> dict[str, str]:
    return {row.nominal[11:]: row.state for row in reversed(world.slots.newest(name, 1000))}


@pytest.mark.slow
def test_20_restarts_with_3_tickers_lose_nothing_and_double_nothing(
    world: Callable[..., Any], figures: Callable[[str], None]
) -> None:
    lost = doubled = total = 0
    it = world(seed=7)
    book = [
        schedule("毎分", name="all", catch_up="all"),
        schedule("*/3 * * * *", name="three", catch_up="all", overlap="queue"),
        schedule("every 5 minutes", name="five", catch_up="all"),
    ]
    begin = it.now
    it.pass_time(2, [it.server(book)])
    servers = [it.server(book, 4) for _ in range(3)]
    for restart in range(20):
        it.pass_time(it.chance.choice([20, 45, 90]), servers)
        victims = it.chance.sample(range(3), it.chance.randint(1, 3))
        for number in victims:
            it.dead.add(servers[number]._me)
        for child in it.children:  # a power cut takes the children too
            if restart % 3 == 0 and it.chance.random() < 0.7:
                it.dead.add(child.name)
        it.now += timedelta(seconds=it.chance.choice([0, 30, 200]))
        for number in victims:
            servers[number] = it.server(book, 4)
    it.pass_time(1500, servers, step=4)
    for one in book:
        wanted = [
            slot.nominal
            for slot in due(one.rule, begin + timedelta(seconds=2), it.now - timedelta(minutes=5))
        ]
        total += len(wanted)
        rows = {row.nominal: row for row in it.slots.newest(one.name, 100000)}
        lost += sum(
            1
            for nominal in wanted
            if nominal not in rows or rows[nominal].state not in ("done", "skipped", "failed")
        )
        lost += sum(1 for nominal in wanted if rows[nominal].state == "skipped" and not rows[nominal].why)
        doubled += sum(
            1 for nominal in wanted if it.started[one.name, nominal] > 1 or it.resumed[one.name, nominal] > 1
        )
        played = [nominal for nominal in wanted if rows[nominal].state != "skipped"]
        assert all(it.started[one.name, nominal] == 1 for nominal in played)
        assert len(played) > len(wanted) / 2
    figures(f"schedules: 20 restarts, 3 tickers, {total} slots: {lost} lost, {doubled} doubled")
    assert (lost, doubled) == (0, 0)
    assert total > 60


@pytest.mark.parametrize(
    ("catch_up", "expected"),
    [("latest", ["missed", "missed", "done"]), ("all", ["done"] * 3), ("none", ["missed"] * 3)],
)
def test_catching_up_after_a_stop(world: Callable[..., Any], catch_up: Any, expected: list[str]) -> None:
    it = world()
    book = [schedule("every hour", catch_up=catch_up)]
    it.pass_time(2, [it.server(book)])
    it.now += timedelta(hours=3, minutes=20)
    it.pass_time(300, [it.server(book)])
    assert list(states(it, "every hour").values()) == expected
    told = [said.ja for slot, said in it.told if slot.state == "missed"]
    assert len(told) == ("missed" in expected)
    assert all(
        "実行されませんでした" in said and f"ほかにそれ以前の{expected.count('missed') - 1}回" in said
        for said in told
    )


def test_overlap_skips_or_queues(world: Callable[..., Any]) -> None:
    it = world()
    book = [schedule("毎分", name="skip"), schedule("毎分", name="queue", overlap="queue")]
    server = it.server(book, 4)
    it.chance.choice = lambda among: 90 if 40 in among else among[0]
    it.pass_time(300, [server])
    assert "skipped" in states(it, "skip").values()
    row = next(row for row in it.slots.newest("skip", 100) if row.state == "skipped")
    assert row.why is not None
    assert "まだ終わっていません" in row.why.ja
    assert set(states(it, "queue").values()) <= {"done", "started", "due"}
    assert it.slots.last_of_each()["queue"].state in ("due", "started")


def test_late_is_told_once(world: Callable[..., Any]) -> None:
    it = world()
    book = [schedule("毎日 9:01", deadline=timedelta(seconds=20), owner="経理")]
    it.chance.choice = lambda among: 60
    it.pass_time(200, [it.server(book), it.server(book)])
    assert [(slot.owner, "遅れ" in said.ja) for slot, said in it.told] == [("経理", True)]
    assert it.slots.newest()[0].late


def test_a_pause_skips_with_its_reason_until_its_day(world: Callable[..., Any]) -> None:
    it = world()
    book = [schedule("毎分", pause_why="監査中", pause_until=(NINE + timedelta(days=1)).date())]
    server = it.server(book)
    it.pass_time(130, [server])
    assert set(states(it, "毎分").values()) == {"skipped"}
    assert "監査中" in it.slots.newest()[0].why.ja
    it.now = datetime(2026, 11, 24, 15, 0, 30, tzinfo=UTC)  # the next day in Tokyo
    it.pass_time(120, [server])
    assert states(it, "毎分")["00:01"] == "done"


@pytest.mark.parametrize("days", [-7, 7])
def test_a_clock_that_jumps_by_a_week_and_comes_back_doubles_nothing_and_goes_on(
    world: Callable[..., Any], days: int
) -> None:
    it = world()
    book = [schedule("every 15 minutes")]
    server = it.server(book)
    it.pass_time(1000, [server])
    it.now += timedelta(days=days)
    it.pass_time(2000, [server])
    it.now -= timedelta(days=days)
    it.pass_time(2000, [server])
    assert set(it.started.values()) == {1}
    assert states_of_day(it)["09:15"] == "done"
    assert states_of_day(it)["09:30"] in ("done", "missed")  # due while the clock was wrong: never in silence
    assert states_of_day(it)["10:00"] == "done"
    week = [slot.nominal for slot in due(book[0].rule, it.now, it.now + timedelta(hours=1))]
    it.pass_time(3700, [server])
    assert all(it.started["every 15 minutes", nominal] == 1 for nominal in week)


def states_of_day(it: Any) -> dict[str, str]:
    return {
        row.nominal[11:]: row.state
        for row in it.slots.newest(None, 5000)
        if row.nominal.startswith("2026-11-24")
    }


def test_a_process_that_dies_is_resumed_once_then_told(world: Callable[..., Any]) -> None:
    it = world()
    server = it.server([schedule("毎日 9:01")])
    it.chance.choice = lambda among: 40
    it.pass_time(65, [server])
    it.dead.add(it.children[0].name)
    it.pass_time(5, [server])
    assert it.slots.newest()[0].resumed == 1
    it.dead.add(it.children[0].name)
    it.pass_time(5, [server])
    assert it.slots.newest()[0].state == "failed"
    assert [slot.state for slot, _ in it.told] == ["failed"]
    assert it.started == {("毎日 9:01", "2026-11-24T09:01"): 1}


def test_a_process_that_never_begins_is_given_up_and_told(world: Callable[..., Any]) -> None:
    it = world()
    server = it.server([schedule("毎日 9:01")])
    it.pass_time(58, [server])
    for _ in range(10):
        it.now += timedelta(seconds=1)
        server.tick()
        for child in it.children:
            it.dead.add(child.name)
    assert it.slots.newest()[0].state == "failed"
    assert it.slots.newest()[0].launches == 3
    assert len(it.told) == 1


def test_no_more_than_n_at_once_and_draining_starts_nothing(world: Callable[..., Any]) -> None:
    it = world()
    server = it.server([schedule("毎日 9:01", name=str(n)) for n in range(6)], 2)
    it.chance.choice = lambda among: 40
    it.pass_time(70, [server])
    assert len(server.children) == 2
    server.draining = True
    it.pass_time(100, [server])
    assert not server.children
    assert sum(it.started.values()) == 2
    it.pass_time(200, [it.server([], 6)])  # another one, after the first left, finds what it took
    assert sum(it.started.values()) == 6


def test_a_broken_book_leaves_the_old_one_in_force(world: Callable[..., Any]) -> None:
    it = world()
    broken = False
    book = [schedule("毎分")]

    def read() -> list[Schedule]:
        if broken:
            raise NotReady("no")
        return book

    server = it.server(book)
    server._book = read
    it.pass_time(5, [server])
    broken = True
    it.pass_time(120, [server])
    assert len(it.started) == 2
    assert it.slots.heartbeats()[0].trouble == "it goes on with the old schedules: no"


def test_a_slot_keeps_the_robot_and_inputs_it_came_due_with(world: Callable[..., Any]) -> None:
    it = world()
    one = schedule("毎日 9:01", inputs={"month": "2026-10"})
    server = it.server([one], 1)
    it.pass_time(70, [server])
    server._book = lambda: [replace(one, inputs={"month": "2026-11"})]
    it.pass_time(5, [server])
    assert it.slots.newest()[0].inputs == {"month": "2026-10"}


def test_a_thousand_schedules_cost_little_at_a_tick(
    world: Callable[..., Any], figures: Callable[[str], None]
) -> None:
    it = world()
    server = it.server([schedule("平日 18:00", name=str(n)) for n in range(1000)])
    server.tick()
    it.now += timedelta(seconds=1)
    server.tick()
    it.now += timedelta(seconds=1)
    began = time.process_time()
    server.tick()
    spent = (time.process_time() - began) * 1000
    figures(f"schedules: a tick over 1,000 schedules with nothing due takes {spent:.1f} ms of CPU")
    assert spent < 100
