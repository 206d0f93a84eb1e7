"""The tabs of a run's browser: which one the robot looks at, what their dialogs said, and which requests are under way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from bofbot.adapters.browser.faults import mapped

_LOUD = {"fetch", "xhr", "document"}
"""Requests whose answers change what a page shows."""


class Tabs:
    """The current tab is the newest page or popup, until it closes."""

    def __init__(self) -> None:
        self.frame_of_interest: Any = None
        self.dialogs: list[str] = []
        self.pages: list[Any] = []
        self.waiting: set[Any] = set()
        """Requests of the page that have no answer yet."""
        self.statuses: dict[str, int] = {}
        """The HTTP status of the newest page loads, by address."""
        self._profile: Any = None
        self._watch: Any = None
        self._targets: set[str] = set()
        """Pages that the browser has begun to open, by its own marks; Playwright tells of them once they stand."""
        self._home = ""
        """The browser's own mark for the profile."""
        self._error: type[Exception] = Exception

    async def _hear(self, profile: Any, watch: Any, error: type[Exception]) -> None:
        """Follow what happens in a profile. `watch`: a session with the whole browser; `error`: what Playwright raises."""
        self._profile, self._watch, self._error = profile, watch, error
        watch.on("Target.targetCreated", self._begun)
        watch.on("Target.targetDestroyed", self._ended)
        await watch.send("Target.setDiscoverTargets", {"discover": True, "filter": [{"type": "page"}]})
        profile.on("page", self._opened)
        profile.on("dialog", self._dialog)
        profile.on(
            "request", lambda request: self.waiting.add(request) if request.resource_type in _LOUD else None
        )
        profile.on("requestfinished", lambda request: self.waiting.discard(request))
        profile.on("requestfailed", lambda request: self.waiting.discard(request))
        profile.on("response", self._answered)

    def _begun(self, told: dict[str, Any]) -> None:
        info = told["targetInfo"]
        self._home = self._home or info.get("browserContextId", "")
        if info.get("browserContextId", "") == self._home:
            self._targets.add(info["targetId"])

    def _ended(self, told: dict[str, Any]) -> None:
        self._targets.discard(told["targetId"])

    async def tab_is_coming(self) -> bool:
        """Has a page begun to open another tab that cannot be used yet?"""
        await self._watch.send(
            "Target.getTargetInfo"
        )  # what was begun before has been told when this is answered
        return len(self._targets) > len(self._profile.pages)

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
    def url(self) -> str:
        return str(self.pages[-1].url) if self.pages else ""

    @property
    def scope(self) -> Any:
        """Where labels are looked for: the page, or the frame that `within` chose."""
        frame = self.frame_of_interest
        return frame if frame is not None and not frame.is_detached() else self.page

    @property
    def foreign_error(self) -> type[Exception]:
        """What Playwright raises."""
        return self._error

    def look_at(self, page: Any) -> None:
        """Make this tab the current one."""
        self.pages.remove(page)
        self.pages.append(page)

    def status(self) -> int:
        """The HTTP status the current page came with; 0 when unknown."""
        return self.statuses.get(self.url.split("#")[0], 0)

    def listen(self, event: Literal["page", "download"], listener: Callable[[Any], None]) -> None:
        """Hear of pages or downloads of the whole browser, popups included."""
        self._profile.on(event, listener)

    def unlisten(self, event: Literal["page", "download"], listener: Callable[[Any], None]) -> None:
        self._profile.remove_listener(event, listener)

    def busy(self) -> bool:
        """Is a request of the page under way?"""
        return bool(self.under_way())

    def under_way(self) -> list[Any]:
        """The requests of frames that still stand, without an answer yet. A tab that closes leaves its requests unended."""
        return [request for request in tuple(self.waiting) if self._is_live(request)]

    def _is_live(self, request: Any) -> bool:
        try:
            return not (request.frame.is_detached() or request.frame.page.is_closed())
        except self._error:
            return False
