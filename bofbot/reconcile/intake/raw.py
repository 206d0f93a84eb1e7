"""Tables whose columns are known: entries alone, their amounts and days read the way the whole column writes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from bofbot.errors import BusinessError, Sighting
from bofbot.reconcile.arrays import Ints
from bofbot.reconcile.intake.cells import Cells, read_all
from bofbot.reconcile.intake.columns import Layout, layout_of, recognise
from bofbot.reconcile.intake.leftout import is_empty, kept_rows, without_totals
from bofbot.reconcile.intake.signs import turned
from bofbot.reconcile.intake.units import Units, plain_units, units_of
from bofbot.reconcile.intake.writings import amount_reader, date_reader, likeliest, orders_of
from bofbot.reconcile.outcome.carry import OpenItem, with_carried
from bofbot.records import Table
from bofbot.words import Sentence

NO_DAY = -(10**6)
"""The day number of a row without a date."""


@dataclass(frozen=True, slots=True)
class Raw:
    """One side before both are put on the same footing. `kept` are positions in the table, `amounts` belong to them."""

    name: str
    table: Table
    cells: Cells
    layout: Layout
    amounts: Units
    kept: Sequence[int]
    since: Mapping[str, date | None]
    own: int
    """Rows of the file itself; carried items come after them."""

    def turned(self) -> Raw:
        """With the opposite sign on every amount of the file; carried items were turned when they were written."""
        mine = np.asarray(self.kept) < self.own
        units = np.where(mine, -self.amounts.units, self.amounts.units)
        return replace(self, amounts=replace(self.amounts, units=units))

    def dated(self, days: Ints, places: int) -> tuple[Ints, Ints]:
        """Amounts in units of 10 ** -places, and days, of the file's own rows."""
        mine = np.asarray(self.kept) < self.own
        return self.units(places)[mine], days[mine]

    def units(self, places: int) -> Ints:
        """The amounts in units of 10 ** -places. Raises BusinessError for one that is too large."""
        return self.amounts.at(places, self.name)


def read_raw(
    name: str, table: Table, given: Mapping[str, Any], items: Sequence[OpenItem], said: list[Sentence]
) -> Raw:
    """The entries of a table. Raises BusinessError: no rows, a column that is missing, doubled or not recognised, a bad cell."""
    if not len(table):
        raise BusinessError(
            Sentence(en=f"{name}: the table has no rows", ja=f"{name}：表に行がありません"),
            fix=Sentence(
                en="check the file, the sheet and the heading row",
                ja="ファイル、シート、見出し行を確認してください",
            ),
            sighting=Sighting(cell=table.source),
        )
    table = without_totals(name, table, said)
    if given:
        layout = layout_of(name, table.columns, given, table.source)
        if not (layout.amount or layout.money_in or layout.money_out):
            layout = _completed(name, table, layout, said)
    else:
        _no_doubles(name, table)
        layout, assumed = recognise(name, table.columns, Cells(table))
        said += assumed
    own = len(table)
    since: Mapping[str, date | None] = {}
    if items:
        table, since = with_carried(table, layout, items)
        said.append(
            Sentence(
                en=f"{name}: {len(items)} open items carried over",
                ja=f"{name}：繰越 {len(items)} 件を加えました",
            )
        )
    cells = Cells(table)
    kept = kept_rows(name, cells, layout, said)
    return Raw(name, table, cells, layout, _amounts(name, cells, layout, kept), kept, since, own)


def _completed(name: str, table: Table, given: Layout, said: list[Sentence]) -> Layout:
    """The given layout with the amount (and date) recognised, because it named neither."""
    found, assumed = recognise(name, table.columns, Cells(table))
    said += assumed
    return replace(
        given,
        amount=found.amount,
        money_in=found.money_in,
        money_out=found.money_out,
        date=given.date or found.date,
    )


def _no_doubles(name: str, table: Table) -> None:
    seen: set[str] = set()
    for column in table.columns:
        if column in seen:
            layout_of(name, table.columns, {"id": column}, table.source)
        seen.add(column)


def _amounts(name: str, cells: Cells, layout: Layout, kept: Sequence[int]) -> Units:
    if layout.amount:
        if not layout.mark and (plain := plain_units(cells.of(layout.amount, kept))):
            return plain
        read = amount_reader(cells[layout.amount])
        amounts = read_all(name, cells, layout.amount, kept, read)
        if layout.mark:
            amounts = turned(amounts, cells.of(layout.mark, kept))
        return units_of(amounts, name)
    zero = Decimal(0)
    total = [zero] * len(kept)
    for column, sign in ((layout.money_in, 1), (layout.money_out, -1)):
        if column:
            found = read_all(name, cells, column, kept, _or_zero(amount_reader(cells[column])))
            total = [old + sign * new for old, new in zip(total, found, strict=True)]
    return units_of(total, name)


def _or_zero(read: Callable[[Any], Decimal]) -> Callable[[Any], Decimal]:
    return lambda value: Decimal(0) if is_empty(value) else read(value)


def read_days(left: Raw, right: Raw, said: list[Sentence]) -> tuple[Ints, Ints]:
    """The day numbers of both sides. `05/01/2026` is read as the column as a whole tells, else as the other side tells.

    Raises BusinessError for a cell that is no date, or when nothing tells day and month apart."""
    sides = (left, right)
    orders = [_orders(raw) for raw in sides]
    known = [_plain_days(raw) if not order else [] for raw, order in zip(sides, orders, strict=True)]
    for at in (0, 1) if len(orders[0]) <= len(orders[1]) else (1, 0):
        raw, other = sides[at], [day for day in known[1 - at] if day is not None]
        if not orders[at]:
            continue
        order = likeliest(orders[at], (raw.cells[raw.layout.date][row] for row in raw.kept), other)
        known[at] = _days(raw, order)
        if order:
            said.append(
                Sentence(
                    en=f"{raw.name}: {raw.layout.date} is read as {order}",
                    ja=f"{raw.name}：「{raw.layout.date}」は{_ORDERS_JA[order]}の順に読みました",
                )
            )
    numbers = []
    for raw, days in zip(sides, known, strict=True):
        ordinals = {day: NO_DAY if day is None else day.toordinal() for day in set(days)}
        found = np.array([ordinals[day] for day in days] or [NO_DAY] * len(raw.kept), dtype=np.int64)
        missing = int((found == NO_DAY).sum())
        if raw.layout.date and missing:
            said.append(
                Sentence(
                    en=f"{raw.name}: {missing} rows have no date",
                    ja=f"{raw.name}：日付のない行が {missing} 行あります",
                )
            )
        numbers.append(found)
    return numbers[0], numbers[1]


_ORDERS_JA = {"day/month/year": "日・月・年", "month/day/year": "月・日・年", "year/month/day": "年・月・日"}


def _orders(raw: Raw) -> tuple[str, ...]:
    return orders_of(raw.cells[raw.layout.date]) if raw.layout.date else ()


def _plain_days(raw: Raw) -> list[date | None]:
    return _days(raw, "") if raw.layout.date else []


def _days(raw: Raw, order: str) -> list[date | None]:
    read = date_reader(order)
    return read_all(
        raw.name, raw.cells, raw.layout.date, raw.kept, lambda v: None if is_empty(v) else read(v)
    )
