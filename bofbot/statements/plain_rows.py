"""The quick way for the rows most tables are made of: a day, one plain amount, a plain balance. Anything else is None.

A run of rows is read column by column; it never decides what is wrong: what does not fit is read with care, row by row."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import repeat

from bofbot.statements.columns import Columns
from bofbot.statements.model import Entry
from bofbot.statements.options import Cell, CsvProfile, GridRow

RUN = 2000
"""So many rows are tried at once."""
PlainRun = Callable[[Sequence[GridRow]], "list[Entry] | None"]
_FIGURES = re.compile(r"[0-9+.-]*+", re.ASCII)
"""What a plain amount is written with; Decimal itself refuses what they cannot mean."""
_LONGEST = 26


def plain_runs(
    columns: Columns, profile: CsvProfile, decimal: str, read_date: Callable[[str], date | None]
) -> PlainRun | None:
    """A reader of runs of plain rows, or None where every row needs the careful way."""
    careful = (columns.direction, columns.value_date, columns.account, columns.currency)
    if (
        columns.amount is None
        or decimal != "."
        or profile.negate
        or any(column is not None for column in careful)
    ):
        return None
    at_amount = columns.amount

    def read(rows: Sequence[GridRow]) -> list[Entry] | None:
        try:
            cells = list(zip(*[cells for _, cells in rows], strict=True))  # one width, or ValueError
            days = _days(cells[columns.date], read_date)
            amounts = _amounts(cells[at_amount])
            balances = repeat(None) if columns.balance is None else _amounts(cells[columns.balance])
            texts = [_texts(cells[index]) for index in columns.text]
            references = _texts(cells[columns.reference]) if columns.reference is not None else repeat("")
            parties = _texts(cells[columns.counterparty]) if columns.counterparty is not None else repeat("")
        except (ValueError, IndexError, TypeError, InvalidOperation):
            return None
        told = (
            texts[0]
            if len(texts) == 1
            else [" ".join(filter(None, words)) for words in zip(*texts, strict=True)]
        )
        lines = [line for line, _ in rows]
        values = zip(
            days,
            amounts,
            told or repeat(""),
            balances,
            repeat(None),
            references,
            parties,
            lines,
            strict=False,
        )
        return list(map(tuple.__new__, repeat(Entry), values))

    return read


def _days(cells: Sequence[Cell], read_date: Callable[[str], date | None]) -> list[date]:
    """Raises ValueError when one of them is no day."""
    known = {cell: cell if isinstance(cell, date) else read_date(str(cell).strip()) for cell in set(cells)}
    if None in known.values():
        raise ValueError
    return [known[cell] for cell in cells]  # type: ignore[misc]  # None was just ruled out


def _amounts(cells: Sequence[Cell]) -> list[Decimal]:
    """Raises ValueError, TypeError or InvalidOperation when one of them is no plain amount."""
    written = "".join(cells)  # type: ignore[arg-type]  # a cell that is no text is a TypeError
    if not _FIGURES.fullmatch(written) or max(map(len, cells)) > _LONGEST:  # type: ignore[arg-type]
        raise ValueError
    return list(map(Decimal, cells))  # type: ignore[arg-type]


def _texts(cells: Sequence[Cell]) -> list[str]:
    return list(map(str.strip, cells))  # type: ignore[arg-type]
