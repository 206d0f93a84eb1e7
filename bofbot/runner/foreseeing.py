"""Before the first item of a loop: can its steps do what they are for? What would stop every item is told while nothing is sent."""

from __future__ import annotations

from collections.abc import Iterable

from bofbot.action import Action, Item
from bofbot.errors import ApplicationError, BofbotError
from bofbot.robot import ForEach, Step
from bofbot.runner.body import is_over
from bofbot.runner.context import NoEffect, StepContext
from bofbot.runner.failures import failure_of
from bofbot.runner.state import Failed, Run, Scope


async def foresee(run: Run, loop: Step, outer: Scope, items: Iterable[Item]) -> None:
    """Ask the steps of a loop that must succeed for every item, with the first item that has something left to do.
    Raises Failed with what the first of them says; a dry run minds only what will be no better in the real one."""
    assert isinstance(loop.verb, ForEach)
    scopes = (
        outer.of_item(item, outer.lap, **{loop.verb.as_: item.value, "index": item.index}) for item in items
    )
    scope = next((one for one in scopes if not is_over(run, loop, one)), None)
    if scope is None:
        return
    for step in loop.verb.steps:
        if not isinstance(step.verb, Action) or not _always_needed(step):
            continue
        timeout = run.timeout_of(step, outer.robot, step.verb.bounded)
        try:
            await step.verb.foresee(StepContext(run, step, scope, NoEffect(), timeout))
        except BofbotError as error:
            if run.plan.dry_run and isinstance(error, ApplicationError):
                continue
            raise Failed(failure_of(error, run, step)) from error


def _always_needed(step: Step) -> bool:
    return step.condition is True and not step.optional and step.on_error == "stop"
