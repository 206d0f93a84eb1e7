"""A whole run without a browser, small enough to be stopped at each of its system calls: a real office, ledger and
journal, a table that is read and written back, and one effect per item by plain HTTP.

python player.py — reads `FOLDER HOST ACKS`; ACKS is a file that is told, in one write each, what the ledger has
acknowledged."""

from __future__ import annotations

import asyncio
import http.client
import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from bofbot.action import Action, Context, Finding, Result, Scalar, Verb
from bofbot.actions import VerbTable
from bofbot.errors import ApplicationError, BofbotError
from bofbot.events import EffectChanged, Event, RunFinished
from bofbot.language.loader import load_robot
from bofbot.office import Office
from bofbot.plan import make_plan
from bofbot.store import open_store
from bofbot.words import Sentence

NAME = "小口の登録"
ROBOT = """bofbot: 1
name: 小口の登録
owner: 経理部
purpose: 試験
inputs:
  host: {type: text}
steps:
  - read_table: 小口.csv
    encoding: cp932
    columns: {番号: code, 金額: yen}
    save_as: rows
  - for_each: ${rows}
    as: row
    key: ${row.番号}
    on_error: collect
    steps:
      - post: ${row.番号}
        host: ${inputs.host}
      - write_back: {受付番号: "${receipt}"}
"""


class Post(Action):
    """Posts a key to a book.
    帳簿に登録する。"""

    verb: ClassVar[str] = "post"
    effect: ClassVar[bool] = True

    post: Scalar
    """The key.
    キー。"""
    host: Scalar = ""
    """Where.
    宛先。"""

    def names_made(self) -> tuple[str, ...]:
        return ("receipt",)

    async def look_up(self, context: Context, *, since: datetime, fenced: bool) -> Finding | None:
        try:
            status, answer = self._asked("GET", f"/book/{self.post}")
        except OSError:
            return None
        if status == 200:
            return Finding("done", Sentence.same("it is there"), receipt=answer)
        return Finding("absent" if fenced else "unknown", Sentence.same("it is not there"))

    async def run(self, context: Context) -> Result:
        context.effect.arm({"method": "POST", "url": f"http://{self.host}/book/{self.post}"})
        try:
            status, answer = self._asked("POST", f"/book/{self.post}")
        except OSError as error:
            raise ApplicationError(Sentence.same(str(error))) from error
        if status != 200:
            raise ApplicationError(Sentence.same(f"answer {status}"))
        return Result(names={"receipt": answer})

    def _asked(self, method: str, path: str) -> tuple[int, str]:
        line = http.client.HTTPConnection(str(self.host), timeout=10)
        try:
            line.request(method, path)
            answer = line.getresponse()
            return answer.status, answer.read().decode()
        finally:
            line.close()


def prepare(folder: Path, items: int) -> list[str]:
    """A fresh office with a table of so many items. Their keys."""
    folder.mkdir(parents=True)
    keys = [f"P-{number:03d}" for number in range(1, items + 1)]
    lines = ["番号,金額,受付番号", *(f"{key},1200," for key in keys)]
    (folder / "小口.csv").write_text("\n".join(lines) + "\n", encoding="cp932")
    (folder / "robot.yaml").write_text(ROBOT, encoding="utf-8")
    return keys


def play(folder: Path, host: str, told: Callable[[Event], None] = lambda _: None) -> RunFinished:
    """Play the robot once. Raises what keeps an office from opening."""
    plan = make_plan(load_robot(folder / "robot.yaml", Verbs()), {"host": host}, Office.clock)
    with Office.at(folder) as office:
        return asyncio.run(office.play(plan, (Told(told),)))


class Verbs(VerbTable):
    """The real verbs, and `post`."""

    def get(self, name: str) -> type[Verb] | None:
        return Post if name == Post.verb else super().get(name)


class Told:
    """A sink that hands each event on."""

    def __init__(self, told: Callable[[Event], None]) -> None:
        self._told = told

    def __call__(self, event: Event) -> None:
        self._told(event)

    def close(self) -> None: ...


def played(folder: Path, host: str, acks: str) -> int:
    """Play as a process of its own would: the exit code."""
    told = os.open(acks, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def tell(event: Event) -> None:
        if isinstance(event, EffectChanged):
            os.write(told, f"{event.item} {event.state}\n".encode())

    try:
        return play(folder, host, tell).exit_code
    except BofbotError as error:
        return error.exit_code


def main() -> None:
    """For each line `FOLDER HOST ACKS` a child of its own, which stops before it begins: whoever wants to trace it
    does, then lets it go on. Its pid is printed at its birth, its status at its end."""
    with open_store(":memory:"):
        pass  # everything is imported once, so that a child only plays
    for line in sys.stdin:
        if pid := os.fork():
            sys.stdout.write(f"{pid}\n")
            sys.stdout.flush()
            sys.stdout.write(f"{os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}\n")
            sys.stdout.flush()
        else:
            os.kill(os.getpid(), signal.SIGSTOP)
            folder, host, acks = line.split()
            os._exit(played(Path(folder), host, acks))


if __name__ == "__main__":
    main()
