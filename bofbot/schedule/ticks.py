"""One tick of one schedule: what came due since the last tick is written down, once, with what shall become of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bofbot.schedule.book import Schedule
from bofbot.schedule.mailing import Mailing
from bofbot.schedule.rules import Slot, due, upcoming
from bofbot.schedule.triggers import Trigger
from bofbot.schedule.watching import Watching
from bofbot.store.slots import NewSlot, Slots
from bofbot.words import Sentence

GRACE = timedelta(minutes=10)
"""A slot that is seen later than this was missed, and `catch_up` decides."""
_REMEMBER = timedelta(minutes=5)
"""The last tick is kept on disk at least this often; in between nothing was due, so asking again finds the same."""
_KEPT = 1500
"""Missed slots of one schedule that are written down one by one after a long stop; older ones are left out."""


class Ticks:
    """The ticks of this process. It remembers when each schedule is next due, so that a thousand of them cost little."""

    def __init__(self, slots: Slots, mailing: Mailing | None = None) -> None:
        self._slots = slots
        self._watching = Watching(slots)
        self._mailing = mailing
        self._quiet: dict[str, tuple[Schedule, datetime, datetime]] = {}
        self._coming: dict[str, tuple[Schedule, datetime, datetime]] = {}
        """Schedule → as it stood, when it was looked up, when it is next due."""

    def tick(self, schedule: Schedule, now: datetime) -> int:
        """How many slots were written down. Safe beside any number of others that tick the same schedule."""
        if schedule.rule.trigger:
            return self._look(schedule, schedule.rule.trigger, now)
        quiet = self._quiet.get(schedule.name)
        if quiet and quiet[0] == schedule and quiet[1] <= now < quiet[2]:
            return 0
        since = self._slots.ticked_until(schedule.name)
        if since is None or now < since:  # never ticked, or the clock was set back: from here on
            self._slots.note(schedule.name, since, now, ())
            return 0
        found = due(schedule.rule, since, now)
        written: int | None = 0
        if found or now - since >= _REMEMBER:
            written = self._slots.note(schedule.name, since, now, new_slots(schedule, found, now))
        if written is not None:
            until = min(now + _REMEMBER, self._next_of(schedule, now))
            self._quiet[schedule.name] = (schedule, now, until)
        return written or 0

    def _look(self, schedule: Schedule, trigger: Trigger, now: datetime) -> int:
        if trigger.kind in ("file", "after"):
            return self._watching.look(schedule, trigger, now)
        if trigger.kind == "mail" and self._mailing:
            return self._mailing.look(schedule, now)
        return 0  # a webhook is called, not looked for

    def _next_of(self, schedule: Schedule, now: datetime) -> datetime:
        """When it is next due; worked out once for each time, however often it is ticked until then."""
        known = self._coming.get(schedule.name)
        if known is None or known[0] != schedule or not known[1] <= now < known[2]:
            coming = upcoming(schedule.rule, now, 1)
            known = (schedule, now, coming[0].at if coming else now + _REMEMBER)
            self._coming[schedule.name] = known
        return known[2]


def new_slots(schedule: Schedule, found: Sequence[Slot], now: datetime) -> list[NewSlot]:
    """What shall become of the slots that were found due at `now`: played, skipped in a pause, or missed."""
    awake = [slot for slot in found if not schedule.pause_at(slot.at)]
    played = _played(schedule, awake, now)
    made = []
    kept = found if schedule.catch_up == "all" else found[-_KEPT:]
    for slot in kept:
        new = NewSlot(
            schedule=schedule.name,
            nominal=slot.nominal,
            due_at=slot.at,
            robot=schedule.robot,
            inputs=schedule.inputs,
            queued=schedule.overlap == "queue" or len(played) > 1,
            deadline_at=schedule.deadline_of(slot.at),
            owner=schedule.owner,
        )
        if why := schedule.pause_at(slot.at):
            paused = Sentence(en=f"the schedule was paused: {why}", ja=f"予定を停止中でした：{why}")
            made.append(_instead(new, paused, missed=False))
        elif slot in played:
            made.append(new)
        else:
            left_out = len(found) - len(kept) if slot is kept[0] else 0
            made.append(_instead(new, _MISSED + _before(left_out), missed=True))
    return made


def _played(schedule: Schedule, awake: Sequence[Slot], now: datetime) -> list[Slot]:
    if schedule.catch_up == "all":
        return list(awake)
    newest = list(awake[-1:])
    if schedule.catch_up == "none":
        return [slot for slot in newest if now - slot.at <= GRACE]
    return newest


def _before(left_out: int) -> Sentence:
    if not left_out:
        return Sentence.same("")
    return Sentence(en=f"; so were {left_out} times before it", ja=f"。それ以前の{left_out}回も同様です")


def _instead(new: NewSlot, why: Sentence, *, missed: bool) -> NewSlot:
    return replace(new, state="missed" if missed else "skipped", why=why)


_MISSED = Sentence(
    en="nothing was ticking at its time (`bofbot serve` was not running, or the clock jumped)",
    ja="予定の時刻に動いていませんでした（`bofbot serve` の停止中、または時計の変更）",
)
