"""What the sheets of a report are made of: cells with looks, formulas, links, charts; the same for a workbook and for HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Look = Literal[
    "", "title", "heading", "heading_right", "label", "strong", "money", "strong_money", "count", "points",
    "good", "warn", "bad", "note", "day", "wrap", "link", "mark",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula in English notation and the value it has now, so that readers that do not compute see it."""

    text: str
    value: Any = 0
    look: Look = "money"


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads to a cell of another file or sheet: `external:ledger.xlsx#'売掛金'!A7`, `internal:'照合'!A1`."""

    target: str
    text: str


@dataclass(frozen=True, slots=True)
class Styled:
    """A value with a look of its own."""

    value: Any
    look: Look


@dataclass(frozen=True, slots=True)
class Chart:
    """Columns side by side: one series per column of figures."""

    title: str
    place: str
    """The cell of its upper left corner."""
    categories: tuple[int, int, int]
    """First row, last row, column (from 0) of the words below the columns."""
    series: tuple[int, ...]
    """Columns of the figures; their names stand in the row above."""


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet: rows of cells from the top, and how it looks."""

    name: str
    rows: Sequence[Sequence[Any]]
    widths: Sequence[int] = ()
    looks: Sequence[Look] = ()
    """The look of each column, where a cell has none of its own."""
    heading_row: int = -1
    """This row is a heading: it stays in sight and has filters."""
    charts: Sequence[Chart] = ()
    hidden_columns: Sequence[int] = ()
    choices: Mapping[int, Sequence[str]] = field(default_factory=dict)
    """Columns below the heading in which a person picks from a list."""
    printed: int = 0
    """So many columns are printed; 0: all."""
    kept_columns: int = 0
    """So many columns stay in sight at the left."""
