"""How an office is, in figures: what `bofbot health` says, prints as JSON and as metrics. Looks only."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from bofbot.cli.commands.schedule_look import book_of
from bofbot.engine.depth import depth_of
from bofbot.errors import InvalidRobot
from bofbot.office import Office
from bofbot.reminding import is_late
from bofbot.schedule.book import Schedule
from bofbot.schedule.standing import Standing, serving_line, standing_of
from bofbot.store import RunRow
from bofbot.store.questions import QuestionRow
from bofbot.store.slots import Heartbeat
from bofbot.store.workers import WorkerRow
from bofbot.waiting import stopped_runs
from bofbot.words import Sentence

LOW_BYTES = 1_000_000_000
"""Less room than this on the disk of the logs is told."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong (the monitor must ring), or that only wants a look."""

    wrong: bool
    name: str
    said: Sentence


@dataclass(frozen=True, slots=True)
class Health:
    """An office at one moment."""

    at: datetime
    beats: tuple[Heartbeat, ...]
    workers: tuple[WorkerRow, ...]
    standings: tuple[Standing, ...]
    succeeded: Mapping[str, datetime]
    """Schedule → when it was last done."""
    latest: tuple[RunRow, ...]
    """The newest run of each robot."""
    book: Sentence | None
    """Why the schedules cannot be read."""
    running: int
    lost: int
    items_waiting: int
    runs_waiting: int
    questions: tuple[QuestionRow, ...]
    """What waits for an answer or an approval, the oldest first."""
    questions_late: int
    """Of these: nobody answered until the first reminder."""
    queued: int
    playing: int
    free: int
    size: int
    """Bytes free on the disk of the logs, and its size."""
    records: int
    head_ok: bool
    late: int
    """Times of schedules that are past their deadline and not over."""
    uncopied: int
    """Files of evidence that the place for all machines has not taken yet."""

    def findings(self) -> list[Finding]:
        """What is wrong first, then what wants a look."""
        return sorted((*self._wrong(), *self._to_look_at()), key=lambda one: not one.wrong)

    def _wrong(self) -> Iterator[Finding]:
        if self.book:
            yield Finding(True, "schedules", self.book)
        serving = serving_line(self.beats, self.at) if self.standings or self.beats else None
        if serving:
            yield Finding(True, "serve", serving)
        for worker in self.workers:
            if worker.is_hung(self.at):
                yield Finding(True, "worker", Sentence(en=f"worker {worker.process} stands still: bofbot worker evict", ja=f"worker {worker.process} が応答していません：bofbot worker evict"))  # fmt: skip
        if self.queued and not any(one.alive for one in self.workers):
            yield Finding(True, "queue", Sentence(en=f"{self.queued} orders wait and nobody plays them", ja=f"{self.queued} 件が順番待ちですが、実行するものが動いていません"))  # fmt: skip
        for one in self.standings:
            if one.key == "overdue":
                yield Finding(True, "late", Sentence(en=f"{one.schedule.name}: ", ja=f"{one.schedule.name}：") + (one.why or one.state))  # fmt: skip
        if self.late:
            yield Finding(True, "late", Sentence(en=f"{self.late} past their deadline: bofbot schedule list", ja=f"期限を過ぎた予定が {self.late} 件：bofbot schedule list"))  # fmt: skip
        if self.free < LOW_BYTES:
            yield Finding(True, "disk", Sentence(en=f"{self.free // 1_000_000:,} MB left on the disk of the logs", ja=f"ログのディスクの空きが {self.free // 1_000_000:,} MB です"))  # fmt: skip
        if not self.head_ok:
            yield Finding(True, "journal", Sentence(en="the end of the journal is not as it was sealed: bofbot journal verify", ja="ジャーナルの末尾が封印と一致しません：bofbot journal verify"))  # fmt: skip

    def _to_look_at(self) -> Iterator[Finding]:
        if waits := self.items_waiting + self.runs_waiting + len(self.questions):
            yield Finding(False, "waiting", Sentence(en=f"{waits} wait for a person: bofbot waiting", ja=f"担当者の判断待ちが {waits} 件：bofbot waiting"))  # fmt: skip
        if self.questions_late:
            oldest = self.questions[0]
            yield Finding(False, "unanswered", Sentence(en=f"{self.questions_late} not answered for long; the oldest: {oldest.robot}, run {oldest.run}, since {oldest.asked_at.astimezone():%m-%d %H:%M}", ja=f"回答が遅れている質問が {self.questions_late} 件。最も古いもの：{oldest.robot}（実行 {oldest.run}、{oldest.asked_at.astimezone():%m-%d %H:%M} から）"))  # fmt: skip
        if self.lost:
            yield Finding(False, "lost", Sentence(en=f"{self.lost} runs were broken off: bofbot resume", ja=f"途中で終了した実行が {self.lost} 件：bofbot resume"))  # fmt: skip
        if self.uncopied:
            yield Finding(False, "evidence", Sentence(en=f"{self.uncopied} files of evidence are still to be copied: bofbot tidy", ja=f"証跡の写しが {self.uncopied} 件残っています：bofbot tidy"))  # fmt: skip
        for run in self.latest:
            if run.state in ("failed", "partial"):
                yield Finding(False, "failed", Sentence(en=f"{run.robot}: its last run {run.id} failed", ja=f"{run.robot}：直近の実行 {run.id} が失敗しています"))  # fmt: skip


def health_of(office: Office) -> Health:
    """The office as it is now; well under a second, also beside a store of a million events."""
    store, now = office.store, datetime.now(UTC)
    wrong: Sentence | None = None
    book: tuple[Schedule, ...] = ()
    try:
        book = book_of(office.folder, office.settings)
    except InvalidRobot as invalid:
        wrong = Sentence(en=f"{invalid.place}: ", ja=f"{invalid.place}：") + invalid.message
    last, ticked = store.slots.last_of_each(), store.slots.ticked()
    playing_now = (store.journal.runs(state=state, limit=10_000) for state in ("running", "lost"))
    running = [run for runs in playing_now for run in runs]
    disk = shutil.disk_usage(office.folder / office.settings.logs)
    queued, playing = depth_of(store)
    asked = store.questions.open()
    return Health(
        at=now,
        beats=tuple(store.slots.heartbeats()),
        workers=tuple(store.workers.all()),
        standings=tuple(standing_of(one, last.get(one.name), ticked.get(one.name), now) for one in book),
        succeeded={row["schedule"]: datetime.fromisoformat(row["at"]) for row in store.database.rows(_SUCCEEDED)},
        latest=tuple(store.journal.latest()),
        book=wrong,
        running=sum(run.state == "running" for run in running),
        lost=sum(run.state == "lost" and not store.journal.resumed(run.id) for run in running),
        items_waiting=_count(office, "items WHERE state IN ('uncertain', 'waiting')"),
        runs_waiting=len(stopped_runs(store, asked)),
        questions=tuple(asked),
        questions_late=sum(is_late(row, office.settings, now) for row in asked),
        queued=queued,
        playing=playing,
        free=disk.free,
        size=disk.total,
        records=store.journal.head().seq,
        head_ok=store.journal.seal.ends_well(),
        late=_count(office, "slots WHERE late = 1 AND state IN ('due', 'started', 'waiting')"),
        uncopied=_count(office, "copies WHERE at = ''"),
    )  # fmt: skip


def _count(office: Office, what: str) -> int:
    row = office.store.database.row(f"SELECT COUNT(*) AS n FROM {what}")  # noqa: S608 (our own words)
    return int(row["n"]) if row else 0


_SUCCEEDED = (
    "SELECT schedule, at FROM (SELECT ticks.schedule AS schedule, (SELECT own.ended_at FROM slots AS own WHERE own.schedule = ticks.schedule"
    " AND own.state = 'done' ORDER BY own.due_at DESC LIMIT 1) AS at FROM schedule_ticks AS ticks) AS newest WHERE at IS NOT NULL AND at <> ''"
)
