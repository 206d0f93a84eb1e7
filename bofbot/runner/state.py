"""One run as it stands: open resources, counters, the first failure, and the way events leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from bofbot.action import Context, Item, Resource
from bofbot.events import Failure, StepEvent
from bofbot.known_pages import Learnt
from bofbot.plan import Plan
from bofbot.robot import Retry, Robot, Step
from bofbot.runner.computing import Computing
from bofbot.runner.flight import Recorder
from bofbot.runner.surroundings import Surroundings
from bofbot.secret import Secret

R = TypeVar("R", bound=Resource)
E = TypeVar("E", bound=StepEvent)


class Until(Exception):
    """The step named by `--until` was played; what comes after is left out."""


class Failed(Exception):
    """A step failed and its event was emitted."""

    def __init__(self, failure: Failure, *, uncertain: bool = False, parked: bool = False) -> None:
        super().__init__(failure.message.en)
        self.failure = failure
        self.parked = parked
        """A question lies in the store: nothing went wrong, the run goes on when it is answered."""
        self.uncertain = uncertain
        """An effect left and its outcome is not known: the item waits for a person, the others may go on."""


@dataclass(slots=True)
class Counts:
    """Items by what became of them."""

    done: int = 0
    failed: int = 0
    already: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Scope:
    """What names mean in one stretch of steps, and which item is played there."""

    names: dict[str, Any]
    robot: Robot
    """Whose steps these are: the robot, or a part of it."""
    item: Item | None = None
    lap: str = ""
    """Which lap of the loops around, e.g. "2.14"; tells apart effects that have no key."""
    uses: tuple[str, ...] = ()
    """The paths of the `use` steps that led here, the outermost first."""
    retry: Retry = field(default_factory=Retry)
    """How often steps are tried again here, unless they or the robot's defaults say so."""
    items: tuple[Item, ...] = ()
    """The items of all loops around, the outermost first."""

    def of_item(self, item: Item, lap: str, **names: Any) -> Scope:
        """Inside a loop: one item, with names of its own."""
        items = (*self.items, item)
        return Scope({**self.names, **names}, self.robot, item, lap, self.uses, self.retry, items)

    def with_tries(self, times: int) -> Scope:
        """The same, each of its steps tried again so many times."""
        return replace(self, retry=Retry(times=times))


@dataclass(slots=True)
class Run:
    """The moving parts of a run."""

    plan: Plan
    around: Surroundings
    started: datetime
    computing: Computing = field(default_factory=Computing)
    resources: dict[type[Resource], Resource] = field(default_factory=dict)
    counts: Counts = field(default_factory=Counts)
    cause: Failure | None = None
    """The first failure."""
    noted_failures: int = 0
    """Failures that were collected outside loops."""
    parked: bool = False
    """A question of it lies in the store."""
    interrupted: bool = False
    """Somebody has asked the run to stop (Ctrl-C, SIGTERM)."""
    followed: dict[Learnt, str] = field(default_factory=dict)
    """Labels that were found again under other words."""
    told: set[tuple[str, ...]] = field(default_factory=set)
    """Changes of pages that were told already."""
    recorder: Recorder = field(init=False)

    def __post_init__(self) -> None:
        self.recorder = Recorder(self.around.settings.record, self.around.folder)

    @property
    def robot(self) -> Robot:
        return self.plan.robot

    async def open(self, kind: type[Resource], context: Context) -> Resource:
        return await kind.open(context)

    def emit(self, kind: type[E], step: Step, scope: Scope, **fields: Any) -> None:
        """Tell the sinks that `kind` happened at `step`."""
        self.around.emit(
            kind(
                run=self.around.run_id,
                at=self.around.clock(),
                step=step.path,
                name=self.title(step),
                verb=step.verb.verb,
                place=step.place,
                item=scope.item.key if scope.item else "",
                **fields,
            )
        )

    def title(self, step: Step) -> str:
        """What the step is called on screens: its name, else its sentence."""
        return step.titled().said_in(self.around.language)

    def secret(self, name: str) -> Mapping[str, Secret]:
        """The fields of a secret; from now on the redactor knows them."""
        fields = self.around.secrets.get(name)
        for secret in fields.values():
            self.around.redact.add(secret)
        return fields

    def blame(self, failure: Failure) -> None:
        """Remember the first failure: it is the cause, later ones are consequences."""
        if self.cause is None:
            self.cause = failure

    def seconds(self) -> float:
        return (self.around.clock() - self.started).total_seconds()

    def timeout_of(self, step: Step, robot: Robot, bounded: bool) -> float:
        if step.timeout is not None:
            return step.timeout
        usual = (
            robot.defaults.get("timeout")
            or self.robot.defaults.get("timeout")
            or self.around.settings.step_timeout
        )
        return float(usual) if bounded else float(self.around.settings.run_timeout)

    def retry_of(self, step: Step, scope: Scope) -> Retry:
        return step.retry or self.default("retry", scope.robot) or scope.retry

    def default(self, name: str, robot: Robot) -> Any:
        """What `defaults:` says, of the part that is played, else of the robot."""
        return robot.defaults.get(name) or self.robot.defaults.get(name)

    def facts(self) -> Mapping[str, Any]:
        """What `${run.…}` shows."""
        return RunFacts(self)


class RunFacts(Mapping[str, Any]):
    """`run` as expressions see it: always the figures of this moment."""

    _names = (
        "id",
        "name",
        "folder",
        "started",
        "done_items",
        "failed_items",
        "already_items",
        "waiting_items",
        "failure",
        "file",
    )

    def __init__(self, run: Run) -> None:
        self._run = run

    def __getitem__(self, name: str) -> Any:
        run = self._run
        values = {
            "id": run.around.run_id,
            "name": run.robot.name,
            "folder": str(run.around.folder),
            "started": run.started,
            "file": str(run.robot.file),
            "done_items": run.counts.done,
            "failed_items": run.counts.failed,
            "already_items": run.counts.already,
            "waiting_items": run.counts.waiting,
            "failure": run.cause.message.said_in(run.around.language) if run.cause else "",
        }
        return values[name]

    def __iter__(self) -> Any:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
