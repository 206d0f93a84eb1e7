"""Typing, keys and clicks for real: any letters, read back, into the window that is meant and no other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bofbot.actions.desktop.eyes import Copy, See
from bofbot.actions.desktop.hands import Keys, Point, TypeText
from bofbot.adapters.screen import Screen
from bofbot.errors import ApplicationError, BusinessError
from tests.actions.desktop.form_program import do, on_screen, started
from tests.actions.stage import Stage


@on_screen
async def test_text_of_any_letters_is_typed_read_back_and_kept_by_the_program(stage: Stage) -> None:
    kept = await started(stage)
    read = await do(stage, TypeText(type_text="abc山田xyz 123"), Copy(copy="line"))
    assert read.value == "abc山田xyz 123"
    await do(
        stage, Keys(keys="Tab"), TypeText(type_text="~0012|-@{}"), Keys(keys="F2"), See(see="取引先の登録")
    )
    await do(stage, TypeText(type_text="二件目"), Keys(keys=("Tab", "F2")))
    await do(stage, TypeText(type_text="x"))  # comes after the keys before it
    assert kept.read_text("utf-8").splitlines() == ["abc山田xyz 123\t~0012|-@{}", "二件目\t"]
    assert stage.notes == [], "a screen of its own needs no warning, and every text could be read back"


@on_screen
async def test_replacing_empties_the_line_first(stage: Stage) -> None:
    await started(stage)
    await do(stage, TypeText(type_text="古い値"), TypeText(type_text="新しい値", replace=True))
    assert (await do(stage, Copy(copy="line"))).value == "新しい値"


@on_screen
async def test_a_picture_is_clicked_where_it_is_seen_and_nowhere_else(stage: Stage, tmp_path: Path) -> None:
    kept = await started(stage)
    screen = await stage.resource(Screen)
    window = await screen.be_there()
    await screen.picture(tmp_path / "whole.png")
    with Image.open(tmp_path / "whole.png") as whole:
        left, top = window.x + 20, window.y + 120
        whole.crop((left, top, left + 60, top + 30)).save(tmp_path / "保存.png")
        whole.crop((left, top, left + 60, top + 30)).convert("L").save(tmp_path / "灰色.png")
    await do(
        stage,
        See(see="保存.png"),
        TypeText(type_text="甲"),
        Point(point="保存.png"),
        TypeText(type_text="乙"),
    )
    await do(stage, Point(point=(50, 135)), TypeText(type_text="丙"))
    assert kept.read_text("utf-8").splitlines() == ["甲\t", "乙\t"]
    stage.timeout = 1.0
    with pytest.raises(ApplicationError, match=r"灰色\.png is not seen"):
        await do(stage, Point(point="灰色.png"))


@on_screen
async def test_a_window_that_comes_in_front_while_typing_is_noticed(stage: Stage) -> None:
    await started(stage, "--nagging")
    with pytest.raises(ApplicationError, match=r"取引先の登録.* is not in front; in front is “お知らせ”"):
        await do(stage, TypeText(type_text="abcdefghijklmnopqrstuvwxyz" * 8))


@on_screen
async def test_a_key_that_does_not_exist_is_said(stage: Stage) -> None:
    await started(stage)
    with pytest.raises(BusinessError, match="no key “nokey”"):
        await do(stage, Keys(keys="Ctrl+nokey"))


class Keyboard(Screen):
    """What was pressed, on no screen at all."""

    def __init__(self) -> None:
        self.pressed: list[tuple[str, ...]] = []

    async def be_there(self) -> Any: ...

    async def close(self) -> None: ...

    async def press(self, *keys: str) -> None:
        self.pressed.append(keys)


@pytest.mark.parametrize(
    ("keys", "pressed"),
    [
        ("Enter", [("enter",)]),
        ("Ctrl + S", [("ctrl", "s")]),
        ("Control+Shift+Escape", [("ctrl", "shift", "esc")]),
        ("+", [("+",)]),
        ("Ctrl++", [("ctrl", "+")]),
        ("Ctrl+Shift++", [("ctrl", "shift", "+")]),
        (("Tab", "Return"), [("tab",), ("enter",)]),
    ],
)
async def test_keys_are_named_as_people_name_them(stage: Stage, keys: Any, pressed: Any) -> None:
    keyboard = Keyboard()
    stage._resources[Screen] = keyboard
    await Keys(keys=keys).run(stage)
    assert keyboard.pressed == pressed
