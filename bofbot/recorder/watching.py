"""Watching: a browser context in which everything a person does becomes a deed of a story."""

from __future__ import annotations

import asyncio
import time
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from bofbot.forms.reader import source
from bofbot.recorder.story import Deed, Story

_SAFE = ("GET", "HEAD", "OPTIONS")
_CAUSED = 15.0
"""Seconds after a click in which a new page is taken to have come of it."""


class Watcher:
    """Listens to a browser context of Playwright's async API; `story` is what it has seen so far."""

    def __init__(self) -> None:
        self.story = Story()
        self._acted = 0.0
        """When the last click or key came that a navigation may have come of; 0 when there is none."""

    async def watch(self, context: Any) -> None:
        """Begin, before any page is opened."""
        await context.expose_binding("__bofbot_tell", self._told)
        await context.add_init_script(_script())
        context.on("page", self._opened)
        context.on("request", lambda request: _in_turn(self._requested, request))
        context.on("dialog", self._asked)

    def _opened(self, page: Any) -> None:
        page.on("framenavigated", lambda frame: _in_turn(self._moved, page, frame))
        page.on("download", lambda download: _in_turn(self._downloaded, download))

    def _moved(self, page: Any, frame: Any) -> None:
        if frame != page.main_frame or not frame.url.startswith(("http", "file")):
            return
        caused = self._acted and time.monotonic() - self._acted < _CAUSED
        self._acted = 0.0
        act = self.story.last_act()
        if caused and act is not None:
            act.moved = True
        elif act is None or act.kind != "open" or act.url != frame.url:
            self.story.deeds.append(Deed("open", frame.url))

    def _requested(self, request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https") and parts.hostname:
            self.story.hosts.setdefault(parts.netloc)
        act = self.story.last_act()
        if request.method not in _SAFE and act is not None and act.kind != "open":
            act.posts = act.posts or request.resource_type in ("document", "xhr", "fetch")

    def _asked(self, dialog: Any) -> None:
        """The person answers it; a listener must be there, or the driver would dismiss it."""
        act = self.story.last_act()
        if act is not None:
            act.dialog = dialog.message

    def _downloaded(self, download: Any) -> None:
        act = self.story.last_act()
        if act is not None:
            act.download = download.suggested_filename

    def _told(self, where: Any, what: dict[str, Any]) -> None:
        kind, deeds = what["kind"], self.story.deeds
        if kind == "seen":
            act = self.story.last_act()
            if act is not None:
                act.messages, act.headings = tuple(what["messages"]), tuple(what["headings"])
                act.texts, act.receipts = tuple(what["texts"]), tuple(what["receipts"])
            return
        deed = Deed(kind, what["url"], what["title"], before=frozenset(what.get("texts", ())))
        if kind == "pressed":
            deed.kind, deed.label, deed.name = "press", what["label"], what["name"]
            deed.posts, deed.with_secret, deed.link = what["method"] == "post", what["secret"], what["link"]
            self._acted = time.monotonic()
        elif kind == "key":
            deed.value = what["key"]
            self._acted = time.monotonic()
        else:
            deed.kind, deed.label, deed.value = what["sort"], what["label"], what["value"]
            deed.name = what["name"]
            same = deeds[-1] if deeds else None
            if same and (same.kind, same.label, same.url) == (deed.kind, deed.label, deed.url) and deed.label:
                deeds.pop()  # typed once more
        deeds.append(deed)


def _in_turn(hear: Any, *what: Any) -> None:
    """Hear of it a moment later: the click that caused it is told on another way, and must come first."""
    asyncio.get_running_loop().call_later(0.05, hear, *what)


@cache
def _script() -> str:
    """The watcher for the page, with bofbot's own reader in it: what names a control is what finds it again."""
    return (files("bofbot.recorder") / "watch.js").read_text("utf-8").replace("__READER__", source(), 1)
