"""A whole run: order of steps, ways to end, on_failure, finally, interruption, inputs, parts."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bofbot.errors import ApplicationError, BusinessError, NeedsPerson, NotReady, UsageError
from bofbot.events import RunFinished, RunStarted, StepFailed, StepFinished, StepRetried, StepSkipped, as_json
from bofbot.plan import Extent
from bofbot.words import Sentence


def down(text: str = "the site does not answer") -> ApplicationError:
    return ApplicationError(Sentence.same(text))


async def test_steps_play_in_order_and_the_last_event_is_the_end(stage: Any, world: Any) -> None:
    end = await stage.play(
        stage.robot("steps:\n  - say: 一\n  - say: 二\n    save_as: two\n  - say: ${two}\n")
    )
    assert (end.outcome, end.exit_code) == ("done", 0)
    assert world.said == ["一", "二", "二"]
    assert isinstance(stage.events[0], RunStarted)
    assert stage.events[-1] is end
    assert all(as_json(event)["run"] == end.run for event in stage.events)


async def test_application_failures_are_tried_again_with_growing_waits(stage: Any, world: Any) -> None:
    world.failures["a"] = [down(), down()]
    end = await stage.play(stage.robot("steps:\n  - say: a\n"))
    assert end.outcome == "done"
    first, second = stage.of(StepRetried)
    assert (first.attempt, second.attempt) == (1, 2)
    assert 0.5 <= world.slept[0] <= 1.0 <= world.slept[1] <= 2.0
    assert stage.of(StepFinished)[0].attempts == 3


async def test_after_the_last_try_the_run_fails_with_the_cause(stage: Any, world: Any) -> None:
    world.failures["a"] = [down(), down(), down("still nothing")]
    end = await stage.play(stage.robot("steps:\n  - say: a\n  - say: b\n"))
    assert (end.outcome, end.exit_code) == ("failed", 1)
    assert end.failure.message.en == "still nothing"
    assert world.said == []
    assert stage.of(StepFailed)[0].attempts == 3


@pytest.mark.parametrize(
    ("error", "outcome", "code"),
    [
        (BusinessError("wrong data"), "failed", 4),
        (NeedsPerson("a code is needed"), "waiting", 5),
        (NotReady("no browser"), "failed", 6),
        (RuntimeError("a bug"), "failed", 1),
    ],
)
async def test_only_application_failures_are_repeated(
    stage: Any, world: Any, error: Exception, outcome: str, code: int
) -> None:
    world.failures["a"] = [error]
    end = await stage.play(stage.robot("steps:\n  - say: a\n"))
    assert (end.outcome, end.exit_code) == (outcome, code)
    assert stage.of(StepRetried) == []


async def test_on_failure_and_finally_are_played_and_see_what_failed(stage: Any, world: Any) -> None:
    world.failures["a"] = [BusinessError("wrong data")]
    robot = stage.robot(
        "steps:\n  - say: a\n  - say: never\non_failure:\n  - say: ${run.failure}\nfinally:\n  - say: closing\n"
    )
    end = await stage.play(robot)
    assert world.said == ["wrong data", "closing"]
    assert end.exit_code == 4


async def test_on_failure_is_not_played_when_all_went_well(stage: Any, world: Any) -> None:
    await stage.play(
        stage.robot("steps:\n  - say: a\non_failure:\n  - say: alas\nfinally:\n  - say: closing\n")
    )
    assert world.said == ["a", "closing"]


async def test_a_failing_finally_makes_the_run_fail(stage: Any, world: Any) -> None:
    world.failures["closing"] = [BusinessError("cannot close")]
    end = await stage.play(stage.robot("steps:\n  - say: a\nfinally:\n  - say: closing\n  - say: still\n"))
    assert end.outcome == "failed"
    assert world.said == ["a", "still"]


async def test_optional_skip_and_collect(stage: Any, world: Any) -> None:
    for word in "abc":
        world.failures[word] = [BusinessError(word)]
    robot = stage.robot(
        "steps:\n  - say: a\n    optional: true\n  - say: b\n    on_error: skip\n  - say: c\n    on_error: collect\n  - say: d\n"
    )
    end = await stage.play(robot)
    assert world.said == ["d"]
    assert (end.outcome, end.exit_code) == ("partial", 4)
    assert end.failure.message.en == "b"
    assert [event.tolerated for event in stage.of(StepFailed)] == [True, True, True]


async def test_if_leaves_a_step_out(stage: Any, world: Any) -> None:
    robot = stage.robot(
        "inputs:\n  n: {type: integer}\nsteps:\n  - say: small\n    if: ${inputs.n < 10}\n  - say: big\n    if: ${inputs.n >= 10}\n"
    )
    await stage.play(robot, n="12")
    assert world.said == ["big"]
    assert len(stage.of(StepSkipped)) == 1


async def test_if_refuses_what_is_not_yes_or_no(stage: Any, world: Any) -> None:
    end = await stage.play(
        stage.robot("steps:\n  - say: 'yes'\n    save_as: word\n  - say: x\n    if: ${word}\n")
    )
    assert end.exit_code == 4
    assert world.said == ["yes"]
    assert "真偽値" in end.failure.message.ja


async def test_a_step_that_lingers_is_timed_out(stage: Any, world: Any) -> None:
    robot = stage.robot("steps:\n  - linger: x\n    timeout: 50ms\n    retry: {times: 0}\n")
    end = await stage.play(robot)
    assert (end.outcome, end.exit_code) == ("failed", 1)
    assert "0.05 s" in end.failure.message.en


async def test_a_run_that_takes_too_long_ends_and_closes(stage: Any, world: Any) -> None:
    robot = stage.robot("defaults: {run_timeout: 100ms}\nsteps:\n  - linger: x\nfinally:\n  - say: closing\n")
    end = await stage.play(robot)
    assert end.outcome == "failed"
    assert "0.1 s" in end.failure.message.en
    assert world.said == ["lingering", "closing"]


async def test_ctrl_c_still_plays_finally_and_leaves_a_true_record(stage: Any, world: Any) -> None:
    robot = stage.robot(
        "steps:\n  - linger: x\n  - say: never\non_failure:\n  - say: no\nfinally:\n  - say: closing\n"
    )
    task = asyncio.create_task(stage.play(robot))
    await world.lingering.wait()
    task.cancel()
    end: RunFinished = await task
    assert (end.outcome, end.exit_code) == ("interrupted", 130)
    assert world.said == ["lingering", "closing"]


async def test_ctrl_c_while_closing_leaves_nothing_open_and_a_true_record(stage: Any, world: Any) -> None:
    task = asyncio.create_task(stage.play(stage.robot("steps:\n  - enter: x\n")))
    for _ in range(2):
        await world.lingering.wait()
        task.cancel()
        await asyncio.sleep(0)
    end: RunFinished = await task
    assert (end.outcome, end.exit_code) == ("interrupted", 130)
    assert world.said == ["closed"]
    assert stage.events[-1] is end


async def test_the_first_ctrl_c_in_finally_ends_its_step_only(stage: Any, world: Any) -> None:
    robot = stage.robot("steps:\n  - say: a\nfinally:\n  - linger: x\n  - say: closing\n")
    task = asyncio.create_task(stage.play(robot))
    await world.lingering.wait()
    task.cancel()
    end: RunFinished = await task
    assert (end.outcome, end.exit_code) == ("interrupted", 130)
    assert world.said == ["a", "lingering", "closing"]


async def test_until_stops_after_the_named_step(stage: Any, world: Any) -> None:
    robot = stage.robot("steps:\n  - say: a\n    name: first\n  - say: b\nfinally:\n  - say: closing\n")
    end = await stage.play(robot, Extent(until="first"))
    assert world.said == ["a", "closing"]
    assert end.outcome == "done"


async def test_an_unknown_step_for_until_says_which_are_known(stage: Any) -> None:
    with pytest.raises(UsageError) as wrong:
        await stage.play(stage.robot("steps:\n  - say: a\n    name: 最初\n"), Extent(until="最後"))
    assert wrong.value.fix
    assert "最初" in wrong.value.fix.ja


async def test_inputs_are_typed_defaulted_and_refused(stage: Any, world: Any) -> None:
    text = "inputs:\n  month: {type: month}\n  limit: {type: yen, default: '1,000円'}\nsteps:\n  - say: ${inputs.limit + 1}\n"
    await stage.play(stage.robot(text), month="令和8年10月")
    assert world.said == ["1001"]
    for given, word in (
        ({}, "month"),
        ({"month": "x"}, "month"),
        ({"month": "2026-10", "mnth": "1"}, "mnth"),
    ):
        with pytest.raises(UsageError, match=word):
            await stage.play(stage.robot(text), **given)


async def test_personal_inputs_are_hidden_in_the_record(stage: Any) -> None:
    robot = stage.robot("inputs:\n  name: {type: text, personal: true}\nsteps:\n  - say: x\n")
    await stage.play(robot, name="山田花子")
    assert stage.of(RunStarted)[0].inputs == {"name": "●●●"}


async def test_outputs_are_computed_at_the_end(stage: Any) -> None:
    end = await stage.play(stage.robot("steps:\n  - say: a\n    save_as: word\noutputs:\n  word: ${word}\n"))
    assert end.outputs == {"word": "a"}


async def test_a_part_sees_its_inputs_only_and_gives_outputs(stage: Any, world: Any, tmp_path: Path) -> None:
    (tmp_path / "part.yaml").write_text(
        "bofbot: 1\nname: 部品\nowner: 経理部\npurpose: p\ninputs:\n  who: {type: text}\n"
        "steps:\n  - say: hello ${inputs.who}\n    save_as: said\noutputs:\n  said: ${said}\n",
        encoding="utf-8",
    )
    robot = stage.robot(
        "steps:\n  - use: part.yaml\n    with: {who: 花子}\n    save_as: p\n  - say: ${p.said}!\n"
    )
    end = await stage.play(robot)
    assert world.said == ["hello 花子", "hello 花子!"]
    assert end.outcome == "done"


async def test_a_secret_that_a_page_repeats_never_shows_in_events(stage: Any, world: Any) -> None:
    world.failures["●●●"] = [BusinessError("the page says s3cret-words")]
    end = await stage.play(stage.robot("secrets: [経理]\nsteps:\n  - say: ${secrets.経理.password}\n"))
    assert end.failure.message.en == "the page says ●●●"
    assert "s3cret" not in str(stage.events)
