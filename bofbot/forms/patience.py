"""How long to wait for something to be seen on a page: while it is busy, and a little after; never for a fixed time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds. A page that has been quiet (no request under way) for `quiet` will not change any more."""

    longest: float = 10.0
    quiet: float = 2.5
    busy: Callable[[], bool] = lambda: False

    def begin(self) -> Waiting:
        return Waiting(self)


class Waiting:
    """One wait. `more()` pauses and says whether it is worth looking again."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._clock = asyncio.get_running_loop().time
        self._began = self._active = self._clock()
        self._pause = 0.03

    async def more(self) -> bool:
        now = self._clock()
        if self._patience.busy():
            self._active = now
        if now - self._began > self._patience.longest or now - self._active > self._patience.quiet:
            return False
        await asyncio.sleep(self._pause)
        self._pause = min(self._pause * 1.5, 0.25)
        return True
