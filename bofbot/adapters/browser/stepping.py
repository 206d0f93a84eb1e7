"""One step on the page: bounded in time, gated, and foreign errors in our words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from bofbot.action import Context
from bofbot.adapters.browser.faults import mapped
from bofbot.adapters.browser.gate import SAFE, Mode
from bofbot.adapters.browser.refusals import kept_in, not_a_submit, stopped_late
from bofbot.adapters.browser.signs import in_the_way
from bofbot.errors import ApplicationError, RunError

if TYPE_CHECKING:
    from bofbot.adapters.browser.session import Browser

B = TypeVar("B", bound="Browser")


@asynccontextmanager
async def stepping(browser: B, context: Context, mode: Mode, arm: Any) -> AsyncIterator[B]:
    """What happens inside is one step of `browser`."""
    gate = browser.gate
    browser.dialogs.clear()
    if context.dry_run and mode == "submit":
        mode = "rehearse"
    for sent in gate.late():
        context.note(stopped_late(sent.method, browser.redact(sent.url)), "warning")
    gate.begin(mode, arm)
    browser.be_patient(max(1.0, context.timeout * 0.8))
    try:
        yield browser
        await _all_at_the_gate(browser)
    except browser.foreign_error as error:
        raise await _obstacle(browser) or mapped(error, browser.url) from error
    except ApplicationError as error:
        if obstacle := await _obstacle(browser):
            raise obstacle from error
        raise
    finally:
        blocked, gate.mode = list(gate.blocked), "shut"
        for refusal in browser.newly_refused():
            context.note(kept_in(refusal), "warning")
        gate.end()
    if blocked and mode == "shut":
        raise not_a_submit(blocked[0].method, browser.redact(blocked[0].url))


async def _all_at_the_gate(browser: Browser, longest: float = 2.0) -> None:
    """Wait until the gate has decided about all that the page began to send. The page tells of a request before its
    handler ends, the gate hears of it a moment later: by then the next step could be one that may send."""
    loop = asyncio.get_running_loop()
    end = loop.time() + longest
    while loop.time() < end:
        decided = {_named(sent) for sent in (*browser.gate.sent, *browser.gate.blocked)}
        if all(_named(one) in decided for one in browser.under_way() if one.method not in SAFE):
            return
        await asyncio.sleep(0.01)


def _named(request: Any) -> tuple[str, str]:
    return request.method, request.url.partition("#")[0]


async def _obstacle(browser: Browser) -> RunError | None:
    """Why a step failed that could have done its work on the page it was meant for."""
    try:
        async with asyncio.timeout(2):
            return await in_the_way(browser.page, browser.redact, failed=True)
    except (browser.foreign_error, ApplicationError, TimeoutError):
        return None
