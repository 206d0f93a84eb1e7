"""An exception on its way out → a Failure: told once, with what could be seen, in words for people."""

from __future__ import annotations

import dataclasses
import re
import traceback
from collections.abc import Sequence
from pathlib import Path

from bofbot.action import Resource
from bofbot.errors import (
    ApplicationError,
    BofbotError,
    BusinessError,
    NeedsPerson,
    NotReady,
    RunError,
    Sighting,
)
from bofbot.events import Evidence, Failure, FailureKind
from bofbot.files import fresh_path
from bofbot.robot import Step
from bofbot.runner.state import Run, Scope
from bofbot.words import Sentence


def kind_of(error: BaseException) -> FailureKind:
    """Which of the ways to fail an exception is; what nobody foresaw is a fault."""
    match error:
        case BusinessError():
            return "business"
        case NeedsPerson():
            return "person"
        case NotReady():
            return "environment"
        case ApplicationError():
            return "application"
        case _:
            return "fault"


def failure_of(
    error: BaseException,
    run: Run,
    step: Step,
    *,
    seen: Sighting | None = None,
    files: Sequence[Evidence] = (),
) -> Failure:
    """The failure as events carry it, redacted."""
    redact = run.around.redact
    if isinstance(error, BofbotError):
        message, fix = error.message, error.fix
        place = error.place or step.place
        detail = str(getattr(error, "detail", "") or error.__cause__ or "")
    else:
        message = Sentence(
            en=f"the verb `{step.verb.verb}` broke: {type(error).__name__}: {error}",
            ja=f"動詞 `{step.verb.verb}` の中で想定外のエラーが起きました：{type(error).__name__}: {error}",
        )
        fix, place = None, step.place
        detail = "".join(traceback.format_exception(error))
    own = error.sighting if isinstance(error, RunError) else Sighting()
    return Failure(
        kind=kind_of(error),
        message=Sentence(en=redact(message.en), ja=redact(message.ja)),
        fix=fix,
        sighting=_both(own, seen),
        evidence=tuple(files),
        place=place,
        detail=redact(detail),
    )


def _both(own: Sighting, seen: Sighting | None) -> Sighting:
    """What the verb knew, completed by what its resources saw."""
    if seen is None:
        return own
    pairs = {
        part.name: (getattr(own, part.name), getattr(seen, part.name))
        for part in dataclasses.fields(Sighting)
    }
    return Sighting(**{name: mine or theirs for name, (mine, theirs) in pairs.items()})


async def witnessed(
    error: BaseException,
    run: Run,
    step: Step,
    scope: Scope,
    used: Sequence[Resource],
    before: Sequence[Evidence] = (),
) -> Failure:
    """The failure with the pictures taken before, and those and the facts of the resources that the step had in hand."""
    seen, files = Sighting(), [*before]
    for resource in used:
        view = await resource.evidence(_stem(run, step, scope))
        seen = _both(seen, view.sighting)
        files.extend(view.files)
    return failure_of(error, run, step, seen=seen, files=files)


def _stem(run: Run, step: Step, scope: Scope) -> Path:
    redact = run.around.redact
    key = f"-{scope.item.key or scope.item.index}" if scope.item else ""
    title = re.sub(r"[.\s]+", "_", redact(step.name or step.verb.verb))
    name = f"{step.path.replace('.', '-')}{redact(key).replace('.', '_')}-{title[:24]}.png"
    return fresh_path(run.around.folder, name).with_suffix("")
