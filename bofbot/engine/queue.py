"""The one door to dbos: opens its tables beside the store, puts orders in queues, plays what this process may play.

The queue decides who plays what, and when; what happened stands in the ledger and the journal alone. Nothing that comes
out of this room is of a type of the library."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy
from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetEnqueueOptions, SetWorkflowID

from bofbot.engine.order import BROWSER, DESKTOP, PAGES, SHEET, Order
from bofbot.store import Store

ABI = "bofbot-abi-1"
"""Raised when orders of an older bofbot can no longer be played by a newer one."""

POLL_SECONDS = 0.2
USUALLY_AT_ONCE = 2
_RECOVERED_BY_US = 1_000_000
"""The library's own count of tries is reset by each take-over; `Orders` counts them."""
_ALONE = "-"


@dataclass(frozen=True, slots=True)
class Waiting:
    """An order as it stands in a queue."""

    id: str
    state: str
    """queued, playing, done, failed, cancelled."""
    queue: str
    account: str
    priority: int
    process: str
    """Who plays it."""
    file: str = ""


PlayOrder = Callable[[str, dict[str, Any]], dict[str, Any]]

_STATES = {
    "ENQUEUED": "queued", "DELAYED": "queued", "PENDING": "playing", "SUCCESS": "done", "ERROR": "failed",
    "CANCELLED": "cancelled", "MAX_RECOVERY_ATTEMPTS_EXCEEDED": "failed",
}  # fmt: skip
_play: PlayOrder | None = None


@DBOS.workflow(name="play order", max_recovery_attempts=_RECOVERED_BY_US)
def _order(order: dict[str, Any]) -> dict[str, Any]:
    """One durable step: it is done or it is played again, and the ledger makes the second time harmless."""
    order_id = DBOS.workflow_id
    assert _play is not None
    assert order_id is not None
    return DBOS.run_step({"name": "play"}, _play, order_id, order)


class Queues:
    """The queues of a store. One per process; close it."""

    def __init__(
        self, store: Store, play: PlayOrder | None = None, can: Iterable[str] = (), at_once: int | None = None
    ) -> None:
        """`can`: browser, sheet, desktop@HOST: what this process plays; nothing: it only looks and puts orders in."""
        global _play
        _play = play
        self._store = store
        _quiet()
        can = tuple(can)
        config: DBOSConfig = {
            "name": "bofbot",
            "executor_id": store.owner,
            "application_version": ABI,
            "serializer": DBOSPortableJSONSerializer(),
            "log_level": "ERROR",
            "console_log_level": "ERROR",
            "enable_otlp": False,
            "notification_listener_polling_interval_sec": 1.0,
            **_tables(store),  # type: ignore[typeddict-item]
        }
        DBOS(config=config)
        listening = listened(can)
        DBOS.listen_queues(listening)
        DBOS.launch()
        for name in dict.fromkeys((BROWSER, PAGES, SHEET, *listening)):
            _register(name, at_once)

    def put(self, order_id: str, order: Order, *, priority: int = 0) -> bool:
        """Ask for a run. The id is its name for ever: asked again with the same one, it comes back with False."""
        if order.queue.startswith(DESKTOP):
            _register(order.queue, None)
        if DBOS.get_workflow_status(order_id) is not None or self._store.orders.tries(order_id):
            return False
        key = order.account or _ALONE
        with (
            SetWorkflowID(order_id),
            SetEnqueueOptions(
                priority=priority or None, queue_partition_key=key if order.queue == BROWSER else None
            ),
        ):
            DBOS.enqueue_workflow(order.queue, _order, {**order.as_json(), "texts": dict(order.texts)})
        return True

    def find(self, order_id: str) -> Waiting | None:
        found = DBOS.list_workflows(workflow_ids=[order_id], load_input=False, load_output=False)
        return _waiting(found[0]) if found else None

    def result(self, order_id: str) -> dict[str, Any] | None:
        """What became of an order; None while it is open. A failure of the machinery itself has only an outcome."""
        found = DBOS.list_workflows(workflow_ids=[order_id], load_input=False)
        if not found:
            return self._forgotten(order_id)
        if found[0].status in ("ENQUEUED", "DELAYED", "PENDING"):
            return None
        if found[0].status == "SUCCESS" and isinstance(found[0].output, dict):
            return dict(found[0].output)
        return {"run": "", "outcome": _STATES.get(found[0].status, "failed"), "exit_code": 1}

    def _forgotten(self, order_id: str) -> dict[str, Any] | None:
        """What became of an order whose row is gone; its run is known for ever."""
        run = self._store.journal.run(run_id) if (run_id := self._store.orders.run_of(order_id)) else None
        return {"run": run.id, "outcome": run.state, "exit_code": run.exit_code} if run else None

    def forget(self, before: datetime, most: int = 200) -> int:
        """Remove the rows of orders that were over by then, a few at a time; how many. They are never played again: the
        store knows the names of all that were begun."""
        found = DBOS.list_workflows(
            status=["SUCCESS", "ERROR", "CANCELLED"], completed_before=before.isoformat(), limit=most,
            load_input=False, load_output=False,
        )  # fmt: skip
        DBOS.delete_workflows([one.workflow_id for one in found])
        return len(found)

    def open(self) -> list[Waiting]:
        """What is queued or plays, in the order it is taken."""
        found = DBOS.list_workflows(status=["ENQUEUED", "DELAYED", "PENDING"], load_output=False)
        return sorted(map(_waiting, found), key=lambda one: (one.state == "queued", one.priority))

    def cancel(self, order_id: str) -> bool:
        """Take an order out of its queue; False when it plays already, or is over."""
        found = self.find(order_id)
        if found is None or found.state != "queued":
            return False
        DBOS.cancel_workflow(order_id)
        return True

    def played_by(self) -> dict[str, list[Waiting]]:
        """Process → what it plays."""
        held: dict[str, list[Waiting]] = {}
        for one in DBOS.list_workflows(status="PENDING", load_input=False, load_output=False):
            held.setdefault(one.executor_id or "", []).append(_waiting(one))
        return held

    def put_back(self, one: Waiting) -> None:
        """The process that played it is dead: whoever is free goes on. Only under the lock of those who look for dead ones."""
        DBOS.resume_workflow(one.id, queue_name=one.queue)

    def close(self, seconds: int = 0) -> None:
        """Take nothing more, let what plays end within so many seconds, then let go."""
        DBOS.destroy(workflow_completion_timeout_sec=seconds)


def listened(can: Sequence[str]) -> list[str]:
    """Which queues somebody reads who can do this."""
    return [name for one in can for name in ((BROWSER, PAGES) if one == "browser" else (one,))]


def _register(name: str, at_once: int | None) -> None:
    """The library keeps `at_once` with the queue: it is the same for all workers, and the last who asks decides."""
    screen = name.startswith(DESKTOP)
    DBOS.register_queue(
        name,
        worker_concurrency=1 if screen else max(at_once or USUALLY_AT_ONCE, 1),
        partition_concurrency=1 if name == BROWSER else None,
        polling_interval_sec=POLL_SECONDS,
        on_conflict="always_update" if at_once and not screen else "never_update",
    )


def _waiting(status: Any) -> Waiting:
    order = (status.input or {}).get("args", ({},)) if status.input else ({},)
    file = order[0].get("file", "") if order and isinstance(order[0], dict) else ""
    return Waiting(
        id=status.workflow_id,
        state=_STATES.get(status.status, status.status),
        queue=status.queue_name or "",
        account=status.queue_partition_key or "",
        priority=status.priority or 0,
        process=status.executor_id or "",
        file=file,
    )


def _tables(store: Store) -> dict[str, Any]:
    """Where the library keeps its tables: in the same database, or in a file beside the store."""
    if store.shared:
        from bofbot.store.postgres import PostgresDatabase

        assert isinstance(store.database, PostgresDatabase)
        return {
            "system_database_url": store.database.url,
            "dbos_system_schema": f"{store.database.schema}_engine",
            "sys_db_pool_size": 8,
        }
    path = Path(store.where).resolve().with_suffix(".queue.db")
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    url = sqlalchemy.URL.create("sqlite", database=str(path))
    return {"system_database_url": url.render_as_string(), "system_database_engine": _durable(url)}


def _durable(url: sqlalchemy.URL) -> sqlalchemy.Engine:
    """WAL + FULL: as the library opens SQLite by itself, a step costs four fsyncs in place of one."""
    engine = sqlalchemy.create_engine(url, connect_args={"check_same_thread": False})

    @sqlalchemy.event.listens_for(engine, "connect")
    def set_up(connection: Any, record: object) -> None:
        connection.execute("PRAGMA busy_timeout = 30000")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.isolation_level = "IMMEDIATE"

    return engine


def _quiet() -> None:
    """No advertisement on launch; real errors are heard."""
    logging.getLogger("dbos").setLevel(logging.ERROR)
