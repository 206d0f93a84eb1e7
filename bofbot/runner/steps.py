"""Plays steps one after another: condition, tries, time-out, evidence, and what a failure means for the rest."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import Any

from bofbot.action import Action, Computed, Resource, Result
from bofbot.computed import CLOCK, HOLIDAYS
from bofbot.errors import ApplicationError, BofbotError, BusinessError, RunError, Uncertain
from bofbot.events import Evidence, Failure, StepFailed, StepFinished, StepRetried, StepSkipped, StepStarted
from bofbot.plan import read_inputs
from bofbot.questions import Parked
from bofbot.retry import next_wait
from bofbot.robot import ForEach, Step, Use
from bofbot.runner import items
from bofbot.runner.computing import compute
from bofbot.runner.context import NoEffect, StepContext
from bofbot.runner.doubt import clear_up
from bofbot.runner.earlier import name_of
from bofbot.runner.effect import LedgerEffect
from bofbot.runner.failures import failure_of, witnessed
from bofbot.runner.filming import AFTER, BEFORE, film_failure, look_back, picture_of_effect
from bofbot.runner.state import Failed, Run, Scope, Until
from bofbot.words import Sentence

_SEEN_BY_PARTS = ("run", "secrets", CLOCK, HOLIDAYS)
"""Names that a part sees of the robot around it, besides its own inputs."""


async def play_steps(run: Run, steps: tuple[Step, ...], scope: Scope) -> None:
    """Play steps in order. Raises Failed when one of them stops the rest."""
    for step in steps:
        await _play_step(run, step, scope)
        if run.plan.until and step.name == run.plan.until:
            raise Until


async def _play_step(run: Run, step: Step, scope: Scope) -> None:
    try:
        if reason := _left_out(run, step, scope):
            run.emit(StepSkipped, step, scope, reason=reason)
        elif isinstance(step.verb, ForEach):
            await items.play_loop(run, step, scope, play_steps)
        elif isinstance(step.verb, Use):
            await _play_part(run, step, scope)
        else:
            await _play_action(run, step, scope)
    except Failed as failed:
        if step.optional and not failed.uncertain and not failed.parked:
            return
        run.blame(failed.failure)
        if failed.failure.kind == "person" or step.on_error == "stop" or isinstance(step.verb, ForEach):
            raise
        run.noted_failures += step.on_error == "collect"


def _left_out(run: Run, step: Step, scope: Scope) -> Sentence | None:
    """Why the step is not played, or None when it is."""
    condition = step.condition
    if isinstance(condition, Computed):
        try:
            condition = condition.value(scope.names)
            if not isinstance(condition, bool):
                raise BusinessError(
                    Sentence(
                        en=f"`if` needs yes or no, but {step.condition} is {condition!r:.60}",
                        ja=f"`if` には真偽値が必要ですが、{step.condition} は {condition!r:.60} です",
                    )
                )
        except BofbotError as error:
            raise fail(run, step, scope, failure_of(error, run, step), run.around.clock()) from error
    if not condition:
        return Sentence(en=f"not needed: {step.condition}", ja=f"条件に合わないため不要：{step.condition}")
    name = name_of(step.path, step.place.file, run.robot)
    if scope.item is None and name in run.plan.finished_steps:
        return Sentence(en=f"done by run {run.plan.of_run}", ja=f"実行 {run.plan.of_run} で済んでいます")
    if run.plan.dry_run and isinstance(step.verb, Action) and not step.verb.rehearsed:
        return Sentence(en="left out of a dry run: ", ja="予行では行いません：") + step.verb.sentence()
    return None


def fail(
    run: Run,
    step: Step,
    scope: Scope,
    failure: Failure,
    started: datetime,
    *,
    attempts: int = 1,
    uncertain: bool = False,
    parked: bool = False,
) -> Failed:
    """Tell that a step failed; the caller raises what comes back."""
    run.emit(
        StepFailed,
        step,
        scope,
        seconds=(run.around.clock() - started).total_seconds(),
        attempts=attempts,
        failure=failure,
        tolerated=step.optional or step.on_error != "stop",
    )
    run.parked = run.parked or parked
    return Failed(failure, uncertain=uncertain, parked=parked)


async def _play_action(run: Run, step: Step, scope: Scope) -> None:
    started, attempt = run.around.clock(), 0
    run.emit(StepStarted, step, scope, sentence=step.verb.sentence())
    while True:
        attempt += 1
        used: list[Resource] = []
        pictures: list[Evidence] = []
        try:
            result = await _try(run, step, scope, used, pictures)
        except Exception as error:
            failure = await witnessed(error, run, step, scope, used, pictures)
            wait = next_wait(
                failure.kind,
                attempt=attempt,
                policy=run.retry_of(step, scope),
                repeatable=_repeatable(step),
                armed=isinstance(error, Uncertain),
                time_left=run.around.settings.run_timeout - run.seconds(),
                dice=run.around.dice,
            )
            film_failure(run, step, scope, failure, last=wait is None)
            if wait is None:
                raise fail(
                    run,
                    step,
                    scope,
                    failure,
                    started,
                    attempts=attempt,
                    uncertain=isinstance(error, Uncertain),
                    parked=isinstance(error, Parked),
                ) from error
            run.emit(StepRetried, step, scope, attempt=attempt, wait=wait, failure=failure)
            await run.around.sleep(wait)
        else:
            await look_back(run, step, scope, used, pictures)
            _finish(run, step, scope, result, started, attempt)
            return


def _repeatable(step: Step) -> bool:
    return isinstance(step.verb, Action) and (step.verb.repeatable or step.verb.effect)


async def _try(run: Run, step: Step, scope: Scope, used: list[Resource], pictures: list[Evidence]) -> Result:
    """One try. Whatever goes wrong after the effect was armed comes out as Uncertain.

    `used` and `pictures` are filled on the way: what it had in hand, and how it looked before an effect."""
    action = run.computing.verb(step.verb, scope.names, step.place)
    assert isinstance(action, Action)
    effect: Any = NoEffect()
    if action.effect and not run.plan.dry_run:
        await clear_up(run, step, scope)
        effect = LedgerEffect(run, step, scope)
        if done := effect.already:
            return _done_before(done.run, done.receipt)
    context = StepContext(run, step, scope, effect, run.timeout_of(step, scope.robot, action.bounded))
    context.used = used
    try:
        if action.effect:
            pictures += await picture_of_effect(run, step, scope, BEFORE)
        result = await _run_bounded(action, context) or Result()
    except BaseException as error:
        if isinstance(effect, LedgerEffect):
            armed = effect.armed
            effect.settle(error)
            if armed and isinstance(error, Exception) and not isinstance(error, BusinessError):
                raise _uncertain(error) from error
        raise
    if isinstance(effect, LedgerEffect):
        effect.settle(None, str(result.names.get("receipt", "") or ""))
        pictures += await picture_of_effect(run, step, scope, AFTER)
    return replace(result, evidence=(*pictures, *result.evidence)) if pictures else result


async def _run_bounded(action: Action, context: StepContext) -> Result | None:
    try:
        async with asyncio.timeout(context.timeout) as bound:
            context.bound = bound
            return await action.run(context)
    except TimeoutError as error:
        if not bound.expired():
            raise
        raise ApplicationError(
            Sentence(
                en=f"not finished after {context.timeout:g} s",
                ja=f"{context.timeout:g} 秒たっても終わりませんでした",
            ),
            fix=Sentence(en="give the step a longer `timeout:`", ja="手順の `timeout:` を長くしてください"),
        ) from error
    except (Exception, asyncio.CancelledError, KeyboardInterrupt):
        raise
    except BaseException as error:  # sys.exit() in a stranger's verb ends its step, not the run's life
        raise RuntimeError(f"{type(error).__name__}: {error}") from error


def _uncertain(error: Exception) -> Uncertain:
    message = (
        error.message if isinstance(error, BofbotError) else Sentence.same(f"{type(error).__name__}: {error}")
    )
    return Uncertain(
        Sentence(en="sent, but the outcome is not known: ", ja="送信しましたが、結果が分かりません：")
        + message,
        fix=Sentence(
            en="look it up in the system, then `bofbot resolve`",
            ja="相手のシステムで確かめて、`bofbot resolve` で決めてください",
        ),
        sighting=error.sighting if isinstance(error, RunError) else None,
    )


def _done_before(run_id: str, receipt: str) -> Result:
    return Result(
        summary=Sentence(
            en=f"done before by run {run_id} {receipt}".strip(),
            ja=f"実行 {run_id} で登録済み {receipt}".strip(),
        ),
        names={"receipt": receipt},
    )


def _finish(run: Run, step: Step, scope: Scope, result: Result, started: datetime, attempts: int) -> None:
    if step.save_as:
        scope.names[step.save_as] = result.value
    scope.names.update(result.names)
    run.emit(
        StepFinished,
        step,
        scope,
        seconds=(run.around.clock() - started).total_seconds(),
        summary=result.summary,
        facts=result.facts,
        evidence=result.evidence,
        attempts=attempts,
    )


async def _play_part(run: Run, step: Step, scope: Scope) -> None:
    """A part sees its own inputs only; its outputs come back under `save_as`."""
    use, started = step.verb, run.around.clock()
    assert isinstance(use, Use)
    part = use.part
    run.emit(StepStarted, step, scope, sentence=use.sentence())
    try:
        inputs = read_inputs(part.inputs, compute(use.with_, scope.names), run.around.clock)
    except BofbotError as error:
        raise fail(run, step, scope, failure_of(error, run, step), started) from error
    names: dict[str, Any] = {name: scope.names[name] for name in _SEEN_BY_PARTS if name in scope.names}
    inner = Scope(
        {**names, "inputs": inputs},
        part,
        scope.item,
        scope.lap,
        (*scope.uses, step.path),
        scope.retry,
        scope.items,
    )
    await play_steps(run, part.steps, inner)
    outputs = compute(dict(part.outputs), inner.names)
    receipt = {"receipt": inner.names["receipt"]} if "receipt" in inner.names else {}
    _finish(run, step, scope, Result(value=outputs, names=receipt), started, 1)
