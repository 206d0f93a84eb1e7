"""The rows of one side as entries, each made when it is asked for: a million rows stay columns until one is looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, overload

import numpy as np

from bofbot.reconcile.arrays import Flags, Ints
from bofbot.reconcile.intake.sides import Side, money
from bofbot.reconcile.model import Entry


class Entries(Sequence[Entry]):
    """All entries of a side, in its fixed order."""

    def __init__(self, side: Side, compared: Sequence[str] = ()) -> None:
        self._side, self._compared = side, compared

    @property
    def ids(self) -> Sequence[str]:
        """The id of every entry, without making the entries."""
        return self._side.ids

    def currency(self, row: int) -> str:
        """The currency of one entry, without making it."""
        return self._side.currencies[row] if self._side.currencies else ""

    def sums(self, used: Flags) -> dict[str, tuple[Decimal, Decimal]]:
        """Per currency the sum of all amounts, and of those of the used rows. Whole numbers: no sum is ever rounded."""
        amounts, places, currencies = self._side.amounts, self._side.places, self._side.currencies
        if not currencies:
            return {"": (money(_sum(amounts), places), money(_sum(amounts[used]), places))}
        codes = {currency: code for code, currency in enumerate(dict.fromkeys(currencies))}
        coded = np.array([codes[currency] for currency in currencies], dtype=np.int64)
        found = {}
        for currency, code in codes.items():
            mine = coded == code
            found[currency] = (
                money(_sum(amounts[mine]), places),
                money(_sum(amounts[mine & used]), places),
            )
        return found

    def __len__(self) -> int:
        return len(self._side)

    @overload
    def __getitem__(self, row: int) -> Entry: ...
    @overload
    def __getitem__(self, row: slice) -> tuple[Entry, ...]: ...
    def __getitem__(self, row: int | slice) -> Entry | tuple[Entry, ...]:
        if isinstance(row, slice):
            return tuple(self[at] for at in range(*row.indices(len(self))))
        if not -len(self) <= row < len(self):
            raise IndexError(row)
        row %= len(self)
        return self._side.entry(row, self._compared[row] if self._compared else "")

    def __iter__(self) -> Iterator[Entry]:
        return (self[row] for row in range(len(self)))

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(_same, self, other))

    def __hash__(self) -> int:
        return hash((self._side.name, len(self)))


def _same(one: Entry, other: Entry) -> bool:
    return one == other


def _sum(amounts: Ints) -> int:
    """Exact, however large: the halves of the numbers are added up apart."""
    return (int((amounts >> 32).sum()) << 32) + int((amounts & 0xFFFFFFFF).sum())
