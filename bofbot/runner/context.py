"""What a verb is handed while it runs: the Context of action.py, made anew for each try of a step."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, TypeVar, cast

from bofbot.action import Effect, Item, Locks, Resource
from bofbot.errors import NeedsPerson, Place
from bofbot.events import Drift, Noted, Progress
from bofbot.files import fresh_path
from bofbot.known_pages import Memory
from bofbot.questions import Answer, Kind, Question
from bofbot.robot import Step
from bofbot.runner.asking import asked_at
from bofbot.runner.computing import compute
from bofbot.runner.memory import memory_of
from bofbot.runner.state import Run, Scope
from bofbot.scratch import Scratch
from bofbot.secret import Redactor, Secret
from bofbot.settings import Settings
from bofbot.words import Sentence

R = TypeVar("R", bound=Resource)


class StepContext:
    """One try of one step. `used` collects the resources it asked for: they are the witnesses when it fails."""

    def __init__(self, run: Run, step: Step, scope: Scope, effect: Effect, timeout: float) -> None:
        around = run.around
        self._run, self._step, self._scope = run, step, scope
        self.run_id: str = around.run_id
        self.robot_name: str = run.robot.name
        self.robot_folder: Path = scope.robot.file.parent
        self.work_folder: Path = around.work_folder
        self.evidence_folder: Path = around.folder
        self.scratch: Scratch = around.scratch
        self.settings: Settings = around.settings
        self.redact: Redactor = around.redact
        self.random: random.Random = around.dice
        self.clock: Callable[[], datetime] = around.clock
        self.sleep: Callable[[float], Awaitable[None]] = around.sleep
        self.step_path: str = step.path
        self.place: Place = step.place
        self.item: Item | None = scope.item
        self.effect: Effect = effect
        self.dry_run: bool = run.plan.dry_run
        self.timeout: float = timeout
        self.hosts: tuple[str, ...] = around.hosts
        self.base_url: str = str(compute(run.default("at", scope.robot), scope.names) or "")
        self.names: Mapping[str, Any] = scope.names
        self.step_name: str = run.title(step)
        self.memory: Memory = memory_of(run, step, scope)
        self.locks: Locks = around.locks
        self.used: list[Resource] = []
        self.bound: asyncio.Timeout | None = None
        """What ends the step in time."""

    async def resource(self, kind: type[R]) -> R:
        opened = self._run.resources.get(kind)
        if opened is None:
            opened = await self._run.open(kind, self)
            self._run.resources[kind] = opened
        working = opened.in_use
        if working not in self.used:
            self.used.append(working)
        return cast(R, working)

    def opened(self, kind: type[R]) -> R | None:
        opened = self._run.resources.get(kind)
        return cast("R | None", opened.in_use if opened else None)

    def secret(self, name: str) -> Mapping[str, Secret]:
        return self._run.secret(name)

    def reject_secret(self, name: str) -> None:
        self._run.around.secrets.burn(name)

    def path(self, text: str) -> Path:
        return self.work_folder / Path(text).expanduser()

    def evidence_file(self, name: str) -> Path:
        return fresh_path(self.evidence_folder, self.redact(name))

    def progress(self, done: int, total: int) -> None:
        self._run.emit(Progress, self._step, self._scope, done=done, total=total)

    def note(self, sentence: Sentence, level: str = "info", drift: Drift | None = None) -> None:
        self._run.emit(
            Noted,
            self._step,
            self._scope,
            sentence=sentence,
            level=cast(Literal["info", "warning"], level),
            drift=drift,
        )

    async def ask(self, question: Sentence, choices: tuple[str, ...] = (), secret: bool = False) -> str:
        kind: Kind = "secret" if secret else "choice" if choices else "text"
        return str((await self.put(Question(question, kind, tuple(choices)))).value)

    async def put(self, question: Question) -> Answer:
        asked, bound = asked_at(self._run, self._step, self._scope, question), self.bound
        end = bound.when() if bound else None
        if bound is None or end is None:
            return await self._run.around.ask(asked)
        loop = asyncio.get_running_loop()
        began = loop.time()
        bound.reschedule(None)  # a person takes as long as a person takes
        try:
            return await self._run.around.ask(asked)
        finally:
            bound.reschedule(end + loop.time() - began)

    async def tell(self, channel: str, title: str, body: str, attachments: tuple[Path, ...] = ()) -> None:
        await self._run.around.tell(channel, self.redact(title), self.redact(body), attachments)


class NoEffect:
    """For the verbs that have none: arming is a fault of the verb's author."""

    armed = False

    def arm(self, request: Mapping[str, str]) -> None:
        raise NeedsPerson(
            Sentence(
                en="only a verb with `effect = True` may send something that changes other books",
                ja="`effect = True` の動詞だけが、相手の帳簿を変える送信を行えます",
            )
        )
