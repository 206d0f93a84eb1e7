"""The journal: every event of every run, kept in order and sealed, with one row a run for lists."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from bofbot.errors import BofbotError
from bofbot.events import EffectChanged, Event, ItemFinished, RunFinished, RunStarted, as_json
from bofbot.store.chain import Head, Key, Record, Verdict, verify
from bofbot.store.crosscheck import Told
from bofbot.store.decode import event_from_json
from bofbot.store.owner import is_dead
from bofbot.store.port import Database
from bofbot.store.runs import RunRow, Runs
from bofbot.store.sealing import Seal, body_of

BATCH_SECONDS = 0.2
"""The longest time an event waits for its transaction; runs, items and effects do not wait."""

_BOUNDARIES = (RunStarted, RunFinished, ItemFinished, EffectChanged)
FIRST_RUN = 1001


class Journal:
    """Where `JournalSink` writes and `list`, `show`, `logs` and `report` read."""

    def __init__(self, database: Database, key: Key, *, dead: Callable[[str], bool] = is_dead) -> None:
        self._database = database
        self.seal = Seal(database, key)
        self._runs = Runs(database, dead)
        self._lock = threading.Lock()
        self._batch: list[Event] = []
        self._timer: threading.Timer | None = None
        self._broken: BofbotError | None = None

    def new_run_id(self, at: datetime, taken: Callable[[str], bool] = lambda _: False) -> str:
        """The next number, never given twice in this store: "1001", "1002" …

        `taken` says which numbers are in use outside it: a lost store must not write into the folders of older runs."""
        while True:
            with self._database.writing():
                row = self._database.row(_NEXT_RUN, {"first": FIRST_RUN, "at": at.isoformat()})
            assert row is not None
            if not taken(str(row["value"])):
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
        return self._runs.newest(robot, state, since, until, limit)

    def latest(self) -> list[RunRow]:
        """The newest run of each robot, newest first: a later success clears an alert."""
        return self._runs.latest()

    def robots(self) -> list[str]:
        """The names of all robots that ever played."""
        return self._runs.robots()

    def resumed(self, run_id: str) -> bool:
        """Whether another run went on from this one."""
        return self._runs.resumed(run_id)

    def run(self, run_id: str) -> RunRow | None:
        """The run with this id, or the only one whose id begins so. Raises UsageError when several do."""
        return self._runs.find(run_id)

    def events(self, run_id: str) -> list[dict[str, Any]]:
        """The run's events as plain JSON, in the order they happened."""
        rows = self._database.rows("SELECT body FROM events WHERE run = :run ORDER BY seq", {"run": run_id})
        return [json.loads(row["body"]) for row in rows]

    def events_of(self, run_id: str) -> list[Event]:
        """The run's events, typed again; kinds of a newer bofbot are left out."""
        return [event for event in map(event_from_json, self.events(run_id)) if event is not None]

    def head(self) -> Head:
        """The end of the chain now; print it and keep it elsewhere."""
        return self.seal.head()

    def verify(self, exported: Head | None = None) -> Verdict:
        """Was anything changed, removed, swapped, or put back since it was written? The ledger, the approvals and the runs
        are compared with what was sealed of them. Nothing else is written meanwhile."""
        told = Told()
        with self._database.writing():
            row = self.seal.chain()
            kept = Head(row["seq"], row["mac"])
            verdict = verify(told.watch(self._records()), self.seal.key, kept, row["seal"], exported)
            wrong = told.compare(self._database) if verdict.ok else None
        return replace(verdict, ok=False, wrong=wrong[0], why=wrong[1]) if wrong else verdict

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
            self.seal.append((event.run, type(event).__name__, body_of(as_json(event))) for event in batch)
            self._runs.tell(batch)


_NEXT_RUN = (
    "INSERT INTO counters (name, value, changed_at) VALUES ('run', :first, :at)"
    " ON CONFLICT (name) DO UPDATE SET value = counters.value + 1, changed_at = :at RETURNING value"
)
