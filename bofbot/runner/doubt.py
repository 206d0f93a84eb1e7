"""An effect whose outcome an earlier run never learnt: looked up by its own verb, or left to a person."""

from __future__ import annotations

from bofbot.action import Action, Finding
from bofbot.effects import LedgerItem, State
from bofbot.errors import BofbotError
from bofbot.events import EffectChanged, Noted
from bofbot.robot import Step
from bofbot.runner.context import NoEffect, StepContext
from bofbot.runner.effect import identity_of, undecided
from bofbot.runner.state import Run, Scope
from bofbot.words import Sentence


async def clear_up(run: Run, step: Step, scope: Scope) -> None:
    """Outside a loop: an effect of an earlier try whose outcome is not known is looked up before it is taken again.

    Raises Uncertain when nothing could be proven. (A loop does this for its items, before it plays any of their steps.)"""
    row = None if scope.item and scope.item.key else run.around.ledger.find(identity_of(run, step, scope))
    if row is not None and row.state in ("uncertain", "waiting"):
        await find_out(run, step, scope, row)


async def find_out(run: Run, step: Step, scope: Scope, row: LedgerItem) -> LedgerItem:
    """The row as it stands after a look-up: `done`, or `new` when it is proven that nothing happened.

    Raises Uncertain when nothing could be proven; then it waits for a person."""
    finding = await _looked_up(run, step, scope, row)
    if finding is None or finding.state == "unknown":
        raise undecided(row, finding.why if finding else None)
    around = run.around
    state: State = "done" if finding.state == "done" else "new"
    settled = around.ledger.settle(row, state, at=around.clock(), receipt=finding.receipt, why=finding.why.en)
    run.emit(Noted, step, scope, sentence=finding.why, level="warning")
    if state == "done":
        run.emit(EffectChanged, step, scope, state="done", receipt=settled.receipt)
    return settled


async def _looked_up(run: Run, step: Step, scope: Scope, row: LedgerItem) -> Finding | None:
    """What the verb finds; None when it cannot look, or the look itself fails."""
    if row.state != "uncertain" or row.armed_at is None or run.plan.dry_run:
        return None
    try:
        action = run.computing.verb(step.verb, scope.names, step.place)
        assert isinstance(action, Action)
        context = StepContext(run, step, scope, NoEffect(), run.timeout_of(step, scope.robot, action.bounded))
        return await action.look_up(context, since=row.armed_at, fenced=run.around.ledger.is_fenced(row))
    except BofbotError:
        return None
    except Exception as broke:  # a stranger's verb; the run goes on with the items that are in no doubt
        return Finding(
            "unknown",
            Sentence(en=f"the look-up broke: {broke!r}", ja=f"確認の処理でエラーが起きました：{broke!r}"),
        )
