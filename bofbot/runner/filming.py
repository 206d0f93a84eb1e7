"""What the flight recorder is told about, step by step, and how its frames become events."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bofbot.action import Resource
from bofbot.events import Evidence, Failure, Filmed, Frame, Noted
from bofbot.robot import Step
from bofbot.runner.state import Run, Scope

BEFORE, AFTER = "before", "after"
"""Labels of the two pictures of a submit; the report has words for them."""


async def look_back(
    run: Run, step: Step, scope: Scope, used: Iterable[Resource], pictures: Sequence[Evidence]
) -> None:
    """After a step that went well: remember how it looks now. `pictures`: those taken of its effect."""
    after = next((one for one in pictures if one.label == AFTER), None)
    _tell(run, step, scope, await run.recorder.look(_frame(run, step, scope), used, after))


async def picture_of_effect(run: Run, step: Step, scope: Scope, moment: str) -> tuple[Evidence, ...]:
    """How it looks just before, or just after, something is registered."""
    key = f"-{scope.item.key or scope.item.index}" if scope.item else ""
    name = run.around.redact(f"{step.path}{key}").replace(".", "-")
    name = re.sub(r"\s+", "_", f"{name}-{moment}.jpg")
    taken = await run.recorder.picture(name, moment, [one.in_use for one in reversed(run.resources.values())])
    if taken and moment == BEFORE:
        run.recorder.lend(taken[0])
    return taken


def film_failure(run: Run, step: Step, scope: Scope, failure: Failure, *, last: bool) -> None:
    """A try of a step failed. When it was the last one, the steps before it are kept, unless nobody minds."""
    run.recorder.failed(_frame(run, step, scope), failure)
    if run.recorder.record == "always" or (last and not step.optional):
        _tell(run, step, scope, run.recorder.develop())


def _frame(run: Run, step: Step, scope: Scope) -> Frame:
    item = scope.item.key if scope.item else ""
    return Frame(run.around.clock(), step.path, run.title(step), step.verb.verb, item)


def _tell(run: Run, step: Step, scope: Scope, frames: Sequence[Frame]) -> None:
    if frames:
        run.emit(Filmed, step, scope, frames=tuple(frames))
    if run.recorder.trouble:
        run.emit(Noted, step, scope, sentence=run.recorder.trouble, level="warning")
        run.recorder.trouble = None
