"""All matches in their fixed order; plain ones (one row against one, the same amount, confirmed) are made when looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, overload

import numpy as np

from bofbot.reconcile.arrays import Ints
from bofbot.reconcile.model import Grade, Match

Side = Literal["left", "right"]

_KEPT = 100_000
"""Up to so many matches are kept once they were made: whoever writes a report looks at them a dozen times."""
_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Plain:
    """Plain matches, column by column."""

    edges: Ints
    left: Ints
    right: Ints
    make: Callable[[Ints], Sequence[Match]]
    """The matches of these candidates."""


class Matches(Sequence[Match]):
    """Every match, in the order of its first left row."""

    def __init__(self, plain: Plain, others: Sequence[Match]) -> None:
        self._plain, self._others = plain, others
        self._order = np.argsort(np.r_[plain.left, _rows(match.left[0] for match in others)], kind="stable")
        self._all: tuple[Match, ...] | None = None

    def __len__(self) -> int:
        return len(self._order)

    @overload
    def __getitem__(self, at: int) -> Match: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Match, ...]: ...
    def __getitem__(self, at: int | slice) -> Match | tuple[Match, ...]:
        if isinstance(at, slice):
            return tuple(self._made(self._order[at]))
        return self._made(self._order[[at]])[0]

    def __iter__(self) -> Iterator[Match]:
        if self._all is None and len(self) <= _KEPT:
            self._all = tuple(self._made(self._order))
        return iter(self._all) if self._all is not None else self._by_parts()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]

    def graded(self, grade: Grade) -> int:
        """How many have this grade."""
        plain = len(self._plain.edges) if grade == "confirmed" else 0
        return plain + sum(match.grade == grade for match in self._others)

    def waiting(self) -> tuple[Match, ...]:
        """Those that are not confirmed, in order."""
        return tuple(sorted((m for m in self._others if m.grade != "confirmed"), key=lambda m: m.left))

    def differing(self) -> Sequence[Match]:
        """Those whose sides may differ: all that are not plain."""
        return self._others

    def rows(self, side: Side) -> Ints:
        """Every row of a side that a match uses."""
        plain = self._plain.left if side == "left" else self._plain.right
        found: Ints = np.r_[plain, _rows(row for match in self._others for row in getattr(match, side))]
        return found

    def _by_parts(self) -> Iterator[Match]:
        for start in range(0, len(self), _AT_ONCE):
            yield from self._made(self._order[start : start + _AT_ONCE])

    def _made(self, at: Ints) -> list[Match]:
        first = len(self._plain.edges)
        made = iter(self._plain.make(self._plain.edges[at[at < first]]))
        return [next(made) if k < first else self._others[k - first] for k in at.tolist()]


def rows_of(matches: Sequence[Match], side: Side) -> Ints:
    """Every row of a side that a match uses, without making the matches."""
    if isinstance(matches, Matches):
        return matches.rows(side)
    return _rows(row for match in matches for row in getattr(match, side))


def differing(matches: Sequence[Match]) -> Sequence[Match]:
    """The matches whose sides may differ, without making the others."""
    return matches.differing() if isinstance(matches, Matches) else matches


def _rows(numbers: Iterator[int]) -> Ints:
    return np.fromiter(numbers, dtype=np.int64)
