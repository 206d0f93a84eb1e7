"""How a schedule stands right now, in words: what a list shows, also when nothing ticks. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bofbot.schedule.book import Schedule
from bofbot.schedule.rules import Slot, due, upcoming
from bofbot.store.slots import Heartbeat, SlotRow
from bofbot.words import Sentence

PATIENCE = timedelta(minutes=1)
"""A slot that has not started so long after its time is shown as late."""
_STALE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Standing:
    """One line of `bofbot schedule list`. `key` is for programs: a state of a slot, `overdue`, `paused` or `new`."""

    schedule: Schedule
    key: str
    state: Sentence
    why: Sentence | None
    last: SlotRow | None
    next: Slot | None


def standing_of(
    schedule: Schedule, last: SlotRow | None, ticked_until: datetime | None, now: datetime
) -> Standing:
    """How it stands: its newest slot, unless one is overdue that nobody even wrote down."""
    coming = next(iter(upcoming(schedule.rule, now, 1)), None)
    if why := schedule.pause_at(now):
        until = f" (–{schedule.pause_until})" if schedule.pause_until else ""
        return Standing(schedule, "paused", _PAUSED, Sentence.same(why + until), last, coming)
    unseen = due(schedule.rule, ticked_until, now - PATIENCE) if ticked_until else []
    if unseen:
        at = unseen[-1].nominal.replace("T", " ")
        why_late = Sentence(en=f"due {at}; nobody started it", ja=f"予定 {at}。まだ開始されていません")
        return Standing(schedule, "overdue", _OVERDUE, why_late, last, coming)
    if last is None:
        return Standing(schedule, "new", _NOTHING_CAME if schedule.rule.trigger else _NEW, None, None, coming)
    overdue = last.state == "due" and now - last.due_at > PATIENCE
    return Standing(
        schedule, "overdue" if overdue else last.state, state_word(last, now), last.why, last, coming
    )


def state_word(slot: SlotRow, now: datetime | None = None) -> Sentence:
    """The state of a slot as people read it."""
    overdue = now is not None and now - slot.due_at > PATIENCE
    if slot.state == "due" and (slot.late or overdue):
        return _OVERDUE
    word = _WORDS[slot.state]
    return Sentence(en=f"{word.en} (late)", ja=f"{word.ja}（遅れ）") if slot.late else word


def serving_line(beats: Sequence[Heartbeat], now: datetime) -> Sentence | None:
    """What is wrong with those who tick; None when somebody ticks and is well."""
    alive = [beat for beat in beats if beat.alive]
    if not alive:
        return _NOBODY
    newest = max(alive, key=lambda beat: beat.at)
    if now - newest.at > _STALE:
        minutes = int((now - newest.at).total_seconds() // 60)
        return Sentence(
            en=f"bofbot serve runs but has not ticked for {minutes} minutes: stop it and start it again",
            ja=f"bofbot serve が {minutes} 分間応答していません。再起動してください",
        )
    if newest.trouble:
        return Sentence(
            en=f"bofbot serve is in trouble: {newest.trouble}",
            ja=f"bofbot serve で問題が起きています：{newest.trouble}",
        )
    return None


_PAUSED = Sentence(en="paused", ja="停止中")
_OVERDUE = Sentence(en="not started (late)", ja="未実行（遅れ）")
_NEW = Sentence(en="not yet due", ja="まだ予定前")
_NOTHING_CAME = Sentence(en="nothing came yet", ja="まだ届いていません")
_NOBODY = Sentence(
    en="nothing will be started: `bofbot serve` is not running here",
    ja="このままでは何も開始されません：`bofbot serve` が動いていません",
)
_WORDS = {
    "due": Sentence(en="about to start", ja="開始待ち"),
    "started": Sentence(en="playing", ja="実行中"),
    "done": Sentence(en="done", ja="完了"),
    "failed": Sentence(en="failed", ja="失敗"),
    "waiting": Sentence(en="waiting for a person", ja="担当者待ち"),
    "missed": Sentence(en="missed", ja="未実行"),
    "skipped": Sentence(en="skipped", ja="見送り"),
}
