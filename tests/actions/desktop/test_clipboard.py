"""The clipboard: what a program put there, and what a person had there before."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from bofbot.actions.desktop.clipboard import copied
from bofbot.adapters.screen import Screen


class Clipboard:
    """A screen that is nothing but its clipboard and a program that answers Ctrl+C with `gives`."""

    def __init__(self, held: str, gives: str | None, *, own: bool) -> None:
        self.display = SimpleNamespace(own=own)
        self.held, self.gives = held, gives
        self.pressed: list[str] = []

    async def copied(self) -> str:
        return self.held

    async def copy(self, text: str) -> None:
        self.held = text

    async def press(self, *keys: str) -> None:
        self.pressed.append("+".join(keys))
        if keys == ("ctrl", "c") and self.gives is not None:
            self.held = self.gives


async def read(clipboard: Clipboard, what: str) -> str:
    return await copied(cast("Screen", cast("Any", clipboard)), what, longest=0.05)


@pytest.mark.parametrize(
    ("what", "pressed"),
    [
        ("selected", ["ctrl+c"]),
        ("line", ["end", "shift+home", "ctrl+c", "end"]),
        ("all", ["ctrl+a", "ctrl+c"]),
    ],
)
async def test_what_is_to_be_copied_is_selected_first(what: str, pressed: list[str]) -> None:
    clipboard = Clipboard("", "山田商店", own=True)
    assert await read(clipboard, what) == "山田商店"
    assert clipboard.pressed == pressed


async def test_the_same_text_twice_is_read_twice() -> None:
    clipboard = Clipboard("山田商店", "山田商店", own=True)
    assert await read(clipboard, "line") == "山田商店"


@pytest.mark.parametrize("gives", [None, "新しい"])
async def test_a_person_finds_on_the_clipboard_what_was_there(gives: str | None) -> None:
    clipboard = Clipboard("人のメモ", gives, own=False)
    assert await read(clipboard, "selected") == (gives or "")
    assert clipboard.held == "人のメモ"
