"""How many sets of rows would reach an amount by accident: a sum is only evidence where hardly any would."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import comb, gcd
from typing import Literal

Shape = Literal["whole day", "one day", "any"]
"""Everything of a day, some rows of one day, or any rows."""

LIKELY = 0.05
"""From so many accidental hits on, a sum that is found is left to a person."""


def expected(
    amounts: Sequence[int], days: Sequence[int], target: int, differences: int, size: int, shape: Shape
) -> float:
    """Accidental hits among the sets of 2 … `size` of these rows that have this shape.

    Round amounts lie on a coarse grid (11,000; 22,000 …) and hit each other often: a set of about the size of the target
    meets it once in so many steps of the grid. `differences` are the fees and roundings that would count as a hit too; on
    a coarse grid at most one of them leads to it."""
    grid = gcd(*amounts)
    steps = differences if grid <= 1 else 1
    of_a_day = Counter(days).values()
    if shape == "whole day":
        sets = sum(count > 1 for count in of_a_day)
    elif shape == "one day":
        sets = sum(_sets(count, size) for count in of_a_day)
    else:
        sets = _sets(len(amounts), size)
    return sets * min(1.0, steps * grid / max(abs(target), 1))


def _sets(rows: int, size: int) -> int:
    return sum(comb(rows, taken) for taken in range(2, min(size, rows) + 1))
