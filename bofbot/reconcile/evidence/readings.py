"""Who pays in which name, learned where the two sides write names in different scripts: ﾐﾂﾊﾞﾁｼｮｳｶｲ of the bank is 三蜂商会 of the
ledger when several payments fit invoices of that customer to the yen and nobody else's.

Chance hardly ever repeats itself: two amounts within a few days that one payer and one customer alone share tell a reading;
one amount does not, nor do two where the payer has coincidences elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from bofbot.reconcile.arrays import Ints
from bofbot.reconcile.evidence.joins import Sorted
from bofbot.reconcile.intake.sides import NO_DAY, Side

NEAR = 10
"""Days between a payment and the invoice it tells of."""
ENOUGH = 2
"""Coincidences that tell a reading."""
AHEAD = 3
"""A reading has so many times the coincidences of any other of this payer, and of this customer."""


def learned(
    left: Side, right: Side, names: tuple[Sequence[str], Sequence[str]], fees: Sequence[int]
) -> dict[str, str]:
    """Left name → the right name it stands for, as payments tell. `names`: one per row, "" for none; `fees` may be missing from a payment."""
    codes = [np.unique(np.array(column, dtype=object), return_inverse=True) for column in names]
    payers, customers = (found.tolist() for found, _ in codes)
    mine, theirs = (where.astype(np.int64) for _, where in codes)
    met = _coincidences(left, right, mine, theirs, fees)
    named = [(a, b) for a, b in met if payers[a] and customers[b]]
    often = Counter(named)
    by_payer, by_customer = _best_two(often, 0), _best_two(often, 1)
    return {
        payers[a]: customers[b]
        for (a, b), times in sorted(often.items())
        if times >= max(ENOUGH, AHEAD * max(_other(by_payer[a], b), _other(by_customer[b], a)))
    }


def _coincidences(
    left: Side, right: Side, mine: Ints, theirs: Ints, fees: Sequence[int]
) -> list[tuple[int, int]]:
    """(payer, customer) of every payment that fits one customer alone, whose invoice fits this payer alone."""
    index = Sorted(right.amounts, right.days)
    everyone = np.arange(len(left), dtype=np.int64)
    low = np.where(left.days == NO_DAY, NO_DAY, left.days - NEAR)
    high = np.where(left.days == NO_DAY, 10**7, left.days + NEAR)
    pairs = []
    for fee in (0, *fees):
        one, other = index.pairs(left.amounts + fee, low, high)
        pairs.append((everyone[one], other))
    one, other = (np.concatenate([part[k] for part in pairs]) for k in range(2))
    customers = _distinct_per(one, theirs[other], len(left))
    payers = _distinct_per(other, mine[one], len(right))
    alone = (customers[one] == 1) & (payers[other] == 1)
    met = np.unique(np.stack([one[alone], mine[one[alone]], theirs[other[alone]]], 1), axis=0)
    return [(a, b) for _, a, b in met.tolist()]


def _distinct_per(rows: Ints, values: Ints, count: int) -> Ints:
    """How many different values each row meets."""
    pairs = np.unique(np.stack([rows, values], 1), axis=0)
    found: Ints = np.bincount(pairs[:, 0], minlength=count)
    return found


def _best_two(often: Mapping[tuple[int, int], int], side: int) -> dict[int, list[tuple[int, int]]]:
    """Per name of one side the two names of the other it met most often: (times, name)."""
    found: dict[int, list[tuple[int, int]]] = {}
    for pair, times in often.items():
        found.setdefault(pair[side], []).append((times, pair[1 - side]))
    return {name: sorted(met, reverse=True)[:2] for name, met in found.items()}


def _other(best: Sequence[tuple[int, int]], name: int) -> int:
    """The most coincidences with any other name than this one."""
    return max((times for times, met in best if met != name), default=0)
