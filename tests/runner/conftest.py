"""A small office in memory, and trial verbs, to play robots written in the tests."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Self

import pytest

from bofbot.action import Action, Context, Finding, Resource, Result, Scalar
from bofbot.actions import VerbTable
from bofbot.errors import ApplicationError, BusinessError, NeedsPerson
from bofbot.events import Event, RunFinished
from bofbot.language.loader import load_robot
from bofbot.plan import Extent, make_plan
from bofbot.runner import Surroundings, play
from bofbot.scratch import Scratch
from bofbot.secret import Redactor, Secret
from bofbot.settings import Settings
from bofbot.store import Store, open_store
from bofbot.words import Sentence


@dataclass
class World:
    """What the trial verbs see and do: the outside world of a test."""

    said: list[str] = field(default_factory=list)
    booked: list[str] = field(default_factory=list)
    """Keys that were really booked."""
    failures: dict[str, list[BaseException]] = field(default_factory=dict)
    """Word → exceptions to raise, one a call, before the word is said or sent."""
    after: dict[str, list[BaseException]] = field(default_factory=dict)
    """Key → exceptions to raise after it was booked."""
    slept: list[float] = field(default_factory=list)
    told: list[tuple[str, str]] = field(default_factory=list)
    can_look: bool = False
    """May `send` look up what became of an earlier one?"""
    burnt: list[str] = field(default_factory=list)
    lingering: asyncio.Event = field(default_factory=asyncio.Event)

    def meet(self, word: str, planned: dict[str, list[BaseException]] | None = None) -> None:
        waiting = (self.failures if planned is None else planned).get(word)
        if waiting:
            raise waiting.pop(0)


WORLD = World()


class Say(Action):
    """Says a word.
    言葉を言う。"""

    verb: ClassVar[str] = "say"
    saves: ClassVar[str] = "the word"
    takes_secrets: ClassVar[frozenset[str]] = frozenset({"say"})
    say: Scalar
    """The word.
    言葉。"""

    async def foresee(self, context: Context) -> None:
        assert context.item is not None
        WORLD.meet(f"foresee {self.say}")

    async def run(self, context: Context) -> Result:
        WORLD.meet(str(self.say))
        WORLD.said.append(str(self.say))
        return Result(self.say)


class Send(Action):
    """Sends a key to the world's book.
    帳簿に登録する。"""

    verb: ClassVar[str] = "send"
    effect: ClassVar[bool] = True
    send: Scalar
    """The key.
    キー。"""
    key: Scalar = None
    """As `submit` has it.
    `submit` と同じ。"""

    async def look_up(self, context: Context, *, since: datetime, fenced: bool) -> Finding | None:
        if not WORLD.can_look:
            return None
        if str(self.send) in WORLD.booked:
            return Finding("done", Sentence.same("it is there"), receipt=f"R-{self.send}")
        return Finding("absent" if fenced else "unknown", Sentence.same("it is not there"))

    def names_made(self) -> tuple[str, ...]:
        return ("receipt",)

    async def run(self, context: Context) -> Result:
        key = str(self.send)
        WORLD.meet(key)
        if context.dry_run:
            return Result()
        context.effect.arm({"method": "POST", "url": "https://example.invalid/book"})
        WORLD.booked.append(key)
        WORLD.meet(key, WORLD.after)
        return Result(names={"receipt": f"R-{key}"})


class Linger(Action):
    """Lingers for ever.
    いつまでも終わらない。"""

    verb: ClassVar[str] = "linger"
    linger: Scalar = ""
    """Anything.
    なんでも。"""

    async def run(self, context: Context) -> Result:
        WORLD.said.append("lingering")
        WORLD.lingering.set()
        await asyncio.Event().wait()
        return Result()


class Door(Resource):
    """A resource that takes its time to close."""

    @classmethod
    async def open(cls, context: Context) -> Self:
        return cls()

    async def close(self) -> None:
        WORLD.lingering.set()
        await asyncio.sleep(0.05)
        WORLD.said.append("closed")


class Enter(Action):
    """Opens the door.
    扉を開ける。"""

    verb: ClassVar[str] = "enter"
    enter: Scalar = ""
    """Anything.
    なんでも。"""

    async def run(self, context: Context) -> Result:
        await context.resource(Door)
        return Result()


class TrialVerbs(VerbTable):
    """The real verbs and the trial ones."""

    own: ClassVar[dict[str, Any]] = {"say": Say, "send": Send, "linger": Linger, "enter": Enter}

    def get(self, name: str) -> Any:
        return self.own.get(name) or super().get(name)

    def names(self) -> tuple[str, ...]:
        return (*super().names(), *self.own)


class NoSecrets:
    """A vault that holds one secret."""

    def get(self, name: str) -> dict[str, Secret]:
        return {"user": Secret("hanako", name), "password": Secret("s3cret-words", name)}

    def burn(self, name: str) -> None:
        WORLD.burnt.append(name)


@dataclass
class Stage:
    """Plays robots and keeps what happened."""

    folder: Path
    store: Store
    events: list[Event] = field(default_factory=list)
    settings: Settings = field(default_factory=Settings)
    approved: dict[str, dict[str, str]] = field(default_factory=dict)

    def robot(self, text: str, name: str = "試験") -> Any:
        file = self.folder / f"{name}.yaml"
        head = f"bofbot: 1\nname: {name}\nowner: 経理部\npurpose: 試す\n"
        file.write_text(head + text, encoding="utf-8")
        return load_robot(file, TrialVerbs())

    async def play(self, robot: Any, extent: Extent | None = None, **given: str) -> RunFinished:
        clock = Surroundings.__dataclass_fields__["clock"].default
        plan = make_plan(robot, given, clock, extent)
        return await play(plan, self.around())

    def around(self) -> Surroundings:
        run_id = self.store.journal.new_run_id(Surroundings.__dataclass_fields__["clock"].default())
        (self.folder / run_id).mkdir()
        return Surroundings(
            run_id=run_id,
            folder=self.folder / run_id,
            work_folder=self.folder,
            scratch=Scratch(self.folder / run_id / "scratch", self.folder / run_id / "scratch.json"),
            settings=self.settings,
            ledger=self.store.ledger,
            emit=self.events.append,
            secrets=NoSecrets(),
            tell=self._tell,
            ask=self._ask,
            redact=Redactor(),
            owner=self.store.owner,
            approved=self.approved,
            language="en",
            sleep=self._sleep,
            dice=random.Random(1),
        )

    def clock(self) -> datetime:
        return datetime.now().astimezone()

    async def _sleep(self, seconds: float) -> None:
        WORLD.slept.append(seconds)
        await asyncio.sleep(0)

    async def _tell(self, channel: str, title: str, body: str, attachments: tuple[Path, ...]) -> None:
        WORLD.told.append((channel, body))

    async def _ask(self, question: Sentence, choices: tuple[str, ...], secret: bool) -> str:
        raise NeedsPerson(question)

    def owner_dies(self) -> None:
        """From now on, the process that played before counts as dead."""
        self.store.ledger._dead = self.store.ledger._gone = lambda owner: True

    def of(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]


@pytest.fixture
def world() -> World:
    WORLD.__init__()  # type: ignore[misc]
    return WORLD


@pytest.fixture
def stage(tmp_path: Path, world: World) -> Any:
    with open_store(":memory:") as store:
        yield Stage(tmp_path, store)


def down(text: str = "the site does not answer") -> ApplicationError:
    return ApplicationError(Sentence.same(text))


def refused(text: str = "over the budget") -> BusinessError:
    return BusinessError(Sentence.same(text))


Make = Callable[[], BaseException]
