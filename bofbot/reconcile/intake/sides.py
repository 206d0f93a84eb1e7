"""Tables become sides: typed columns in one fixed order, with control totals; a bad cell is named, never guessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from bofbot.errors import BusinessError, Cell
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
class Side:
    """One side, column by column, in its fixed order (date, amount, id, texts): the same however the file was sorted."""

    name: str
    layout: Layout
    source: Cell
    rows: tuple[int, ...]
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
    refs: tuple[tuple[str, ...], ...]
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
            self.source.file, self.source.sheet, self.rows[row], self.layout.amount or self.layout.money_in
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
    if opposite(raws[0].dated(days[0]), raws[1].dated(days[1])):
        raws[1] = raws[1].turned()
        said.append(turned_said(names[1]))
    places = max(_places(raw.amounts) for raw in raws)
    sides = [_side(raw, numbers, places) for raw, numbers in zip(raws, days, strict=True)]
    return sides[0], sides[1], said


def _places(amounts: Sequence[Decimal]) -> int:
    broken = [amount for amount in set(amounts) if amount % 1]
    return max((max(0, -int(amount.normalize().as_tuple().exponent)) for amount in broken), default=0)


def _side(raw: Raw, days: list[int], places: int) -> Side:
    table, layout, kept = raw.table, raw.layout, raw.kept
    worth = {amount: int(amount.scaleb(places) if places else amount) for amount in set(raw.amounts)}
    if any(abs(unit) > 2**62 for unit in worth.values()):
        raise BusinessError(
            Sentence(en=f"{raw.name}: an amount is too large", ja=f"{raw.name}：金額が大きすぎます")
        )
    units = [worth[amount] for amount in raw.amounts]
    sources = [table.rows[p].source for p in kept]
    numbers = [
        0 if cell.file == CARRIED else cell.row or p + 2 for p, cell in zip(kept, sources, strict=True)
    ]
    ids = texts_of(raw.cells, layout.id, kept) if layout.id else ("",) * len(kept)
    sheet = table.source.sheet or "row"
    ids = tuple(
        found or (f"{sheet}!{number}" if number else cell.sheet)
        for found, number, cell in zip(ids, numbers, sources, strict=True)
    )
    texts, parties, kanas = (texts_of(raw.cells, c, kept) for c in (layout.text, layout.party, layout.kana))
    refs = (
        tuple(zip(*(texts_of(raw.cells, c, kept) for c in layout.refs), strict=True)) if layout.refs else ()
    )
    currencies = texts_of(raw.cells, layout.currency, kept)
    extra = {role: texts_of(raw.cells, c, kept) for role, c in layout.extra.items()}
    taxes = rates_per_row(raw.cells, table.columns, kept)
    order = _in_order(days, units, (ids, texts or ids, parties or ids, kanas or ids, refs or ids, numbers))
    return Side(
        name=raw.name,
        layout=layout,
        source=table.source,
        rows=tuple(numbers[i] for i in order),
        ids=tuple(ids[i] for i in order),
        amounts=np.array([units[i] for i in order], dtype=np.int64),
        places=places,
        days=np.array([days[i] for i in order], dtype=np.int64),
        texts=_ordered(texts, order),
        parties=_ordered(parties, order),
        kanas=_ordered(kanas, order),
        refs=tuple(refs[i] for i in order) if refs else (),
        currencies=tuple(c.upper() for c in _ordered(currencies, order)),
        carried=tuple(raw.since.get(ids[i]) for i in order) if raw.since else (),
        extra={role: _ordered(column, order) for role, column in extra.items()},
        tax_rates=None if taxes is None else taxes[order],
    )


def _in_order(days: Sequence[int], units: Sequence[int], columns: Sequence[Sequence[Any]]) -> list[int]:
    """Positions by day and amount; what is equal in both by the other columns."""
    amounts, numbers = np.array(units, dtype=np.int64), np.array(days, dtype=np.int64)
    order = np.lexsort((amounts, numbers))
    same = (np.diff(numbers[order]) == 0) & (np.diff(amounts[order]) == 0)
    found: list[int] = order.tolist()
    for run in np.split(np.arange(len(order)), np.flatnonzero(~same) + 1) if same.any() else ():
        if len(run) > 1:
            first, last = int(run[0]), int(run[-1]) + 1
            found[first:last] = sorted(found[first:last], key=lambda at: [column[at] for column in columns])
    return found


def _ordered(column: tuple[str, ...], order: Sequence[int]) -> tuple[str, ...]:
    return tuple(column[i] for i in order) if column else ()
