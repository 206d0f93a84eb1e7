"""What would stop every item of a loop is told before the first one is begun."""

from __future__ import annotations

from typing import Any

import pytest

from bofbot.errors import ApplicationError, BusinessError
from bofbot.events import ItemFinished, ItemStarted, StepFailed
from bofbot.plan import Extent
from bofbot.words import Sentence

LOOP = """steps:
  - set: {rows: "${['A-1', 'A-2']}"}
  - name: 登録
    for_each: ${rows}
    as: row
    key: ${row}
    on_error: collect
    steps:
      - send: ${row}
      - say: wrote
"""
NO_COLUMN = Sentence.same("there is no such column")


@pytest.mark.parametrize("mode", ["run", "dry-run"])
async def test_nothing_is_begun_when_a_step_foresees_its_failure(stage: Any, world: Any, mode: Any) -> None:
    world.failures["foresee wrote"] = [BusinessError(NO_COLUMN)]
    robot = stage.robot(LOOP)
    end = await stage.play(robot, Extent(mode=mode))
    assert end.exit_code == 4
    assert (world.booked, world.said, stage.of(ItemStarted)) == ([], [], [])
    failed = stage.of(StepFailed)[-1]
    assert failed.failure.message == NO_COLUMN
    assert failed.failure.place == robot.steps[1].verb.steps[1].place
    end = await stage.play(robot)
    assert end.exit_code == 0
    assert world.booked == ["A-1", "A-2"]


async def test_a_book_that_somebody_has_open_is_told_as_what_it_is(stage: Any, world: Any) -> None:
    world.failures["foresee wrote"] = [ApplicationError(Sentence.same("open at 経理部 佐藤"))]
    end = await stage.play(stage.robot(LOOP))
    assert (end.exit_code, world.booked) == (1, [])


@pytest.mark.parametrize("leave", ["if: ${row == 'A-2'}", "optional: true", "on_error: skip"])
async def test_steps_that_may_be_left_out_or_may_fail_are_not_asked(
    stage: Any, world: Any, leave: str
) -> None:
    world.failures["foresee wrote"] = [BusinessError(NO_COLUMN)]
    end = await stage.play(stage.robot(LOOP + f"        {leave}\n"))
    assert end.exit_code == 0
    assert world.booked == ["A-1", "A-2"]


async def test_an_empty_loop_asks_nobody(stage: Any, world: Any) -> None:
    world.failures["foresee wrote"] = [BusinessError(NO_COLUMN)]
    end = await stage.play(stage.robot(LOOP.replace("['A-1', 'A-2']", "[]")))
    assert end.exit_code == 0
    assert stage.of(ItemFinished) == []


async def test_when_nothing_is_left_to_do_nobody_is_asked(stage: Any, world: Any) -> None:
    robot = stage.robot(LOOP)
    await stage.play(robot)
    world.failures["foresee wrote"] = [ApplicationError(Sentence.same("open at 経理部 佐藤"))]
    end = await stage.play(robot)
    assert (end.exit_code, end.items_already) == (0, 2)
    assert world.failures["foresee wrote"], "it was asked although every item is done"
    end = await stage.play(stage.robot(LOOP.replace("'A-2'", "'A-2', 'A-3'")))
    assert (end.exit_code, world.booked) == (1, ["A-1", "A-2"])


async def test_a_dry_run_does_not_mind_what_may_have_passed_by_then(stage: Any, world: Any) -> None:
    world.failures["foresee wrote"] = [ApplicationError(Sentence.same("open at 経理部 佐藤"))]
    end = await stage.play(stage.robot(LOOP), Extent(mode="dry-run"))
    assert (end.exit_code, world.booked) == (0, [])
