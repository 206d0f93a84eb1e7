"""Items side by side: each once, in lanes of their own, with one count and one ledger; what cannot be doubled is refused."""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

import pytest

from bofbot.action import Action, Context, Resource, Result, Scalar
from bofbot.errors import InvalidRobot
from bofbot.events import ItemFinished, ItemStarted
from bofbot.runner import side_by_side

from .conftest import Say, Send, Stage, TrialVerbs, World, down, refused


class Desk(Resource):
    """One for each lane; counts how many are in use at once."""

    opened: ClassVar[list[Desk]] = []
    closed: ClassVar[list[Desk]] = []

    @classmethod
    async def open(cls, context: Context) -> Desk:
        desk = cls()
        Desk.opened.append(desk)
        return desk

    async def twin(self, context: Context) -> Desk:
        return await Desk.open(context)

    async def close(self) -> None:
        Desk.closed.append(self)


class Work(Action):
    """Works at a desk for a moment.
    机で作業する。"""

    verb: ClassVar[str] = "work"
    side_by_side: ClassVar[bool] = True
    at_once: ClassVar[list[int]] = []
    busy: ClassVar[dict[Desk, int]] = {}
    work: Scalar
    """What.
    内容。"""

    async def run(self, context: Context) -> Result:
        desk = await context.resource(Desk)
        Work.busy[desk] = Work.busy.get(desk, 0) + 1
        assert Work.busy[desk] == 1, "two items at one desk"
        Work.at_once.append(sum(Work.busy.values()))
        await asyncio.sleep(0.01)
        Work.busy[desk] -= 1
        return Result()


@pytest.fixture(autouse=True)
def trial(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TrialVerbs.own, "work", Work)
    monkeypatch.setattr(Say, "side_by_side", True)
    monkeypatch.setattr(Send, "side_by_side", True)
    for some in (Desk.opened, Desk.closed, Work.at_once, Work.busy):
        some.clear()


def loop(body: str, items: str = "[a, b, c, d, e, f, g]", **options: Any) -> str:
    more = "".join(f"    {name}: {value}\n" for name, value in {"parallel": 3, **options}.items())
    return f"steps:\n  - for_each: {items}\n    as: one\n    key: ${{one}}\n{more}    steps:\n{body}  - say: ${{join(done, '')}}\n"


async def test_every_item_once_in_its_own_lane(stage: Stage, world: World) -> None:
    body = "      - work: ${one}\n      - send: ${one}\n"
    end = await stage.play(stage.robot(loop(body)))
    assert (end.outcome, end.items_done) == ("done", 7)
    assert sorted(world.booked) == list("abcdefg")
    assert max(Work.at_once) == 3
    assert world.said == ["abcdefg"], "`done` stands in the order of the items"
    assert len(Desk.opened) == len(Desk.closed) == 4, "the run's own and one for each lane"
    assert len(stage.of(ItemStarted)) == len(stage.of(ItemFinished)) == 7


async def test_what_was_done_is_not_done_again(stage: Stage, world: World) -> None:
    robot = stage.robot(loop("      - send: ${one}\n"))
    world.failures["c"] = [refused()]
    first = await stage.play(stage.robot(loop("      - send: ${one}\n", on_error="collect")))
    assert (first.items_done, first.items_failed) == (6, 1)
    second = await stage.play(robot)
    assert (second.outcome, second.items_already) == ("done", 6)
    assert sorted(world.booked) == list("abcdefg")


async def test_a_failure_that_stops_lets_the_items_at_work_end(stage: Stage, world: World) -> None:
    world.failures["a"] = [refused()]
    end = await stage.play(stage.robot(loop("      - work: x\n      - send: ${one}\n")))
    assert end.outcome == "failed"
    assert end.failure is not None
    assert end.failure.message.en == "over the budget"
    assert sorted(world.booked) == ["b", "c"]
    assert {one.state for one in stage.of(ItemFinished)} == {"failed", "done"}


async def test_a_site_that_is_down_stops_all_lanes(stage: Stage, world: World) -> None:
    for word in "abcdefghijkl":
        world.failures[word] = [down() for _ in range(9)]
    robot = stage.robot(
        loop("      - say: ${one}\n", items="[a, b, c, d, e, f, g, h, i, j, k, l]", on_error="collect")
    )
    end = await stage.play(robot)
    assert end.outcome == "failed"
    assert 5 <= end.items_failed <= 8


async def test_a_cancellation_ends_every_lane(stage: Stage, world: World) -> None:
    robot = stage.robot(loop("      - work: x\n      - say: ${one}\n", items=str(list(range(100)))))
    playing = asyncio.ensure_future(stage.play(robot))
    while len(Work.at_once) < 6:  # noqa: ASYNC110, a moment
        await asyncio.sleep(0.005)
    playing.cancel()
    end = await playing
    assert end.outcome == "interrupted"
    assert len(Desk.opened) == len(Desk.closed)
    assert len(stage.of(ItemStarted)) == len(stage.of(ItemFinished)) < 100


async def test_without_memory_one_lane_goes_on(
    stage: Stage, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(side_by_side, "ROOM", 1 << 60)
    end = await stage.play(stage.robot(loop("      - work: x\n")))
    assert (end.outcome, end.items_done, max(Work.at_once)) == ("done", 7, 1)
    assert world.slept


async def test_what_there_is_only_once_is_refused_before_the_first_item(stage: Stage, world: World) -> None:
    end = await stage.play(
        stage.robot(loop("      - say: ${one}\n      - ask: どうしますか\n        save_as: x\n"))
    )
    assert end.outcome == "failed"
    assert end.failure is not None
    assert "`ask` cannot be played for several items at once" in end.failure.message.en
    assert world.said == []


def test_many_at_once_need_a_key(stage: Stage) -> None:
    text = "steps:\n  - for_each: [a, b]\n    parallel: 2\n    steps:\n      - say: x\n"
    with pytest.raises(InvalidRobot, match="key"):
        stage.robot(text)
    for wrong in ("0", "9", "${inputs.n}"):
        with pytest.raises(InvalidRobot):
            stage.robot(loop("      - say: x\n", parallel=wrong))
