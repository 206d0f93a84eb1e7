"""Events → the story of a run: its steps as a tree, with items, tries and failures where they belong.

The one place that knows how events nest; screen, report and `show` read the same story."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bofbot.events import (
    EffectChanged,
    Event,
    Filmed,
    ItemFinished,
    ItemsStarted,
    ItemStarted,
    ItemsTotalled,
    Noted,
    Progress,
    RunFinished,
    RunStarted,
    StepEvent,
    StepFailed,
    StepFinished,
    StepRetried,
    StepSkipped,
    StepStarted,
)
from bofbot.sinks.told import FilmTold, ItemTold, StepState, StepTold, is_failed, left_behind, walk


@dataclass(slots=True)
class Story:
    """A run as it was told so far."""

    started: RunStarted | None = None
    finished: RunFinished | None = None
    last_at: datetime | None = None
    steps: list[StepTold] = field(default_factory=list)
    retries: int = 0
    warnings: int = 0
    films: list[FilmTold] = field(default_factory=list)
    ended: list[tuple[StepTold, tuple[StepTold, ...]]] = field(default_factory=list)
    """The steps that the last event ended, each with the steps around it."""
    _open: list[StepTold] = field(default_factory=list)

    def add(self, event: Event) -> StepTold | None:
        """Take in the next event. Returns the step it belongs to."""
        self.last_at = event.at
        self.ended = []
        match event:
            case RunStarted():
                self.started = event
                return None
            case RunFinished():
                self._close_down_to(0)
                self.finished = event
                return None
        self._close_down_to(self._depth(event))
        step = self._open[-1] if self._open and _same(self._open[-1], event) else self._begin(event)
        self._tell(step, event)
        return step

    @property
    def open_steps(self) -> tuple[StepTold, ...]:
        """From the outermost to the one at work."""
        return tuple(self._open)

    @property
    def loop(self) -> StepTold | None:
        """The outermost loop at work."""
        return next((step for step in self._open if step.total is not None), None)

    @property
    def cause(self) -> StepTold | None:
        """The first failed step that was not tolerated on its own; what failed later may be its consequence."""
        return next((step for step in self.steps if is_failed(step)), None)

    def all_steps(self) -> Iterator[StepTold]:
        return walk(self.steps)

    @property
    def not_played(self) -> int:
        """How many items a loop had left when it failed: `retry` would pass them over, `resume` does not."""
        if self.finished is None or self.finished.outcome != "failed":
            return 0
        return sum(
            max(step.total - len(step.items), 0) for step in self.all_steps() if step.total is not None
        )

    def _depth(self, event: StepEvent) -> int:
        """How many of the open steps hold this event, or are it."""
        for depth, step in enumerate(self._open):
            if _same(step, event):
                return depth + 1
            if not self._holds(depth, event):
                return depth
        return len(self._open)

    def _holds(self, depth: int, event: StepEvent) -> bool:
        first = self._open[depth].first
        if event.place.file == first.place.file:
            return event.step.startswith(f"{first.step}.")
        # The steps of a part stand in another file and count from 1 there.
        return any(step.first.verb == "use" for step in self._open[depth:])

    def _begin(self, event: StepEvent) -> StepTold:
        step = StepTold(event)
        if not self._open:
            self.steps.append(step)
        else:
            around = self._open[-1]
            item = around.items[-1] if around.items else None
            (item.steps if item and item.state == "running" else around.steps).append(step)
        self._open.append(step)
        return step

    def _tell(self, step: StepTold, event: StepEvent) -> None:
        match event:
            case ItemsStarted():
                step.total = event.total
            case ItemStarted():
                step.items.append(ItemTold(event.item, event.index, event.row))
            case ItemFinished():
                _end_item(step, event)
            case ItemsTotalled():
                step.totals = event.totals
            case Progress():
                step.progress = event
            case Noted():
                step.notes.append(event)
                self.warnings += event.level == "warning"
            case StepRetried():
                step.retries.append(event)
                self.retries += 1
                self._count_retry()
            case StepFinished() | StepFailed() | StepSkipped():
                step.end = event
                states: dict[type[StepEvent], StepState] = {
                    StepFinished: "done",
                    StepFailed: "failed",
                    StepSkipped: "skipped",
                }
                step.state = states[type(event)]
                self._open.pop()
                self.ended.append((step, tuple(self._open)))
                if isinstance(event, StepFinished) and self.started and self.started.mode == "dry-run":
                    self._rehearse(event)
            case Filmed():
                self.films.append(FilmTold(event, step, self._item(event.item)))
            case StepStarted() | EffectChanged():
                pass

    def _rehearse(self, event: StepFinished) -> None:
        """Keep what a step of an item filled in or would have sent."""
        item = next((step.items[-1] for step in reversed(self._open) if step.items), None)
        if item is None or item.state != "running":
            return
        if isinstance(fields := event.facts.get("fields"), Mapping):
            item.entered.update(fields)
        if isinstance(sent := event.facts.get("would_send"), Mapping):
            item.would_send.append(sent)

    def _item(self, key: str) -> ItemTold | None:
        """The item at work that has this key; without keys, the innermost."""
        items = [item for step in self._open for item in step.items[-20:] if item.state == "running"]
        return next((item for item in reversed(items) if item.key == key), items[-1] if items else None)

    def _count_retry(self) -> None:
        for step in self._open:
            if step.items and step.items[-1].state == "running":
                step.items[-1].retries += 1

    def _close_down_to(self, depth: int) -> None:
        """Steps whose end was never told: a part ends with the step that failed in it, the rest was interrupted."""
        while len(self._open) > depth:
            step = self._open.pop()
            failed = step.first.verb == "use" and any(inner.state == "failed" for inner in step.steps)
            step.state = "failed" if failed else "interrupted"
            for item in step.items:
                item.state = "interrupted" if item.state == "running" else item.state
            self.ended.append((step, tuple(self._open)))


def tell(events: Iterable[Event]) -> Story:
    """The story of all these events."""
    story = Story()
    for event in events:
        story.add(event)
    return story


def _same(step: StepTold, event: StepEvent) -> bool:
    first = step.first
    return first.step == event.step and first.place.file == event.place.file and first.verb == event.verb


def _end_item(step: StepTold, event: ItemFinished) -> None:
    if not step.items or step.items[-1].state != "running":
        step.items.append(ItemTold(event.item, event.index, event.row))
    item = step.items[-1]
    item.state, item.seconds, item.receipt, item.failure = (
        event.state,
        event.seconds,
        event.receipt,
        event.failure,
    )
    step.item_warnings += [
        (item, note) for inner in walk(item.steps) for note in inner.notes if note.level == "warning"
    ]
    if item.state not in ("failed", "waiting"):
        item.steps = [inner for inner in item.steps if any(left_behind(one) for one in walk([inner]))]
