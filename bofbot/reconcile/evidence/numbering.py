"""Numbers both sides share (an order number, a transaction id): rows whose numbers contradict are never the same for certain."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bofbot.reconcile.evidence.references import folded
from bofbot.reconcile.intake.sides import Side

SHARED = 0.5
"""So many of the rows of the smaller side must find their number on the other side, before numbers count as shared."""


class SharedNumbers:
    """The pairs of columns in which both sides write the same numbers."""

    def __init__(self, left: Side, right: Side) -> None:
        others = [(column, _distinct(column)) for column in _columns(right)]
        self._pairs: list[tuple[Sequence[str], Sequence[str]]] = []
        for one in _columns(left):
            mine = _distinct(one)
            for other, theirs in others:
                if sum(number in theirs for number in mine) >= max(SHARED * min(len(mine), len(theirs)), 2):
                    self._pairs.append((one, other))

    @property
    def shared(self) -> bool:
        """Do the sides share any numbers at all?"""
        return bool(self._pairs)

    def contradict(self, left: int, right: int) -> bool:
        """Do both rows have such a number, and no pair of columns in which it is the same?"""
        told = [(one[left], other[right]) for one, other in self._pairs if one[left] and other[right]]
        return bool(told) and not any(mine == theirs for mine, theirs in told)


def _columns(side: Side) -> list[tuple[str, ...]]:
    """The id column and the reference columns, folded; only values with a digit are numbers."""
    found = [side.ids] if side.layout.id else []
    found += side.refs.columns
    return [tuple(map(_number, column)) for column in found]


_DIGIT = re.compile(r"\d").search


def _number(text: str) -> str:
    plain = folded(text)
    plain = text if plain == text else plain  # one object, not two
    return plain if _DIGIT(plain) else ""


def _distinct(column: Sequence[str]) -> set[str]:
    found = set(column)
    found.discard("")
    return found
