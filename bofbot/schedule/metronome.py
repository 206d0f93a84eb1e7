"""The beat of `bofbot serve`: the only door to the library `schedule`, wrapped so that its clock is never trusted.

By itself it forgets what it missed, stands still for days after the clock is set back, and ends with the first exception
of a job. Here it only says "again"; what is due is worked out anew from the store at every beat."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

import schedule as library

_LOG = logging.getLogger("bofbot.schedule")


class Metronome:
    """Calls `do` every few seconds until `stopped` says so; an exception of `do` is told and the beat goes on."""

    def __init__(self, seconds: int, do: Callable[[], None], told: Callable[[Exception], None]) -> None:
        self._do, self._told = do, told
        self._interval = timedelta(seconds=seconds)
        self._scheduler = library.Scheduler()
        self._job = self._scheduler.every(seconds).seconds.do(self._safely)

    def run(self, wait: Callable[[], bool]) -> None:
        """Beat at once, then on and on. `wait` pauses a moment (less than a beat) and returns whether to stop."""
        self._safely()
        while not wait():
            self.beat()

    def beat(self) -> None:
        """One look at the clock."""
        now = datetime.now()  # noqa: DTZ005 (the library's own times are naive)
        if self._job.next_run is None or self._job.next_run - now > self._interval:
            self._job.next_run = now  # the clock was set back
        self._scheduler.run_pending()

    def _safely(self) -> None:
        try:
            self._do()
        except Exception as error:
            _LOG.exception("a tick failed")
            self._told(error)
