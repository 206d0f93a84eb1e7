"""Plays a whole plan: steps, then `on_failure`, then `finally`; closes what was opened; says how it ended."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any

from bofbot.computed import CLOCK, HOLIDAYS
from bofbot.errors import ApplicationError, BusinessError, Interrupted, NeedsPerson, NotReady
from bofbot.events import Failure, Outcome, RunFinished, RunStarted
from bofbot.plan import Plan
from bofbot.robot import Step
from bofbot.runner.computing import compute
from bofbot.runner.failures import failure_of
from bofbot.runner.state import Failed, Run, Scope, Until
from bofbot.runner.steps import play_steps
from bofbot.runner.surroundings import Surroundings
from bofbot.secret import Secret
from bofbot.words import Sentence

_EXIT: dict[Outcome, int] = {
    "done": 0,
    "failed": ApplicationError.exit_code,
    "partial": BusinessError.exit_code,
    "waiting": NeedsPerson.exit_code,
    "interrupted": Interrupted.exit_code,
}
_EXIT_OF_FAILURE: dict[str | None, int] = {
    "business": BusinessError.exit_code,
    "environment": NotReady.exit_code,
}


async def play(plan: Plan, around: Surroundings) -> RunFinished:
    """Play `plan`; the returned event is also the last one emitted. Never raises for what goes wrong inside the run.

    A cancellation (Ctrl-C) ends the step at work, still plays `finally`, and ends as "interrupted"."""
    run = Run(plan, around, started=around.clock())
    scope = Scope(_names(run), plan.robot)
    _tell_start(run)
    failure, interrupted = await _body(run, scope)
    outcome = _outcome(run, failure, interrupted)
    only_asked = outcome == "waiting" and run.parked and not run.counts.failed
    helping = plan.mode == "help"  # what follows the loop is the other run's business
    if outcome in ("failed", "partial", "waiting") and not only_asked and not helping:
        await _epilogue(run, plan.robot.on_failure, scope)
    if trouble := await _epilogue(run, () if helping else plan.robot.finally_, scope):
        run.blame(trouble)
        outcome = "failed" if outcome == "done" else outcome
    outputs = _outputs(run, scope) if outcome in ("done", "partial") and not helping else {}
    await _close(run)
    outcome = "interrupted" if run.interrupted else outcome
    return _tell_end(run, outcome, outputs)


def decline(plan: Plan, around: Surroundings, error: NeedsPerson) -> RunFinished:
    """Tell the run as begun and ended at once: a person must say something first. Nothing is played."""
    run = Run(plan, around, started=around.clock())
    _tell_start(run)
    run.blame(Failure("person", error.message, error.fix))
    return _tell_end(run, "waiting", {})


async def _body(run: Run, scope: Scope) -> tuple[Failure | None, bool]:
    """Play the steps. What ended them early (if anything), and whether somebody stopped the run."""
    limit = float(run.robot.defaults.get("run_timeout") or run.around.settings.run_timeout)
    first = run.robot.steps[0] if run.robot.steps else None
    try:
        async with asyncio.timeout(limit):
            await play_steps(run, run.robot.steps, scope)
    except Until:
        return None, False
    except Failed as failed:
        return failed.failure, False
    except asyncio.CancelledError:
        _go_on_after_cancellation()
        run.interrupted = True
        return None, True
    except TimeoutError:
        assert first
        late = ApplicationError(
            Sentence(en=f"the run took longer than {limit:g} s", ja=f"実行が {limit:g} 秒を超えました")
        )
        run.blame(failure := failure_of(late, run, first))
        return failure, False
    except Exception as error:
        assert first
        run.blame(failure := failure_of(error, run, first))
        return failure, False
    return None, False


def _go_on_after_cancellation() -> None:
    """The run was asked to stop; what is left to do (`finally`, closing) is played in this same task."""
    if task := asyncio.current_task():
        task.uncancel()


async def _epilogue(run: Run, steps: tuple[Step, ...], scope: Scope) -> Failure | None:
    """Play every one of the steps, whatever becomes of the others. The first Ctrl-C ends the step at work, a second one all."""
    trouble: Failure | None = None
    for step in steps:
        try:
            await play_steps(run, (step,), scope)
        except Failed as failed:
            trouble = trouble or failed.failure
        except Until:
            continue
        except asyncio.CancelledError:
            _go_on_after_cancellation()
            if run.interrupted:
                return trouble
            run.interrupted = True
    return trouble


def _outcome(run: Run, failure: Failure | None, interrupted: bool) -> Outcome:
    if interrupted:
        return "interrupted"
    if failure and failure.kind == "person":
        return "waiting"
    if failure:
        return "failed"
    if run.counts.waiting:
        return "waiting"
    return "partial" if run.counts.failed or run.noted_failures else "done"


def _outputs(run: Run, scope: Scope) -> dict[str, Any]:
    try:
        return {name: compute(value, scope.names) for name, value in run.robot.outputs.items()}
    except Exception as error:
        run.blame(failure_of(error, run, run.robot.steps[-1]))
        return {}


async def _close(run: Run) -> None:
    """Close what was opened, the last first; Ctrl-C does not leave a browser behind, nor a run without an end."""
    for resource in reversed(run.resources.values()):
        closing = asyncio.ensure_future(resource.close())
        while not closing.done():
            try:
                await asyncio.wait((closing,))
            except asyncio.CancelledError:
                _go_on_after_cancellation()
                run.interrupted = True
        closing.result()


def _tell_start(run: Run) -> None:
    plan, robot = run.plan, run.robot
    run.around.emit(
        RunStarted(
            run=run.around.run_id,
            at=run.started,
            robot=robot.name,
            robot_file=str(robot.file),
            robot_sha256=robot.sha256,
            owner=robot.owner,
            by=run.around.started_by,
            purpose=robot.purpose,
            by_hand=robot.by_hand,
            inputs=plan.shown_inputs(),
            labels={name: one.label for name, one in robot.inputs.items() if one.label},
            mode=plan.mode,
            of_run=plan.of_run,
            folder=str(run.around.folder),
            subject=run.around.subject,
            steps=len(robot.steps),
        )
    )


def _tell_end(run: Run, outcome: Outcome, outputs: Mapping[str, Any]) -> RunFinished:
    kind = run.cause.kind if run.cause and outcome == "failed" else None
    finished = RunFinished(
        run=run.around.run_id,
        at=run.around.clock(),
        robot=run.robot.name,
        outcome=outcome,
        exit_code=_EXIT_OF_FAILURE.get(kind, _EXIT[outcome]),
        seconds=run.seconds(),
        items_done=run.counts.done,
        items_failed=run.counts.failed,
        items_already=run.counts.already,
        items_waiting=run.counts.waiting,
        failure=run.cause,
        outputs={name: "●●●" if isinstance(value, Secret) else value for name, value in outputs.items()},
    )
    run.around.emit(finished)
    return finished


def _names(run: Run) -> dict[str, Any]:
    return {
        "inputs": run.plan.inputs,
        "secrets": _Secrets(run),
        "run": run.facts(),
        CLOCK: run.around.clock,
        HOLIDAYS: run.around.holidays,
    }


class _Secrets(Mapping[str, Any]):
    """`secrets` as expressions see it: fetched when first named, known to the redactor from then on."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def __getitem__(self, name: str) -> Mapping[str, Secret]:
        return self._run.secret(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._run.robot.secrets)

    def __len__(self) -> int:
        return len(self._run.robot.secrets)
