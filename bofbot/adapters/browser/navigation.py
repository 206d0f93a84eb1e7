"""Going to addresses: which ones may be opened, opening them, and waiting until the page has its answers."""

from __future__ import annotations

import asyncio
from typing import Any, Literal
from urllib.parse import urljoin, urlsplit

from bofbot.adapters.browser.faults import mapped
from bofbot.adapters.browser.refusals import not_allowed, relative_to_nothing
from bofbot.adapters.browser.tabs import Tabs
from bofbot.adapters.network.egress import Egress
from bofbot.secret import Redactor

_DRAWN = """() => new Promise((done, fail) => {
  const look = LOOK;
  const told = () => { const stands = document.readyState === 'complete'; return [stands, stands && look ? look() : null]; };
  const tell = () => { try { done(told()); } catch (error) { fail(error); } };
  requestAnimationFrame(() => setTimeout(tell));
  setTimeout(tell, 100);  // a tab in the background draws no frames
})"""


class Navigation(Tabs):
    """Tabs that can be led to an address."""

    def __init__(self, base_url: str, redact: Redactor) -> None:
        super().__init__()
        self.base_url = base_url
        self.redact = redact
        self.section = ""
        """`within` narrows labels to this section."""
        self._egress: Egress

    def address(self, url: str) -> str:
        """An absolute address that may be opened: a relative one hangs on the page's own site, else on the robot's `at`."""
        whole = self._absolute(url)
        if not self._egress.lets_out(whole):
            raise not_allowed(self.redact(whole))
        return whole

    def _absolute(self, url: str) -> str:
        if urlsplit(url).scheme:
            return url
        base = self.base_url or (self.url if self.url.startswith("http") else "")
        if not base:
            raise relative_to_nothing(url)
        return urljoin(base, url)

    async def go(self, url: str) -> int:
        """Open an address (a relative one too) and wait for its document. Answers the HTTP status, 0 when unknown."""
        address = self.address(url)
        self.section, self.frame_of_interest = "", None
        try:
            response = await self._goto(address, "domcontentloaded")
        except self._error as error:
            raise mapped(error, address) from error
        await self.settle()
        return int(response.status) if response else 0

    async def _goto(self, url: str, until: Literal["commit", "domcontentloaded"]) -> Any:
        for _ in range(4):
            try:
                return await self.page.goto(url, wait_until=until)
            except self._error as error:
                if "interrupted by another navigation" not in str(error):
                    if "net::" in str(error) and "ERR_ABORTED" not in str(error):
                        await self.error_page()
                    raise
                await asyncio.sleep(0.1)  # the page itself went elsewhere: ask again
        return await self.page.goto(url, wait_until=until)

    async def error_page(self, longest: float = 2.0) -> None:
        """Wait until the browser shows that a page could not be loaded. It does so a moment after it has said so, and a page
        that is opened meanwhile is interrupted by it."""
        loop = asyncio.get_running_loop()
        end = loop.time() + longest
        while not self.url.startswith("chrome-error:") and loop.time() < end:  # noqa: ASYNC110, no event tells it
            await asyncio.sleep(0.02)

    async def fetch(self, url: str) -> None:
        """Open an address that hands out a file: the page stays, and that is no failure."""
        try:
            await self._goto(url, "commit")
        except self._error as error:
            if not any(sign in str(error) for sign in ("ERR_ABORTED", "Download is starting", "ERR_FAILED")):
                raise

    async def settle(self, longest: float = 10.0, look: str = "") -> Any:
        """Wait until what was begun on the page has come: no request of its own is under way, no tab is being opened,
        and its document stands. Answers with what `look`, a function of the page, saw there; None when it has to be
        asked anew, since the page came to rest only later."""
        loop = asyncio.get_running_loop()
        end = loop.time() + longest
        while loop.time() < end:
            looked_at = self.pages[-1:]
            stands, seen = await self._drawn(end - loop.time(), "" if self.busy() else look)
            if not self.busy() and not await self.tab_is_coming():
                if stands and self.pages[-1:] == looked_at:
                    return seen
                break
            await asyncio.sleep(0.02)
        try:
            await self.page.wait_for_load_state(
                "domcontentloaded", timeout=max(0.1, end - loop.time()) * 1000
            )
        except self._error as error:
            if "Timeout" not in str(error):
                raise
        return None

    async def _drawn(self, longest: float, look: str) -> tuple[bool, Any]:
        """Let the page do what it has begun: a frame is drawn, so that handlers have run and their requests are out.
        Whether its document, with all that belongs to it, stands then; if so, what `look` sees there."""
        try:
            async with asyncio.timeout(max(0.01, min(longest, 2.0))):
                stands, seen = await self.page.evaluate(_DRAWN.replace("LOOK", look or "null", 1))
                return bool(stands), seen
        except TimeoutError:
            pass  # a dialog or a long script holds it; what counts is seen from outside
        except self._error as error:
            if "closed" in str(error) and not self.pages:
                raise
        return False, None
