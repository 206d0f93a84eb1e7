"""What a later run must know of an earlier one: its inputs, and what it has told the outside for good."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bofbot.action import Action
from bofbot.events import Event, RunStarted, StepFinished
from bofbot.plan import HIDDEN
from bofbot.robot import Robot


def inputs_kept(events: Iterable[Event]) -> dict[str, Any]:
    """The inputs of an earlier run, without those whose value the record does not show."""
    started = next((event for event in events if isinstance(event, RunStarted)), None)
    shown = started.inputs if started else {}
    return {name: value for name, value in shown.items() if value not in (None, HIDDEN)}


def finished_for_good(robot: Robot, events: Iterable[Event]) -> frozenset[str]:
    """Names (`name_of`) of steps outside loops that have told the outside world something and must not tell it twice.

    The others are played again: they only look and read, and later steps need the names they make. A submit inside a
    part is played again too; the ledger knows exactly which of its uses was done."""
    finished = {
        name_of(event.step, event.place.file, robot)
        for event in events
        if isinstance(event, StepFinished) and not event.item
    }
    return unrepeatable(robot) & finished


def unrepeatable(robot: Robot) -> frozenset[str]:
    """Names of steps that tell the outside world something."""
    own = str(robot.file)
    return frozenset(
        name_of(step.path, step.place.file, robot)
        for step in robot.walk()
        if isinstance(step.verb, Action)
        and (not step.verb.repeatable or (step.verb.effect and step.place.file == own))
    )


def name_of(path: str, file: str, robot: Robot) -> str:
    """A step's path; with its file before it in a part, which numbers its own steps from 1."""
    return path if file == str(robot.file) else f"{file}:{path}"
