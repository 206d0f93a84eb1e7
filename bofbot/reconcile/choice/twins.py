"""Rows that cannot be told apart (same party, same amount): which of them is taken is settled by number, and said.

Of payments that are twins the first booked takes the oldest invoice; of two equal payments for one invoice the first booked
is the payment and the other is flagged as a possible duplicate."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bofbot.reconcile.arrays import Flags, Ints
from bofbot.reconcile.choice.solving import Edges
from bofbot.reconcile.evidence.candidates import Pairs
from bofbot.reconcile.evidence.company_forms import Forms
from bofbot.reconcile.evidence.kinds import HUNDREDTHS
from bofbot.reconcile.evidence.names import Names
from bofbot.reconcile.intake.sides import Side

_NO_DIGITS, _DIGIT = re.compile(r"\D+"), re.compile(r"\d").search
NEAR_DAYS = 14
"""Equal payments so many days apart may be one payment sent twice."""
SLACK = 4 * HUNDREDTHS
"""Points (of days) that the order of numbers may cost."""


@dataclass(frozen=True, slots=True)
class Twins:
    """The choice after twins were put in order."""

    taken: Flags
    interchangeable: frozenset[int]
    """Candidates between rows of which there are several alike, and it does not matter which is taken."""
    alike: Mapping[int, frozenset[int]]
    """Such a candidate → the candidates that would come to the same."""

    def best_rival(self, edge: int, rivals: Iterable[int], weights: Ints) -> int:
        """The weight of the best rival that would not come to the same; at least 0."""
        same = self.alike.get(edge, frozenset())
        return max((int(weights[k]) for k in rivals if k not in same), default=0)


def order_twins(
    left: Side, right: Side, names: Names, forms: Forms, pairs: Pairs, edges: Edges, taken: Flags, told: Flags
) -> Twins:
    """The same choice, with twins matched in the order of their numbers. `told`: pairs a reference or a key speaks for."""
    if not len(pairs):
        return Twins(taken, frozenset(), {})
    taken = taken.copy()
    place = _Places(pairs, len(right))
    left_key = _keys(left, names.left_codes, forms.left)
    right_key = _keys(right, names.right_codes, forms.right)
    arrival, issue = arrivals(left), arrivals(right)
    _first_booked(left, left_key, arrival, pairs, edges, taken, place)
    several = _several(joint(right_key, right.days))
    classes: dict[tuple[int, int, int, bool], list[int]] = {}
    chosen_pairs = np.flatnonzero(taken[: len(pairs)])
    for k in chosen_pairs[several[pairs.right[chosen_pairs]]].tolist():
        row, other = int(pairs.left[k]), int(pairs.right[k])
        alike_rows = int(left_key[row]), int(right_key[other]), int(right.days[other]), bool(told[k])
        classes.setdefault(alike_rows, []).append(k)
    open_right = _open_twins(right, right_key, pairs, edges, taken, len(left))
    alike: dict[int, frozenset[int]] = {}
    for (_, key, day, named), members in classes.items():
        rows = sorted((int(pairs.left[k]) for k in members), key=lambda row: int(arrival[row]))
        others = sorted((int(pairs.right[k]) for k in members), key=lambda row: int(issue[row]))
        others_too = others + open_right.get((key, day), [])
        if named:
            others_too = [other for other in others_too if _told_by_all(rows, other, place, told)]
        if len(others_too) < 2:
            continue
        wanted = [place.get(pair) for pair in zip(rows, others, strict=True)]
        chosen = [k for k in wanted if k is not None]
        if len(chosen) == len(members):
            taken[members] = False
            taken[chosen] = True
        else:
            chosen = members
        met = (place.get((row, other)) for row in rows for other in others_too)
        same = frozenset(k for k in met if k is not None)
        alike.update(dict.fromkeys(chosen, same))
    return Twins(taken, frozenset(alike), alike)


def _told_by_all(rows: Sequence[int], other: int, place: _Places, told: Flags) -> bool:
    """Does a reference or a key speak for the right row with every one of the left rows? What only one names is no twin."""
    return all((k := place.get((row, other))) is not None and told[k] for row in rows)


def _open_twins(
    right: Side, key: Ints, pairs: Pairs, edges: Edges, taken: Flags, first: int
) -> dict[tuple[int, int], list[int]]:
    """Open right rows by (key, day)."""
    still_open = ~_used(edges, taken)[first:]
    found: dict[tuple[int, int], list[int]] = {}
    for row in np.flatnonzero(still_open).tolist():
        found.setdefault((int(key[row]), int(right.days[row])), []).append(row)
    return found


def _used(edges: Edges, taken: Flags) -> Flags:
    """Per vertex: does a taken candidate use it?"""
    used = np.zeros(edges.total, dtype=bool)
    used[edges.vertices[np.repeat(taken, np.diff(edges.starts))]] = True
    return used


def _first_booked(
    left: Side,
    key: Ints,
    arrival: Ints,
    pairs: Pairs,
    edges: Edges,
    taken: Flags,
    place: _Places,
) -> None:
    """Where a matched left row has an open twin with a lower number, the twin takes its place."""
    open_twins: dict[int, list[int]] = {}
    for row in np.flatnonzero(~_used(edges, taken)[: len(left)]).tolist():
        open_twins.setdefault(int(key[row]), []).append(row)
    chosen = np.flatnonzero(taken[: len(pairs)])
    chosen = chosen[np.isin(key[pairs.left[chosen]], list(open_twins))]
    for k in chosen[np.argsort(arrival[pairs.left[chosen]], kind="stable")].tolist():
        row = int(pairs.left[k])
        rivals = [
            (int(arrival[twin]), twin)
            for twin in open_twins.get(int(key[row]), ())
            if abs(int(left.days[twin]) - int(left.days[row])) <= NEAR_DAYS
        ]
        for number, twin in sorted(rivals):
            other = place.get((twin, int(pairs.right[k])))
            if (
                number < int(arrival[row])
                and other is not None
                and edges.weights[other] >= edges.weights[k] - SLACK
            ):
                taken[k], taken[other] = False, True
                open_twins[int(key[row])].remove(twin)
                open_twins[int(key[row])].append(row)
                break


def _keys(side: Side, codes: Ints, forms: Ints) -> Ints:
    """A number per row, equal for rows with the same name and form, amount, and (where no column has references) the same
    digits in the text. A row without a name is like no other."""
    named = np.where(codes >= 0, codes, -2 - np.arange(len(side)))
    digits = np.zeros(len(side), dtype=np.int64)
    if side.texts and not side.refs:
        known = {"": 0}
        for row, text in enumerate(side.texts):
            if _DIGIT(text):
                digits[row] = known.setdefault(_NO_DIGITS.sub("", text), len(known))
    return joint(named, forms, side.amounts, digits)


def joint(*columns: Ints) -> Ints:
    """A number per row, equal where all the columns are."""
    found = np.unique(columns[0], return_inverse=True)[1].astype(np.int64)
    for column in columns[1:]:
        values, code = np.unique(column, return_inverse=True)
        found = np.unique(found * len(values) + code, return_inverse=True)[1].astype(np.int64)
    return found


def _several(keys: Ints) -> Flags:
    """Per row: does another row have the same key?"""
    found: Flags = np.bincount(keys)[keys] > 1
    return found


class _Places:
    """Where each pair of rows stands among the candidates."""

    def __init__(self, pairs: Pairs, width: int) -> None:
        self._width, self._packed = width, pairs.left * width + pairs.right

    def get(self, pair: tuple[int, int]) -> int | None:
        wanted = pair[0] * self._width + pair[1]
        at = int(np.searchsorted(self._packed, wanted))
        return at if at < len(self._packed) and int(self._packed[at]) == wanted else None


def arrivals(side: Side) -> Ints:
    """The rank of each row by its number (`B9` before `B10`); without an id column, its place in the file."""
    if side.layout.id:
        if len({len(text) for text in side.ids}) == 1:
            return _ranks(sorted(range(len(side)), key=side.ids.__getitem__))
        parts = [[int(p) if p.isdigit() else p for p in re.split(r"(\d+)", text)] for text in side.ids]
        order = sorted(range(len(side)), key=lambda row: ([(isinstance(p, str), p) for p in parts[row]], row))
    else:
        order = list(range(len(side)))
    return _ranks(order)


def _ranks(order: list[int]) -> Ints:
    ranks = np.empty(len(order), dtype=np.int64)
    ranks[order] = np.arange(len(order))
    return ranks
