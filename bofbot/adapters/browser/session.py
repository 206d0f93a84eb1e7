"""One browser for one run: its pages, its gate, what is kept of its log-ins, and what can be seen when a step fails."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, Self

from bofbot.action import Context, Glimpse, Resource, Seen
from bofbot.adapters.browser.evidence import page_says, take_picture, witness
from bofbot.adapters.browser.flight import glimpse
from bofbot.adapters.browser.gate import Gate, Mode
from bofbot.adapters.browser.held import hold
from bofbot.adapters.browser.keeping import State, put_back, reset, state_of, taken
from bofbot.adapters.browser.navigation import Navigation
from bofbot.adapters.browser.refusals import no_such_key
from bofbot.adapters.browser.seats import Seats
from bofbot.adapters.browser.signs import in_the_way, look
from bofbot.adapters.browser.starting import Seat, Started, start
from bofbot.adapters.browser.stepping import stepping
from bofbot.adapters.credentials.sessions import Kept
from bofbot.adapters.network.egress import Refusal
from bofbot.errors import Sighting
from bofbot.events import Evidence
from bofbot.secret import Secret
from bofbot.settings import BrowserSettings

_FORM_IS_BACK = """() => {
  const boxes = [...document.querySelectorAll('input:not([type=hidden]):not([type=submit]):not([type=button]):not([type=checkbox]):not([type=radio]),textarea')]
    .filter((el) => el.getBoundingClientRect().width > 1);
  return document.querySelector('[aria-invalid=true]') !== null || boxes.some((el) => el.value && el.closest('form') && el.closest('form').method === 'post');
}"""


class Browser(Navigation, Resource):
    """Opened once per run. `page` is where the robot is looking: the newest tab or popup, until it closes."""

    def __init__(self, context: Context, settings: BrowserSettings | None = None) -> None:
        super().__init__(context.base_url, context.redact)
        self.settings = settings or context.settings.browser
        self.seats = Seats(self)
        """Which browser of the run is used by which account."""
        self.seat = Seat()
        self.gate = Gate()
        self.hidden: set[str] = set()
        """Values that must not be seen in pictures."""
        self.shaded: list[Any] = []
        """Controls that were filled from such values: the page may show them in its own way."""
        self.log_in_again: Callable[[], Any] | None = None

    @classmethod
    async def open(cls, context: Context) -> Self:
        browser = cls(context)
        await browser._take(await start(context, browser.settings, Seat()))
        return browser

    async def beside(self, context: Context, settings: BrowserSettings, seat: Seat) -> Browser:
        """Another browser of the same run, with nothing in common but the driver."""
        other = Browser(context, settings)
        other.seats, other.hidden, other.seat = self.seats, self.hidden, seat
        await other._take(await start(context, settings, seat, self.seats.first._driver))
        return other

    async def twin(self, context: Context) -> Browser:
        """A browser of its own for another item played at the same time: logged in as this one is now."""
        now = self.seats.current
        other = Browser(context, now.settings)
        other.hidden = self.hidden
        await other._take(await start(context, now.settings, now.seat, self.seats.first._driver))
        other.base_url, other.seat = now.base_url, now.seat
        await other.put_back(await now.logged_in(None))
        return other

    @property
    def in_use(self) -> Browser:
        return self.seats.current

    async def _take(self, started: Started) -> None:
        self._browser, self._driver, self._egress = started.browser, started.driver, started.egress
        self.gate.fresh_socket, self.gate.error_page = started.egress.fresh_socket, self.error_page
        await hold(started.browser, started.profile, self.gate.handle)
        await self._hear(started.profile, await started.browser.new_browser_cdp_session(), started.error)
        await started.profile.new_page()

    def label(self, label: str) -> str:
        return f"{self.section} > {label}" if self.section else label

    def hide(self, value: Any) -> bool:
        """Keep a value out of pictures from now on; true when it is one that must not be seen."""
        text = value.reveal() if isinstance(value, Secret) else str(value)
        hidden = isinstance(value, Secret) or self.redact(text) != text
        if hidden:
            self.hidden.add(text)
        return hidden

    def step(
        self, context: Context, mode: Mode = "shut", arm: Any = None
    ) -> AbstractAsyncContextManager[Self]:
        """What happens inside is one step on the page: bounded in time, gated, and foreign errors in our words."""
        return stepping(self, context, mode, arm)

    def be_patient(self, seconds: float) -> None:
        """How long a single gesture may take from now on."""
        self._profile.set_default_timeout(seconds * 1000)

    def newly_refused(self) -> list[Refusal]:
        """Connections that were not let out since this was last asked."""
        return self._egress.newly_refused()

    async def says(self) -> tuple[str, ...]:
        """What the page and its dialogs tell a person now, redacted."""
        said = [*self.dialogs, *await page_says(self.page)]
        return tuple(dict.fromkeys(self.redact(text) for text in said))

    async def state(self) -> State:
        """Cookies and storage as they are now."""
        return await state_of(self._profile)

    async def logged_in(self, others: State | None) -> Kept:
        """What makes this browser logged in, to be kept for the next run; `others`: what was there before, unless all is of one log-in."""
        return await taken(self._profile, self.page, others=others)

    async def put_back(self, kept: Kept) -> None:
        """Add a kept log-in to what the browser knows."""
        await put_back(self._profile, self.page, kept)

    async def reset(self, state: State) -> None:
        """Be as before."""
        await reset(self._profile, self.page, state)

    async def form_is_back(self) -> bool:
        """Does the page show a form that still holds entries, or marks fields as wrong? Then it was not accepted."""
        return bool(await self.page.evaluate(_FORM_IS_BACK))

    async def picture(self, path: Path, label: str) -> Evidence | None:
        """A masked picture of the page as it stands; None when it cannot be taken, or not be written."""
        try:
            async with asyncio.timeout(10):
                return await take_picture(self, path, label)
        except (self._error, TimeoutError, OSError):
            return None

    async def attach(self, control: Any, path: Path) -> None:
        """Put a file into a file field (or the field a visible button stands for)."""
        self.gate.files[path.name] = await asyncio.to_thread(path.read_bytes)
        await control.set_input_files(str(path))

    async def come_to_rest(self, longest: float) -> None:
        """`settle`, then `stop_for_a_person`; a page that stands at once is looked at once for both."""
        seen = await self.settle(longest, look())
        if obstacle := await in_the_way(self.page, self.redact, seen=seen):
            raise obstacle

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

    async def evidence(self, stem: Path) -> Seen:
        try:
            async with asyncio.timeout(10):
                return await witness(self, stem)
        except Exception:
            said = tuple(self.redact(text) for text in self.dialogs)
            return Seen(Sighting(url=self.redact(self.url), page_says=said))

    async def glimpse(self, picture: bool, small: bool = False) -> Glimpse | None:
        return await glimpse(self, picture, small)

    async def close(self) -> None:
        for other in self.seats.others() if self is self.seats.first else ():
            await other.close()
        for end in (self._profile.close, self._browser.close, self._stop_driver, self._egress.close):
            try:
                async with asyncio.timeout(10):
                    await end()
            except Exception:  # noqa: S110, whatever is gone already needs no closing
                pass

    async def _stop_driver(self) -> None:
        if self._driver is not None:
            await self._driver.stop()
