"""Workers are killed at any moment, and what they played goes on elsewhere: nothing lost, nothing doubled, nobody logged in twice."""

from __future__ import annotations

import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable

import pytest

from bofbot.engine.playing import MOST_TRIES
from tests.engine.conftest import Line, Trial

KILLS = 200 if os.environ.get("BOFBOT_NIGHTLY") else 20
ITEMS = 5

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="kill -9 and fork are a POSIX matter"),
]


@pytest.mark.timeout(1200)
def test_killed_workers_lose_nothing_and_double_nothing(trial: Trial, figures: Callable[[str], None]) -> None:
    chance = random.Random(7)
    accounts = ("A", "B", "C", "")
    orders = {f"o{number}": accounts[number % 4] for number in range(KILLS)}
    trial.put({name: trial.order(name, account) for name, account in orders.items()})
    for _ in range(3):
        trial.start()
    waits: list[float] = []
    for _ in range(KILLS):
        victim, order, at = _kill_somebody_at_work(trial, chance)
        if victim:
            trial.start()
        if not order:
            continue
        trial.until(lambda order=order, victim=victim: _goes_on(trial, order, victim))
        waits.append(_went_on(trial, order, victim) - at)
    trial.until(lambda: _finished(trial) == set(orders), 300)
    results = trial.results_of(list(orders))
    lines = trial.lines()
    booked = Counter(line.of for line in lines if line.what == "booked")
    wanted = {f"{order}-{number}" for order in orders for number in range(1, ITEMS + 1)}
    lost, doubled = wanted - set(booked), {key for key, times in booked.items() if times > 1}
    again = _told_after_they_were_finished(lines, orders)
    overlaps = [line for line in lines if line.what == "overlap" and line.of]
    waits.sort()
    p95 = waits[int(len(waits) * 0.95)] if waits else 0.0
    figures(
        f"engine, {'postgres' if trial.store else 'sqlite'}: {KILLS} kill -9, {len(wanted)} items: {len(lost)} lost, {len(doubled)} doubled,"
        f" {len(again)} finished steps again, {len(overlaps)} overlaps; next step elsewhere after {p95:.1f} s (p95)"
    )
    assert not lost
    assert not doubled
    assert not again
    assert not overlaps
    assert not [(name, one) for name, one in zip(orders, results, strict=True) if one["outcome"] != "done"]


def _kill_somebody_at_work(trial: Trial, chance: random.Random) -> tuple[int, str, float]:
    """Kill a worker in the middle of an order, wherever that is; the order that it played, if it was seen to play one."""
    trial.until(lambda: _at_work(trial) or _all_idle(trial))
    time.sleep(chance.random() * 0.15)
    worn = trial.worn_out(MOST_TRIES - 1)  # one death more, and a person must look at what they play
    working = {order: pid for order, pid in _at_work(trial).items() if pid not in worn}
    if not working:
        idle = [pid for pid in trial.workers if pid not in {*_at_work(trial).values(), *worn}]
        return (victim := chance.choice(idle), "", trial.kill(victim)) if idle else (0, "", 0.0)
    order, victim = chance.choice(sorted(working.items()))
    return victim, order, trial.kill(victim)


def _at_work(trial: Trial) -> dict[str, int]:
    """Order → the living worker whose line was the last of it, for orders that have not ended."""
    last: dict[str, int] = {}
    for line in trial.lines():
        if line.what == "mentioned" and line.of.startswith("bye "):
            last.pop(line.of[4:], None)
        elif order := _order_of(line):
            last[order] = line.pid
    return {order: pid for order, pid in last.items() if pid in trial.workers}


def _all_idle(trial: Trial) -> bool:
    return bool(trial.lines()) and len(_finished(trial)) == KILLS


def _order_of(line: Line) -> str:
    if line.what == "booked":
        return line.of.partition("-")[0]
    return line.of.partition(" ")[2] if line.what == "mentioned" else ""


def _finished(trial: Trial) -> set[str]:
    return {line.of[4:] for line in trial.lines() if line.what == "mentioned" and line.of.startswith("bye ")}


def _lines_elsewhere(trial: Trial, order: str, victim: int) -> list[Line]:
    lines = [line for line in trial.lines() if _order_of(line) == order]
    return [
        line
        for line in lines
        if line.pid != victim and line.at > max((one.at for one in lines if one.pid == victim), default=0)
    ]


def _goes_on(trial: Trial, order: str, victim: int) -> bool:
    return order in _finished(trial) or bool(_lines_elsewhere(trial, order, victim))


def _went_on(trial: Trial, order: str, victim: int) -> float:
    elsewhere = _lines_elsewhere(trial, order, victim)
    return elsewhere[0].at if elsewhere else 0.0


def _told_after_they_were_finished(lines: list[Line], orders: dict[str, str]) -> list[str]:
    """Steps that were told to the outside although a later step had begun: a first mention after the first booking."""
    again = []
    for order in orders:
        booked = [line.at for line in lines if line.what == "booked" and _order_of(line) == order]
        again += [order for line in lines if line.of == f"hello {order}" and booked and line.at > min(booked)]
    return again
