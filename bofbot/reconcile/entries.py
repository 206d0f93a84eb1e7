"""The rows of one side as entries, each made when it is asked for: a million rows stay columns until one is looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, overload

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

    def sums(self, used: set[int]) -> dict[str, tuple[Decimal, Decimal]]:
        """Per currency the sum of all amounts, and of those of the used rows. Whole numbers: no sum is ever rounded."""
        amounts, places = self._side.amounts.tolist(), self._side.places
        if not self._side.currencies:
            return {"": (money(sum(amounts), places), money(sum(amounts[row] for row in used), places))}
        found: dict[str, list[int]] = {}
        for row, (amount, currency) in enumerate(zip(amounts, self._side.currencies, strict=True)):
            line = found.setdefault(currency, [0, 0])
            line[0] += amount
            line[1] += amount if row in used else 0
        return {currency: (money(one, places), money(two, places)) for currency, (one, two) in found.items()}

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
