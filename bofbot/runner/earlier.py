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
    """Paths of steps outside loops that have told the outside world something and must not tell it twice.

    The others are played again: they only look and read, and later steps need the names they make."""
    finished = {event.step for event in events if isinstance(event, StepFinished) and not event.item}
    return unrepeatable(robot) & finished


def unrepeatable(robot: Robot) -> frozenset[str]:
    """Paths of steps that tell the outside world something."""
    return frozenset(
        step.path
        for step in robot.walk()
        if isinstance(step.verb, Action) and (step.verb.effect or not step.verb.repeatable)
    )
