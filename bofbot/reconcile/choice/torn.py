"""Matches torn between a sum and a single row: a payment that equals an invoice to the yen, and is a part of a sum as well.

Both readings are to the yen, and points alone do not tell how an office pays: such a match waits for a person."""

from __future__ import annotations

import numpy as np

from bofbot.reconcile.arrays import Flags, Ints
from bofbot.reconcile.choice.solving import Edges
from bofbot.reconcile.evidence.candidates import Pairs
from bofbot.reconcile.evidence.kinds import CUT, EXACT, HUNDREDTHS, SAME

CLOSE = 6 * HUNDREDTHS
"""A reading so many points behind is still a reading."""


def torn_matches(edges: Edges, pairs: Pairs, taken: Flags) -> frozenset[int]:
    """Candidates taken whose rows fit otherwise nearly as well: a sum in place of a single row, or the other way round."""
    owner = np.repeat(np.arange(len(edges)), np.diff(edges.starts))
    single = np.zeros(len(edges), dtype=bool)
    single[: len(pairs)] = (pairs.way == EXACT) & np.isin(pairs.relation, (SAME, CUT))
    group = np.arange(len(edges)) >= len(pairs)
    best_single = _best_per_vertex(edges, owner, single & ~taken)
    best_group = _best_per_vertex(edges, owner, group & ~taken)
    other = np.where(group[owner], best_single[edges.vertices], best_group[edges.vertices])
    rival = np.zeros(len(edges), dtype=np.int64)
    np.maximum.at(rival, owner, other)
    torn = taken & (rival > 0) & (rival >= edges.weights - CLOSE)
    return frozenset(np.flatnonzero(torn).tolist())


def _best_per_vertex(edges: Edges, owner: Ints, asked: Flags) -> Ints:
    """The weight of the best of these candidates at each vertex; 0 where there is none."""
    best = np.zeros(edges.total, dtype=np.int64)
    on = asked[owner]
    np.maximum.at(best, edges.vertices[on], edges.weights[owner[on]])
    return best
