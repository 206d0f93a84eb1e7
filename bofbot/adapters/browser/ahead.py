"""A browser started while a command is still loading its modules: both take about as long, and a machine has two cores.

The event loop that leads it turns in a thread of its own meanwhile, and goes on as the loop of the run. Whenever anything
is not as expected, the run starts a browser of its own as ever."""

from __future__ import annotations

import asyncio
import subprocess
import threading
from contextlib import suppress
from typing import Self

from bofbot.adapters.browser.adopting import adopt
from bofbot.adapters.browser.driver import begin_driver, can_begin
from bofbot.adapters.browser.finder import Found, find_browser
from bofbot.adapters.browser.starting import Seat, Started, launched
from bofbot.adapters.network.allowed import Allowed
from bofbot.scratch import Scratch
from bofbot.settings import BrowserSettings


class Ahead:
    """A browser nobody has asked for yet. Whoever takes it closes it; until then `end` does."""

    def __init__(
        self,
        settings: BrowserSettings,
        found: Found,
        command: tuple[str, ...],
        process: subprocess.Popen[bytes],
    ) -> None:
        self._settings, self._process, self._taken = settings, process, False
        self._loop = asyncio.new_event_loop()
        self._starting = self._loop.create_task(_started(settings, found, command, process))
        self._thread: threading.Thread | None = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    @classmethod
    def begin(cls, scratch: Scratch, settings: BrowserSettings) -> Self | None:
        """In `scratch`; None where that cannot be."""
        found = find_browser(settings, settings.headed)
        if found is None or not can_begin():
            return None
        try:
            command, process = begin_driver(scratch)
        except Exception:  # another Playwright, or none: whoever needs it will say so
            return None
        with suppress(ImportError):  # here: two threads that load modules hinder each other
            import playwright.async_api  # noqa: F401
        return cls(settings, found, command, process)

    def loop(self) -> asyncio.AbstractEventLoop:
        """The loop that leads it, from here on to be turned by the caller."""
        if self._thread is not None:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._thread = None
        return self._loop

    async def take(self, settings: BrowserSettings) -> Started | None:
        """The browser, once, if it is what `settings` ask for and still lives; it reaches no host yet. To be called in `loop()`."""
        if self._taken or settings != self._settings or asyncio.get_running_loop() is not self._loop:
            return None
        with suppress(Exception):  # the one that is started next will say what is wrong
            started = await asyncio.shield(self._starting)
            if started.browser.is_connected():
                self._taken = True
                return started
        return None

    async def close(self) -> None:
        """Close it politely, in its loop, unless somebody took it."""
        if self._taken:
            return
        with suppress(Exception):
            started = await self._starting
            for end in (started.browser.close, started.driver.stop, started.egress.close):
                with suppress(Exception):
                    await asyncio.wait_for(end(), 5)

    def end(self) -> None:
        """Leave nothing of it behind; the loop is closed as well."""
        loop = self.loop()
        if not loop.is_closed():
            with asyncio.Runner(loop_factory=lambda: loop) as runner:
                runner.run(self.close())
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


async def _started(
    settings: BrowserSettings, found: Found, command: tuple[str, ...], process: subprocess.Popen[bytes]
) -> Started:
    driver = await adopt(command, process)
    return await launched(driver, found, settings, Seat(), Allowed.of(()))
