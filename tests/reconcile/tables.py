"""Small tables for tests: rows as dicts, and the ids of what was matched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bofbot.errors import Cell
from bofbot.reconcile.model import Result
from bofbot.records import Row, Table


def table(rows: Sequence[Mapping[str, Any]], file: str = "t.csv", columns: Sequence[str] = ()) -> Table:
    names = tuple(columns) or tuple(dict.fromkeys(name for row in rows for name in row))
    made = tuple(Row(dict(row), Cell(file, "", number)) for number, row in enumerate(rows, start=2))
    return Table(names, made, Cell(file))


def bank(*rows: tuple[str, str, Any, str]) -> Table:
    return table(
        [dict(zip(("取引番号", "取引日", "入金額", "摘要"), row, strict=True)) for row in rows], "bank.csv"
    )


def ledger(*rows: tuple[str, str, Any, str]) -> Table:
    return table(
        [dict(zip(("請求番号", "入金予定日", "請求額", "フリガナ"), row, strict=True)) for row in rows],
        "ledger.csv",
    )


def found(result: Result) -> list[tuple[str, str, str]]:
    """(left ids, right ids, grade) of every match, in the order of the result."""
    return [
        (
            "+".join(result.left[row].id for row in match.left),
            "+".join(result.right[row].id for row in match.right),
            match.grade,
        )
        for match in result.matches
    ]


def opened(result: Result) -> list[tuple[str, str, str]]:
    """(side, id, kind) of every break."""
    return [
        (item.side, (result.left if item.side == "left" else result.right)[item.row].id, item.kind)
        for item in result.breaks
    ]
