"""Which rows of two sides have the same code, each code once on both sides: a hash join on whole arrays, without sorting."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bofbot.reconcile.arrays import Ints

_PRIME = 0x9E3779B97F4A7C15
_TURNS = 64


@dataclass(frozen=True, slots=True)
class Meeting:
    """Left rows, ascending, and the right row beside each; and all rows whose code has no partner or is there twice."""

    rows: Ints
    others: Ints
    left_rest: Ints
    right_rest: Ints


def meet(left: Ints, right: Ints) -> Meeting:
    """Every left row takes a place in a table twice as large as needed; where several want one place, the last has it and
    the others try again by other bits of their codes, together with the right rows that have found nobody yet."""
    partner = np.full(len(left), -1, dtype=np.int32)
    twice = np.zeros(len(left), dtype=bool)
    mine, theirs = np.arange(len(left), dtype=np.int32), np.arange(len(right), dtype=np.int32)
    one, other, factor = left, right, 1
    for _ in range(_TURNS):
        if not len(mine):
            break
        factor = factor * _PRIME % 2**64
        bits = (2 * len(mine)).bit_length()
        place = _places(one, factor, bits)
        table = np.full(1 << bits, -1, dtype=np.int32)
        table[place] = mine
        owner = table.take(place)
        lost = np.flatnonzero(owner != mine)
        rivals, owner, one = mine[lost], owner[lost], one[lost]
        twins = one == left[owner]
        twice[rivals[twins]] = twice[owner[twins]] = True
        met = table.take(_places(other, factor, bits))
        hit = left.take(met, mode="wrap") == other
        hit &= met >= 0
        found = np.flatnonzero(hit)
        row, came = met[found].astype(np.int64), theirs[found]
        partner[row] = came
        twice[row[partner.take(row) != came]] = True
        mine, one = rivals[~twins], one[~twins]
        missed = np.flatnonzero(~hit)
        theirs, other = theirs[missed], other[missed]
    pairs = (partner >= 0) & ~twice
    rows = np.flatnonzero(pairs)
    taken = np.zeros(len(right), dtype=bool)
    taken[partner[rows]] = True
    return Meeting(rows, partner[rows], np.flatnonzero(~pairs), np.flatnonzero(~taken))


def _places(codes: Ints, factor: int, bits: int) -> Ints:
    return ((codes * np.uint64(factor)) >> np.uint64(64 - bits)).astype(np.int64)
