"""The verbs of the desktop: program, window, type_text, keys, point, see, copy."""

from __future__ import annotations

import os
import shlex
from typing import Any, ClassVar, Literal

from pydantic import Field, field_validator

from bofbot.action import Action, Context, Later, Result, Scalar, Touch
from bofbot.actions.desktop.waits import deadline, see_copied, see_image, see_window
from bofbot.adapters.screen import Screen
from bofbot.errors import ApplicationError, BusinessError, NotReady
from bofbot.secret import Secret
from bofbot.values.bad_value import BadValue
from bofbot.values.types import read_value as typed
from bofbot.words import Sentence

_IMAGES = (".png", ".jpg", ".jpeg", ".bmp")
_SPOKEN = {"control": "ctrl", "return": "enter", "escape": "esc", "cmd": "command", "windows": "win"}


class OnScreen(Action):
    """A verb that works on the screen. A dry run leaves it out: no gate stands between a program and the world."""

    repeatable: ClassVar[bool] = False
    rehearsed: ClassVar[bool] = False


class Program(OnScreen):
    """Starts a program and waits for its window; it ends with the run.
    プログラムを起動し、ウィンドウが現れるまで待つ。実行が終わるとプログラムも終了する。"""

    verb: ClassVar[str] = "program"

    program: tuple[Later[str], ...] | str
    """The program and its arguments, as a line or a list.
    プログラムと引数（1行、またはリスト）。"""
    window: str = ""
    """The title (or a part of it) of the window that must appear.
    現れるはずのウィンドウのタイトル（一部でもよい）。"""

    def sentence(self) -> Sentence:
        return Sentence(en=f"start {self._line()}", ja=f"{self._line()} を起動する")

    def touches(self) -> tuple[Touch, ...]:
        return (Touch("opens", self._line()),)

    def _line(self) -> str:
        return self.program if isinstance(self.program, str) else " ".join(map(str, self.program))

    async def run(self, context: Context) -> Result | None:
        until = deadline(context)
        screen = await context.resource(Screen)
        words = (
            self.program
            if not isinstance(self.program, str)
            else shlex.split(self.program, posix=os.name == "posix")
        )
        try:
            process = await screen.display.start([str(word) for word in words], folder=context.work_folder)
        except (OSError, IndexError) as absent:
            raise NotReady(
                Sentence(
                    en=f"{self._line()} cannot be started: {_why(absent)}",
                    ja=f"{self._line()} を起動できません：{_why(absent)}",
                ),
                fix=Sentence(en="check the name and the path", ja="名前とパスを確認してください"),
            ) from None
        if self.window:
            found = await see_window(
                context, screen, self.window, until, lives=lambda: process.returncode is None
            )
            await screen.bring_forward(found)
        return None


class WindowVerb(OnScreen):
    """Waits for a window and brings it to the front; what is typed from here on goes there and nowhere else.
    ウィンドウが現れるのを待って前面に出す。以降の入力はこのウィンドウだけに行う。"""

    verb: ClassVar[str] = "window"
    repeatable: ClassVar[bool] = True

    window: str
    """The title, or a part of it that only this window has.
    タイトル（ほかのウィンドウにない一部でもよい）。"""

    def sentence(self) -> Sentence:
        return Sentence(en=f"go to the window “{self.window}”", ja=f"ウィンドウ「{self.window}」を前面に出す")

    async def run(self, context: Context) -> Result:
        until = deadline(context)
        screen = await context.resource(Screen)
        found = await see_window(context, screen, self.window, until)
        await screen.bring_forward(found)
        return Result(summary=Sentence.same(context.redact(found.title)))


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


class See(OnScreen):
    """Waits until a picture or a window is seen (or is gone).
    画像またはウィンドウが見える（または消える）まで待つ。"""

    verb: ClassVar[str] = "see"
    repeatable: ClassVar[bool] = True

    see: str
    """A picture file (.png), or a window's title or a part of it.
    画像ファイル（.png）、またはウィンドウのタイトル（一部でもよい）。"""
    seen: bool = True
    """`false`: it must be gone.
    `false` なら消えるまで待つ。"""
    confidence: float = Field(0.95, gt=0.5, le=1)
    """How alike the picture must be, up to 1.
    画像がどのくらい一致すればよいか（最大 1）。"""

    def sentence(self) -> Sentence:
        if self.seen is False:
            return Sentence(en=f"wait until “{self.see}” is gone", ja=f"「{self.see}」が消えるまで待つ")
        return Sentence(en=f"wait until “{self.see}” is seen", ja=f"「{self.see}」が見えるまで待つ")

    async def run(self, context: Context) -> None:
        until = deadline(context)
        screen = await context.resource(Screen)
        if self.see.lower().endswith(_IMAGES):
            await see_image(context, screen, self.see, until, self.confidence, there=self.seen)
        else:
            await see_window(context, screen, self.see, until, there=self.seen)


class Copy(OnScreen):
    """Reads text from the window by copying it.
    ウィンドウの文字をコピーして読み取る。"""

    verb: ClassVar[str] = "copy"
    saves: ClassVar[str] = "the text, or the value of the type"
    repeatable: ClassVar[bool] = True

    copy_: Literal["selected", "line", "all", "clipboard"] = Field("selected", alias="copy")
    """`selected`, `line` (the cursor's line), `all`, or `clipboard` (what is on it already).
    `selected`（選択部分）、`line`（カーソルの行）、`all`（すべて）、`clipboard`（すでにコピーされたもの）。"""
    type: str = "text"
    """The type of the value: text, code, number, yen, date, …
    値の型（text、code、number、yen、date など）。"""

    @field_validator("type", mode="after")
    @classmethod
    def _type_exists(cls, value: Any) -> Any:
        from bofbot.actions.pages.seen_table import known_types

        return known_types(value)

    def sentence(self) -> Sentence:
        return Sentence(en=f"copy ({self.copy_})", ja=f"文字をコピーして読み取る（{self.copy_}）")

    async def run(self, context: Context) -> Result:
        screen = await context.resource(Screen)
        if self.copy_ == "clipboard":
            text = await screen.copied()
        else:
            await screen.be_there()
            text = await _copied(screen, self.copy_)
        if not text:
            raise ApplicationError(
                Sentence(en="nothing could be copied", ja="コピーできる文字がありませんでした"),
                sighting=await screen.sighting(),
            )
        try:
            value = typed(self.type, text, today=context.clock().date())
        except BadValue as error:
            raise BusinessError(
                Sentence(en=f"the copied text: {error.reason.en}", ja=f"コピーした文字：{error.reason.ja}")
            ) from None
        return Result(value, summary=Sentence.same(context.redact(text)))


_UNTOUCHED = "\u2063bofbot\u2063"
"""What stands on the clipboard before a copy: whoever finds it afterwards knows that nothing was copied."""


async def _copied(screen: Screen, what: str, longest: float = 5.0) -> str:
    """The selected text, the cursor's line or all of it; "" when the program gives nothing within `longest` seconds."""
    before = "" if screen.display.own else await screen.copied()
    await screen.copy(_UNTOUCHED)
    if what == "line":
        await screen.press("end")
        await screen.press("shift", "home")
    elif what == "all":
        await screen.press("ctrl", "a")
    await screen.press("ctrl", "c")
    text = await see_copied(screen, _UNTOUCHED, longest)
    if what == "line":
        await screen.press("end")
    if before:
        await screen.copy(before)
    return text


async def _compare(context: Context, screen: Screen, text: str, *, whole: bool) -> None:
    """What the line holds now must be what was typed (or end with it)."""
    line = await _copied(screen, "line", 2.0)
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
    """`Ctrl+S` → ctrl, s; the key + itself is written `+`."""
    parts = ["+"] if text == "+" else [part.strip().lower() for part in text.split("+")]
    return [_SPOKEN.get(part, part) for part in parts]


def _written(value: Any) -> str:
    return f"{value:f}" if hasattr(value, "as_tuple") else str(value)


def _why(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else "—"
