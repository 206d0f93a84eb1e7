"""What can happen in a run: frozen records, one union. Screen, log, journal and report are made from these alone."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import PurePath
from typing import Any, Literal

from bofbot.errors import Place, Sighting
from bofbot.words import Sentence

SCHEMA_VERSION = 1
"""Stands in every line of `--events` and of the journal; raised when a field changes its meaning."""

Outcome = Literal["done", "failed", "partial", "waiting", "interrupted"]
"""done: all well · partial: finished, some items failed · waiting: for a person."""

ItemState = Literal["done", "failed", "skipped", "already", "waiting"]
"""already: an earlier run did this item; it was not repeated."""

FailureKind = Literal["business", "application", "person", "environment", "fault"]
"""environment: this machine lacks something · fault: an error of bofbot itself or of a foreign verb."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file that proves what happened. `path` is relative to the folder of the run."""

    kind: Literal["picture", "page", "file", "text"]
    path: str
    label: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """How a step looked when it was over: a small masked picture, else what its form held in words, else nothing."""

    at: datetime
    step: str
    name: str
    verb: str
    item: str = ""
    path: str = ""
    """The picture, relative to the folder of the run."""
    sha256: str = ""
    title: str = ""
    """Of the page or window."""
    entries: tuple[tuple[str, str], ...] = ()
    """Label and value of each field, where there is no picture."""
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Drift:
    """A page that changed: what a label stood for in the last good run, and where that seems to stand now."""

    state: Literal["followed", "proposed", "crossed", "changed"]
    """followed: gone on with what was found · proposed: only said · crossed: the label stands at another field now
    · changed: the label is where it was, much of the rest is not."""
    what: Literal["field", "button"]
    looked_for: str
    """As the robot writes it."""
    found: str = ""
    """What the robot would have to write now; "" when there are no such words."""
    shown: str = ""
    """The words that stand there now."""
    page: str = ""
    agrees: tuple[str, ...] = ()
    """The signals that are as they were, by the names of `forms.fingerprint`."""
    differs: tuple[str, ...] = ()
    score: float = 0.0
    """The share of what was known that still agrees, 0 … 1."""
    margin: float = 0.0
    """How much less the next best agrees."""
    picture: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a step or an item failed, told once, shown everywhere."""

    kind: FailureKind
    message: Sentence
    fix: Sentence | None = None
    sighting: Sighting = field(default_factory=Sighting)
    evidence: tuple[Evidence, ...] = ()
    place: Place | None = None
    detail: str = ""
    """For developers: the foreign exception's text. Never shown to a person unasked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Happening:
    run: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfStep(_Happening):
    step: str
    """The step's path in the robot: "3", "3.1" (first step inside step 3), "finally.1", "on_failure.1"."""
    name: str
    verb: str
    place: Place
    item: str = ""
    """The key of the item that was played, if any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted(_Happening):
    robot: str
    robot_file: str
    robot_sha256: str
    owner: str = ""
    by: str = ""
    """Who asked for the run, as the system calls them; "" when a schedule did."""
    purpose: str = ""
    by_hand: float = 0.0
    """Seconds that one item costs a person."""
    inputs: Mapping[str, Any] = field(default_factory=dict)
    """Typed inputs; secrets and personal inputs are already masked."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """How people call an input, by its name, where the robot says so."""
    mode: Literal["run", "dry-run", "resume", "retry", "help"] = "run"
    of_run: str = ""
    """The run that this one resumes, retries or helps."""
    folder: str = ""
    """Where pictures and reports of this run are kept."""
    subject: str = ""
    """Fingerprint of robot, inputs, settings and data, as a person approves them."""
    steps: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StepStarted(_OfStep):
    sentence: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFinished(_OfStep):
    seconds: float
    summary: Sentence | None = None
    """What came of it: "42 rows", "downloaded 明細.csv"."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Figures a report shows, e.g. the totals of a reconciliation."""
    evidence: tuple[Evidence, ...] = ()
    attempts: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSkipped(_OfStep):
    reason: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRetried(_OfStep):
    """An attempt failed and the step will be tried again after `wait` seconds."""

    attempt: int
    wait: float
    failure: Failure


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFailed(_OfStep):
    seconds: float
    attempts: int
    failure: Failure
    tolerated: bool = False
    """The step was `optional`, or its failure is collected by the loop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemsStarted(_OfStep):
    total: int
    sums: Mapping[str, str] = field(default_factory=dict)
    """Column → what the items to be played come to, for a loop with `control`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemStarted(_OfStep):
    index: int
    """From 1."""
    row: int = 0
    """The row in the source table as its file counts, 0 when there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFinished(_OfStep):
    index: int
    state: ItemState
    seconds: float
    row: int = 0
    receipt: str = ""
    failure: Failure | None = None
    by: str = ""
    """The run that played it, when the items of a loop were spread over workers and it was not this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemsTotalled(_OfStep):
    """What a loop with `control` came to. The first line is the total of the others; it was checked that it is."""

    totals: Mapping[str, Mapping[str, str]]
    """`total`, then each ItemState that occurred and `left` (not played) → {"count": "42", "金額": "1234567"}."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectChanged(_OfStep):
    """The life of an item's effect: armed before the request leaves, then done, uncertain or business."""

    state: Literal["armed", "done", "uncertain", "business"]
    receipt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress(_OfStep):
    done: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted(_OfStep):
    """Something worth knowing that is no failure: a slower way was taken, a value was rounded."""

    sentence: Sentence
    level: Literal["info", "warning"] = "info"
    drift: Drift | None = None
    """Set when the note says that a page has changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filmed(_OfStep):
    """Frames that are kept: those of the last steps when this one failed, or that of this step when all are wanted."""

    frames: tuple[Frame, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFinished(_Happening):
    robot: str
    outcome: Outcome
    exit_code: int
    seconds: float
    items_done: int = 0
    items_failed: int = 0
    items_already: int = 0
    items_waiting: int = 0
    failure: Failure | None = None
    """The first failure: the cause; what came after is its consequence."""
    outputs: Mapping[str, Any] = field(default_factory=dict)


StepEvent = (
    StepStarted | StepFinished | StepSkipped | StepRetried | StepFailed
    | ItemsStarted | ItemStarted | ItemFinished | ItemsTotalled | EffectChanged | Progress | Noted | Filmed
)  # fmt: skip
Event = RunStarted | StepEvent | RunFinished


def as_json(event: Event) -> dict[str, Any]:
    """The event as plain JSON values: `{"v": 1, "event": "StepFailed", "run": …, "at": …, …}`; empty fields left out."""
    return {"v": SCHEMA_VERSION, "event": type(event).__name__, **as_plain(event)}


def as_plain(value: Any) -> Any:
    """Any value of a robot as plain JSON values: dates in ISO, Decimals as text, empty fields of records left out."""
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {str(key): as_plain(part) for key, part in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        pairs = ((f.name, getattr(value, f.name)) for f in dataclasses.fields(value))
        return {name: as_plain(part) for name, part in pairs if part not in (None, "", (), {})}
    if isinstance(value, list | tuple | set | frozenset):
        return [as_plain(part) for part in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal | PurePath):
        return str(value)
    return str(value)
