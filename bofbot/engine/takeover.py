"""Looks for workers that died, and puts what they played back into its queue. Failure detection, not a queue.

A worker lives as long as it holds its lease (`Store.appear`). Whoever finds the lease free may go on with its work at
once, because a worker that loses its lease while it lives stops itself before its next step."""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime
from typing import Protocol

from bofbot.engine.queue import Waiting
from bofbot.store import Store

LOOK_SECONDS = 0.5
_LOCK = "look for the dead"
"""One looks at a time: two that put back the same order could have it played twice."""
_LOG = logging.getLogger("bofbot.engine")


class Held(Protocol):
    """What is known of orders that play."""

    def played_by(self) -> dict[str, list[Waiting]]: ...
    def put_back(self, one: Waiting) -> None: ...


class TakeOver:
    """Looks every half second, in a thread of its own."""

    def __init__(self, store: Store, queues: Held) -> None:
        self._store, self._queues = store, queues
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="bofbot take-over", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join(10)

    def look(self) -> int:
        """One look; how many orders were put back."""
        if not self._store.database.take(_LOCK):
            return 0
        try:
            return self._put_back()
        finally:
            self._store.database.give_back(_LOCK)

    def _put_back(self) -> int:
        put_back = 0
        for process, orders in self._queues.played_by().items():
            if process in ("", self._store.owner) or not self._store.is_dead(process):
                continue
            self._store.ledger.sweep(datetime.now(UTC))
            for one in orders:
                self._queues.put_back(one)
                put_back += 1
            _LOG.warning("%s died; %d order(s) go on elsewhere", process, len(orders))
        return put_back

    def _run(self) -> None:
        while not self._stopped.wait(LOOK_SECONDS):
            try:
                self.look()
            except Exception:
                _LOG.exception("a look for dead workers failed; the next one is soon")
