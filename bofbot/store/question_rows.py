"""Questions as they are written down and read: one row each, with what an office wants to know of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from bofbot.questions import Answer, Asked, read_answer
from bofbot.store.moments import as_text, at, time_of
from bofbot.words import Sentence

QuestionState = Literal["open", "answered", "expired", "cancelled"]
"""expired: nobody answered in time · cancelled: the run was, or the question was put in other words since."""

_STOP = "stop"
"""What `otherwise` says in the store when nothing counts as an answer; a value is kept behind a `=`."""


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One question as it stands."""

    id: int
    story: str
    """The first of the runs that went on from each other."""
    run: str
    """The run that waits at it, or waited last."""
    robot: str
    robot_file: str
    robot_sha256: str
    owner: str
    started_by: str
    step: str
    item: str
    print: str
    kind: str
    said: Sentence
    choices: tuple[str, ...]
    to: str
    asked_at: datetime
    until: datetime | None
    otherwise: str | None
    state: QuestionState
    value: str
    """As typed."""
    by: str
    """Who answered; "" while nobody did."""
    why: str
    settled_at: datetime | None
    told: int
    """How often people were told of it."""
    tell_at: datetime | None

    def answer(self) -> Answer:
        """What was said, read by its kind."""
        return Answer(read_answer(self.kind, self.choices, self.value), self.by, self.settled_at)


def as_row(asked: Asked, now: datetime) -> dict[str, Any]:
    """The row of a question that is asked now."""
    question = asked.question
    until = now + timedelta(seconds=question.within) if question.within else None
    return {
        **place_of(asked),
        "run": asked.run,
        "robot": asked.robot,
        "robot_file": asked.robot_file,
        "robot_sha256": asked.robot_sha256,
        "owner": asked.owner,
        "started_by": asked.started_by,
        "kind": question.kind,
        "said_en": question.said.en,
        "said_ja": question.said.ja,
        "choices": json.dumps(question.choices, ensure_ascii=False),
        "asked_of": question.to,
        "now": as_text(now),
        "until": as_text(until) if until else "",
        "otherwise": _STOP if question.otherwise is None else f"={question.otherwise}",
        "texts": json.dumps(dict(asked.texts), ensure_ascii=False),
    }


def place_of(asked: Asked) -> dict[str, str]:
    """What names a question: where in which story it is asked, and the print of its words."""
    return {"story": asked.story, "step": asked.step, "item": asked.item, "print": asked.print}


def read_question(row: Mapping[str, Any]) -> QuestionRow:
    """The question of a row."""
    plain = {
        name: row[name]
        for name in ("id", "story", "run", "robot", "robot_file", "robot_sha256", "owner", "started_by", "step", "item",
                     "print", "kind", "state", "why", "told")
    }  # fmt: skip
    otherwise = row["otherwise"]
    value = str(row["value"])
    if row["state"] == "expired":
        value = value.removeprefix("=") if value != _STOP else ""
    return QuestionRow(
        **plain,
        said=Sentence(en=row["said_en"], ja=row["said_ja"]),
        choices=tuple(json.loads(row["choices"])),
        to=row["asked_of"],
        asked_at=at(row["asked_at"]),
        until=time_of(row["until"]),
        otherwise=None if otherwise == _STOP else otherwise.removeprefix("="),
        value=value,
        by=row["settled_by"],
        settled_at=time_of(row["settled_at"]),
        tell_at=time_of(row["tell_at"]),
    )
