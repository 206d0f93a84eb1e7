"""Recording: a visible browser, a person, and the robot file that is left when the window closes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from bofbot.adapters.browser.visible import go, opened
from bofbot.recorder.story import Story
from bofbot.recorder.watching import Watcher
from bofbot.settings import BrowserSettings


class Recording:
    """One recording: `page` is the first tab; `story` grows while the person works."""

    def __init__(self, context: Any, page: Any, watcher: Watcher) -> None:
        self.context, self.page = context, page
        self._watcher = watcher
        self._ended = asyncio.Event()
        context.on("close", lambda _: self._ended.set())
        context.on("page", self._listen)
        self._listen(page)

    @property
    def story(self) -> Story:
        return self._watcher.story

    def stop(self) -> None:
        """The person is done."""
        self._ended.set()

    async def until_closed(self) -> None:
        """Wait until every window is closed, or `stop` is called."""
        await self._ended.wait()

    def _listen(self, page: Any) -> None:
        page.on("close", lambda _: None if self.context.pages else self._ended.set())


@asynccontextmanager
async def recording(
    url: str, settings: BrowserSettings, *, headed: bool = True, environ: Mapping[str, str] | None = None
) -> AsyncIterator[Recording]:
    """Open a browser on `url` and watch. Raises NotReady, ApplicationError when the address does not answer."""
    async with opened(settings, headed=headed, environ=environ) as context:
        watcher = Watcher()
        await watcher.watch(context)
        page = await context.new_page()
        await go(page, url)
        yield Recording(context, page, watcher)
