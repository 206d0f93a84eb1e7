"""One row a run: what lists show, kept up to date by the journal in the same transaction as its events."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bofbot.errors import UsageError
from bofbot.events import Event, Noted, RunFinished, RunStarted, StepRetried, StepStarted
from bofbot.store.moments import microseconds
from bofbot.store.owner import this_process
from bofbot.store.port import Database
from bofbot.words import Sentence


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run, as a list shows it; nothing in it is large."""

    id: str
    robot: str
    robot_file: str
    owner: str
    mode: str
    of_run: str
    folder: str
    state: str
    """An outcome of `events`, `running`, or `lost`: it was running when its process died."""
    started: datetime
    seconds: float
    exit_code: int
    items_done: int
    items_failed: int
    items_already: int
    items_waiting: int
    retries: int
    warnings: int
    step_name: str
    """The step that was started last."""
    why: Sentence | None
    fix: Sentence | None


class Runs:
    """The rows of all runs."""

    def __init__(self, database: Database, dead: Callable[[str], bool]) -> None:
        self._database = database
        self._dead = dead

    def newest(
        self, robot: str | None, state: str | None, since: datetime | None, until: datetime | None, limit: int
    ) -> list[RunRow]:
        """The newest first, without those that helped others; `since` is included, `until` is not."""
        wanted = "running" if state == "lost" else state
        # Whether a running run is lost is known outside the store, so these few are counted here.
        count = 1_000_000 if wanted == "running" else limit
        named = {
            "robot": robot,
            "state": wanted,
            "since": since and microseconds(since),
            "until": until and microseconds(until),
        }
        asked = {name: value for name, value in named.items() if value is not None}
        rows = self._database.rows(_newest_of(asked), {**asked, "count": count})
        found = [self._run(row) for row in rows]
        return [run for run in found if state is None or run.state == state][:limit]

    def latest(self) -> list[RunRow]:
        """The newest of each robot, without those that helped others."""
        rows = [self._database.row(_NEWEST, {"robot": name}) for name in self.robots()]
        found = [self._run(row) for row in rows if row]
        return sorted(found, key=lambda run: (run.started, run.id), reverse=True)

    def robots(self) -> list[str]:
        """The names of all robots that ever played."""
        return [row["name"] for row in self._database.rows(_ROBOTS)]

    def resumed(self, run: str) -> bool:
        """Whether another run went on from it."""
        row = self._database.row(
            "SELECT 1 AS one FROM runs WHERE of_run = :run AND mode = 'resume' LIMIT 1", {"run": run}
        )
        return row is not None

    def find(self, run_id: str) -> RunRow | None:
        """By id, or by a beginning that only one has. Raises UsageError."""
        if row := self._database.row("SELECT * FROM runs WHERE id = :id", {"id": run_id}):
            return self._run(row)
        begins = run_id.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        rows = self._database.rows(
            "SELECT * FROM runs WHERE id LIKE :begins ESCAPE '\\' ORDER BY id LIMIT 11", {"begins": begins}
        )
        found = rows if run_id else []
        if len(found) > 1:
            names = ", ".join(row["id"] for row in found[:10])
            raise UsageError(
                Sentence(
                    en=f"several runs begin with {run_id}: {names}",
                    ja=f"{run_id} で始まる実行がいくつかあります（{names}）",
                ),
                fix=Sentence(en="type the whole number", ja="番号をすべて入力してください"),
            )
        return self._run(found[0]) if found else None

    def tell(self, batch: Iterable[Event]) -> None:
        """Bring the rows up to date, inside the caller's transaction."""
        for event in _telling(batch):
            self._tell(event)

    def _tell(self, event: Event) -> None:
        """Bring the run's row up to date."""
        match event:
            case RunStarted():
                self._database.later(_NEW_RUN, [_new_run(event)])
            case RunFinished():
                self._database.later(_END_RUN, [_end_run(event)])
            case StepRetried():
                self._database.later(
                    "UPDATE runs SET retries = retries + 1 WHERE id = :run", [{"run": event.run}]
                )
            case Noted():
                self._database.later(
                    "UPDATE runs SET warnings = warnings + 1 WHERE id = :run", [{"run": event.run}]
                )
            case StepStarted():
                name = event.name or event.sentence.ja
                self._database.later(
                    "UPDATE runs SET step_name = :name WHERE id = :run", [{"run": event.run, "name": name}]
                )

    def _run(self, row: dict[str, Any]) -> RunRow:
        lost = row["state"] == "running" and self._dead(row["process"])
        fields = {name: row[name] for name in _RUN_FIELDS}
        return RunRow(
            **fields,
            owner=row["responsible"],
            state="lost" if lost else row["state"],
            started=datetime.fromisoformat(row["started"]),
            why=_sentence(row["why_en"], row["why_ja"]),
            fix=_sentence(row["fix_en"], row["fix_ja"]),
        )


_EPILOGUE = ("finally.", "on_failure.")
_RUN_FIELDS = (
    "id", "robot", "robot_file", "mode", "of_run", "folder", "seconds", "exit_code", "items_done", "items_failed",
    "items_already", "items_waiting", "retries", "warnings", "step_name",
)  # fmt: skip
_CONDITIONS = {
    "robot": "robot = :robot",
    "state": "state = :state",
    "since": "started_us >= :since",
    "until": "started_us < :until",
}
_ROBOTS = """
    WITH RECURSIVE robots(name) AS (
        SELECT MIN(robot) FROM runs
        UNION ALL
        SELECT (SELECT MIN(robot) FROM runs WHERE robot > robots.name) FROM robots WHERE robots.name IS NOT NULL
    )
    SELECT name FROM robots WHERE name IS NOT NULL ORDER BY name
"""
"""From one name to the next along the index; DISTINCT would read every run."""
_NEWEST = """
    SELECT * FROM runs WHERE robot = :robot AND mode <> 'help' ORDER BY started_us DESC, id DESC LIMIT 1
"""
_NEW_RUN = (
    "INSERT INTO runs (id, robot, robot_file, responsible, mode, of_run, folder, process, state, started, started_us)"
    " VALUES (:id, :robot, :robot_file, :responsible, :mode, :of_run, :folder, :process, 'running', :started, :started_us)"
    " ON CONFLICT (id) DO UPDATE SET state = 'running', process = excluded.process, mode = excluded.mode"
)
_END_RUN = (
    "UPDATE runs SET state = :state, seconds = :seconds, exit_code = :exit_code, items_done = :items_done, items_failed = :items_failed,"
    " items_already = :items_already, items_waiting = :items_waiting, why_en = :why_en, why_ja = :why_ja, fix_en = :fix_en,"
    " fix_ja = :fix_ja WHERE id = :id"
)


def _newest_of(asked: Iterable[str]) -> str:
    """Only what is asked for stands in the statement: an index serves no `:robot IS NULL OR …`."""
    wanted = " AND ".join(["mode <> 'help'", *(_CONDITIONS[name] for name in asked)])
    return f"SELECT * FROM runs WHERE {wanted} ORDER BY started_us DESC, id DESC LIMIT :count"  # noqa: S608 (our own words)


def _new_run(event: RunStarted) -> dict[str, Any]:
    kept = {name: getattr(event, name) for name in ("robot", "robot_file", "mode", "of_run", "folder")}
    times = {"started": event.at.isoformat(), "started_us": microseconds(event.at)}
    return {**kept, **times, "id": event.run, "responsible": event.owner, "process": this_process()}


def _end_run(event: RunFinished) -> dict[str, Any]:
    counts = {
        name: getattr(event, name)
        for name in ("items_done", "items_failed", "items_already", "items_waiting")
    }
    why = event.failure.message if event.failure else Sentence.same("")
    fix = (event.failure.fix if event.failure else None) or Sentence.same("")
    said = {"why_en": why.en, "why_ja": why.ja, "fix_en": fix.en, "fix_ja": fix.ja}
    return {
        **counts,
        **said,
        "id": event.run,
        "state": event.outcome,
        "seconds": event.seconds,
        "exit_code": event.exit_code,
    }


def _telling(batch: Iterable[Event]) -> list[Event]:
    """The events that change the run's row; of all steps started only the last of each run, epilogues aside."""
    started = (
        event for event in batch if isinstance(event, StepStarted) and not event.step.startswith(_EPILOGUE)
    )
    last = {event.run: event for event in started}
    return [
        event
        for event in batch
        if isinstance(event, RunStarted | RunFinished | StepRetried)
        or (isinstance(event, Noted) and event.level == "warning")
        or last.get(event.run) is event
    ]


def _sentence(en: str, ja: str) -> Sentence | None:
    return Sentence(en=en, ja=ja) if en or ja else None
