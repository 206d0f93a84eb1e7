"""What a step may know of its pages: the run's learning, bound to one try of one step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from bofbot.known_pages import Learnt, page_pattern
from bofbot.robot import Step
from bofbot.runner.state import Run, Scope


@dataclass(frozen=True, slots=True)
class StepMemory:
    """A `Memory`. Labels that were computed from data are neither learned nor known: each is another."""

    run: Run
    step: Step
    item: str
    strict: bool

    @property
    def robot(self) -> str:
        return str(self.run.robot.file)

    def known(self, label: str, page: str) -> Mapping[str, Any] | None:
        learning = self.run.around.learning
        return learning.known(self._key(label, page)) if learning and self._is_written(label) else None

    def others(self, page: str) -> tuple[str, ...]:
        learning = self.run.around.learning
        return learning.labels(self._pattern(page)) if learning else ()

    def seen(self, label: str, page: str, signals: Mapping[str, Any] | None) -> None:
        learning = self.run.around.learning
        if learning and self._is_written(label):
            learning.seen(self._key(label, page), self.item, signals)

    def follows(self, label: str, page: str) -> str:
        return self.run.followed.get(self._key(label, page), "")

    def followed(self, label: str, page: str, words: str) -> None:
        self.run.followed[self._key(label, page)] = words

    def first(self, *what: str) -> bool:
        whole = (self.step.place.file, self.step.path, *what)
        if whole in self.run.told:
            return False
        self.run.told.add(whole)
        return True

    def _key(self, label: str, page: str) -> Learnt:
        return Learnt(PurePath(self.step.place.file).name, self.step.path, label, self._pattern(page))

    def _pattern(self, page: str) -> str:
        return page_pattern(self.run.around.redact(page))

    def _is_written(self, label: str) -> bool:
        """Do the words stand in the robot, rather than being made of a row's values?"""
        said = getattr(self.step.verb, self.step.verb.verb, None)
        return label in said if isinstance(said, Mapping) else type(said) is str and said == label


def memory_of(run: Run, step: Step, scope: Scope) -> StepMemory:
    """The memory of one try of a step."""
    item = scope.item
    strict = "stop" in (
        run.default("drift", scope.robot),
        run.robot.defaults.get("drift"),
        run.around.settings.drift,
    )
    return StepMemory(run, step, (item.key or f"#{item.index}") if item else "", strict)
