"""Tables become sides: typed columns in one fixed order, with control totals; a bad cell is named, never guessed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from bofbot.errors import Cell
from bofbot.reconcile.arrays import Ints
from bofbot.reconcile.intake.cells import texts_of
from bofbot.reconcile.intake.columns import Layout
from bofbot.reconcile.intake.raw import NO_DAY as NO_DAY
from bofbot.reconcile.intake.raw import Raw, read_days, read_raw
from bofbot.reconcile.intake.signs import opposite, turned_said
from bofbot.reconcile.model import Entry
from bofbot.reconcile.outcome.carry import CARRIED, OpenItem
from bofbot.reconcile.outcome.taxes import rates_per_row
from bofbot.records import Table
from bofbot.words import Sentence


@dataclass(frozen=True, slots=True)
class Refs:
    """The references of every row, column by column."""

    columns: tuple[tuple[str, ...], ...] = ()

    def __len__(self) -> int:
        return len(self.columns[0]) if self.columns else 0

    def __getitem__(self, row: int) -> tuple[str, ...]:
        return tuple(column[row] for column in self.columns)

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        return zip(*self.columns, strict=True)


@dataclass(frozen=True, slots=True)
class Side:
    """One side, column by column, in its fixed order (date, amount, id, texts): the same however the file was sorted."""

    name: str
    layout: Layout
    source: Cell
    rows: Ints
    """Row numbers as the file counts; 0 for an item carried over, which stands in no file of this period."""
    ids: tuple[str, ...]
    amounts: Ints
    """In units of 10 ** -places."""
    places: int
    days: Ints
    """date.toordinal(), or NO_DAY."""
    texts: tuple[str, ...]
    parties: tuple[str, ...]
    kanas: tuple[str, ...]
    refs: Refs
    currencies: tuple[str, ...]
    extra: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    carried: tuple[date | None, ...] = ()
    originals: Mapping[int, str] = field(default_factory=dict)
    """Row → its amount as it was written, where it was valued in another currency."""
    tax_rates: Ints | None = None
    """Per row how many rates of consumption tax it bears; None where no column tells."""

    def __len__(self) -> int:
        return len(self.ids)

    def amount(self, row: int) -> Decimal:
        return money(int(self.amounts[row]), self.places)

    def day(self, row: int) -> date | None:
        number = int(self.days[row])
        return None if number == NO_DAY else date.fromordinal(number)

    def source_of(self, row: int) -> Cell:
        """Where the row's amount stands."""
        if not self.rows[row]:
            return Cell(CARRIED)
        return Cell(
            self.source.file,
            self.source.sheet,
            int(self.rows[row]),
            self.layout.amount or self.layout.money_in,
        )

    def entry(self, row: int, compared: str = "") -> Entry:
        return Entry(
            id=self.ids[row],
            amount=self.amount(row),
            date=self.day(row),
            currency=self.currencies[row] if self.currencies else "",
            text=self.texts[row] if self.texts else "",
            party=(self.parties[row] if self.parties else "") or (self.kanas[row] if self.kanas else ""),
            reference=" ".join(self.refs[row]) if self.refs else "",
            compared=compared,
            source=self.source_of(row),
            original=self.originals.get(row, ""),
            carried_since=self.carried[row] if self.carried else None,
        )


def money(units: int, places: int) -> Decimal:
    """Whole units of 10 ** -places as an exact amount."""
    return Decimal(units).scaleb(-places) if places else Decimal(units)


def take_in(
    left: Table,
    right: Table,
    *,
    names: tuple[str, str] = ("left", "right"),
    columns: tuple[Mapping[str, Any], Mapping[str, Any]] = ({}, {}),
    carried: tuple[Sequence[OpenItem], Sequence[OpenItem]] = ((), ()),
) -> tuple[Side, Side, list[Sentence]]:
    """Both sides, read alike (same number of decimal places), and what was assumed.

    Raises BusinessError: an empty side, a missing, doubled or unrecognised column, a cell that is no amount or date."""
    said: list[Sentence] = []
    raws = [
        read_raw(name, table, given, items, said)
        for name, table, given, items in zip(names, (left, right), columns, carried, strict=True)
    ]
    days = read_days(raws[0], raws[1], said)
    places = max(raw.amounts.places for raw in raws)
    if opposite(raws[0].dated(days[0], places), raws[1].dated(days[1], places)):
        raws[1] = raws[1].turned()
        said.append(turned_said(names[1]))
    sides = [_side(raw, numbers, places) for raw, numbers in zip(raws, days, strict=True)]
    return sides[0], sides[1], said


def _side(raw: Raw, days: Ints, places: int) -> Side:
    table, layout, kept = raw.table, raw.layout, raw.kept
    units = raw.units(places)
    numbers = _numbers(raw)
    ids = texts_of(raw.cells, layout.id, kept) if layout.id else [""] * len(kept)
    if not all(ids):
        ids = [
            found or _known_as(raw, p, number)
            for found, p, number in zip(ids, kept, numbers.tolist(), strict=True)
        ]
    texts, parties, kanas = (texts_of(raw.cells, c, kept) for c in (layout.text, layout.party, layout.kana))
    refs = [texts_of(raw.cells, c, kept) for c in layout.refs]
    currencies = texts_of(raw.cells, layout.currency, kept)
    extra = {role: texts_of(raw.cells, c, kept) for role, c in layout.extra.items()}
    taxes = rates_per_row(raw.cells, table.columns, kept)
    order = _in_order(
        days, units, (ids, texts or ids, parties or ids, kanas or ids, *(refs or [ids]), numbers.tolist())
    )
    at = order.tolist()
    return Side(
        name=raw.name,
        layout=layout,
        source=table.source,
        rows=numbers[order],
        ids=_ordered(ids, at),
        amounts=units[order],
        places=places,
        days=days[order],
        texts=_ordered(texts, at),
        parties=_ordered(parties, at),
        kanas=_ordered(kanas, at),
        refs=Refs(tuple(_ordered(column, at) for column in refs)),
        currencies=tuple(c.upper() for c in _ordered(currencies, at)),
        carried=tuple(raw.since.get(ids[i]) for i in at) if raw.since else (),
        extra={role: _ordered(column, at) for role, column in extra.items()},
        tax_rates=None if taxes is None else taxes[order],
    )


def _numbers(raw: Raw) -> Ints:
    """The row numbers of the rows kept; 0 for carried items."""
    kept, numbers = np.asarray(raw.kept), np.array(raw.table.numbers(), dtype=np.int64)
    return np.where(kept < raw.own, numbers[kept], 0)


def _known_as(raw: Raw, position: int, number: int) -> str:
    """What a row without an id is called: its place in the file; a carried item keeps its name."""
    if number:
        return f"{raw.table.source.sheet or 'row'}!{number}"
    name: str = raw.table[position].source.sheet
    return name


def _in_order(days: Ints, units: Ints, columns: Sequence[Sequence[Any]]) -> Ints:
    """Positions by day and amount; what is equal in both by the other columns."""
    order = np.lexsort((units, days))
    new = np.r_[True, (np.diff(days[order]) != 0) | (np.diff(units[order]) != 0)]
    starts = np.flatnonzero(new)
    sizes = np.diff(np.r_[starts, len(order)])
    for first, size in zip(starts[sizes > 1].tolist(), sizes[sizes > 1].tolist(), strict=True):
        equal = order[first : first + size].tolist()
        order[first : first + size] = sorted(equal, key=lambda at: [column[at] for column in columns])
    return order


def _ordered(column: Sequence[str], order: Sequence[int]) -> tuple[str, ...]:
    return tuple(map(column.__getitem__, order)) if column else ()
