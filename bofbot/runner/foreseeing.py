"""Before the first item of a loop: can its steps do what they are for? What would stop every item is told while nothing is sent."""

from __future__ import annotations

from bofbot.action import Action, Item
from bofbot.errors import BofbotError
from bofbot.robot import ForEach, Step
from bofbot.runner.context import NoEffect, StepContext
from bofbot.runner.failures import failure_of
from bofbot.runner.state import Failed, Run, Scope


async def foresee(run: Run, loop: Step, outer: Scope, first: Item) -> None:
    """Ask the steps of a loop that must succeed for every item. Raises Failed with what the first of them says."""
    assert isinstance(loop.verb, ForEach)
    scope = outer.of_item(first, outer.lap, **{loop.verb.as_: first.value, "index": first.index})
    for step in loop.verb.steps:
        if not isinstance(step.verb, Action) or not _always_needed(step):
            continue
        try:
            await step.verb.foresee(
                StepContext(
                    run, step, scope, NoEffect(), run.timeout_of(step, outer.robot, step.verb.bounded)
                )
            )
        except BofbotError as error:
            raise Failed(failure_of(error, run, step)) from error


def _always_needed(step: Step) -> bool:
    return step.condition is True and not step.optional and step.on_error == "stop"
