"""The one effect of a submit: leased, armed before the request leaves, then settled. The order of writes is the point."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bofbot.action import Action, Item
from bofbot.effects import Identity, LedgerItem, StaleLease
from bofbot.errors import ApplicationError, BusinessError, Uncertain
from bofbot.events import EffectChanged, as_plain
from bofbot.robot import ForEach, Robot, Step, Use
from bofbot.runner.computing import compute
from bofbot.runner.state import Run, Scope
from bofbot.words import Sentence

Placed = tuple[tuple[str, ...], Step]
"""A step, and the paths of the `use` steps that lead to it, the outermost first."""


def is_submit(step: Step) -> bool:
    return isinstance(step.verb, Action) and step.verb.effect


def placed(steps: Iterable[Step], uses: tuple[str, ...] = ()) -> Iterator[Placed]:
    """Every step below these in reading order, each with the `use` steps that lead to it.

    A part numbers its own steps from 1, and may be used twice: a path alone names no step of a whole robot."""
    for step in steps:
        yield uses, step
        if isinstance(step.verb, ForEach):
            yield from placed(step.verb.steps, uses)
        elif isinstance(step.verb, Use) and isinstance(step.verb.part, Robot):
            part = step.verb.part
            yield from placed((*part.steps, *part.on_failure, *part.finally_), (*uses, step.path))


def submits_below(step: Step, scope: Scope) -> list[Placed]:
    """The submits of a loop's body, played in this scope."""
    assert isinstance(step.verb, ForEach)
    return [one for one in placed(step.verb.steps, scope.uses) if is_submit(one[1])]


def identity_of(run: Run, step: Step, scope: Scope, uses: tuple[str, ...] | None = None) -> Identity:
    """Who the effect is, for ever: robot, the submit's ordinal in the robot, and the item's key.

    The ordinal survives renamed steps and steps put before it. Without a key the effect belongs to this run alone
    (or to the run that is resumed). `uses`: the `use` steps around it, when they are not those of the scope."""
    me = (scope.uses if uses is None else uses, step.path)
    key = scope.item.key if scope.item and scope.item.key else own_key(step, scope)
    name = ledger_name(run.robot, me)
    return Identity(
        run.robot.name, name, key or f"run {run.plan.of_run or run.around.run_id} {scope.lap}".strip()
    )


def own_key(step: Step, scope: Scope) -> str:
    """What a submit outside a loop says that it is; "" when it says nothing. Raises BusinessError when that is empty."""
    written = getattr(step.verb, "key", None) if is_submit(step) else None
    if written is None:
        return ""
    if key := str(compute(written, scope.names) or "").strip():
        return key
    raise BusinessError(
        Sentence(en=f"the key is empty: {written}", ja=f"キーが空です：{written}"), place=step.place
    )


def ledger_name(robot: Robot, me: tuple[tuple[str, ...], str]) -> str:
    """What the ledger calls a submit, or a loop without one: `submit 2`, `loop 1`, counted in reading order."""
    steps = [*placed((*robot.steps, *robot.on_failure, *robot.finally_))]
    submits = [(uses, one.path) for uses, one in steps if is_submit(one)]
    if me in submits:
        return f"submit {submits.index(me) + 1}"
    loops = [(uses, one.path) for uses, one in steps if isinstance(one.verb, ForEach)]
    return f"loop {loops.index(me) + 1 if me in loops else me[1]}"


def payload_of(item: Item | None, written: frozenset[str]) -> str:
    """sha256 of the item's values in canonical JSON, without the columns that the robot itself writes back."""
    value: Any = item.value if item else None
    if isinstance(value, Mapping):
        value = {name: part for name, part in value.items() if name not in written}
    text = json.dumps(as_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def columns_written(robot: Robot) -> frozenset[str]:
    return frozenset(name for step in robot.walk() for name in step.verb.columns_written())


class LedgerEffect:
    """The effect of one try of a submit, kept in the ledger."""

    def __init__(self, run: Run, step: Step, scope: Scope) -> None:
        self._run, self._step, self._scope = run, step, scope
        self._row: LedgerItem = take(run, step, scope)

    @property
    def already(self) -> LedgerItem | None:
        """The row, when an earlier try or run has done this."""
        return self._row if self._row.state == "done" else None

    @property
    def armed(self) -> bool:
        return self._row.state == "armed"

    def arm(self, request: Mapping[str, str]) -> None:
        around = self._run.around
        try:
            said = {name: around.redact(text) for name, text in request.items()}
            self._row = around.ledger.arm(self._row, request=said, at=around.clock())
        except StaleLease:
            raise ApplicationError(
                Sentence(
                    en="another run holds this item now; nothing was sent",
                    ja="別の実行がこの件を処理中です。何も送信していません",
                )
            ) from None
        self._run.emit(EffectChanged, self._step, self._scope, state="armed")

    def settle(self, error: BaseException | None, receipt: str = "") -> None:
        """After the try: done, business, uncertain, or (nothing had left) free again."""
        around, at = self._run.around, self._run.around.clock()
        if error is None:
            if not self.armed:
                self.arm({})  # the verb found it done without sending anything
            self._move("done", receipt=receipt)
        elif isinstance(error, BusinessError):
            self._move("business", why=error.message.en)
        elif self.armed:
            self._move("uncertain", why=str(error) or type(error).__name__)
        else:
            self._row = around.ledger.settle(self._row, "new", at=at, why=around.redact(str(error)))

    def complete(self) -> None:
        """All of the item's steps were played, those after the effect too."""
        self._run.around.ledger.complete(self._row, at=self._run.around.clock())

    def _move(self, state: Any, *, receipt: str = "", why: str = "") -> None:
        around = self._run.around
        self._row = around.ledger.settle(
            self._row, state, at=around.clock(), receipt=receipt, why=around.redact(why)
        )
        self._run.emit(EffectChanged, self._step, self._scope, state=state, receipt=receipt)


def take(run: Run, step: Step, scope: Scope) -> LedgerItem:
    """Lease the effect of a step, or say why not. Comes back `leased` by this run, or `done`."""
    around = run.around
    payload = payload_of(scope.item, columns_written(run.robot))
    identity = identity_of(run, step, scope)
    row = around.ledger.lease(
        identity, payload=payload, run=around.run_id, owner=around.owner, at=around.clock()
    )
    if row.state == "leased" and row.run != around.run_id:
        raise ApplicationError(
            Sentence(
                en=f"{identity.key} is being done by run {row.run} at this moment",
                ja=f"{identity.key} は実行 {row.run} が今処理しています",
            )
        )
    if row.state not in ("leased", "done"):
        raise undecided(row)
    if row.state == "done" and not same_payload(row, payload):
        raise other_payload(row)
    return row


def same_payload(row: LedgerItem, payload: str) -> bool:
    """Does the row stand for these values? One that a person marked before any run stands for its key alone."""
    return row.payload in ("", payload)


def undecided(row: LedgerItem, looked: Sentence | None = None) -> Uncertain:
    """Nobody knows whether it happened; only a person may say. `looked` is what a look-up could not decide."""
    found = Sentence(en="; ", ja="。") + looked if looked else Sentence.same("")
    return Uncertain(
        Sentence(
            en=f"it is not known whether {row.identity.key} was entered (run {row.run}: {row.why or 'it broke off after sending'})",
            ja=f"{row.identity.key} が登録されたかどうか分かりません（実行 {row.run}：{row.why or '送信後に中断しました'}）",
        )
        + found,
        fix=Sentence(
            en=f"look it up in the system, then: bofbot resolve {row.run} {row.identity.key} --done | --retry | --cancel --why …",
            ja=f"相手のシステムで確かめてから：bofbot resolve {row.run} {row.identity.key} --done | --retry | --cancel --why …",
        ),
    )


def other_payload(row: LedgerItem) -> BusinessError:
    return BusinessError(
        Sentence(
            en=f"{row.identity.key} was entered by run {row.run} with other values; a key stands for one record for ever",
            ja=f"{row.identity.key} は実行 {row.run} で別の内容で登録済みです。キーは1件を永久に表します",
        ),
        fix=Sentence(
            en="give the changed record a key of its own", ja="変更した件には別のキーを付けてください"
        ),
    )
