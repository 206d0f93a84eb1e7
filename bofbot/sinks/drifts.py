"""Events of past runs → what of a robot's pages has drifted and is still open: the newest word about a step counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bofbot.errors import Place
from bofbot.events import Drift, Event, Noted, StepFinished
from bofbot.sinks.story import Story
from bofbot.sinks.wording import shown_path


@dataclass(frozen=True, slots=True)
class Drifted:
    """One label of a step that drifted, as the newest run that played the step told it."""

    run: str
    step: str
    name: str
    verb: str
    place: Place
    drift: Drift


def open_drifts(runs: Iterable[Sequence[Event]]) -> list[Drifted]:
    """The events of a robot's runs, newest run first → its open drifts, by place. A step that ended well in a newer run
    without drifting has none any more; of two words about one label the newer counts."""
    found: dict[tuple[str, str, str], Drifted] = {}
    settled: set[tuple[str, str]] = set()
    for events in runs:
        ended: set[tuple[str, str]] = set()
        latest: dict[tuple[str, str, str], Drifted] = {}
        for event in events:
            if isinstance(event, Noted) and event.drift:
                told = Drifted(event.run, event.step, event.name, event.verb, event.place, event.drift)
                latest[(event.place.file, event.step, event.drift.looked_for)] = told
            elif isinstance(event, StepFinished):
                ended.add((event.place.file, event.step))
        for key, told in latest.items():
            if key[:2] not in settled:
                found.setdefault(key, told)
        settled |= ended
    return sorted(found.values(), key=lambda one: (one.place.file, one.place.line, one.drift.looked_for))


def drifts_in(story: Story) -> list[Noted]:
    """The notes of a run that tell of a changed page, each change once, in order."""
    notes = [
        note
        for step in story.all_steps()
        for note in (*step.notes, *(warning for _, warning in step.item_warnings))
    ]
    kept: dict[tuple[str, str, str, str], Noted] = {}
    for note in notes:
        if note.drift:
            kept.setdefault((note.place.file, note.step, note.drift.looked_for, note.drift.state), note)
    return list(kept.values())


def heal_command(story: Story) -> str:
    """What to type when labels of the robot no longer stand on its pages; "" when they do."""
    asks = any(note.drift and note.drift.state != "changed" for note in drifts_in(story))
    return f"bofbot heal {shown_path(Path(story.started.robot_file))}" if asks and story.started else ""
