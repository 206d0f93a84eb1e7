"""`bofbot schedule play | run-now`: one slot, played in this process by `bofbot run` or `bofbot resume`."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from bofbot.cli.commands.schedule_look import book_of, find_schedule, settings_of
from bofbot.cli.main import main
from bofbot.cli.options import project_folder
from bofbot.errors import UsageError
from bofbot.office import store_of
from bofbot.settings import Settings
from bofbot.store import NewSlot, RunRow, SlotRow, Store
from bofbot.store.owner import this_process
from bofbot.store.slots import SlotState
from bofbot.words import Sentence

INTERRUPTED = 130
_STATES: dict[str, SlotState] = {"done": "done", "waiting": "waiting"}
"""Outcome of a run → state of its slot; all others have failed."""


def run(options: argparse.Namespace) -> int:
    folder = project_folder()
    settings = settings_of(folder, options)
    with store_of(folder, settings) as store:
        store.appear()  # held until the slot has ended: who looks from another machine must see this process live
        if options.part == "run-now":
            return _run_now(options, folder, settings, store)
        slot = store.slots.find(options.slot)
        if slot is None:
            raise UsageError(
                Sentence(en=f"there is no slot {options.slot}", ja=f"{options.slot} という回はありません")
            )
        words = _again(store, slot) if options.again else _first(store, slot)
        if words is None:
            return 0  # somebody else has it, or it is over
        code = main(_told_in(options, words))
        if code != INTERRUPTED:  # stopped from outside: the slot stays open, and goes on where it stopped
            _end(store, slot.id, code)
        return code


def _run_now(options: argparse.Namespace, folder: Path, settings: Settings, store: Store) -> int:
    schedule = find_schedule(options.name, book_of(folder, settings))
    now = datetime.now(UTC)
    nominal = now.astimezone(schedule.rule.zone).replace(tzinfo=None).isoformat(timespec="microseconds")
    slot = NewSlot(
        schedule.name, nominal, now, schedule.robot, schedule.inputs, queued=True, owner=schedule.owner
    )
    noted = store.slots.note_by_hand(slot)
    taken = store.slots.start(noted, now)
    if taken is None:
        return 0  # a `serve` was quicker, and plays it
    code = main(_told_in(options, _run_words(taken)))
    _end(store, noted, code)
    return code


def _first(store: Store, slot: SlotRow) -> list[str] | None:
    taken = store.slots.start(slot.id, datetime.now(UTC))
    return _run_words(taken) if taken else None


def _again(store: Store, slot: SlotRow) -> list[str] | None:
    """What is left to do after the process of a slot died: resume its run, play it when it came to none, or only note
    how it ended."""
    if slot.state != "started" or not store.is_dead(slot.process):
        return None
    dead_run = store.slots.run_of(slot.process)
    row = store.journal.run(dead_run) if dead_run else None
    if row is not None and row.state not in ("lost", "interrupted"):
        store.slots.end(slot.id, _state_of(row), datetime.now(UTC), row.why, run=row.id)
        return None
    if not store.slots.start_again(slot):
        return None
    return ["resume", row.id] if row else _run_words(slot)


def _run_words(slot: SlotRow) -> list[str]:
    inputs = [word for name, value in slot.inputs.items() for word in ("-i", f"{name}={value}")]
    return ["run", slot.robot, *inputs]


def _told_in(options: argparse.Namespace, words: list[str]) -> list[str]:
    return [*words, "--lang", options.language] if options.language_asked else words


def _end(store: Store, slot_id: int, code: int) -> None:
    run_id = store.slots.run_of(this_process())
    row = store.journal.run(run_id) if run_id else None
    why = row.why if row and row.why else None
    state: SlotState = "done" if code == 0 else "waiting" if code == 5 else "failed"
    if state == "failed" and why is None:
        why = _WHY.get(code, _FAILED)
    store.slots.end(
        slot_id, state, datetime.now(UTC), why, run=run_id, tell=state == "failed" and row is None
    )


def _state_of(row: RunRow) -> SlotState:
    return _STATES.get(row.state, "failed")


_FAILED = Sentence(en="the run failed", ja="実行に失敗しました")
_WHY = {
    2: Sentence(en="the schedule's robot or inputs do not fit", ja="予定のロボットまたは入力が合いません"),
    3: Sentence(en="the robot's definition is not valid", ja="ロボットの定義に誤りがあります"),
    4: Sentence(en="some items failed", ja="一部の件が失敗しました"),
    6: Sentence(en="this machine lacks something: bofbot doctor", ja="必要なものが足りません：bofbot doctor"),
    INTERRUPTED: Sentence(en="somebody stopped it", ja="中断されました"),
}
