"""Plays the body of a loop for one item with a key: what an earlier run has done is not done again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from bofbot.effects import LedgerItem
from bofbot.errors import BofbotError, BusinessError, Uncertain
from bofbot.events import ItemState, StepSkipped
from bofbot.robot import ForEach, Step
from bofbot.runner.doubt import find_out
from bofbot.runner.effect import (
    LedgerEffect,
    columns_written,
    identity_of,
    is_submit,
    other_payload,
    payload_of,
    placed,
    same_payload,
    submits_below,
)
from bofbot.runner.failures import failure_of
from bofbot.runner.state import Failed, Run, Scope
from bofbot.words import Sentence

Where = tuple[tuple[str, ...], str]
"""A submit: the paths of the `use` steps that lead to it, and its own."""

PlaySteps = Callable[[Run, tuple[Step, ...], Scope], Awaitable[None]]


async def play_body(run: Run, step: Step, scope: Scope, play: PlaySteps) -> ItemState:
    """The item's steps, without those whose effect an earlier run has had; "skipped" when a person has cancelled it."""
    steps = _body_of(step)
    if not scope.item or not scope.item.key or run.plan.dry_run:
        await play(run, steps, scope)
        return "done"
    try:
        rows = await _ledger_rows(run, step, scope)
    except BofbotError as error:
        raise _refused(run, step, error) from error
    submits = submits_below(step, scope)
    if not submits:
        return await _play_once(run, step, scope, play)
    if len(rows) == len(submits) and all(row.completed for row in rows.values()):
        scope.names["receipt"] = list(rows.values())[-1].receipt
        return "already"
    if any(row.state == "dead" for row in rows.values()):
        return "skipped"
    start = _first_open_step(step, scope, rows)
    for done in steps[:start]:
        run.emit(
            StepSkipped,
            done,
            scope,
            reason=Sentence(en="its effect is done already", ja="登録は済んでいるため行いません"),
        )
    if start:
        scope.names["receipt"] = list(rows.values())[-1].receipt
    await play(run, steps[start:], scope)
    for uses, one in submits:
        row = run.around.ledger.find(identity_of(run, one, scope, uses))
        if row is not None and row.state == "done":  # one that was refused is taken up by a later run
            run.around.ledger.complete(row, at=run.around.clock())
    return "done"


def in_doubt(run: Run, step: Step, scope: Scope) -> bool:
    """Was the item left between the sending of an effect and its answer?"""
    if not scope.item or not scope.item.key or run.plan.dry_run:
        return False
    rows = (
        run.around.ledger.find(identity_of(run, one, scope, uses)) for uses, one in submits_below(step, scope)
    )
    return any(row is not None and row.state in ("armed", "uncertain") for row in rows)


def is_over(run: Run, step: Step, scope: Scope) -> bool:
    """Is nothing left to do for the item, because an earlier run did it all or a person cancelled it?"""
    if not scope.item or not scope.item.key or run.plan.dry_run:
        return False
    effects = submits_below(step, scope) or [(scope.uses, step)]
    rows = [run.around.ledger.find(identity_of(run, one, scope, uses)) for uses, one in effects]
    return all(row is not None and (row.completed or row.state == "dead") for row in rows)


def _refused(run: Run, step: Step, error: BofbotError) -> Failed:
    """The ledger does not let the item be played."""
    return Failed(failure_of(error, run, step), uncertain=isinstance(error, Uncertain))


async def _play_once(run: Run, step: Step, scope: Scope, play: PlaySteps) -> ItemState:
    """A keyed item without a submit: its whole body is what must not happen twice."""
    try:
        effect = LedgerEffect(run, step, scope)
    except BofbotError as error:
        raise _refused(run, step, error) from error
    if effect.already:
        return "already"
    try:
        await play(run, _body_of(step), scope)
    except BaseException as error:
        effect.settle(error if not isinstance(error, BusinessError) else RuntimeError(error.message.en))
        raise
    effect.complete()
    return "done"


async def _ledger_rows(run: Run, step: Step, scope: Scope) -> dict[Where, LedgerItem]:
    """Submits of this item that are done, or cancelled by a person. One in doubt is looked up first; raises when it stays
    so, or was done with other values."""
    payload = payload_of(scope.item, columns_written(run.robot))
    found: dict[Where, LedgerItem] = {}
    for uses, one in submits_below(step, scope):
        row = run.around.ledger.find(identity_of(run, one, scope, uses))
        if row is None or row.state in ("new", "leased", "business"):
            continue
        if row.state not in ("done", "dead"):
            row = await find_out(run, one, scope, row)
            if row.state == "new":
                continue
        if row.state == "done" and not same_payload(row, payload):
            raise other_payload(row)
        found[(uses, one.path)] = row
    return found


def _first_open_step(step: Step, scope: Scope, done: Mapping[Where, LedgerItem]) -> int:
    """Index of the first step of the body that is still to be played: what stands before an open submit is played again,
    what stands before a done one (with no open one before it) is not."""
    start = 0
    for index, one in enumerate(_body_of(step)):
        inside = [(uses, inner.path) for uses, inner in placed((one,), scope.uses) if is_submit(inner)]
        if not all(where in done for where in inside):
            break
        if inside:
            start = index + 1
    return start


def _body_of(step: Step) -> tuple[Step, ...]:
    assert isinstance(step.verb, ForEach)
    return step.verb.steps
