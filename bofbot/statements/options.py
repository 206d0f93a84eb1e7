"""What a caller may tell a reader: the account, the encoding, and for tables which column means what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

Column = str | int | None
"""A heading, or a column's number counted from 1."""
Cell = str | Decimal | date
GridRow = tuple[int, Sequence[Cell]]
"""Line number in the file, and the cells."""
SheetRows = Sequence[tuple[str, Sequence[GridRow]]]
"""Sheets of a workbook: name and rows."""


Progress = Callable[[float], None]
"""Hears the share of a file that is read, 0 to 1."""


@dataclass(frozen=True, slots=True)
class CsvProfile:
    """Which column of a CSV or sheet means what, where the headings alone do not tell. Empty fields are found out."""

    name: str = ""
    headings: tuple[str, ...] = ()
    """Headings that must all be there for the profile to apply by itself."""
    encoding: str = ""
    delimiter: str = ""
    skip: int | None = None
    """Lines before the heading line; with numbered columns only, lines before the first entry."""
    header: bool | None = None
    """False: there is no heading line, columns are given by number."""
    date: Column = None
    value_date: Column = None
    amount: Column = None
    incoming: Column = None
    outgoing: Column = None
    direction: Column = None
    """A column that says debit or credit in words."""
    balance: Column = None
    text: Column = None
    counterparty: Column = None
    reference: Column = None
    currency_column: Column = None
    date_format: str = ""
    """`%d/%m/%Y` and the like (strptime)."""
    decimal: str = ""
    """`.` or `,`."""
    order: str = ""
    """`oldest-first` or `newest-first`."""
    negate: bool = False
    """True for card files that write spending as positive amounts."""
    currency: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True)
class Options:
    """What the caller knows already. Everything may stay empty."""

    format: str = ""
    """A format's name; then no other is tried."""
    encoding: str = ""
    account: str = ""
    currency: str = ""
    profile: CsvProfile | None = None
    profiles: tuple[CsvProfile, ...] = ()
    """Profiles an office has; the first whose headings are all there applies."""
    today: date | None = None
    """The run date, for two-digit years and eras; None: this day."""
    sheets: Callable[[bytes], SheetRows] | None = None
    """How to open a workbook (`adapters.statement_sheets.sheet_rows`): this room knows no library for it."""
    largest_file: int = 512 * 1024 * 1024
    """Bytes a file may have, unpacked."""
    progress: Progress | None = None
    depth: int = 0
    """How many zips a file was taken out of."""


NO_OPTIONS = Options()
ZERO = Decimal(0)
