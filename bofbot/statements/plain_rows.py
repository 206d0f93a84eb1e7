"""The quick way for the rows most tables are made of: a day, one plain amount, a plain balance. Anything else is None."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from bofbot.statements.columns import Columns
from bofbot.statements.model import Entry
from bofbot.statements.notation import is_plain_amount
from bofbot.statements.options import Cell, CsvProfile

PlainRow = Callable[[int, Sequence[Cell]], Entry | None]


def plain_rows(
    columns: Columns, profile: CsvProfile, decimal: str, read_date: Callable[[str], date | None]
) -> PlainRow | None:
    """A reader of plain rows, or None where every row needs the careful one. It never decides what is wrong."""
    careful = (columns.direction, columns.value_date, columns.account, columns.currency)
    if (
        columns.amount is None
        or decimal != "."
        or profile.negate
        or any(column is not None for column in careful)
    ):
        return None
    at_date, at_amount, at_balance, at_text = columns.date, columns.amount, columns.balance, columns.text
    at_reference, at_counterparty = columns.reference, columns.counterparty
    width = max(at_date, at_amount, at_balance or 0, at_reference or 0, at_counterparty or 0, *at_text, 0) + 1

    def read(line: int, cells: Sequence[Cell]) -> Entry | None:
        if len(cells) < width:
            return None
        written, amount, balance = (
            cells[at_date],
            cells[at_amount],
            cells[at_balance] if at_balance is not None else None,
        )
        if not (isinstance(written, str) and isinstance(amount, str) and is_plain_amount(amount)):
            return None
        day = read_date(written)
        if day is None or (
            balance is not None and not (isinstance(balance, str) and is_plain_amount(balance))
        ):
            return None
        text = (
            str(cells[at_text[0]]).strip()
            if len(at_text) == 1
            else " ".join(part for index in at_text if (part := str(cells[index]).strip()))
        )
        return Entry(
            day, Decimal(amount), text, None if balance is None else Decimal(balance), None,
            str(cells[at_reference]).strip() if at_reference is not None else "",
            str(cells[at_counterparty]).strip() if at_counterparty is not None else "", line,
        )  # fmt: skip

    return read
