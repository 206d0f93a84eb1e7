"""The quick way for the rows most tables are made of: a day, one plain amount, a plain balance. Anything else is None.

A run of rows is read column by column; it never decides what is wrong: what does not fit is read with care, row by row."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import repeat

from bofbot.statements.columns import Columns
from bofbot.statements.model import Entry
from bofbot.statements.options import Cell, CsvProfile, GridRow
from bofbot.statements.rows import cells_of, numbers_of

RUN = 1000
"""So many rows are tried at once."""
PlainRun = Callable[[Sequence[GridRow]], "list[Entry] | None"]
ReadDate = Callable[[str], date | None]
Column = Sequence[Cell]
_FIGURES = re.compile(r"[0-9+.-]*+", re.ASCII)
"""What a plain amount is written with; Decimal itself refuses what they cannot mean."""
_GROUPED = re.compile(
    r"(?:[+-]?(?:[1-9][0-9]{0,2}(?:,[0-9]{3})++|[0-9]{1,15})(?:\.[0-9]{1,9})?\n)*+", re.ASCII
)
"""Amounts with commas between thousands, a line each."""
_LONGEST = 26


def plain_runs(columns: Columns, profile: CsvProfile, decimal: str, read_date: ReadDate) -> PlainRun | None:
    """A reader of runs of plain rows, or None where every row needs the careful way."""
    careful = (columns.direction, columns.account, columns.currency)
    if decimal != "." or profile.negate or any(column is not None for column in careful):
        return None

    def read(rows: Sequence[GridRow]) -> list[Entry] | None:
        try:
            return _entries(rows, columns, read_date)
        except (ValueError, IndexError, TypeError, InvalidOperation):
            return None

    return read


def _entries(rows: Sequence[GridRow], columns: Columns, read_date: ReadDate) -> list[Entry]:
    """Raises one of several errors when any row is not plain."""
    cells: list[Column] = list(zip(*cells_of(rows), strict=True))  # one width, or ValueError
    amounts = list(_movements(cells, columns))
    if not all(amounts):
        raise ValueError  # nothing moved: a balance carried forward may be written so

    def told(index: int | None) -> Iterable[str]:
        return repeat("") if index is None else _texts(cells[index])

    values = zip(
        _days(cells[columns.date], read_date),
        amounts,
        _joined([_texts(cells[index]) for index in columns.text]),
        repeat(None) if columns.balance is None else _amounts(cells[columns.balance]),
        repeat(None) if columns.value_date is None else _days_if_any(cells[columns.value_date], read_date),
        told(columns.reference),
        told(columns.counterparty),
        numbers_of(rows),
        strict=False,
    )
    return list(map(tuple.__new__, repeat(Entry), values))


def _movements(cells: Sequence[Column], columns: Columns) -> Iterable[Decimal]:
    """Signed amounts: of one column, or of two of which each row fills one. Money out must be written without a sign."""
    if columns.amount is not None:
        return _amounts(cells[columns.amount])
    if columns.incoming is None or columns.outgoing is None:
        raise ValueError
    outgoing = cells[columns.outgoing]
    if "-" in "".join(outgoing):  # type: ignore[arg-type]  # a cell that is no text is a TypeError
        raise ValueError
    return map(_moved, _amounts_if_any(cells[columns.incoming]), _amounts_if_any(outgoing))


def _moved(incoming: Decimal | None, outgoing: Decimal | None) -> Decimal:
    if outgoing is None:
        if incoming is None:
            raise ValueError
        return incoming
    if incoming:
        if outgoing:
            raise ValueError
        return incoming
    return -outgoing


def _days(cells: Column, read_date: ReadDate) -> list[date]:
    """Raises ValueError when one of them is no day."""
    days = _days_if_any(cells, read_date)
    if None in days:
        raise ValueError
    return days  # type: ignore[return-value]  # None was just ruled out


def _days_if_any(cells: Column, read_date: ReadDate) -> list[date | None]:
    "".join(cells)  # type: ignore[arg-type]  # a cell that is no text is a TypeError
    return list(map(read_date, cells))  # type: ignore[arg-type]


def _amounts(cells: Column) -> list[Decimal]:
    """Raises ValueError, TypeError or InvalidOperation when one of them is no plain amount."""
    written = "".join(cells)  # type: ignore[arg-type]  # a cell that is no text is a TypeError
    if not _FIGURES.fullmatch(written):
        return _grouped_amounts(cells)
    if max(map(len, cells), default=0) > _LONGEST:  # type: ignore[arg-type]
        raise ValueError
    return list(map(Decimal, cells))  # type: ignore[arg-type]


def _grouped_amounts(cells: Column) -> list[Decimal]:
    lines = "\n".join(cells) + "\n"  # type: ignore[arg-type]
    if not _GROUPED.fullmatch(lines):
        raise ValueError
    return list(map(Decimal, lines.replace(",", "").split()))


def _amounts_if_any(cells: Column) -> list[Decimal | None]:
    amounts = iter(_amounts([cell for cell in cells if cell]))
    return [next(amounts) if cell else None for cell in cells]


def _texts(cells: Column) -> list[str]:
    return list(map(str.strip, cells))  # type: ignore[arg-type]


def _joined(texts: list[list[str]]) -> Iterable[str]:
    """The texts of each row in one, without gaps."""
    if not texts:
        return repeat("")
    return (
        texts[0] if len(texts) == 1 else [" ".join(filter(None, words)) for words in zip(*texts, strict=True)]
    )
