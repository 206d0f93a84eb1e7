"""No command reads a whole table: every statement that it makes finds its rows by an index, however large the store is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bofbot.cli.main import main
from bofbot.store import open_store
from bofbot.store.sqlite import SqliteDatabase

LARGE = ("runs", "events", "items", "attempts", "slots", "orders", "share_items", "questions", "approvals")
ROBOT = """bofbot: 1
name: 登録
owner: 経理部
purpose: 試験
steps:
  - for_each: ${[1, 2]}
    as: number
    key: ${text(number)}
    steps:
      - set: {x: 1}
"""
COMMANDS = (
    ["run", "robots/a.yaml"],
    ["list"],
    ["list", "--runs"],
    ["list", "--runs", "--state", "failed"],
    ["list", "--runs", "--state", "lost"],
    ["list", "--runs", "--robot", "登"],
    ["list", "--runs", "--day", "2026-11"],
    ["show", "1001"],
    ["logs", "1001"],
    ["report", "1001"],
    ["waiting"],
    ["health"],
    ["health", "--json"],
    ["schedule", "list"],
    ["schedule", "history"],
    ["schedule", "history", "朝"],
    ["worker", "list"],
    ["resume", "1001"],
    ["retry", "1001"],
    ["journal", "head"],
)


def test_no_command_reads_a_whole_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "robots").mkdir()
    (tmp_path / "robots" / "a.yaml").write_text(ROBOT)
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "schedules.yaml").write_text(
        "schedules:\n  - {name: 朝, robot: a, when: 平日 9:00}\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BOFBOT_STORE", raising=False)
    main(["run", "robots/a.yaml"])  # a store that knows nothing yet looks whether it is older than its seal
    made: dict[str, tuple[str, Mapping[str, Any]]] = {}
    real = SqliteDatabase.rows

    def rows(self: SqliteDatabase, sql: str, values: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        made.setdefault(sql, (command, values or {}))
        return real(self, sql, values)

    monkeypatch.setattr(SqliteDatabase, "rows", rows)
    for words in COMMANDS:
        command = " ".join(words)
        main(words)
    monkeypatch.setattr(SqliteDatabase, "rows", real)
    with open_store(tmp_path / "logs" / "bofbot.db") as store:
        read = [(command, sql, plan) for sql, (command, values) in made.items() if (plan := _plan(store.database, sql, values))]  # fmt: skip
    assert len(read) > 30
    assert not [(command, sql, plan) for command, sql, plan in read if _reads_all(sql, plan)]


def _plan(database: Any, sql: str, values: Mapping[str, Any]) -> list[str]:
    if not sql.lstrip().startswith(("SELECT", "WITH", "UPDATE", "DELETE")):
        return []
    return [row["detail"] for row in database.rows(f"EXPLAIN QUERY PLAN {sql}", values)]


def _reads_all(sql: str, plan: list[str]) -> bool:
    """A large table is walked, and not along an index only until the limit is reached."""
    walked = any(line.startswith("SCAN") and line.split()[1] in LARGE for line in plan)
    sorted_whole = (
        "USE TEMP B-TREE FOR ORDER BY" in plan and "RECURSIVE" not in sql
    )  # (that sorts the few it found)
    return walked and ("LIMIT" not in sql or sorted_whole)
