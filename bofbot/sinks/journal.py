"""Events → the store's journal."""

from __future__ import annotations

from typing import Protocol

from bofbot.events import Event


class Appending(Protocol):
    """What this sink needs of `store.journal`."""

    def append(self, event: Event) -> None: ...

    def flush(self) -> None: ...


class JournalSink:
    """Keeps every event; nothing is lost when the process dies after a run, an item or an effect changed."""

    def __init__(self, journal: Appending) -> None:
        self._journal = journal

    def __call__(self, event: Event) -> None:
        self._journal.append(event)

    def close(self) -> None:
        self._journal.flush()
