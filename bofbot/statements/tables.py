"""Entries as rows of a table, so that robots and reconciliation read them like any other table."""

from __future__ import annotations

from collections.abc import Sequence

from bofbot.errors import Cell
from bofbot.records import Row, Table
from bofbot.statements.model import Entry, Statement

COLUMNS = (
    "date",
    "amount",
    "balance",
    "text",
    "counterparty",
    "reference",
    "value_date",
    "account",
    "currency",
)


def entry_table(statements: Sequence[Statement]) -> Table:
    """One row per entry, oldest first; every row knows its file and line."""
    file = statements[0].file if statements else ""
    rows = tuple(_row(statement, entry) for statement in statements for entry in statement.entries)
    return Table(COLUMNS, rows, Cell(file))


def _row(statement: Statement, entry: Entry) -> Row:
    values = {
        "date": entry.date, "amount": entry.amount, "balance": entry.balance, "text": entry.text,
        "counterparty": entry.counterparty, "reference": entry.reference, "value_date": entry.value_date,
        "account": statement.account, "currency": statement.currency,
    }  # fmt: skip
    return Row(values, Cell(statement.file, row=entry.line))
