"""Statements on their way to PostgreSQL: what needs no answer travels with the next one that does, in one round trip.

Each statement of such a message sees what was committed before it began, as if it had been sent alone; a fault of one is
told by the message that carries it, and undoes the transaction all the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bofbot.store.dialect import storable, translated


class Batch:
    """The statements of one transaction that were not sent yet."""

    def __init__(self, connection: Any) -> None:
        """`connection`: one of `postgres`, whose cursors write values into statements themselves."""
        self._connection = connection
        self._waiting: list[bytes] = []
        self._open = self._begun = False

    def begin(self, statements: str) -> None:
        """Sent at once: whoever is inside a transaction is alone in the store from its first line on."""
        self._waiting, self._open, self._begun = [], True, True
        self._connection.execute(statements.encode())

    def later(self, sql: str, values: Mapping[str, Any]) -> None:
        """Send it with the next one; at once where nothing was begun."""
        if self._open:
            self._waiting.append(self._whole(sql, values))
        else:
            self.now(sql, values)

    def now(self, sql: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Send it, and what waits before it; its rows."""
        if not self._waiting:
            return _rows(self._connection.execute(translated(sql), storable(values)))
        return self._send(self._whole(sql, values))

    def end(self) -> None:
        """Commit; it comes back when everything is on disk."""
        self._send(b"COMMIT")
        self._open = False

    def undo(self) -> None:
        """Nothing of it happened."""
        begun, self._waiting, self._open, self._begun = self._begun, [], False, False
        if begun and not self._connection.closed:
            self._connection.execute("ROLLBACK")

    def _send(self, statement: bytes) -> list[dict[str, Any]]:
        message, self._waiting, self._begun = b"; ".join((*self._waiting, statement)), [], True
        cursor = self._connection.execute(message)
        while cursor.nextset():
            pass
        return _rows(cursor)

    def _whole(self, sql: str, values: Mapping[str, Any]) -> bytes:
        """The statement with its values in it, as the connection would send it."""
        written: str = self._connection.cursor().mogrify(translated(sql), storable(values))
        return written.encode(self._connection.info.encoding)


def _rows(cursor: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = cursor.fetchall() if cursor.description else []
    return found
