"""The verbs of programs and their windows: program, window."""

from __future__ import annotations

import os
import shlex
from typing import ClassVar

from bofbot.action import Context, Later, Result, Touch
from bofbot.actions.desktop.on_screen import OnScreen
from bofbot.actions.desktop.waits import deadline, see_window
from bofbot.adapters.screen import Screen
from bofbot.errors import NotReady
from bofbot.words import Sentence


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


def _why(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else "—"
