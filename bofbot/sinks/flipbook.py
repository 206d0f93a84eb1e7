"""Frames that a run kept → the parts of the flip-book in its report, one a failure or one an item."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bofbot.events import Frame
from bofbot.sinks.columns import visible
from bofbot.sinks.pictures import address
from bofbot.sinks.story import Story
from bofbot.sinks.told import FilmTold, ItemTold, StepTold
from bofbot.sinks.wording import row_of
from bofbot.words import Sentence

PRINTED_PARTS = 10
"""So many failures show their frames one beside the other on paper and where scripts are off."""

Say = Callable[[Sentence | str | None], str]


@dataclass(slots=True)
class Part:
    """A stretch of the flip-book that is played in one go."""

    number: int
    item: ItemTold | None
    step: StepTold
    """The step that failed, else the first one."""
    frames: list[Frame] = field(default_factory=list)
    message: Sentence | None = None
    """Why its last step failed."""

    @property
    def failed(self) -> bool:
        return any(frame.failed for frame in self.frames)


def parts_of(story: Story) -> list[Part]:
    """The film of each failure; where every step was kept, the steps of each item."""
    parts: list[Part] = []
    rolling: dict[int, Part] = {}
    """Parts that grow frame by frame, by item: items may be played side by side."""
    for told in story.films:
        single, whose = len(told.event.frames) == 1, id(told.item) if told.item else 0
        part = rolling.get(whose) if single else None
        if part is None:
            parts.append(part := Part(len(parts) + 1, told.item, told.step))
        if single:
            rolling[whose] = part
        if told.item:
            rolling.pop(0, None)  # what is outside of items goes on after them as a part of its own
        part.frames.extend(told.event.frames)
        if told.event.frames[-1].failed:
            part.message, part.step = _why(told), told.step
    return parts


def part_of_item(parts: list[Part], item: ItemTold) -> Part | None:
    """The part that shows how this item failed."""
    return next((part for part in parts if part.item is item), None)


def part_of_step(parts: list[Part], step: StepTold) -> Part | None:
    """The same for a step outside of items."""
    return next((part for part in parts if part.item is None and part.step is step and part.failed), None)


def printed(parts: list[Part]) -> list[Part]:
    """Those that are shown without a script as well: failures first."""
    failed = [part for part in parts if part.failed]
    return (failed or parts[:1])[:PRINTED_PARTS]


def title_of(part: Part, say: Say) -> str:
    """`8行目 K-0107`, or the name of the last step outside of items."""
    if part.item is None:
        return visible(part.frames[-1].name)
    return visible(f"{say(row_of(part.item.row, part.item.index))} {part.item.key}".strip())


def as_data(story: Story, parts: list[Part], say: Say) -> str:
    """The flip-book as JSON that may stand inside a script element."""
    rows = {item.key: item for step in story.all_steps() for item in step.items if item.key}
    whole = [
        {
            "title": title_of(part, say),
            "failed": part.failed,
            "frames": [_frame(frame, part, rows, say) for frame in part.frames],
        }
        for part in parts
    ]
    text = json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _frame(frame: Frame, part: Part, rows: dict[str, ItemTold], say: Say) -> dict[str, Any]:
    item = rows.get(frame.item)
    whose = f"{say(row_of(item.row, item.index))} {frame.item}" if item else frame.item
    facts: dict[str, Any] = {
        "step": frame.step,
        "name": visible(frame.name),
        "item": visible(whose),
        "at": frame.at.strftime("%H:%M:%S"),
        "src": address(frame.path),
        "title": visible(frame.title),
        "entries": [[visible(label), visible(value)] for label, value in frame.entries],
        "failed": frame.failed,
        "message": say(part.message) if frame is part.frames[-1] and part.message else "",
    }
    return {name: value for name, value in facts.items() if value}


def _why(told: FilmTold) -> Sentence | None:
    """The story goes on after the film was told: the step's failure is known by the time a page is made."""
    failure = told.step.failure or (told.step.retries[-1].failure if told.step.retries else None)
    return failure.message if failure else None
