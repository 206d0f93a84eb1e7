"""Amounts as whole numbers: a column of them and how many decimal places they have."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from bofbot.errors import BusinessError
from bofbot.reconcile.arrays import Ints
from bofbot.words import Sentence

LARGEST = 2**62
_WHOLE = re.compile(r"(?:[0-9]{1,12}\n)*").fullmatch
_CENTS = re.compile(r"(?:[0-9]{1,12}(?:\.[0-9]{1,2})?\n)*").fullmatch


@dataclass(frozen=True, slots=True)
class Units:
    """Amounts in units of 10 ** -places."""

    units: Ints
    places: int

    def at(self, places: int, name: str) -> Ints:
        """The same in smaller units. Raises BusinessError for an amount that is too large to add up."""
        factor = 10 ** (places - self.places)
        if len(self.units) and int(np.abs(self.units).max()) * factor > LARGEST:
            raise _too_large(name)
        return self.units * factor if factor > 1 else self.units


def units_of(amounts: Sequence[Decimal], name: str) -> Units:
    """Exact amounts as whole numbers. Raises BusinessError for one that is too large."""
    distinct = set(amounts)
    broken = [amount for amount in distinct if amount % 1]
    places = max((max(0, -int(amount.normalize().as_tuple().exponent)) for amount in broken), default=0)
    worth = {amount: int(amount.scaleb(places) if places else amount) for amount in distinct}
    if any(abs(unit) > LARGEST for unit in worth.values()):
        raise _too_large(name)
    return Units(np.array([worth[amount] for amount in amounts], dtype=np.int64), places)


def plain_units(cells: Sequence[Any]) -> Units | None:
    """The amounts of a column in which each cell is a few digits, perhaps with cents: what most files hold. None for
    any other column."""
    if not all(type(cell) is str for cell in cells):
        return None
    text = "\n".join((*cells, ""))
    if _WHOLE(text):
        return Units(np.array(list(map(int, cells)), dtype=np.int64), 0)
    if not _CENTS(text):
        return None
    units = np.array([_in_cents(cell) for cell in cells], dtype=np.int64)
    for places, size in ((0, 100), (1, 10)):
        if not (units % size).any():
            return Units(units // size, places)
    return Units(units, 2)


def _in_cents(cell: str) -> int:
    whole, _, cents = cell.partition(".")
    return int(whole + cents.ljust(2, "0"))


def _too_large(name: str) -> BusinessError:
    return BusinessError(Sentence(en=f"{name}: an amount is too large", ja=f"{name}：金額が大きすぎます"))
