"""A worker: takes orders it can play, plays them, and ends in order when it is asked to."""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bofbot.engine.attendant import Attendant
from bofbot.engine.order import Order
from bofbot.engine.playing import Player
from bofbot.engine.queue import Queues
from bofbot.engine.takeover import TakeOver
from bofbot.office import Office

SEEN_SECONDS = 2.0
KEPT = timedelta(days=30)
"""So long the queue remembers orders that are over; their runs stay in the store."""
_A_DAY = 24 * 3600
_LOG = logging.getLogger("bofbot.engine")


class Worker:
    """One per process. `start`, then `drain` (once: let runs end; `stop`: end them too), then `wait`."""

    def __init__(
        self, office: Office, can: Sequence[str], *, at_once: int | None = None, reports: bool = True
    ) -> None:
        self._office = office
        self.can = tuple(can)
        self._ready = threading.Event()
        self._player = Player(office, reports=reports, put=self._put)
        office.store.appear()  # before the library may hand anything out
        self.queues = Queues(office.store, self._player.play, self.can, at_once)
        self._ready.set()
        self._take_over = TakeOver(office.store, self.queues)
        self._attendant = Attendant(office, self._put)
        self._draining = threading.Event()
        self._ended = threading.Event()
        self._stopped = False
        self._forget_at = 0.0

    @property
    def playing(self) -> int:
        return self._player.playing

    @property
    def draining(self) -> bool:
        return self._draining.is_set()

    def start(self) -> None:
        sys.stdin = open(os.devnull)  # noqa: PTH123, SIM115 (nobody can be asked here; held open to the end)
        self._take_over.start()
        self._attendant.start()
        threading.Thread(target=self._be_seen, name="bofbot worker", daemon=True).start()

    def drain(self) -> None:
        """Take nothing more; what plays goes on to its end. Comes back at once."""
        if not self._draining.is_set():
            self._draining.set()
            threading.Thread(target=self._drain, name="bofbot drain", daemon=True).start()

    def stop(self) -> None:
        """End what plays as well; it goes on at the next start, or on another machine."""
        self._stopped = True
        self.drain()
        self._player.stop()

    def wait(self, seconds: float | None = None) -> bool:
        """Whether it has ended."""
        return self._ended.wait(seconds)

    def end(self) -> None:
        """After `wait`: nothing is left behind. Runs that were stopped leave their orders open; the process must end now."""
        self._office.store.workers.leave(self._office.store.owner)
        if self._stopped:
            self._office.store.close()
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(0)

    def _put(self, order_id: str, order: Order) -> None:
        """For what is handed out while the queues are being opened, too."""
        self._ready.wait()
        self.queues.put(order_id, order)

    def _drain(self) -> None:
        self._take_over.stop()
        self._attendant.stop()
        closing = threading.Thread(target=self.queues.close, args=(_A_DAY,), daemon=True)
        closing.start()
        while closing.is_alive() and not (self._stopped and not self._player.playing):
            time.sleep(0.1)
        self._ended.set()

    def _be_seen(self) -> None:
        store = self._office.store
        while not self._ended.wait(SEEN_SECONDS if self._seen_once() else 0.5):
            self._forget()
        _LOG.debug("%s is seen no more", store.owner)

    def _forget(self) -> None:
        """Once a day: what is over for long goes out of the queue's tables, a few rows at a time."""
        if time.monotonic() < self._forget_at:
            return
        self._forget_at = time.monotonic() + _A_DAY
        try:
            while not self._ended.is_set() and self.queues.forget(datetime.now(UTC) - KEPT):
                time.sleep(0.1)
        except Exception:
            _LOG.exception("old orders could not be removed")

    def _seen_once(self) -> bool:
        store = self._office.store
        try:
            if store.workers.see(store.owner, self.can, self._player.playing, datetime.now(UTC)) == "drain":
                self.drain()
        except Exception:
            _LOG.exception("the worker could not be seen")
            return False
        return True
