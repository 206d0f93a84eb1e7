"""The verbs `check`, `set` and `wait`, as robots write them."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bofbot.action import Action
from bofbot.actions import VerbTable
from bofbot.errors import BusinessError, InvalidRobot, Place
from bofbot.language.loader import load_robot
from bofbot.runner.computing import Computing


def _actions(tmp_path: Path, steps: str) -> list[Action]:
    file = tmp_path / "robot.yaml"
    file.write_text(f"bofbot: 1\nname: a\nsteps:\n{steps}", encoding="utf-8")
    computing, names, actions = Computing(), {"run": {"id": "7", "name": "経費"}}, []
    for step in load_robot(file, VerbTable()).steps:
        computed = computing.verb(step.verb, names, step.place)
        assert isinstance(computed, Action)
        actions.append(computed)
    return actions


def _context(slept: list[float]) -> Any:
    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    return SimpleNamespace(sleep=sleep, place=Place("robot.yaml", 4, 5))


async def test_check_passes_or_says_the_author_s_words(tmp_path: Path) -> None:
    right, wrong, unsaid = _actions(
        tmp_path,
        '  - check: ${run.id == "7"}\n  - check: ${run.id == "8"}\n    message: ${run.name}の番号が違います\n  - check: false\n',
    )
    assert await right.run(_context([])) is None
    with pytest.raises(BusinessError, match="経費の番号が違います") as caught:
        await wrong.run(_context([]))
    assert caught.value.place == Place("robot.yaml", 4, 5)
    with pytest.raises(BusinessError, match="the check failed"):
        await unsaid.run(_context([]))


async def test_set_gives_names_and_keeps_types(tmp_path: Path) -> None:
    (action,) = _actions(
        tmp_path, '  - set: {合計: "${1.10 + 2}", 口座: 0012345, 一覧: "${[1, 2]}", 文: "番号 ${run.id}"}\n'
    )
    result = await action.run(_context([]))
    assert result
    assert {name: str(value) for name, value in result.names.items()} == {
        "合計": "3.10",
        "口座": "0012345",
        "一覧": "[Decimal('1'), Decimal('2')]",
        "文": "番号 7",
    }
    assert "合計" in action.sentence().ja


async def test_wait_sleeps_on_the_run_s_own_clock(tmp_path: Path) -> None:
    slept: list[float] = []
    for action in _actions(tmp_path, '  - wait: 1m30s\n  - wait: ${"2" + "s"}\n'):
        await action.run(_context(slept))
    assert slept == [90.0, 2.0]


@pytest.mark.parametrize(
    "step", ["check: maybe", "check: ${1 + 1}", "set: {}", "set: {a-b: 1}", "wait: 30", "wait: soon"]
)
def test_what_is_refused_before_the_run(tmp_path: Path, step: str) -> None:
    with pytest.raises(InvalidRobot):
        _actions(tmp_path, f"  - {step}\n")
