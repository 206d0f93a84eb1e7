"""Groups that were found: candidates for the choice, and what could not be searched or settled."""

from __future__ import annotations

from dataclasses import dataclass, field

Rows = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """One set of rows that adds up, and its points in hundredths."""

    rows: Rows
    way: int
    fee: int
    score: int
    points: tuple[tuple[str, int], ...]
    accidents: float = 0.0
    """How many sets like this one would reach the amount by accident."""


@dataclass(slots=True)
class Groups:
    """Candidate groups, column by column; `weights` and `points` in hundredths."""

    members: list[tuple[Rows, Rows]] = field(default_factory=list)
    weights: list[int] = field(default_factory=list)
    rules: list[int] = field(default_factory=list)
    ways: list[int] = field(default_factory=list)
    fees: list[int] = field(default_factory=list)
    sums: list[int] = field(default_factory=list)
    """How many different sets give a total that is as good."""
    accidents: list[float] = field(default_factory=list)
    """How many sets like it would be found by accident."""
    points: list[tuple[tuple[str, int], ...]] = field(default_factory=list)
    not_searched: list[tuple[str, int, int]] = field(default_factory=list)
    """Side and row of what was too large to search, and how many rows there were."""
    several: list[tuple[str, int, int]] = field(default_factory=list)
    """Side and row of what several sets add up to, and how many sets."""

    def add(self, members: tuple[Rows, Rows], rule: int, hit: Hit, sums: int) -> None:
        """One more candidate; `sums` different sets are as good."""
        self.members.append(members)
        self.weights.append(hit.score)
        self.rules.append(rule)
        self.ways.append(hit.way)
        self.fees.append(hit.fee)
        self.sums.append(sums)
        self.accidents.append(hit.accidents)
        self.points.append(hit.points)


def no_groups() -> Groups:
    """Before anything was searched."""
    return Groups()
