"""What `bofbot serve` does at every tick: write down what is due, start it in processes of its own, look after what died."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bofbot.errors import BofbotError
from bofbot.schedule.book import Schedule
from bofbot.schedule.mailing import Mailing
from bofbot.schedule.ticks import Ticks
from bofbot.store.owner import is_dead, this_process
from bofbot.store.slots import SlotRow, Slots
from bofbot.words import Language, Sentence

_MOST_LAUNCHES = 3
"""A process that ends before it takes its slot is launched no more often than this."""
_MOST_RESUMES = 1
_BEAT = timedelta(seconds=10)


class Child(Protocol):
    """A process that plays one slot."""

    def poll(self) -> int | None: ...
    def terminate(self) -> None: ...


Launch = Callable[[SlotRow, bool], Child]
"""Starts the process of a slot; the flag says that it goes on where a dead one stopped."""
Tell = Callable[[SlotRow, Sentence], None]
"""Tells the owner of a slot; returns at once."""


class Server:
    """One ticker. Any number of them may work on one store."""

    def __init__(
        self,
        slots: Slots,
        book: Callable[[], Sequence[Schedule]],
        launch: Launch,
        tell: Tell,
        clock: Callable[[], datetime],
        *,
        at_most: int = 2,
        me: str = "",
        dead: Callable[[str], bool] = is_dead,
        most_launches: int = _MOST_LAUNCHES,
        most_resumes: int = _MOST_RESUMES,
        mailing: Mailing | None = None,
        language: Language = "en",
    ) -> None:
        self._slots, self._book, self._launch, self._tell, self._clock = slots, book, launch, tell, clock
        self._at_most, self._me, self._dead = at_most, me or this_process(), dead
        self._most_launches, self._most_resumes = most_launches, most_resumes
        self._ticks, self._mailing, self._language = Ticks(slots, mailing), mailing, language
        self._last_book: Sequence[Schedule] = ()
        self.children: dict[int, Child] = {}
        self.trouble = ""
        self.draining = False
        self._beaten: tuple[datetime, tuple[int, str]] | None = None

    def tick(self) -> None:
        """Once a second or so. Nothing that goes wrong with one schedule stops another."""
        self._reap()
        now = self._clock()
        if not self.draining:
            for schedule in self._schedules():
                self._ticks.tick(schedule, now)
            self._tell_late(now)
            self._play_open(now)
        self._tell_ended()
        self._beat(now)

    def stop_children(self) -> None:
        """Ask every process to end; what they played goes on at the next start."""
        for child in self.children.values():
            child.terminate()

    def book(self) -> Sequence[Schedule]:
        """The schedules in force, as the last tick found them; read now before the first one."""
        return self._last_book if self._beaten else self._schedules()

    def _reap(self) -> None:
        self.children = {slot: child for slot, child in self.children.items() if child.poll() is None}

    def _schedules(self) -> Sequence[Schedule]:
        """The schedules as they stand in the file; with faults in it, as they stood before."""
        try:
            self._last_book = self._book()
            self.trouble = ""
        except BofbotError as wrong:
            at = f"{wrong.place}: " if wrong.place else ""
            self.trouble = (_OLD_BOOK + at + wrong.message).said_in(self._language)
        return self._last_book

    def _tell_ended(self) -> None:
        """What failed unheard, one by one; what was missed, one notice a schedule."""
        missed: dict[str, list[SlotRow]] = {}
        for slot in self._slots.take_untold():
            if slot.state == "missed":
                missed.setdefault(slot.schedule, []).append(slot)
            else:
                self._tell(slot, told_of(slot))
        for slots in missed.values():
            newest = max(slots, key=lambda slot: slot.due_at)
            more = len(slots) - 1
            also = (
                Sentence(en=f" (and {more} times before)", ja=f"（ほかにそれ以前の{more}回）")
                if more
                else Sentence.same("")
            )
            self._tell(newest, told_of(newest) + also)

    def _beat(self, now: datetime) -> None:
        """A sign of life for others to read, every few seconds or when something changed."""
        said = (len(self.children), " · ".join(filter(None, (self.trouble, *self._mail_troubles()))))
        if (
            self._beaten is None
            or said != self._beaten[1]
            or not timedelta(0) <= now - self._beaten[0] < _BEAT
        ):
            self._slots.beat(now, *said)
            self._beaten = (now, said)

    def _mail_troubles(self) -> list[str]:
        found = dict(self._mailing.troubles) if self._mailing else {}
        named = {schedule.name for schedule in self._last_book}
        return [f"{name}: {why.said_in(self._language)}" for name, why in found.items() if name in named]

    def _tell_late(self, now: datetime) -> None:
        for slot in self._slots.settle_late(now):
            self._tell(slot, told_of(slot))

    def _play_open(self, now: datetime) -> None:
        ahead: dict[str, SlotRow] = {}
        """The oldest open slot of each schedule: the others wait for it, or are skipped."""
        for slot in self._slots.open():
            first = ahead.setdefault(slot.schedule, slot)
            if first is not slot:
                if slot.state == "due" and first.state == "started" and not slot.queued:
                    self._slots.end(slot.id, "skipped", now, _still_playing(first))
            elif slot.id not in self.children:
                self._play(slot, now)

    def _play(self, slot: SlotRow, now: datetime) -> None:
        again = slot.state == "started"
        if again and not self._dead(slot.process):
            return
        if slot.ticker not in ("", self._me) and not self._dead(slot.ticker):
            return  # another ticker looks after it
        if again and slot.resumed >= self._most_resumes:
            self._slots.end(
                slot.id, "failed", now, _DIED_TWICE, run=self._slots.run_of(slot.process), tell=True
            )
        elif not again and slot.launches >= self._most_launches:
            self._slots.end(slot.id, "failed", now, _NEVER_STARTED, tell=True)
        elif len(self.children) < self._at_most and self._slots.take(slot, self._me):
            self.children[slot.id] = self._launch(slot, again)


def told_of(slot: SlotRow) -> Sentence:
    """What the owner of a slot reads."""
    at = slot.nominal.replace("T", " ")
    if slot.state in ("due", "started", "waiting"):
        how = {
            "due": Sentence(en="has not started", ja="未実行（遅れ）"),
            "started": Sentence(en="is still playing", ja="実行中（遅れ）"),
            "waiting": Sentence(en="waits for a person", ja="担当者待ち（遅れ）"),
        }[slot.state]
        return Sentence(
            en=f"{slot.schedule}, due {at}, is late: it {how.en} at its deadline",
            ja=f"「{slot.schedule}」（予定 {at}）が期限までに終わっていません：{how.ja}",
        )
    why = slot.why or Sentence.same("")
    word = (
        Sentence(en="was missed", ja="実行されませんでした")
        if slot.state == "missed"
        else Sentence(en="failed", ja="失敗しました")
    )
    return Sentence(
        en=f"{slot.schedule}, due {at}, {word.en}: {why.en}",
        ja=f"「{slot.schedule}」（予定 {at}）は{word.ja}：{why.ja}",
    )


def _still_playing(first: SlotRow) -> Sentence:
    at = first.nominal.replace("T", " ")
    return Sentence(en=f"the run of {at} was still playing", ja=f"{at} の実行がまだ終わっていませんでした")


_OLD_BOOK = Sentence(
    en="it goes on with the old schedules: ", ja="予定表に誤りがあるため、変更前の予定で動いています。"
)
_DIED_TWICE = Sentence(
    en="its process died, was resumed, and died again",
    ja="途中で終了したため再開しましたが、もう一度途中で終了しました",
)
_NEVER_STARTED = Sentence(
    en=f"its process ended {_MOST_LAUNCHES} times before it began; see logs/serve",
    ja=f"実行用のプログラムが始まる前に{_MOST_LAUNCHES}回終了しました。logs/serve を確認してください",
)
