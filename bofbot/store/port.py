"""What the store needs of a database: one transaction at a time, rows by name, and locks that end with their process.

`sqlite` and `postgres` are the two that keep it. The statements of the store are understood by both; their
parameters are written `:name`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol

BUSY_SECONDS = 30.0
"""How long a write waits for another process that is writing."""


class Database(Protocol):
    """One open database. Safe to call from several threads."""

    @property
    def where(self) -> str:
        """Its path or address, without a password."""

    def writing(self) -> AbstractContextManager[Any]:
        """One transaction, alone in the store: on disk at the end, undone on any exception. Not nested."""

    def rows(self, sql: str, values: Mapping[str, Any] | None = None) -> list[dict[str, Any]]: ...

    def row(self, sql: str, values: Mapping[str, Any] | None = None) -> dict[str, Any] | None: ...

    def later(self, sql: str, values: list[dict[str, Any]]) -> None:
        """Do it for each of the values, before the next statement of this transaction and at its end at the latest."""

    def take(self, lock: str, *, shared: bool = False) -> bool:
        """Take a lock of this name now, or come back with False. It is free again when it is given back, when the
        database is closed, or when this process ends, however it ends. Taken twice by one database it is refused,
        unless `shared`."""

    def give_back(self, lock: str) -> None: ...

    def is_taken(self, lock: str) -> bool:
        """Whether anybody holds it now, this process or another one."""

    def when_lost(self, do: Callable[[], None]) -> None:
        """What to do, from a thread of its own, when the locks of this process were lost while it lives."""

    def end_session(self, lock: str) -> bool:
        """End whoever holds this lock, where the database can; the lock is free when it comes back with True."""

    def is_lost(self) -> bool:
        """Whether the locks of this process are known to be lost by now. Cheap enough to be asked before every step."""

    def close(self) -> None: ...
