"""What a step may know of its pages: its own labels, as the robot writes them, and whether it may act on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

import pytest

from bofbot.action import Action, Context, Later, Result
from bofbot.known_pages import Learnt, Memory
from bofbot.language.loader import load_robot
from bofbot.plan import make_plan
from bofbot.runner import Surroundings, play

from .conftest import Stage, TrialVerbs

PAGE = "https://x.example/claims/17"


class Peek(Action):
    """Peeks at a label.
    項目名を覗く。"""

    verb: ClassVar[str] = "peek"
    peek: dict[str, Later[Any]] | str = ""
    """Labels.
    項目名。"""
    memories: ClassVar[list[Memory]] = []

    async def run(self, context: Context) -> Result:
        self.memories.append(context.memory)
        for label in self.peek if isinstance(self.peek, dict) else [str(self.peek)]:
            context.memory.seen(label, PAGE, {"id": "x"})
        return Result()


class Kept:
    """What was learned, kept in the test."""

    def __init__(self) -> None:
        self.told: list[tuple[Learnt, str]] = []

    def known(self, key: Learnt) -> Mapping[str, Any] | None:
        return {"signals": {"of": key.label}}

    def labels(self, page: str) -> tuple[str, ...]:
        return (page,)

    def seen(self, key: Learnt, item: str, signals: Mapping[str, Any] | None) -> None:
        self.told.append((key, item))


class Verbs(TrialVerbs):
    own: ClassVar[dict[str, Any]] = {**TrialVerbs.own, "peek": Peek}


async def _play(stage: Stage, text: str, kept: Kept | None, drift: str = "follow") -> Kept | None:
    Peek.memories.clear()
    file = stage.folder / "試験.yaml"
    file.write_text(f"bofbot: 1\nname: 試験\nowner: 経理部\npurpose: 試す\n{text}", "utf-8")
    clock = Surroundings.__dataclass_fields__["clock"].default
    around = replace(
        stage.around(), learning=kept, settings=stage.settings.model_copy(update={"drift": drift})
    )
    finished = await play(make_plan(load_robot(file, Verbs()), {}, clock), around)
    assert finished.outcome == "done", finished.failure
    return kept


async def test_labels_are_learned_by_step_and_page_with_the_item_that_must_go_well(stage: Stage) -> None:
    kept = await _play(
        stage,
        'steps:\n  - peek: {金額: "1", 件数: "2"}\n  - for_each: ["甲", "乙"]\n    as: one\n    key: ${one}\n    steps:\n      - peek: 検索\n',
        Kept(),
    )
    assert kept is not None
    page = "https://x.example/claims/*"
    assert kept.told == [
        (Learnt("試験.yaml", "1", "金額", page), ""),
        (Learnt("試験.yaml", "1", "件数", page), ""),
        (Learnt("試験.yaml", "2.1", "検索", page), "甲"),
        (Learnt("試験.yaml", "2.1", "検索", page), "乙"),
    ]


async def test_a_label_made_of_data_is_neither_learned_nor_known(stage: Stage) -> None:
    kept = await _play(stage, 'steps:\n  - for_each: ["K-1"]\n    as: one\n    key: ${one}\n    steps:\n      - peek: ${one}\n', Kept())  # fmt: skip
    assert kept is not None
    assert kept.told == []
    assert Peek.memories[0].known("K-1", PAGE) is None


async def test_what_was_followed_is_followed_on_and_told_once(stage: Stage) -> None:
    await _play(stage, "steps:\n  - peek: 検索\n  - peek: 検索\n", Kept())
    first, second = Peek.memories
    assert first.follows("検索", PAGE) == ""
    first.followed("検索", PAGE, "探す")
    assert first.follows("検索", "https://x.example/claims/18") == "探す"
    assert second.follows("検索", PAGE) == ""  # another step
    assert [first.first("a"), first.first("a"), first.first("b"), second.first("a")] == [
        True,
        False,
        True,
        True,
    ]
    assert first.others(PAGE) == ("https://x.example/claims/*",)
    assert first.robot.endswith("試験.yaml")


@pytest.mark.parametrize(
    ("robot", "office", "strict"),
    [("", "follow", False), ("stop", "follow", True), ("follow", "stop", True), ("follow", "follow", False)],
)
async def test_either_may_forbid_it(stage: Stage, robot: str, office: str, strict: bool) -> None:
    await _play(
        stage, (f"defaults: {{drift: {robot}}}\n" if robot else "") + "steps:\n  - peek: 検索\n", None, office
    )
    memory = Peek.memories[0]
    assert memory.strict is strict
    assert (memory.known("検索", PAGE), memory.others(PAGE)) == (None, ())


async def test_any_other_word_is_refused(stage: Stage) -> None:
    from bofbot.errors import InvalidRobot

    with pytest.raises(InvalidRobot, match="follow or stop"):
        stage.robot("defaults: {drift: maybe}\nsteps:\n  - say: x\n")
