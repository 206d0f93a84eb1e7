"""How many orders wait and play, read from the library's tables without the library: monitoring asks every minute."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from bofbot.errors import NotReady
from bofbot.store import Store
from bofbot.store.backup import queue_file

_COUNT = "SELECT status, COUNT(*) AS n FROM {}workflow_status WHERE status IN ('ENQUEUED', 'DELAYED', 'PENDING') GROUP BY status"


def depth_of(store: Store) -> tuple[int, int]:
    """(orders that wait, orders that play); none where no queue was ever used."""
    counted = {row["status"]: int(row["n"]) for row in _rows(store)}
    return counted.get("ENQUEUED", 0) + counted.get("DELAYED", 0), counted.get("PENDING", 0)


def _rows(store: Store) -> Iterable[Mapping[str, Any]]:
    if store.shared:
        from bofbot.store.postgres import PostgresDatabase

        assert isinstance(store.database, PostgresDatabase)
        schema = f"{store.database.schema}_engine"
        there = "SELECT 1 AS one FROM pg_tables WHERE schemaname = :schema AND tablename = 'workflow_status'"
        if not store.database.row(there, {"schema": schema}):
            return []
        return store.database.rows(_COUNT.format(f'"{schema}".'))
    path = queue_file(Path(store.where))
    if store.where == ":memory:" or not path.exists() or not path.stat().st_size:
        return []
    try:
        with closing(sqlite3.connect(path.absolute().as_uri() + "?mode=ro", uri=True, timeout=5)) as queue:
            queue.row_factory = sqlite3.Row
            if not queue.execute("SELECT 1 FROM sqlite_master WHERE name = 'workflow_status'").fetchone():
                return []
            return [dict(row) for row in queue.execute(_COUNT.format(""))]
    except sqlite3.Error as error:
        raise NotReady(f"{path}: {error}") from error
