"""What a story tells of: a step, an item, frames of a film, and all that was said about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from bofbot.events import (
    Evidence,
    Failure,
    Filmed,
    ItemState,
    Noted,
    Progress,
    StepEvent,
    StepFailed,
    StepFinished,
    StepRetried,
    StepSkipped,
)

StepState = Literal["running", "done", "failed", "skipped", "interrupted"]


@dataclass(slots=True, eq=False)
class ItemTold:
    """One item of a loop. The steps of items that went well are not kept: there may be ten thousand."""

    key: str
    index: int
    row: int
    state: ItemState | Literal["running", "interrupted"] = "running"
    seconds: float = 0.0
    receipt: str = ""
    failure: Failure | None = None
    retries: int = 0
    steps: list[StepTold] = field(default_factory=list)
    entered: dict[str, str] = field(default_factory=dict)
    """In a dry run: the fields that were filled, as the page showed them."""
    would_send: list[Mapping[str, str]] = field(default_factory=list)
    """In a dry run: the requests that were held back."""

    @property
    def culprit(self) -> StepTold | None:
        """The step at which the item failed."""
        return next((step for step in reversed(list(walk(self.steps))) if step.failure), None)


@dataclass(slots=True, eq=False)
class StepTold:
    """One step, and all that was said about it."""

    first: StepEvent
    state: StepState = "running"
    end: StepFinished | StepFailed | StepSkipped | None = None
    retries: list[StepRetried] = field(default_factory=list)
    notes: list[Noted] = field(default_factory=list)
    total: int | None = None
    """How many items the loop has; None when it is no loop."""
    items: list[ItemTold] = field(default_factory=list)
    item_warnings: list[tuple[ItemTold, Noted]] = field(default_factory=list)
    progress: Progress | None = None
    totals: Mapping[str, Mapping[str, str]] | None = None
    """What a loop with `control` came to."""
    steps: list[StepTold] = field(default_factory=list)

    @property
    def failure(self) -> Failure | None:
        return self.end.failure if isinstance(self.end, StepFailed) else None

    @property
    def seconds(self) -> float | None:
        return self.end.seconds if isinstance(self.end, StepFinished | StepFailed) else None

    def count(self, *states: str) -> int:
        return sum(item.state in states for item in self.items)

    @property
    def only_waits(self) -> bool:
        """Nothing failed, but it waits for a person, or items do."""
        asks = self.failure is not None and self.failure.kind == "person"
        if self.total is None:
            return asks
        return bool(self.failed_items) and not self.count("failed") and (asks or self.state != "failed")

    @property
    def failed_items(self) -> list[ItemTold]:
        """Items that somebody must look at."""
        return [item for item in self.items if item.state in ("failed", "waiting")]


@dataclass(frozen=True, slots=True, eq=False)
class FilmTold:
    """Frames that were kept, the step that told of them, and the item it belongs to."""

    event: Filmed
    step: StepTold
    item: ItemTold | None


def walk(steps: Iterable[StepTold]) -> Iterator[StepTold]:
    """Every step, inner ones and those of kept items included, in the order they were played."""
    for step in steps:
        yield step
        for item in step.items:
            yield from walk(item.steps)
        yield from walk(step.steps)


def is_failed(step: StepTold) -> bool:
    """Did it fail, or did any of its items?"""
    tolerated = isinstance(step.end, StepFailed) and step.end.tolerated and step.total is None
    return (step.state == "failed" and not tolerated) or bool(step.failed_items)


def left_behind(step: StepTold) -> tuple[Evidence, ...]:
    """Pictures and files of a step that went well."""
    return step.end.evidence if isinstance(step.end, StepFinished) else ()
