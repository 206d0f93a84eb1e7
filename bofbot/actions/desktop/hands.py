"""The verbs of the keyboard and the mouse: type_text, keys, point."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from bofbot.action import Context, Later, Result, Scalar
from bofbot.actions.desktop.clipboard import copied
from bofbot.actions.desktop.on_screen import OnScreen
from bofbot.actions.desktop.waits import deadline, see_image
from bofbot.adapters.screen import Screen
from bofbot.errors import ApplicationError
from bofbot.secret import Secret
from bofbot.words import Sentence

_SPOKEN = {"control": "ctrl", "return": "enter", "escape": "esc", "cmd": "command", "windows": "win"}


class TypeText(OnScreen):
    """Types text where the cursor stands, any letters, and reads it back where the program allows.
    カーソル位置に文字を入力し（日本語も可）、できるときは読み返して確かめる。"""

    verb: ClassVar[str] = "type_text"
    takes_secrets: ClassVar[frozenset[str]] = frozenset({"type_text"})

    type_text: Scalar
    """The text.
    文字。"""
    replace: bool = False
    """Empty the line first.
    入力の前に行を空にする。"""
    read_back: bool = True
    """Select the line, copy it and compare; `false` for terminals and spreadsheets, where these keys mean something else.
    行を選択・コピーして照合する。キーの意味が違う端末や表計算では `false`。"""

    def sentence(self) -> Sentence:
        return Sentence(en=f"type “{self.type_text}”", ja=f"「{self.type_text}」と入力する")

    async def run(self, context: Context) -> Result:
        screen = await context.resource(Screen)
        secret = isinstance(self.type_text, Secret)
        text = self.type_text.reveal() if secret else _written(self.type_text)
        await screen.be_there()
        if self.replace:
            await screen.press("end")
            await screen.press("shift", "home")
            await screen.press("delete")
        await screen.type(text, hidden=secret)
        if secret or not self.read_back or not text or "\n" in text or "\t" in text:
            return Result(summary=Sentence(en="typed", ja="入力しました"))
        await _compare(context, screen, text, whole=self.replace)
        return Result(summary=Sentence.same(context.redact(text)))


class Keys(OnScreen):
    """Presses keys together, e.g. `Ctrl+S`, `Alt+F4`, `Enter`, `Tab`.
    キーを押す（例 `Ctrl+S`、`Alt+F4`、`Enter`、`Tab`）。"""

    verb: ClassVar[str] = "keys"

    keys: tuple[Later[str], ...] | str
    """The keys; a list is pressed one after the other.
    キー。リストなら順に押す。"""

    def sentence(self) -> Sentence:
        keys = self.keys if isinstance(self.keys, str) else ", ".join(map(str, self.keys))
        return Sentence(en=f"press {keys}", ja=f"{keys} キーを押す")

    async def run(self, context: Context) -> None:
        screen = await context.resource(Screen)
        await screen.be_there()
        for chord in (self.keys,) if isinstance(self.keys, str) else self.keys:
            await screen.press(*_chord(str(chord)))


class Point(OnScreen):
    """Clicks at a picture that is seen, or at a place of the window.
    画面に見える画像、またはウィンドウ内の位置をクリックする。"""

    verb: ClassVar[str] = "point"

    point: str | tuple[Later[int], Later[int]]
    """A picture file, or `[x, y]` in pixels from the window's left upper corner.
    画像ファイル、またはウィンドウ左上からの位置 `[x, y]`（ピクセル）。"""
    clicks: int = Field(1, ge=1, le=3)
    """2 for a double click.
    ダブルクリックなら 2。"""
    button: Literal["left", "right"] = "left"
    """`right` for the other mouse button.
    右クリックなら `right`。"""
    confidence: float = Field(0.95, gt=0.5, le=1)
    """How alike the picture must be, up to 1.
    画像がどのくらい一致すればよいか（最大 1）。"""

    def sentence(self) -> Sentence:
        at = self.point if isinstance(self.point, str) else f"({', '.join(map(str, self.point))})"
        return Sentence(en=f"click at {at}", ja=f"{at} をクリックする")

    async def run(self, context: Context) -> None:
        until = deadline(context)
        screen = await context.resource(Screen)
        window = await screen.be_there()
        if isinstance(self.point, str):
            x, y = await see_image(context, screen, self.point, until, self.confidence)
        else:
            x, y = window.x + int(self.point[0]), window.y + int(self.point[1])
        await screen.click(x, y, clicks=self.clicks, button=self.button)


async def _compare(context: Context, screen: Screen, text: str, *, whole: bool) -> None:
    """What the line holds now must be what was typed (or end with it)."""
    line = await copied(screen, "line", 2.0)
    if not line:
        context.note(
            Sentence(
                en="the program does not let the text be read back",
                ja="入力した文字を読み返せないプログラムです",
            )
        )
    elif line != text if whole else not line.endswith(text):
        raise ApplicationError(
            Sentence(
                en=f"“{text}” was typed, but the line reads “{line}”",
                ja=f"「{text}」と入力しましたが「{line}」になっています",
            ),
            sighting=await screen.sighting(text),
        )


def _chord(text: str) -> list[str]:
    """`Ctrl+S` → ctrl, s; the key + itself is written `+`, alone or last (`Ctrl++`)."""
    held, plus, _ = text.rpartition("++") if text.endswith("++") else (text, "", "")
    parts = ["+"] if text == "+" else [part.strip().lower() for part in held.split("+")] + ["+"] * bool(plus)
    return [_SPOKEN.get(part, part) for part in parts]


def _written(value: Any) -> str:
    return f"{value:f}" if hasattr(value, "as_tuple") else str(value)
