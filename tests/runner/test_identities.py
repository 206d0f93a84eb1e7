"""Who an effect is, for ever: parts used twice, steps of the same number, two submits of one item, runs of runs."""

from __future__ import annotations

from typing import Any

import pytest

from bofbot.effects import Identity
from bofbot.errors import ApplicationError, BusinessError, InvalidRobot
from bofbot.events import ItemFinished
from bofbot.plan import Extent
from bofbot.runner.earlier import finished_for_good
from bofbot.words import Sentence

PART = "bofbot: 1\nname: 送る\nowner: 経理部\npurpose: 試す\ninputs: {what: {type: text}}\nsteps:\n  - send: ${inputs.what}\n"


@pytest.fixture
def part(stage: Any) -> None:
    (stage.folder / "part.yaml").write_text(PART, encoding="utf-8")


async def test_a_part_used_twice_sends_twice(stage: Any, world: Any, part: None) -> None:
    robot = stage.robot(
        "steps:\n  - use: part.yaml\n    with: {what: A}\n  - use: part.yaml\n    with: {what: B}\n"
    )
    end = await stage.play(robot)
    assert (end.outcome, world.booked) == ("done", ["A", "B"])


async def test_a_part_used_twice_for_each_item_sends_both_and_repeats_none(
    stage: Any, world: Any, part: None
) -> None:
    robot = stage.robot(
        "steps:\n  - set: {rows: \"${['A-1', 'A-2']}\"}\n  - for_each: ${rows}\n    as: row\n    key: ${row}\n    steps:\n"
        '      - use: part.yaml\n        with: {what: "${row}"}\n      - use: part.yaml\n        with: {what: "${row}/2"}\n'
    )
    await stage.play(robot)
    assert world.booked == ["A-1", "A-1/2", "A-2", "A-2/2"]
    stage.events.clear()
    end = await stage.play(robot)
    assert len(world.booked) == 4
    assert end.items_already == 2


async def test_a_step_of_a_part_is_not_taken_for_the_robots_own_of_that_number(
    stage: Any, world: Any, part: None
) -> None:
    robot = stage.robot("steps:\n  - send: A\n  - use: part.yaml\n    with: {what: B}\n")
    end = await stage.play(robot)
    assert world.booked == ["A", "B"]
    assert stage.store.ledger.find(Identity("試験", "submit 1", f"run {end.run}")).receipt == "R-A"
    assert stage.store.ledger.find(Identity("試験", "submit 2", f"run {end.run}")).receipt == "R-B"


async def test_a_resumed_run_does_not_leave_out_a_step_because_a_part_has_one_of_that_number(
    stage: Any, world: Any
) -> None:
    (stage.folder / "part.yaml").write_text(
        PART.replace("  - send:", "  - say: hello\n  - send:"), encoding="utf-8"
    )
    robot = stage.robot("steps:\n  - use: part.yaml\n    with: {what: A}\n  - send: B\n")
    world.failures["B"] = [BusinessError(Sentence.same("not yet"))]
    end = await stage.play(robot)
    assert (end.outcome, world.booked) == ("failed", ["A"])
    again = Extent(mode="resume", of_run=end.run, finished_steps=finished_for_good(robot, stage.events))
    end = await stage.play(robot, again)
    assert (end.outcome, world.booked) == ("done", ["A", "B"])


async def test_of_two_submits_the_refused_one_is_not_forgotten_because_the_later_one_is_done(
    stage: Any, world: Any
) -> None:
    robot = stage.robot(
        "steps:\n  - set: {rows: \"${['A-1']}\"}\n  - for_each: ${rows}\n    as: row\n    key: ${row}\n    on_error: collect\n    steps:\n"
        "      - send: first\n        on_error: collect\n      - send: second\n"
    )
    world.failures["first"] = [BusinessError(Sentence.same("not yet"))]
    end = await stage.play(robot)
    assert (end.outcome, world.booked) == ("partial", ["second"])
    end = await stage.play(robot)
    assert (end.outcome, world.booked) == ("done", ["second", "first"])
    stage.events.clear()
    await stage.play(robot)
    assert [event.state for event in stage.of(ItemFinished)] == ["already"]
    assert world.booked == ["second", "first"]


async def test_an_item_that_a_person_marked_before_any_run_is_not_repeated(stage: Any, world: Any) -> None:
    who = Identity("試験", "submit 1", "A-1")
    stage.store.ledger.resolve(
        who, "done", by="hanako", why="by phone", at=stage.clock(), receipt="R-0", unknown=True
    )
    robot = stage.robot(
        "steps:\n  - set: {rows: \"${['A-1', 'A-2']}\"}\n  - for_each: ${rows}\n    as: row\n    key: ${row}\n    steps:\n      - send: ${row}\n"
    )
    end = await stage.play(robot)
    assert world.booked == ["A-2"]
    assert (end.items_done, end.items_already) == (1, 1)
    assert [event.receipt for event in stage.of(ItemFinished)] == ["R-0", "R-A-2"]


KEYED = "inputs: {月: {type: text, default: 2026-10}}\nsteps:\n  - send: 締め\n    key: ${inputs.月}\n"


async def test_a_submit_outside_a_loop_is_done_once_for_its_key(stage: Any, world: Any) -> None:
    robot = stage.robot(KEYED)
    for month in ("2026-10", "2026-10", "2026-11"):
        assert (await stage.play(robot, 月=month)).outcome == "done"
    assert world.booked == ["締め", "締め"]
    assert stage.store.ledger.find(Identity("試験", "submit 1", "2026-11")).state == "done"


async def test_without_a_key_every_run_registers_anew(stage: Any, world: Any) -> None:
    robot = stage.robot("steps:\n  - send: 締め\n")
    await stage.play(robot)
    await stage.play(robot)
    assert world.booked == ["締め", "締め"]


async def test_outside_a_loop_too_an_unknown_outcome_is_looked_up_first(stage: Any, world: Any) -> None:
    robot = stage.robot(KEYED)
    world.after["締め"] = [ApplicationError(Sentence.same("cut"))]
    assert (await stage.play(robot)).outcome == "waiting"
    assert (await stage.play(robot)).outcome == "waiting"  # nothing can be looked up: a person decides
    world.can_look = True
    assert (await stage.play(robot)).outcome == "done"
    assert world.booked == ["締め"]


def test_inside_a_loop_the_key_is_the_loops(stage: Any) -> None:
    with pytest.raises(InvalidRobot):
        stage.robot(
            "steps:\n  - set: {rows: \"${['A-1']}\"}\n  - for_each: ${rows}\n    as: row\n    key: ${row}\n    steps:\n      - send: ${row}\n        key: x\n"
        )


async def test_an_optional_submit_whose_outcome_is_unknown_still_waits_for_a_person(
    stage: Any, world: Any
) -> None:
    robot = stage.robot(
        "steps:\n  - set: {rows: \"${['A-1']}\"}\n  - for_each: ${rows}\n    as: row\n    key: ${row}\n    steps:\n"
        "      - send: ${row}\n        optional: true\n      - say: on\n"
    )
    world.after["A-1"] = [ApplicationError(Sentence.same("cut"))]
    end = await stage.play(robot)
    assert (end.outcome, end.items_waiting, end.items_done, world.said) == ("waiting", 1, 0, [])
