"""Trial verbs for workers that are killed: each leaves one line outside, written in a single call, which no kill can halve."""

from __future__ import annotations

import fcntl
import os
import random
import time
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from bofbot.action import Action, Context, Finding, Result, Scalar
from bofbot.words import Sentence

VERBS = {
    "book": "tests.engine.trial:Book",
    "hold": "tests.engine.trial:Hold",
    "mention": "tests.engine.trial:Mention",
}


def outside() -> Path:
    return Path(os.environ["BOFBOT_TRIAL"])


def leave(what: str, of: Any) -> None:
    """One line: what happened, of which order or key, by whom, and when on the clock that all processes share."""
    line = f"{what}\t{of}\t{os.getpid()}\t{time.monotonic():.4f}\n"
    descriptor = os.open(outside() / "lines", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    os.write(descriptor, line.encode())
    os.close(descriptor)


def _dawdle() -> None:
    time.sleep(random.random() * float(os.environ.get("BOFBOT_TRIAL_DAWDLE", "0.03")))


class Book(Action):
    """Books a key for good.
    登録する。"""

    verb: ClassVar[str] = "book"
    effect: ClassVar[bool] = True
    book: Scalar
    """The key.
    キー。"""

    def names_made(self) -> tuple[str, ...]:
        return ("receipt",)

    async def look_up(self, context: Context, *, since: datetime, fenced: bool) -> Finding | None:
        lines = (outside() / "lines").read_text().splitlines()
        if any(line.startswith(f"booked\t{self.book}\t") for line in lines):
            return Finding("done", Sentence.same("it is there"), receipt=f"R-{self.book}")
        return Finding("absent" if fenced else "unknown", Sentence.same("it is not there"))

    async def run(self, context: Context) -> Result:
        _dawdle()
        context.effect.arm({"method": "POST", "url": "https://example.invalid/book"})
        _dawdle()
        leave("booked", self.book)
        _dawdle()
        return Result(names={"receipt": f"R-{self.book}"})


class Hold(Action):
    """Logs in to an account that bears one session; says so when there is another.
    ログインする。"""

    verb: ClassVar[str] = "hold"
    hold: Scalar
    """The account.
    アカウント。"""

    async def run(self, context: Context) -> Result:
        file = (outside() / f"account {self.hold}").open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            leave("overlap", self.hold)
        _HELD.append(file)
        leave("held", self.hold)
        return Result()


_HELD: list[Any] = []


class Mention(Action):
    """Tells the outside something that must not be told twice; `go` ends the session.
    知らせる。"""

    verb: ClassVar[str] = "mention"
    repeatable: ClassVar[bool] = False
    mention: Scalar
    """What.
    内容。"""

    async def run(self, context: Context) -> Result:
        leave("mentioned", self.mention)
        if str(self.mention).startswith("bye"):
            while _HELD:
                _HELD.pop().close()
        return Result()
