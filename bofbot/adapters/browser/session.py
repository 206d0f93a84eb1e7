"""One browser for one run: its pages, its gate, what its dialogs said, and what can be seen when a step fails."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urljoin, urlsplit

from bofbot.action import Context, Resource, Seen
from bofbot.adapters.browser.evidence import page_says, take_picture, witness
from bofbot.adapters.browser.faults import mapped
from bofbot.adapters.browser.gate import Gate, Mode
from bofbot.adapters.browser.keeping import State, put_back, reset, state_of, taken
from bofbot.adapters.browser.refusals import (
    kept_in,
    no_such_key,
    not_a_submit,
    not_allowed,
    relative_to_nothing,
    stopped_late,
)
from bofbot.adapters.browser.signs import in_the_way
from bofbot.adapters.browser.starting import Started, start
from bofbot.adapters.sessions import Kept
from bofbot.errors import ApplicationError, RunError, Sighting
from bofbot.events import Evidence
from bofbot.secret import Secret

_LOUD = {"fetch", "xhr", "document"}
"""Requests whose answers change what a page shows."""
_FORM_IS_BACK = """() => {
  const boxes = [...document.querySelectorAll('input:not([type=hidden]):not([type=submit]):not([type=button]):not([type=checkbox]):not([type=radio]),textarea')]
    .filter((el) => el.getBoundingClientRect().width > 1);
  return document.querySelector('[aria-invalid=true]') !== null || boxes.some((el) => el.value && el.closest('form') && el.closest('form').method === 'post');
}"""


class Browser(Resource):
    """Opened once per run. `page` is where the robot is looking: the newest tab or popup, until it closes."""

    def __init__(self, context: Context) -> None:
        self.settings = context.settings.browser
        self.redact = context.redact
        self.gate = Gate()
        self.base_url = context.base_url
        self.section = ""
        """`within` narrows labels to this section."""
        self.frame_of_interest: Any = None
        self.dialogs: list[str] = []
        self.hidden: set[str] = set()
        """Values that must not be seen in pictures."""
        self.shaded: list[Any] = []
        """Controls that were filled from such values: the page may show them in its own way."""
        self.log_in_again: Callable[[], Any] | None = None
        self.pages: list[Any] = []
        self.waiting: set[Any] = set()
        """Requests of the page that have no answer yet."""
        self.statuses: dict[str, int] = {}
        """The HTTP status of the newest page loads, by address."""

    @classmethod
    async def open(cls, context: Context) -> Self:
        browser = cls(context)
        browser._take(await start(context))
        await browser._context.route("**/*", browser.gate.handle)
        browser._listen()
        await browser._context.new_page()
        return browser

    def _take(self, started: Started) -> None:
        self._context, self._browser, self._driver = started.profile, started.browser, started.driver
        self._egress, self._error = started.egress, started.error

    def _listen(self) -> None:
        self._context.on("page", self._opened)
        self._context.on("dialog", self._dialog)
        self._context.on(
            "request", lambda request: self.waiting.add(request) if request.resource_type in _LOUD else None
        )
        self._context.on("requestfinished", lambda request: self.waiting.discard(request))
        self._context.on("requestfailed", lambda request: self.waiting.discard(request))
        self._context.on("response", self._answered)

    def _answered(self, response: Any) -> None:
        if response.request.is_navigation_request():
            self.statuses[response.url] = response.status

    def _opened(self, page: Any) -> None:
        self.pages.append(page)
        page.on("close", lambda closed: self.pages.remove(closed) if closed in self.pages else None)

    async def _dialog(self, dialog: Any) -> None:
        self.dialogs.append(dialog.message)
        try:
            await dialog.accept()
        except self._error:
            pass  # the page that asked is gone

    @property
    def page(self) -> Any:
        if not self.pages:
            raise mapped(RuntimeError("Target page has been closed"))
        return self.pages[-1]

    @property
    def scope(self) -> Any:
        """Where labels are looked for: the page, or the frame that `within` chose."""
        frame = self.frame_of_interest
        return frame if frame is not None and not frame.is_detached() else self.page

    def look_at(self, page: Any) -> None:
        """Make this tab the current one."""
        self.pages.remove(page)
        self.pages.append(page)

    def address(self, url: str) -> str:
        """An absolute address that may be opened: a relative one hangs on the page's own site, else on the robot's `at`."""
        whole = self._absolute(url)
        if not self._egress.lets_out(whole):
            raise not_allowed(self.redact(whole))
        return whole

    def _absolute(self, url: str) -> str:
        if urlsplit(url).scheme:
            return url
        here = self.pages[-1].url if self.pages else ""
        base = self.base_url or (here if here.startswith("http") else "")
        if not base:
            raise relative_to_nothing(url)
        return urljoin(base, url)

    def label(self, label: str) -> str:
        return f"{self.section} > {label}" if self.section else label

    def hide(self, value: Any) -> bool:
        """Keep a value out of pictures from now on; true when it is one that must not be seen."""
        text = value.reveal() if isinstance(value, Secret) else str(value)
        hidden = isinstance(value, Secret) or self.redact(text) != text
        if hidden:
            self.hidden.add(text)
        return hidden

    @property
    def foreign_error(self) -> type[Exception]:
        """What Playwright raises."""
        return self._error

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
                    raise
                await asyncio.sleep(0.1)  # an earlier page's error page came between: ask again
        return await self.page.goto(url, wait_until=until)

    def status(self) -> int:
        """The HTTP status the current page came with; 0 when unknown."""
        return self.statuses.get(self.url.split("#")[0], 0)

    async def says(self) -> tuple[str, ...]:
        """What the page and its dialogs tell a person now, redacted."""
        said = [*self.dialogs, *await page_says(self.page)]
        return tuple(dict.fromkeys(self.redact(text) for text in said))

    async def fetch(self, url: str) -> None:
        """Open an address that hands out a file: the page stays, and that is no failure."""
        try:
            await self._goto(url, "commit")
        except self._error as error:
            if not any(sign in str(error) for sign in ("ERR_ABORTED", "Download is starting", "ERR_FAILED")):
                raise

    def listen(self, event: Literal["page", "download"], listener: Callable[[Any], None]) -> None:
        """Hear of pages or downloads of the whole browser, popups included."""
        hub: Any = self._context
        hub.on(event, listener)

    def unlisten(self, event: Literal["page", "download"], listener: Callable[[Any], None]) -> None:
        hub: Any = self._context
        hub.remove_listener(event, listener)

    async def state(self) -> State:
        """Cookies and storage as they are now."""
        return await state_of(self._context)

    async def logged_in(self, others: State | None) -> Kept:
        """What makes this browser logged in, to be kept for the next run; `others`: what was there before, unless all is of one log-in."""
        return await taken(self._context, self.page, others=others)

    async def put_back(self, kept: Kept) -> None:
        """Add a kept log-in to what the browser knows."""
        await put_back(self._context, self.page, kept)

    async def reset(self, state: State) -> None:
        """Be as before."""
        await reset(self._context, self.page, state)

    async def form_is_back(self) -> bool:
        """Does the page show a form that still holds entries, or marks fields as wrong? Then it was not accepted."""
        return bool(await self.page.evaluate(_FORM_IS_BACK))

    async def picture(self, path: Path, label: str) -> Evidence | None:
        """A masked picture of the page as it stands; None when it cannot be taken."""
        try:
            async with asyncio.timeout(10):
                return await take_picture(self, path, label)
        except (self._error, TimeoutError):
            return None

    async def attach(self, control: Any, path: Path) -> None:
        """Put a file into a file field (or the field a visible button stands for)."""
        self.gate.files[path.name] = await asyncio.to_thread(path.read_bytes)
        await control.set_input_files(str(path))

    async def stop_for_a_person(self, *, failed: bool = False) -> None:
        """Raises NeedsPerson when the page is a captcha, new terms or a forced change of the password, ApplicationError
        when it says that the site is closed. `failed`: a step has failed on it, so weaker signs count too."""
        if obstacle := await in_the_way(self.page, self.redact, failed=failed):
            raise obstacle

    async def press(self, key: str) -> None:
        """Press a key where the cursor stands. Raises BusinessError when no keyboard has such a key."""
        try:
            await self.page.keyboard.press(key)
        except self._error as error:
            if "Unknown key" not in str(error):
                raise
            raise no_such_key(key) from error

    @asynccontextmanager
    async def step(self, context: Context, mode: Mode = "shut", arm: Any = None) -> AsyncIterator[Self]:
        """What happens inside is one step on the page: bounded in time, gated, and foreign errors in our words."""
        self.dialogs.clear()
        if context.dry_run and mode == "submit":
            mode = "rehearse"
        for sent in self.gate.late():
            context.note(stopped_late(sent.method, self.redact(sent.url)), "warning")
        self.gate.begin(mode, arm)
        self._context.set_default_timeout(max(1.0, context.timeout * 0.8) * 1000)
        try:
            yield self
        except self._error as error:
            raise await self._obstacle() or mapped(error, self.url) from error
        except ApplicationError as error:
            if obstacle := await self._obstacle():
                raise obstacle from error
            raise
        finally:
            blocked, self.gate.mode = list(self.gate.blocked), "shut"
            for refusal in self._egress.newly_refused():
                context.note(kept_in(refusal), "warning")
            self.gate.end()
        if blocked and mode == "shut":
            raise not_a_submit(blocked[0].method, self.redact(blocked[0].url))

    @property
    def url(self) -> str:
        return str(self.pages[-1].url) if self.pages else ""

    async def _obstacle(self) -> RunError | None:
        """Why a step failed that could have done its work on the page it was meant for."""
        try:
            async with asyncio.timeout(2):
                return await in_the_way(self.page, self.redact, failed=True)
        except (self._error, ApplicationError, TimeoutError):
            return None

    async def settle(self, longest: float = 10.0) -> None:
        """Wait until the page has its answers: no request of its own is under way, and its document stands."""
        loop = asyncio.get_running_loop()
        end = loop.time() + longest
        await asyncio.sleep(0.05)  # a click's request or new tab is told a moment later
        while self.busy() and loop.time() < end:  # noqa: ASYNC110, requests come and go; no one event tells the end
            await asyncio.sleep(0.02)
        try:
            await self.page.wait_for_load_state(
                "domcontentloaded", timeout=max(0.1, end - loop.time()) * 1000
            )
        except self._error as error:
            if "Timeout" not in str(error):
                raise

    def busy(self) -> bool:
        """Is a request of the page under way?"""
        return any(self._is_live(request) for request in tuple(self.waiting))

    def _is_live(self, request: Any) -> bool:
        try:
            return not request.frame.is_detached()
        except self._error:
            return False

    async def evidence(self, stem: Path) -> Seen:
        try:
            async with asyncio.timeout(10):
                return await witness(self, stem)
        except Exception:
            said = tuple(self.redact(text) for text in self.dialogs)
            return Seen(Sighting(url=self.redact(self.url), page_says=said))

    async def close(self) -> None:
        for end in (self._context.close, self._browser.close, self._driver.stop, self._egress.close):
            try:
                async with asyncio.timeout(10):
                    await end()
            except Exception:  # noqa: S110, whatever is gone already needs no closing
                pass
