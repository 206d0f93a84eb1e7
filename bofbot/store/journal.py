"""The journal: every event of every run, kept in order and sealed, with one row a run for lists."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bofbot.errors import BofbotError, UsageError
from bofbot.events import (
    EffectChanged,
    Event,
    ItemFinished,
    Noted,
    RunFinished,
    RunStarted,
    StepRetried,
    StepStarted,
    as_json,
)
from bofbot.store.chain import EMPTY, Head, Key, Record, Verdict, verify
from bofbot.store.decode import event_from_json
from bofbot.store.owner import is_dead, this_process
from bofbot.store.sqlite import Database
from bofbot.words import Sentence

BATCH_SECONDS = 0.2
"""The longest time an event waits for its transaction; runs, items and effects do not wait."""

_BOUNDARIES = (RunStarted, RunFinished, ItemFinished, EffectChanged)
FIRST_RUN = 1001


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


class Journal:
    """Where `JournalSink` writes and `list`, `show`, `logs` and `report` read."""

    def __init__(self, database: Database, key: Key, *, dead: Callable[[str], bool] = is_dead) -> None:
        self._database = database
        self._key = key
        self._dead = dead
        self._lock = threading.Lock()
        self._batch: list[Event] = []
        self._timer: threading.Timer | None = None
        self._broken: BofbotError | None = None

    def new_run_id(self, at: datetime) -> str:
        """The next number, never given twice in this store: "1001", "1002" …"""
        with self._database.writing():
            row = self._database.row(
                "INSERT INTO counters (name, value, changed_at) VALUES ('run', :first, :at)"
                " ON CONFLICT (name) DO UPDATE SET value = counters.value + 1, changed_at = :at RETURNING value",
                {"first": FIRST_RUN, "at": at.isoformat()},
            )
        assert row is not None
        return str(row["value"])

    def append(self, event: Event) -> None:
        """Keep the event; on disk at once for runs, items and effects, within BATCH_SECONDS for the rest.
        Raises NotReady when the store cannot be written (also for an earlier batch)."""
        with self._lock:
            self._batch.append(event)
            if not isinstance(event, _BOUNDARIES) and self._broken is None:
                if self._timer is None:
                    self._timer = threading.Timer(BATCH_SECONDS, self._flush_late)
                    self._timer.daemon = True
                    self._timer.start()
                return
        self.flush()

    def flush(self) -> None:
        """Everything that was appended is on disk afterwards. Raises NotReady."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            if self._broken is not None:
                broken, self._broken = self._broken, None
                raise broken
            if self._batch:
                self._write(self._batch)
                self._batch = []

    def runs(
        self,
        robot: str | None = None,
        state: str | None = None,
        since: datetime | None = None,
        limit: int = 50,
        until: datetime | None = None,
    ) -> list[RunRow]:
        """The newest runs first. `since` is included, `until` is not."""
        wanted = "running" if state == "lost" else state
        # Whether a running run is lost is known outside the store, so these few are counted here.
        count = 1_000_000 if wanted == "running" else limit
        named = {"robot": robot, "state": wanted, "since": _us(since), "until": _us(until), "count": count}
        rows = self._database.rows(_LIST_RUNS, named)
        found = [self._run(row) for row in rows]
        return [run for run in found if state is None or run.state == state][:limit]

    def latest(self) -> list[RunRow]:
        """The newest run of each robot, newest first: a later success clears an alert."""
        rows = self._database.rows(
            "SELECT * FROM runs WHERE NOT EXISTS (SELECT 1 FROM runs AS later WHERE later.robot = runs.robot AND"
            " (later.started_us > runs.started_us OR (later.started_us = runs.started_us AND later.id > runs.id)))"
            " ORDER BY started_us DESC, id DESC"
        )
        return [self._run(row) for row in rows]

    def run(self, run_id: str) -> RunRow | None:
        """The run with this id, or the only one whose id begins so. Raises UsageError when several do."""
        begins = run_id.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        rows = self._database.rows(
            "SELECT * FROM runs WHERE id LIKE :begins ESCAPE '\\' ORDER BY id LIMIT 11", {"begins": begins}
        )
        exact = [row for row in rows if row["id"] == run_id] or (rows if run_id else [])
        if len(exact) > 1:
            names = ", ".join(row["id"] for row in exact[:10])
            raise UsageError(
                Sentence(
                    en=f"several runs begin with {run_id}: {names}",
                    ja=f"{run_id} で始まる実行がいくつかあります（{names}）",
                ),
                fix=Sentence(en="type the whole number", ja="番号をすべて入力してください"),
            )
        return self._run(exact[0]) if exact else None

    def events(self, run_id: str) -> list[dict[str, Any]]:
        """The run's events as plain JSON, in the order they happened."""
        rows = self._database.rows("SELECT body FROM events WHERE run = :run ORDER BY seq", {"run": run_id})
        return [json.loads(row["body"]) for row in rows]

    def events_of(self, run_id: str) -> list[Event]:
        """The run's events, typed again; kinds of a newer bofbot are left out."""
        return [event for event in map(event_from_json, self.events(run_id)) if event is not None]

    def head(self) -> Head:
        """The end of the chain now; print it and keep it elsewhere."""
        row = self._chain()
        return Head(row["seq"], row["mac"])

    def verify(self, exported: Head | None = None) -> Verdict:
        """Was anything changed, removed, swapped, or put back since it was written?"""
        row = self._chain()
        return verify(self._records(), self._key, Head(row["seq"], row["mac"]), row["seal"], exported)

    def _chain(self) -> dict[str, Any]:
        return self._database.row("SELECT * FROM chain WHERE id = 1") or {"seq": 0, "mac": EMPTY, "seal": ""}

    def _records(self) -> Iterator[Record]:
        after, page = 0, 2000
        while True:
            rows = self._database.rows(
                "SELECT seq, body, sealed_by, mac FROM events WHERE seq > :after ORDER BY seq LIMIT :page",
                {"after": after, "page": page},
            )
            yield from (Record(**row) for row in rows)
            if len(rows) < page:
                return
            after = rows[-1]["seq"]

    def _flush_late(self) -> None:
        """The timer's own flush: an error waits for the next append, since nobody would see it here."""
        try:
            self.flush()
        except BofbotError as error:
            with self._lock:
                self._broken = error

    def _write(self, batch: Iterable[Event]) -> None:
        with self._database.writing():
            head = self._chain()
            seq, mac, rows = head["seq"], head["mac"], []
            for event in batch:
                seq += 1
                body = json.dumps(as_json(event), ensure_ascii=False, separators=(",", ":"))
                mac = self._key.seal(mac, seq, body)
                kind = type(event).__name__
                rows.append(
                    {
                        "seq": seq,
                        "run": event.run,
                        "kind": kind,
                        "body": body,
                        "sealed_by": self._key.name,
                        "mac": mac,
                    }
                )
            self._database.many(
                "INSERT INTO events (seq, run, kind, body, sealed_by, mac) VALUES (:seq, :run, :kind, :body, :sealed_by, :mac)",
                rows,
            )
            for event in _telling(batch):
                self._tell(event)
            self._database.rows(
                "INSERT INTO chain (id, seq, mac, sealed_by, seal) VALUES (1, :seq, :mac, :by, :seal) ON CONFLICT (id) DO UPDATE"
                " SET seq = excluded.seq, mac = excluded.mac, sealed_by = excluded.sealed_by, seal = excluded.seal",
                {"seq": seq, "mac": mac, "by": self._key.name, "seal": self._key.seal_head(Head(seq, mac))},
            )

    def _tell(self, event: Event) -> None:
        """Bring the run's row up to date."""
        match event:
            case RunStarted():
                self._database.rows(_NEW_RUN, _new_run(event))
            case RunFinished():
                self._database.rows(_END_RUN, _end_run(event))
            case StepRetried():
                self._database.rows(
                    "UPDATE runs SET retries = retries + 1 WHERE id = :run", {"run": event.run}
                )
            case Noted():
                self._database.rows(
                    "UPDATE runs SET warnings = warnings + 1 WHERE id = :run", {"run": event.run}
                )
            case StepStarted():
                name = event.name or event.sentence.ja
                self._database.rows(
                    "UPDATE runs SET step_name = :name WHERE id = :run", {"run": event.run, "name": name}
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
_LIST_RUNS = (
    "SELECT * FROM runs WHERE (:robot IS NULL OR robot = :robot) AND (:state IS NULL OR state = :state)"
    " AND (:since IS NULL OR started_us >= :since) AND (:until IS NULL OR started_us < :until)"
    " ORDER BY started_us DESC, id DESC LIMIT :count"
)
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


def _new_run(event: RunStarted) -> dict[str, Any]:
    kept = {name: getattr(event, name) for name in ("robot", "robot_file", "mode", "of_run", "folder")}
    times = {"started": event.at.isoformat(), "started_us": _us(event.at)}
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


def _us(at: datetime | None) -> int | None:
    return None if at is None else int(at.timestamp() * 1_000_000)


def _sentence(en: str, ja: str) -> Sentence | None:
    return Sentence(en=en, ja=ja) if en or ja else None
