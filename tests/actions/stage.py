"""A small real Context for tests of verbs: real folders, a real clock, nothing pretended but the run around it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from bofbot.action import Item, Locks, OneMachine, Resource
from bofbot.errors import NeedsPerson, NotReady, Place
from bofbot.files import fresh_path
from bofbot.questions import Answer, Question
from bofbot.scratch import Scratch
from bofbot.secret import Redactor, Secret
from bofbot.settings import Settings
from bofbot.words import Sentence

R = TypeVar("R", bound=Resource)


class NoEffect:
    """The effect of a verb that has none: arming it is a fault of the verb."""

    armed = False

    def arm(self, request: Mapping[str, str]) -> None:
        raise AssertionError(f"a verb without an effect armed one: {request}")


class NoMemory:
    """The memory of a robot's first run."""

    strict = False
    robot = "robots/試験.yaml"

    def known(self, label: str, page: str) -> None: ...
    def others(self, page: str) -> tuple[str, ...]:
        return ()

    def seen(self, label: str, page: str, signals: Any) -> None: ...
    def follows(self, label: str, page: str) -> str:
        return ""

    def followed(self, label: str, page: str, words: str) -> None: ...
    def first(self, *what: str) -> bool:
        return True


@dataclass
class Stage:
    """Hand it to `verb.run(stage)`; afterwards look at what was noted, told and reported."""

    work_folder: Path
    secrets: dict[str, dict[str, Secret]] = field(default_factory=dict)
    answers: list[str] = field(default_factory=list)
    """What a person would answer, in order; empty: nobody can be asked."""
    item: Item | None = None
    names: dict[str, Any] = field(default_factory=dict)
    dry_run: bool = False
    timeout: float = 30.0
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost")
    base_url: str = ""
    locks: Locks = field(default_factory=OneMachine)
    settings: Settings = field(default_factory=Settings)
    effect: Any = field(default_factory=NoEffect)
    run_id: str = "1"
    robot_name: str = "試験"
    step_name: str = "手順"
    step_path: str = "1"
    place: Place = field(default_factory=lambda: Place("robots/試験.yaml", 1, 1))
    notes: list[tuple[Sentence, str]] = field(default_factory=list)
    told: list[tuple[str, str, str, tuple[Path, ...]]] = field(default_factory=list)
    advances: list[tuple[int, int]] = field(default_factory=list)
    rejected: list[str] = field(default_factory=list)

    memory: Any = field(default_factory=NoMemory)
    drifts: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.robot_folder = self.work_folder / "robots"
        self.evidence_folder = self.work_folder / "logs" / self.run_id
        self.evidence_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.redact = Redactor(secret for fields in self.secrets.values() for secret in fields.values())
        self.scratch = Scratch(self.work_folder / "scratch", self.work_folder / "scratch.json")
        self.scratch.folder.mkdir(exist_ok=True)
        self.random = random.Random(1)
        self._resources: dict[type[Resource], Resource] = {}

    def clock(self) -> datetime:
        return datetime.now().astimezone()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def resource(self, kind: type[R]) -> R:
        if kind not in self._resources:
            self._resources[kind] = await kind.open(self)
        found = self._resources[kind].in_use
        assert isinstance(found, kind)
        return found

    def opened(self, kind: type[R]) -> R | None:
        opened = self._resources.get(kind)
        found = opened.in_use if opened else None
        return found if isinstance(found, kind) else None

    async def close(self) -> None:
        """Close what was opened, the last first."""
        while self._resources:
            await self._resources.popitem()[1].close()

    def secret(self, name: str) -> Mapping[str, Secret]:
        if name not in self.secrets:
            raise NotReady(Sentence.same(f"no secret {name}"))
        return self.secrets[name]

    def reject_secret(self, name: str) -> None:
        self.rejected.append(name)

    def path(self, text: str) -> Path:
        return self.work_folder / Path(text).expanduser()

    def evidence_file(self, name: str) -> Path:
        return fresh_path(self.evidence_folder, name)

    def progress(self, done: int, total: int) -> None:
        self.advances.append((done, total))

    def note(self, sentence: Sentence, level: str = "info", drift: Any = None) -> None:
        self.notes.append((sentence, level))
        if drift:
            self.drifts.append(drift)

    async def ask(self, question: Sentence, choices: tuple[str, ...] = (), secret: bool = False) -> str:
        if not self.answers:
            raise NeedsPerson(question)
        return self.answers.pop(0)

    async def put(self, question: Question) -> Answer:
        return Answer(await self.ask(question.said, question.choices, question.kind == "secret"), "somebody")

    async def tell(self, channel: str, title: str, body: str, attachments: tuple[Path, ...] = ()) -> None:
        self.told.append((channel, title, body, attachments))
