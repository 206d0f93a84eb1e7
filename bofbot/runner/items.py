"""Plays a loop: every item once, whatever crashed before; failures set aside or stopping, as the author said."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from bofbot.action import Item
from bofbot.errors import BofbotError, BusinessError
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
from bofbot.runner.computing import compute
from bofbot.runner.failures import failure_of
from bofbot.runner.side_by_side import play_side_by_side, refuse_what_cannot
from bofbot.runner.state import Failed, Run, Scope
from bofbot.runner.totals import Totals, check_approved, check_control, columns_of
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
    in_a_row: int = 0
    last_reason: str = ""
    totals: Totals | None = None
    """Kept for a loop with `control`."""


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
    except BofbotError as error:
        failure = failure_of(error, run, step)
        run.emit(StepFailed, step, scope, seconds=0.0, attempts=1, failure=failure)
        raise Failed(failure) from error
    sums = loop.totals.sums() if loop.totals else {}
    run.emit(ItemsStarted, step, scope, total=len(chosen), sums=sums)
    stopped: Failed | None = None
    try:
        stopped = await _play_items(loop, chosen)
    finally:
        unclosed = _tell_totals(loop)
    stopped = stopped or unclosed
    _tell_end(loop, started, len(chosen), stopped)
    if stopped:
        raise stopped


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
    """All items with their keys, checked whole before the first is played; then those this run is to play."""
    values = compute(loop.verb.for_each, loop.outer.names)
    if isinstance(values, str | bytes | Mapping) or not isinstance(values, Sequence):
        raise BusinessError(
            Sentence(
                en=f"`for_each` needs rows or a list; {loop.verb.for_each} is {type(values).__name__}",
                ja=f"`for_each` には行の一覧が必要です。{loop.verb.for_each} は {type(values).__name__} です",
            )
        )
    items = [Item(_key(loop, index, value), index, value) for index, value in enumerate(values, 1)]
    _refuse_doubles(items)
    control = loop.verb.control
    if control:
        check_control(control, items, loop.outer.names)
    plan = loop.run.plan
    if loop.outer.item is None:
        if plan.items:
            items = [item for item in items if plan.items[0] <= item.index <= plan.items[1]]
        if plan.only_keys is not None and loop.verb.key is not None:
            items = [item for item in items if item.key in plan.only_keys]
    if control:
        loop.totals = Totals.of(columns_of(control, items), items)
        check_approved(loop.run.around.approved.get(loop.step.path, {}), loop.totals)
    return items


def _key(loop: _Loop, index: int, value: Any) -> str:
    if loop.verb.key is None:
        return ""
    names = {**loop.outer.names, loop.verb.as_: value, "index": index}
    key = str(compute(loop.verb.key, names) or "").strip()
    if not key:
        raise BusinessError(
            Sentence(
                en=f"item {index} has no key: {loop.verb.key} is empty",
                ja=f"{index}件目のキーが空です：{loop.verb.key}",
            )
        )
    around = loop.outer.item.key if loop.outer.item else ""
    return f"{around}/{key}" if around else key


def _refuse_doubles(items: list[Item]) -> None:
    first: dict[str, Item] = {}
    for item in items:
        twin = first.setdefault(item.key, item) if item.key else item
        if twin is not item:
            raise BusinessError(
                Sentence(
                    en=f"two items have the key {item.key}: {_where(twin)} and {_where(item)}; nothing was entered",
                    ja=f"キー {item.key} が2件あります：{_where(twin)} と {_where(item)}。何も登録していません",
                ),
                fix=Sentence(
                    en="mend the table, or choose a key that tells them apart",
                    ja="表を直すか、区別できるキーにしてください",
                ),
            )


def _where(item: Item) -> str:
    return str(item.value.source) if isinstance(item.value, Row) else f"#{item.index}"


# One item ---------------------------------------------------------------------------------------------------------


async def _play_items(loop: _Loop, chosen: list[Item]) -> Failed | None:
    """One after the other, or side by side. Comes back with the failure that stopped the loop."""
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
    lap = f"{loop.outer.lap}{loop.step.path}.{item.index} "
    scope = loop.outer.of_item(item, lap, **{loop.verb.as_: item.value, "index": item.index})
    row = item.value.source.row if isinstance(item.value, Row) else 0
    run.emit(ItemStarted, loop.step, scope, index=item.index, row=row)

    def tell(state: ItemState, failure: Failure | None = None) -> None:
        seconds = (run.around.clock() - started).total_seconds()
        receipt = str(scope.names.get("receipt") or "") if state in ("done", "already") else ""
        if loop.totals:
            loop.totals.tell(item, state)
        run.emit(
            ItemFinished,
            loop.step,
            scope,
            index=item.index,
            row=row,
            state=state,
            seconds=seconds,
            receipt=receipt,
            failure=failure,
        )

    try:
        state = await _with_retries(loop, scope, lane)
    except Failed as failed:
        return _set_aside(loop, failed, tell)
    except BaseException:  # Ctrl-C, `--until`, something nobody thought of
        doubt = in_doubt(run, loop.step, scope)
        run.counts.waiting += doubt
        tell("waiting" if doubt else "skipped")
        raise
    loop.in_a_row = 0
    if state != "skipped":
        loop.done.append(item.value)
    run.counts.already += state == "already"
    run.counts.done += state == "done"
    tell(state)
    return None


def _set_aside(
    loop: _Loop, failed: Failed, tell: Callable[[ItemState, Failure | None], None]
) -> Failed | None:
    """Count a failed item and decide whether the loop goes on."""
    run, failure = loop.run, failed.failure
    run.blame(failure)
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
