"""One schedule: as it may be written, and ready to be asked what is due."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bofbot.schedule.letters import LetterRule, MailText
from bofbot.schedule.rules import Rule

CatchUp = Literal["latest", "all", "none"]
Overlap = Literal["skip", "queue"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Pause(_Strict):
    """Why a schedule rests, and until which day."""

    why: str
    until: str = ""
    """The first day on which it plays again; empty: until somebody resumes it."""


class ScheduleText(_Strict):
    """One entry of configs/schedules.yaml, as it may be written."""

    name: str
    robot: str
    """A file's name in robots/, or a path."""
    when: str
    """A sentence or five fields of cron."""
    calendar: str | tuple[str, ...] = ("japan", "company")
    """`japan`, `bank`, `company`, `none`, `us`, `us-ca`, a CSV file of days off; or several of them."""
    zone: str = ""
    inputs: dict[str, str] = {}
    catch_up: CatchUp = "latest"
    overlap: Overlap = "skip"
    deadline: str = ""
    """`2h` after it was due, or `12:00` on that day: not done by then is late, and its owner is told."""
    paused: Pause | None = None
    owner: str = ""
    """Who is told: a name under `notify:` in configs/bofbot.yaml."""
    mail: MailText | None = None
    """Which mails begin it, for `メールが届いたら`."""
    secret: str = ""
    """The secret whose `key` signs the calls, for a webhook."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """One schedule, ready to be asked what is due."""

    name: str
    robot: str
    rule: Rule
    inputs: dict[str, str] = field(default_factory=dict)
    catch_up: CatchUp = "latest"
    overlap: Overlap = "skip"
    deadline: timedelta | time | None = None
    pause_why: str = ""
    pause_until: date | None = None
    owner: str = ""
    mail: LetterRule | None = None
    secret: str = ""

    def pause_at(self, at: datetime) -> str:
        """Why it rests at an instant; "" when it does not."""
        over = self.pause_until is not None and at.astimezone(self.rule.zone).date() >= self.pause_until
        return "" if over else self.pause_why

    def deadline_of(self, due_at: datetime) -> datetime | None:
        """By when a slot must be done; a time of day that is past already means the next day."""
        if self.deadline is None:
            return None
        if isinstance(self.deadline, timedelta):
            return due_at + self.deadline
        local = due_at.astimezone(self.rule.zone)
        wanted = local.replace(hour=self.deadline.hour, minute=self.deadline.minute, second=0, microsecond=0)
        return wanted if wanted > local else wanted + timedelta(days=1)
