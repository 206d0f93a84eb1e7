"""Where the two sides of a reconciliation come from: a table file, a statement file, or rows a robot holds already."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from bofbot.adapters import tables
from bofbot.adapters.csvfiles.csvcolumns import read_csv_table
from bofbot.errors import BusinessError, Cell
from bofbot.reconcile.collector import collector_paused
from bofbot.records import Row, Table
from bofbot.statements.model import Entry, Statement
from bofbot.words import Sentence

STATEMENT_COLUMNS: Mapping[str, Any] = {
    "id": "id", "date": "date", "amount": "amount", "text": "text", "party": "counterparty", "ref": "reference",
    "currency": "currency",
}  # fmt: skip
_TABLES = (".csv", ".tsv", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")


def read_side(
    path: Path,
    *,
    sheet: str = "",
    encoding: str = "",
    progress: tables.Progress | None = None,
    say: Callable[[Sentence], None] | None = None,
) -> tuple[Table, Mapping[str, Any]]:
    """The table in a file, and the columns when they are known (a statement's); raises BusinessError or ApplicationError.

    CSV and workbooks are tables; anything else is read as a bank or card statement. `say` is told what is worth knowing:
    rows that are hidden in the sheet were read too."""
    if path.suffix.lower() in _TABLES:
        if tables.is_csv(path):
            return read_csv_table(path, encoding, progress=progress), {}
        with collector_paused():
            table, remarks = tables.read_table(
                path, tables.Wanted(sheet=sheet, encoding=encoding), progress=progress
            )
        if say:
            for remark in remarks:
                say(remark)
        return table, {}
    from bofbot.statements.reading import read_file

    return of_statements(read_file(path), path)


def of_statements(
    statements: Iterable[Statement], path: Path | None = None
) -> tuple[Table, Mapping[str, Any]]:
    """All entries of statements as one table."""
    rows: list[Row] = []
    file = str(path or "")
    for statement in statements:
        for entry in statement.entries:
            values = {
                "id": entry.reference or f"{entry.line or len(rows) + 1}",
                "date": entry.date,
                "amount": entry.amount,
                "text": entry.text,
                "counterparty": entry.counterparty,
                "reference": entry.reference,
                "currency": statement.currency,
            }
            rows.append(Row(values, Cell(file, "", entry.line or len(rows) + 1)))
    names = ("id", "date", "amount", "text", "counterparty", "reference", "currency")
    filled = [name for name in names if any(row[name] for row in rows)]
    ids = [row["id"] for row in rows]
    if len(set(ids)) != len(ids):
        filled.remove("id")
    columns = {role: name for role, name in STATEMENT_COLUMNS.items() if name in filled}
    return Table(names, tuple(rows), Cell(file)), columns


def side_of_rows(rows: Any) -> tuple[Table, Mapping[str, Any]]:
    """What a robot saved (a table, a statement, a list of records) as a table. Raises BusinessError for anything else."""
    if isinstance(rows, Table):
        return rows, {}
    if isinstance(rows, Statement):
        return of_statements([rows])
    if isinstance(rows, list | tuple) and rows and all(isinstance(item, Statement) for item in rows):
        return of_statements(rows)
    if isinstance(rows, list | tuple) and rows and all(isinstance(item, Entry) for item in rows):
        return of_statements([Statement("", "", tuple(rows))])
    if isinstance(rows, list | tuple) and all(isinstance(item, Mapping) for item in rows):
        columns = tuple(dict.fromkeys(name for item in rows for name in item))
        made = tuple(
            item if isinstance(item, Row) else Row(item, Cell("", "", n)) for n, item in enumerate(rows, 1)
        )
        return Table(columns, made), {}
    raise BusinessError(
        Sentence(
            en="`rows` is no table, statement or list of records",
            ja="rows が表・明細・行の一覧ではありません",
        ),
        fix=Sentence(
            en="save one with read_table or statement", ja="read_table か statement の結果を指定してください"
        ),
    )
