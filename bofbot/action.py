"""The contract of verbs: what a verb is (`Verb`, `Action`), what it may ask for (`Context`), what it opens (`Resource`).

A built-in verb and a third-party one (entry point `bofbot.actions`) are the same kind of class:

    class Wait(Action):
        '''Waits for a while.
        しばらく待つ。'''

        verb = "wait"
        wait: Duration
        '''How long, e.g. `30s`.
        待つ長さ（例 `30s`）。'''

        def sentence(self) -> Sentence: ...
        async def run(self, context: Context) -> Result: ...

The class docstring and each field's docstring hold two lines: English first, Japanese second. From them follow the
YAML key, the editor schema, completion, the reference page, the sentence of `plan` and the line of the manual.
"""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Literal, Protocol, Self, TypeVar

from pydantic import BaseModel, ConfigDict, ValidatorFunctionWrapHandler, field_validator

from bofbot.computed import Computed as Computed
from bofbot.computed import Later as Later
from bofbot.computed import Scalar as Scalar
from bofbot.computed import later
from bofbot.errors import Place, Sighting
from bofbot.events import Drift, Evidence
from bofbot.known_pages import Memory
from bofbot.locks import Locks as Locks
from bofbot.locks import OneMachine as OneMachine
from bofbot.questions import Answer, Question
from bofbot.scratch import Scratch
from bofbot.secret import Redactor, Secret
from bofbot.settings import Settings
from bofbot.words import Sentence


class Verb(BaseModel):
    """The options of one step: the field named like the verb holds the verb's own value, the rest are sibling keys."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        populate_by_name=True,
        arbitrary_types_allowed=True,
    )

    verb: ClassVar[str]
    side_by_side: ClassVar[bool] = False
    """May it be played for several items at once (`for_each` with `parallel`)? Only what works on a page of its own."""
    saves: ClassVar[str] = ""
    """What `save_as` would name, in English; "" when the verb yields nothing."""

    @field_validator("*", mode="wrap")
    @classmethod
    def _computed_later(cls, value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
        return later(value, handler)

    def sentence(self) -> Sentence:
        """What this step does, as `plan` and the manual say it. Computed values show their source."""
        return Sentence.same(self.verb)

    def columns_written(self) -> tuple[str, ...]:
        """Columns of the item's own row that this verb fills in; they are no part of what identifies its payload."""
        return ()

    def names_made(self) -> tuple[str, ...]:
        """Names the step makes known besides `save_as`: the keys of its `Result.names`, e.g. ("receipt",)."""
        return ()

    def columns_made(self) -> tuple[str, ...] | None:
        """Columns of the rows (or fields of the record) under `save_as`; None when they are known only in the run."""
        return None


class Action(Verb):
    """A verb that does something by itself."""

    repeatable: ClassVar[bool] = True
    """May the step be tried again after an ApplicationError? False for verbs that tell the outside world something."""
    effect: ClassVar[bool] = False
    """True for `submit` alone: it changes somebody else's books, so its life is kept in the ledger."""
    bounded: ClassVar[bool] = True
    """False for verbs that take as long as they take (`wait`, `ask`): the usual step timeout does not hold them."""
    rehearsed: ClassVar[bool] = True
    """False for verbs that a dry run leaves out: they write into somebody's book or tell people."""
    in_browser: ClassVar[bool] = False
    """Does it work in the run's browser? Only a worker that may open one is given a robot with such a verb."""
    takes_secrets: ClassVar[frozenset[str]] = frozenset()
    """The fields that may be given a secret; any other use of `${secrets.…}` is a validation error."""

    def secrets_needed(self) -> tuple[str, ...]:
        """Names of secrets the action takes by itself (e.g. `login: 経費システム`), besides `${secrets.…}`."""
        return ()

    async def look_up(self, context: Context, *, since: datetime, fenced: bool) -> Finding | None:
        """Look whether an effect of an earlier run, sent at `since`, has happened; nothing may be changed by looking.

        None when the author gave no way to. `fenced`: whoever sent it is proven dead, so nothing can still arrive."""
        return None

    async def foresee(self, context: Context) -> None:
        """Before the first item of a loop: raise now what every `run` in it would raise (the file has no such column, somebody
        has it open), while nothing is submitted yet. `context.item` is the first item; `${…}` is not computed. Changes nothing."""

    def touches(self) -> tuple[Touch, ...]:
        """What would be read, written, opened or submitted; `plan` shows it without touching anything."""
        return ()

    @abstractmethod
    async def run(self, context: Context) -> Result | None:
        """Do it. Raises BusinessError, ApplicationError or NeedsPerson; foreign errors are mapped in adapters."""


@dataclass(frozen=True, slots=True)
class Touch:
    """One thing a step reads, writes, opens, submits or tells. `target` is a path, URL, button or recipient."""

    kind: str  # "reads" | "writes" | "opens" | "submits" | "tells"
    target: str


@dataclass(frozen=True, slots=True)
class Result:
    """What an action yields."""

    value: Any = None
    """Bound to the name in `save_as`."""
    summary: Sentence | None = None
    """A few words for the screen: "42 rows"."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Figures for the report, plain JSON values, e.g. {"matched": 12, "difference": "0"}."""
    evidence: tuple[Evidence, ...] = ()
    names: Mapping[str, Any] = field(default_factory=dict)
    """Names the step makes known to later steps besides `save_as`, e.g. {"receipt": "A-001"}."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a resource saw when a step failed: facts, and files it has written."""

    sighting: Sighting
    files: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Glimpse:
    """What a resource shows at this moment, masked and redacted; kept in memory until somebody needs it."""

    title: str = ""
    picture: bytes = b""
    """A JPEG; empty when none was asked for, or none could be taken safely."""
    entries: tuple[tuple[str, str], ...] = ()
    """What the form holds, label and value, when there is no picture."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a look-up of an effect with an unknown outcome proved."""

    state: Literal["done", "absent", "unknown"]
    """absent: proven not done, so it may be tried again; anything doubtful is unknown."""
    why: Sentence
    receipt: str = ""


class Resource(ABC):
    """Something opened once per run and closed at its end: a browser, a screen. The class itself is its name:
    `browser = await context.resource(Browser)`."""

    @classmethod
    @abstractmethod
    async def open(cls, context: Context) -> Self:
        """Open it; raises NotReady when the machine lacks it."""

    @abstractmethod
    async def close(self) -> None:
        """Leave nothing behind. Never raises; is called once, also after a cancellation."""

    @property
    def in_use(self) -> Resource:
        """The one to work with, where there are several of a kind: two accounts of a site have a browser each."""
        return self

    async def twin(self, context: Context) -> Resource:
        """One more of the same for another item, played at the same time; itself where all may share it."""
        return self

    async def evidence(self, stem: Path) -> Seen:
        """What can be seen now, with files written beside `stem` (`stem.with_suffix(".png")`). Masked and redacted.
        Never raises: a browser that is gone is seen as such."""
        return Seen(Sighting())

    async def glimpse(self, picture: bool, small: bool = False) -> Glimpse | None:
        """A light look at what can be seen now, a `small` picture where that is cheaper; None when there is nothing to see. Never raises, never waits for long."""
        return None


@dataclass(frozen=True, slots=True)
class Item:
    """The business record a loop is playing: its key, place in the loop, and the value (a Row when rows are looped)."""

    key: str
    index: int
    value: Any


class Effect(Protocol):
    """The one effect of a `submit` step, for one item. The runner settles it: after `run` returns it is done (with the
    receipt in `Result.names["receipt"]`), after an exception it is released when not armed, business when the error
    is a BusinessError (a rejection the author declared), else uncertain."""

    @property
    def armed(self) -> bool: ...

    def arm(self, request: Mapping[str, str]) -> None:
        """Commit to disk that the first unsafe request (method, url, sha256 of the body) is about to leave.
        Raises ApplicationError when another run holds the item now. Call it before letting the request go."""


class Context(Protocol):
    """What a verb may ask of the run that plays it."""

    run_id: str
    robot_name: str
    robot_folder: Path
    """Relative paths in a robot are taken from the project folder (`work_folder`), parts from `robot_folder`."""
    work_folder: Path
    evidence_folder: Path
    """This run's own folder, made already, mode 0700."""
    scratch: Scratch
    """This run's own temporary folder: start other programs inside `scratch.as_temporary_folder()`."""
    settings: Settings
    redact: Redactor
    random: random.Random
    clock: Callable[[], datetime]
    """Aware local time."""
    sleep: Callable[[float], Awaitable[None]]
    step_name: str
    step_path: str
    place: Place
    item: Item | None
    effect: Effect
    """Only a verb with `effect = True` may use it."""
    dry_run: bool
    """Fill for real, let no unsafe request leave."""
    timeout: float
    """Seconds this step may take in all. Waits inside the verb should end before it, with a better message."""
    hosts: tuple[str, ...]
    """Where the browser of this run may go: hosts or whole URLs."""
    base_url: str
    """The robot's `defaults: {at: …}`: what relative addresses are relative to; "" when it says none."""
    names: Mapping[str, Any]
    """What expressions see: inputs, saved names, the loop variable."""
    memory: Memory
    locks: Locks

    async def resource(self, kind: type[R]) -> R:
        """The run's one resource of this class, opened when first asked for."""

    def opened(self, kind: type[R]) -> R | None:
        """The resource when it is open already."""

    def secret(self, name: str) -> Mapping[str, Secret]:
        """The fields of a secret, e.g. {"user": …, "password": …, "totp": …}. Raises NotReady with the way to set it."""

    def reject_secret(self, name: str) -> None:
        """The site refused this secret: no robot tries its present version again (accounts lock after two or three)."""

    def path(self, text: str) -> Path:
        """The path a robot means by `text`."""

    def evidence_file(self, name: str) -> Path:
        """A fresh path in the run's folder: "07-登録.png"; the name is made safe and numbered."""

    def progress(self, done: int, total: int) -> None: ...

    def note(self, sentence: Sentence, level: str = "info", drift: Drift | None = None) -> None: ...

    async def ask(self, question: Sentence, choices: tuple[str, ...] = (), secret: bool = False) -> str:
        """A person's answer. Raises NeedsPerson when nobody can be asked here."""

    async def put(self, question: Question) -> Answer:
        """A person's answer, read by its kind: given now at the terminal, or before. Raises Parked when nobody is there:
        the question lies in the store then, and the run goes on when it is answered."""

    async def tell(self, channel: str, title: str, body: str, attachments: tuple[Path, ...] = ()) -> None:
        """Send a notice through a channel of configs/bofbot.yaml. Raises ApplicationError / NotReady."""


R = TypeVar("R", bound=Resource)
Action.model_rebuild()
