"""Starting a browser for one run: its driver, its proxy with the list of hosts, and one clean profile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from bofbot.adapters.browser.driver import start_driver
from bofbot.adapters.browser.finder import Found, find_browser, no_browser
from bofbot.adapters.machine import QUIET, needs_no_sandbox
from bofbot.adapters.network.allowed import Allowed
from bofbot.adapters.network.egress import Egress
from bofbot.errors import NotReady
from bofbot.settings import BrowserSettings
from bofbot.words import Sentence

if TYPE_CHECKING:  # whoever starts a browser ahead of a run has not loaded the verbs yet
    from bofbot.action import Context


@dataclass(frozen=True, slots=True)
class Seat:
    """What is special about one account's browser."""

    upstream: str = ""
    """Its proxy, with user and password."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """Of its profile, as Playwright names them."""


@dataclass(frozen=True, slots=True)
class Started:
    """The layers of a running browser, as they must be closed: from the profile down to the proxy."""

    profile: Any
    browser: Any
    driver: Any
    """None when another browser of the run owns it."""
    egress: Egress
    error: type[Exception]
    """What Playwright raises."""


async def start(context: Context, settings: BrowserSettings, seat: Seat, driver: Any = None) -> Started:
    """Raises NotReady when there is no browser, or when it does not start. `driver`: one that runs already.

    What was started ahead of the run is taken over, if it is what is asked for."""
    allowed = Allowed.of(context.hosts)
    if driver is None and context.scratch.ahead is not None and seat == Seat():
        started: Started | None = await context.scratch.ahead.take(settings)
        if started is not None:
            started.egress.allowed = allowed
            return started
    found = find_browser(settings, settings.headed)
    if found is None:
        raise no_browser(settings)
    own = await start_driver(context.scratch) if driver is None else None
    try:
        started = await launched(driver or own, found, settings, seat, allowed)
    except NotReady:
        if own is not None:
            await own.stop()
        raise
    return replace(started, driver=own)


async def launched(
    driver: Any, found: Found, settings: BrowserSettings, seat: Seat, allowed: Allowed
) -> Started:
    """A browser behind its proxy. Raises NotReady when it does not start."""
    from playwright.async_api import Error

    egress = await Egress.open(allowed, seat.upstream or settings.proxy)
    try:
        browser = await driver.chromium.launch(
            executable_path=found.executable,
            channel=found.channel or None,
            headless=not settings.headed,
            slow_mo=settings.slow_mo * 1000 or None,
            chromium_sandbox=False if needs_no_sandbox() else None,
            args=list(QUIET),
            proxy={"server": egress.url},
            handle_sigint=False,  # Ctrl-C ends the run in its own order; `finally` steps still need the browser
            handle_sigterm=False,
            handle_sighup=False,
        )
    except Error as error:
        await egress.close()
        raise _does_not_start(found) from error
    profile = await browser.new_context(
        locale=settings.language,
        timezone_id=settings.time_zone,
        viewport={"width": settings.width, "height": settings.height},
        accept_downloads=True,
        service_workers="block",  # they would answer requests behind the gate's back
        **seat.options,
    )
    return Started(profile, browser, driver, egress, Error)


def _does_not_start(found: Found) -> NotReady:
    return NotReady(
        Sentence(
            en=f"the browser {found.executable} does not start",
            ja=f"ブラウザー {found.executable} を起動できません",
        ),
        fix=Sentence(en="run `bofbot doctor` to see why", ja="`bofbot doctor` で原因を確認してください"),
    )
