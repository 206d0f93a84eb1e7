"""Slots of schedules as they are written down and read: the rows, their times as text that compares as time does."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from bofbot.store.moments import as_text, at, time_of
from bofbot.words import Sentence

SlotState = Literal["due", "started", "done", "failed", "waiting", "missed", "skipped"]
"""due: to be played · waiting: a person must decide · missed: its time passed while nobody ticked · skipped: on purpose."""

OPEN: frozenset[str] = frozenset({"due", "started"})


@dataclass(frozen=True, slots=True)
class NewSlot:
    """A slot that came due, as the ticker writes it down. Robot and inputs are copied: a later edit does not touch it."""

    schedule: str
    nominal: str
    due_at: datetime
    robot: str
    inputs: Mapping[str, str] = field(default_factory=dict)
    state: SlotState = "due"
    why: Sentence | None = None
    queued: bool = False
    """Waits for an earlier slot of the schedule that is still playing, rather than being skipped."""
    deadline_at: datetime | None = None
    owner: str = ""


@dataclass(frozen=True, slots=True)
class SlotRow:
    """One slot as it stands."""

    id: int
    schedule: str
    nominal: str
    due_at: datetime
    robot: str
    inputs: Mapping[str, str]
    state: SlotState
    why: Sentence | None
    queued: bool
    deadline_at: datetime | None
    owner: str
    late: bool
    """It was not done by its deadline."""
    ticker: str
    process: str
    """Who plays it, or played it last; empty before it is started."""
    launches: int
    resumed: int
    run: str
    started_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """A process that ticks: when it did last, and what it plays."""

    process: str
    at: datetime
    playing: int
    trouble: str
    alive: bool


def as_row(one: NewSlot) -> dict[str, Any]:
    why = one.why or Sentence.same("")
    return {
        "schedule": one.schedule,
        "nominal": one.nominal,
        "due_at": as_text(one.due_at),
        "robot": one.robot,
        "inputs": json.dumps(dict(one.inputs), ensure_ascii=False),
        "state": one.state,
        "why_en": why.en,
        "why_ja": why.ja,
        "queued": int(one.queued),
        "deadline_at": as_text(one.deadline_at) if one.deadline_at else "",
        "owner": one.owner,
        "tell": int(one.state in ("missed", "failed")),
    }


def slot_of(row: Mapping[str, Any]) -> SlotRow:
    why = Sentence(en=row["why_en"], ja=row["why_ja"]) if row["why_en"] or row["why_ja"] else None
    plain = {name: row[name] for name in ("id", "schedule", "nominal", "robot", "state", "owner", "ticker", "process",
                                          "launches", "resumed", "run")}  # fmt: skip
    return SlotRow(
        **plain,
        due_at=at(row["due_at"]),
        inputs=json.loads(row["inputs"]),
        why=why,
        queued=bool(row["queued"]),
        deadline_at=time_of(row["deadline_at"]),
        late=bool(row["late"]),
        started_at=time_of(row["started_at"]),
        ended_at=time_of(row["ended_at"]),
    )
