"""Plays a loop: every item once, whatever crashed before; failures set aside or stopping, as the author said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from bofbot.action import Item
from bofbot.errors import BofbotError
from bofbot.events import (
    Failure,
    ItemFinished,
    ItemsStarted,
    ItemStarted,
    ItemState,
    ItemsTotalled,
    StepFailed,
    StepFinished,
    StepRetried,
    StepStarted,
)
from bofbot.records import Row
from bofbot.retry import next_wait
from bofbot.robot import ForEach, Retry, Step
from bofbot.runner.body import PlaySteps, in_doubt, play_body
from bofbot.runner.choosing import all_items, to_play
from bofbot.runner.effect import columns_written
from bofbot.runner.failures import failure_of
from bofbot.runner.foreseeing import foresee
from bofbot.runner.share import Share, Told
from bofbot.runner.sharing import batch_of, play_shared
from bofbot.runner.side_by_side import play_side_by_side, refuse_what_cannot
from bofbot.runner.state import Failed, Run, Scope, Until
from bofbot.runner.totals import Totals, check_approved, columns_of
from bofbot.words import Sentence

SAME_IN_A_ROW = 5
"""So many items in a row that fail for one application's reason: the site is down, the rest is left for later."""

_ONCE_MORE = Retry(times=1)


@dataclass(slots=True)
class _Loop:
    """One loop while it is played."""

    run: Run
    step: Step
    verb: ForEach
    outer: Scope
    play: PlaySteps
    done: list[Any] = field(default_factory=list)
    failed: int = 0
    parked: Failed | None = None
    """The first of its items that waits for an answer."""
    in_a_row: int = 0
    last_reason: str = ""
    totals: Totals | None = None
    """Kept for a loop with `control`."""
    share: Share | None = None
    """Other runs play its items too."""
    batch: str = ""

    @property
    def helping(self) -> bool:
        return self.share is not None and self.share.helping


async def play_loop(run: Run, step: Step, scope: Scope, play: PlaySteps) -> None:
    """Play a `for_each`. `done` names the items that are done, here and in what follows."""
    assert isinstance(step.verb, ForEach)
    loop = _Loop(run, step, step.verb, scope, play)
    started = run.around.clock()
    run.emit(StepStarted, step, scope, sentence=step.verb.sentence())
    scope.names["done"] = loop.done
    try:
        chosen = _chosen(loop)
        if step.verb.parallel > 1:
            refuse_what_cannot(step)
        await foresee(run, step, scope, chosen)
        shared = loop.share is None or loop.share.open(
            loop.batch, [item.index for item in chosen], run.around.run_id
        )
    except (BofbotError, Failed) as error:
        failed = error if isinstance(error, Failed) else Failed(failure_of(error, run, step))
        run.emit(StepFailed, step, scope, seconds=0.0, attempts=1, failure=failed.failure)
        raise failed from error
    sums = loop.totals.sums() if loop.totals else {}
    run.emit(ItemsStarted, step, scope, total=len(chosen), sums=sums)
    stopped: Failed | None = None
    try:
        stopped = await _play_items(loop, chosen) if shared else None
    finally:
        unclosed = None if loop.helping else _tell_totals(loop)
    stopped = stopped or unclosed or loop.parked
    _tell_end(loop, started, len(chosen), stopped)
    if loop.share:
        loop.share.close(over=True)
    if stopped:
        raise stopped
    if loop.helping:
        raise Until


def _tell_totals(loop: _Loop) -> Failed | None:
    """Where every item went, in count and sums. Comes back with the failure when the parts do not come to the total."""
    if loop.totals is None:
        return None
    loop.run.emit(ItemsTotalled, loop.step, loop.outer, totals=loop.totals.lines())
    try:
        loop.totals.close()
    except BofbotError as error:
        failure = failure_of(error, loop.run, loop.step)
        loop.run.blame(failure)
        return Failed(failure)
    return None


def _tell_end(loop: _Loop, started: datetime, total: int, stopped: Failed | None) -> None:
    seconds = (loop.run.around.clock() - started).total_seconds()
    if stopped:
        loop.run.emit(StepFailed, loop.step, loop.outer, seconds=seconds, attempts=1, failure=stopped.failure)
        return
    tail = (f" ({loop.failed} failed)", f"（失敗 {loop.failed}）") if loop.failed else ("", "")
    counted = Sentence(
        en=f"{len(loop.done)}/{total} items{tail[0]}", ja=f"{total}件中 {len(loop.done)}件{tail[1]}"
    )
    loop.run.emit(StepFinished, loop.step, loop.outer, seconds=seconds, summary=counted)


def _chosen(loop: _Loop) -> list[Item]:
    run, verb = loop.run, loop.verb
    items = all_items(verb, loop.outer)
    chosen = to_play(run.plan, verb, loop.outer, items)
    if verb.control:
        loop.totals = Totals.of(columns_of(verb.control, chosen), chosen)
        check_approved(run.around.approved.get(loop.step.path, {}), loop.totals)
    share = run.around.share
    if share is not None and share.step == loop.step.path and not loop.outer.uses and loop.outer.item is None:
        loop.share, loop.batch = share, batch_of(chosen, columns_written(run.robot))
    return chosen


# One item ---------------------------------------------------------------------------------------------------------


async def _play_items(loop: _Loop, chosen: list[Item]) -> Failed | None:
    """One after the other, side by side, or together with other runs. Comes back with the failure that stopped the loop."""
    if loop.share:
        play = partial(_play_item, loop, lane=loop.run)
        stopped = await play_shared(loop.share, chosen, play, partial(_hear, loop), loop.run.around.sleep)
        order = {id(item.value): item.index for item in chosen}
        loop.done.sort(key=lambda value: order[id(value)])
        return stopped
    if loop.verb.parallel > 1:
        places = {id(item.value): item.index for item in chosen}
        lanes = loop.verb.parallel
        stopped = await play_side_by_side(loop.run, chosen, lanes, partial(_play_item, loop))
        loop.done.sort(key=lambda value: places[id(value)])
        return stopped
    for item in chosen:
        if stopped := await _play_item(loop, item, loop.run):
            return stopped
    return None


async def _play_item(loop: _Loop, item: Item, lane: Run) -> Failed | None:
    """Play one item to its end and tell it. Comes back with the failure when the loop must stop."""
    run, started = loop.run, loop.run.around.clock()
    scope = _begun(loop, item)

    def tell(state: ItemState, failure: Failure | None = None) -> None:
        seconds = (run.around.clock() - started).total_seconds()
        receipt = str(scope.names.get("receipt") or "") if state in ("done", "already") else ""
        told = Told(item.index, state, seconds, run.around.redact(receipt), failure)
        _tell_item(loop, item, scope, told)
        if loop.share:
            loop.share.tell(told)

    try:
        state = await _with_retries(loop, scope, lane)
    except Failed as failed:
        return _set_aside(loop, failed, tell)
    except BaseException:  # Ctrl-C, `--until`, something nobody thought of
        doubt = in_doubt(run, loop.step, scope)
        run.counts.waiting += doubt
        seconds = (run.around.clock() - started).total_seconds()
        _tell_item(loop, item, scope, Told(item.index, "waiting" if doubt else "skipped", seconds))
        raise
    _count(loop, item, state)
    tell(state)
    return None


def _hear(loop: _Loop, item: Item, told: Told) -> Failed | None:
    """What became of an item that another run played is told and counted as if this one had played it."""
    scope = _begun(loop, item)
    tell = partial(_tell_item, loop, item, scope, told)
    if told.failure is None:
        _count(loop, item, told.state)
        tell()
        return None
    failed = Failed(told.failure, uncertain=told.state == "waiting")
    return _set_aside(loop, failed, lambda _state, _failure: tell())


def _begun(loop: _Loop, item: Item) -> Scope:
    """Tell that an item is begun; what names mean in it."""
    lap = f"{loop.outer.lap}{loop.step.path}.{item.index} "
    scope = loop.outer.of_item(item, lap, **{loop.verb.as_: item.value, "index": item.index})
    loop.run.emit(ItemStarted, loop.step, scope, index=item.index, row=_row(item))
    return scope


def _tell_item(loop: _Loop, item: Item, scope: Scope, told: Told) -> None:
    if loop.totals:
        loop.totals.tell(item, told.state)
    loop.run.emit(
        ItemFinished,
        loop.step,
        scope,
        index=item.index,
        row=_row(item),
        state=told.state,
        seconds=told.seconds,
        receipt=told.receipt,
        failure=told.failure,
        by=told.run,
    )


def _row(item: Item) -> int:
    return item.value.source.row if isinstance(item.value, Row) else 0


def _count(loop: _Loop, item: Item, state: ItemState) -> None:
    """Count an item that did not fail."""
    loop.in_a_row = 0
    if state != "skipped":
        loop.done.append(item.value)
    loop.run.counts.already += state == "already"
    loop.run.counts.done += state == "done"


def _set_aside(
    loop: _Loop, failed: Failed, tell: Callable[[ItemState, Failure | None], None]
) -> Failed | None:
    """Count a failed item and decide whether the loop goes on."""
    run, failure = loop.run, failed.failure
    run.blame(failure)
    if failed.parked and loop.verb.key is not None:
        loop.parked = loop.parked or failed
        run.counts.waiting += 1
        tell("waiting", failure)
        return None
    loop.failed += 1
    if failed.uncertain:
        run.counts.waiting += 1
        tell("waiting", failure)
    else:
        run.counts.failed += 1
        tell("failed", failure)
    if loop.step.on_error == "stop" or (failure.kind == "person" and not failed.uncertain):
        return failed
    same = failure.kind != "business" and failure.message.en == loop.last_reason
    loop.in_a_row = loop.in_a_row + 1 if same else 1
    loop.last_reason = failure.message.en
    return failed if failure.kind != "business" and loop.in_a_row >= SAME_IN_A_ROW else None


async def _with_retries(loop: _Loop, scope: Scope, run: Run) -> ItemState:
    """Play the item's steps; with a key, once more from the first when the application failed before anything left.

    Each step then gets a second try in the first pass and none in the next: three in all, as everywhere."""
    step, attempt = loop.step, 0
    policy, keyed = step.retry or _ONCE_MORE, bool(scope.item and scope.item.key)
    while True:
        attempt += 1
        try:
            tries = scope.with_tries(1 if attempt == 1 else 0) if keyed else scope
            return await play_body(run, step, tries, loop.play)
        except Failed as failed:
            wait = next_wait(
                failed.failure.kind,
                attempt=attempt,
                policy=policy,
                repeatable=keyed,
                armed=failed.uncertain,
                time_left=run.around.settings.run_timeout - run.seconds(),
                dice=run.around.dice,
            )
            if wait is None:
                raise
            run.emit(StepRetried, step, scope, attempt=attempt, wait=wait, failure=failed.failure)
            await run.around.sleep(wait)
