"""Loops: keys, items set aside, never twice, what resumes and what waits for a person."""

from __future__ import annotations

import asyncio
from typing import Any

from bofbot.effects import Identity
from bofbot.errors import ApplicationError, BusinessError
from bofbot.events import EffectChanged, ItemFinished, ItemsStarted, StepFailed
from bofbot.plan import Extent
from bofbot.words import Sentence

LOOP = """steps:
  - set: {rows: "${['A-1', 'A-2', 'A-3']}"}
  - name: 登録
    for_each: ${rows}
    as: row
    key: ${row}
    on_error: collect
    steps:
      - say: fill ${row}
      - send: ${row}
      - say: wrote ${receipt}
"""


def states(stage: Any) -> list[str]:
    return [event.state for event in stage.of(ItemFinished)]


async def test_every_item_is_sent_once_and_armed_before_done(stage: Any, world: Any) -> None:
    end = await stage.play(stage.robot(LOOP))
    assert end.exit_code == 0
    assert world.booked == ["A-1", "A-2", "A-3"]
    assert world.said[:2] == ["fill A-1", "wrote R-A-1"]
    assert [event.state for event in stage.of(EffectChanged)] == ["armed", "done"] * 3
    assert [event.receipt for event in stage.of(ItemFinished)] == ["R-A-1", "R-A-2", "R-A-3"]
    row = stage.store.ledger.find(Identity("試験", "submit 1", "A-2"))
    assert (row.state, row.receipt, row.completed) == ("done", "R-A-2", True)


async def test_a_second_run_repeats_nothing(stage: Any, world: Any) -> None:
    robot = stage.robot(LOOP)
    await stage.play(robot)
    stage.events.clear()
    end = await stage.play(robot)
    assert world.booked == ["A-1", "A-2", "A-3"]
    assert states(stage) == ["already"] * 3
    assert (end.items_done, end.items_already, end.exit_code) == (0, 3, 0)


async def test_a_business_failure_is_set_aside_and_a_later_run_takes_it_up(stage: Any, world: Any) -> None:
    world.failures["A-2"] = [BusinessError(Sentence.same("over the budget"))]
    robot = stage.robot(LOOP)
    end = await stage.play(robot)
    assert (end.outcome, end.exit_code, end.items_done, end.items_failed) == ("partial", 4, 2, 1)
    assert world.booked == ["A-1", "A-3"]
    end = await stage.play(robot, Extent(mode="retry", of_run=end.run, only_keys=frozenset({"A-2"})))
    assert world.booked == ["A-1", "A-3", "A-2"]
    assert (end.outcome, end.items_done) == ("done", 1)


async def test_an_unknown_outcome_waits_for_a_person_and_is_never_repeated(stage: Any, world: Any) -> None:
    world.after["A-2"] = [ApplicationError(Sentence.same("the page did not answer"))]
    robot = stage.robot(LOOP)
    end = await stage.play(robot)
    assert states(stage) == ["done", "waiting", "done"]
    assert (end.outcome, end.exit_code, end.items_waiting) == ("waiting", 5, 1)
    again = await stage.play(robot)
    assert world.booked.count("A-2") == 1
    assert (again.items_already, again.items_waiting, again.exit_code) == (2, 1, 5)


async def test_a_doubt_is_settled_by_a_look_up_in_the_next_run(stage: Any, world: Any) -> None:
    world.after["A-1"] = [ApplicationError(Sentence.same("the page did not answer"))]
    robot = stage.robot(LOOP)
    await stage.play(robot)
    world.can_look = True
    world.said.clear()
    end = await stage.play(robot)
    assert (end.outcome, world.booked) == ("done", ["A-1", "A-2", "A-3"])
    assert world.said == ["wrote R-A-1"]


async def test_a_look_up_that_breaks_proves_nothing_and_stops_nobody(stage: Any, world: Any) -> None:
    class Broken(list[str]):
        def __contains__(self, key: object) -> bool:
            raise ValueError("a stranger's mistake")

    world.after["A-1"] = [ApplicationError(Sentence.same("the page did not answer"))]
    world.after["A-2"] = [ApplicationError(Sentence.same("nor did it here"))]
    robot = stage.robot(LOOP)
    await stage.play(robot)
    world.can_look, world.booked = True, Broken(world.booked)
    end = await stage.play(robot)
    assert (end.items_waiting, end.items_already, end.exit_code) == (2, 1, 5)
    assert list(world.booked) == ["A-1", "A-2", "A-3"]


async def test_absent_is_tried_again_only_when_the_sender_is_dead(stage: Any, world: Any) -> None:
    robot = stage.robot(LOOP)
    world.after["A-1"] = [ApplicationError(Sentence.same("cut"))]
    await stage.play(robot)
    world.booked.remove("A-1")  # it had left, and never arrived
    world.can_look = True
    waiting = await stage.play(robot)
    assert (waiting.items_waiting, world.booked) == (1, ["A-2", "A-3"])
    stage.owner_dies()
    end = await stage.play(robot)
    assert (end.outcome, world.booked) == ("done", ["A-2", "A-3", "A-1"])


async def test_what_a_person_decides_is_what_happens_next(stage: Any, world: Any) -> None:
    for key in ("A-1", "A-2", "A-3"):
        world.after[key] = [ApplicationError(Sentence.same("the page did not answer"))]
    robot = stage.robot(LOOP)
    await stage.play(robot)
    for key, state in (("A-1", "done"), ("A-2", "new"), ("A-3", "dead")):
        stage.store.ledger.resolve(
            Identity("試験", "submit 1", key), state, by="花子", why="looked", at=stage.events[0].at
        )
    stage.events.clear()
    world.said.clear()
    end = await stage.play(robot)
    assert states(stage) == ["done", "done", "skipped"]
    assert world.booked == ["A-1", "A-2", "A-3", "A-2"]
    assert world.said == ["wrote ", "fill A-2", "wrote R-A-2"]
    assert (end.outcome, end.items_done) == ("done", 2)


async def test_a_failure_before_the_effect_is_tried_again(stage: Any, world: Any) -> None:
    world.failures["A-2"] = [ApplicationError(Sentence.same("covered"))]
    end = await stage.play(stage.robot(LOOP))
    assert world.booked == ["A-1", "A-2", "A-3"]
    assert end.outcome == "done"


async def test_when_what_follows_the_effect_fails_only_that_is_played_again(stage: Any, world: Any) -> None:
    world.failures["wrote R-A-2"] = [BusinessError(Sentence.same("the book is gone"))]
    robot = stage.robot(LOOP)
    end = await stage.play(robot)
    assert end.items_failed == 1
    world.said.clear()
    end = await stage.play(robot)
    assert world.said == ["wrote R-A-2"]
    assert world.booked.count("A-2") == 1
    assert (end.items_done, end.items_already) == (1, 2)


async def test_interrupted_while_armed_is_uncertain(stage: Any, world: Any) -> None:
    world.after["A-1"] = [asyncio.CancelledError()]
    end = await stage.play(stage.robot(LOOP))
    assert (end.outcome, end.items_waiting) == ("interrupted", 1)
    assert stage.store.ledger.find(Identity("試験", "submit 1", "A-1")).state == "uncertain"
    assert states(stage) == ["waiting"], "what is told is what the ledger says"


async def test_interrupted_before_anything_left_is_skipped(stage: Any, world: Any) -> None:
    world.failures["A-1"] = [asyncio.CancelledError()]
    end = await stage.play(stage.robot(LOOP))
    assert (end.outcome, end.items_waiting) == ("interrupted", 0)
    assert states(stage) == ["skipped"]


async def test_two_items_of_one_key_stop_before_anything_is_entered(stage: Any, world: Any) -> None:
    end = await stage.play(stage.robot(LOOP.replace("'A-3'", "'A-1'")))
    assert world.booked == []
    assert end.exit_code == 4
    assert "A-1" in end.failure.message.ja
    assert stage.of(StepFailed)


async def test_one_key_with_other_values_is_refused(stage: Any, world: Any) -> None:
    text = """inputs:
  n: {type: integer}
steps:
  - for_each: ${[inputs.n]}
    as: row
    key: K-1
    steps:
      - send: K-1
"""
    robot = stage.robot(text)
    await stage.play(robot, n="1")
    end = await stage.play(robot, n="2")
    assert world.booked == ["K-1"]
    assert (end.outcome, end.exit_code) == ("failed", 4)


async def test_items_selects_a_range(stage: Any, world: Any) -> None:
    await stage.play(stage.robot(LOOP), Extent(items=(2, 3)))
    assert world.booked == ["A-2", "A-3"]
    assert stage.of(ItemsStarted)[0].total == 2


async def test_stop_ends_at_the_first_failed_item(stage: Any, world: Any) -> None:
    world.failures["A-1"] = [BusinessError(Sentence.same("no"))]
    end = await stage.play(stage.robot(LOOP.replace("collect", "stop")))
    assert world.booked == []
    assert (end.outcome, end.exit_code) == ("failed", 4)


async def test_a_site_that_is_down_does_not_cost_every_item(stage: Any, world: Any) -> None:
    keys = [f"A-{n}" for n in range(1, 30)]
    for key in keys:
        world.failures[f"fill {key}"] = [
            ApplicationError(Sentence.same("the site is down")) for _ in range(9)
        ]
    end = await stage.play(stage.robot(LOOP.replace("['A-1', 'A-2', 'A-3']", str(keys))))
    assert (end.outcome, end.items_failed) == ("failed", 5)


async def test_a_failing_step_of_an_item_is_tried_three_times_in_all(stage: Any, world: Any) -> None:
    world.failures["fill A-1"] = [ApplicationError(Sentence.same(str(n))) for n in range(9)]
    end = await stage.play(stage.robot(LOOP))
    assert len(world.failures["fill A-1"]) == 6
    assert (end.items_done, end.items_failed) == (2, 1)


async def test_a_dry_run_books_nothing_and_leaves_no_trace_in_the_ledger(stage: Any, world: Any) -> None:
    end = await stage.play(
        stage.robot(LOOP.replace("      - say: wrote ${receipt}\n", "")), Extent(mode="dry-run")
    )
    assert world.booked == []
    assert end.outcome == "done"
    assert stage.store.ledger.items_of_run(end.run) == []


async def test_a_keyed_item_without_a_submit_is_done_once(stage: Any, world: Any) -> None:
    text = (
        "steps:\n  - for_each: ${['x', 'y']}\n    as: row\n    key: ${row}\n    steps:\n      - say: ${row}\n"
    )
    robot = stage.robot(text)
    await stage.play(robot)
    await stage.play(robot)
    assert world.said == ["x", "y"]
    assert states(stage) == ["done", "done", "already", "already"]


async def test_without_a_key_every_run_sends_again_but_no_try_does(stage: Any, world: Any) -> None:
    world.after["once"] = [ApplicationError(Sentence.same("cut"))]
    robot = stage.robot("steps:\n  - send: once\n")
    end = await stage.play(robot)
    assert (end.outcome, world.booked) == ("waiting", ["once"])
    resumed = await stage.play(robot, Extent(mode="resume", of_run=end.run))
    assert (resumed.outcome, world.booked) == ("waiting", ["once"])
    await stage.play(robot)
    assert world.booked == ["once", "once"]
