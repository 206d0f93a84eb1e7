"""Evidence becomes points: how much likelier is what we see if two rows belong together than if they do not.

A point is a factor of two (log2 of the likelihood ratio; Fellegi & Sunter 1969, with the frequency of the very value seen).
How often true pairs differ in amount, days and names is learned from the data itself by expectation-maximisation, starting
from, and in small files staying near, the tables below. Points are whole hundredths, so no sum depends on an order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bofbot.reconcile.arrays import Floats, Ints
from bofbot.reconcile.evidence import kinds as relation
from bofbot.reconcile.evidence.candidates import Pairs
from bofbot.reconcile.evidence.company_forms import Forms
from bofbot.reconcile.evidence.joins import Sorted
from bofbot.reconcile.evidence.kinds import (
    DRIFT,
    EXACT,
    FEE,
    FEE_ROUNDED,
    FREE,
    HUNDREDTHS,
    NEAR,
    ROUNDED,
    TAXED,
)
from bofbot.reconcile.evidence.names import Names
from bofbot.reconcile.intake.sides import NO_DAY, Side

ROUNDS = 4
"""Rounds of learning; the tables move by less than a hundredth after the third."""
PRIOR = 30.0
"""How many pairs of experience the tables below count for."""

FEW = 20.0
"""Small files say little about chance: so many rows of experience elsewhere are added to every count."""
_BY_CHANCE = np.array([0.005, 0.005, 0.005, 0.005, 0.005, 0.02, 0.05, 0.5])
"""How often two unrelated amounts look so, by EXACT … FREE, in a business like any other."""

_WAYS = {
    EXACT: 0.66,
    ROUNDED: 0.03,
    FEE: 0.18,
    FEE_ROUNDED: 0.01,
    TAXED: 0.01,
    NEAR: 0.03,
    DRIFT: 0.05,
    FREE: 0.03,
}
_RELATIONS = {
    relation.NONE: 1.0, relation.SAME: 0.66, relation.CUT: 0.2, relation.WORD: 0.04,
    relation.ALIKE: 0.04, relation.STEM: 0.03, relation.OTHER: 0.03,
}  # fmt: skip
_THIRD_PARTY = 0.005
"""Somebody else pays at least this often, whatever was learned: such pairs are rare, and never believed at first."""
LAG_SPAN = 400
_DRIFT_BINS = 400
"""Half per cents from −100 % to +100 %."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Whole hundredths of points per pair, by kind of evidence.

    `weight` is their sum less what chance asks for, log2 of the rows a partner was chosen from: above 0 a pair is
    likelier true than not."""

    amount: Ints
    days: Ints
    name: Ints
    form: Ints
    reference: Ints
    weight: Ints
    tables: Tables
    habits: Mapping[tuple[int, int], float]
    """(Code of the right name, fee) → how often this payer takes off this fee."""


@dataclass(frozen=True, slots=True)
class Tables:
    """How often true pairs look so: what was learned."""

    ways: Floats
    fees: dict[int, float]
    drift: Floats
    lags: Floats
    relations: Floats
    references: Floats
    matched: Floats
    """Share of left rows that have a partner: those whose name the other side does not know, those whose it does."""

    def lag(self, days: Ints) -> Floats:

        often: Floats = self.lags[np.clip(days, -LAG_SPAN, LAG_SPAN) + LAG_SPAN]
        return often


def score(left: Side, right: Side, names: Names, pairs: Pairs, forms: Forms) -> Scores:
    """The points of every candidate pair."""
    rows = max(len(right), 1)
    chances = _Chances(left, right, pairs)
    known = ((names.left_blocks >= 0) | (names.alias_blocks >= 0)).astype(np.int64)
    tables = _start(pairs)
    borne = forms.points(pairs.left, pairs.right)
    borne[pairs.relation == relation.NONE] = 0.0
    belief: Floats | None = None
    for _ in range(ROUNDS):
        parts = _points(pairs, tables, chances, names, None)
        odds = sum(parts) + borne - np.log2(rows) + _log_odds(tables.matched)[known[pairs.left]]
        belief = _belief(left, right, pairs, odds)
        tables = _learned(pairs, belief, known)
    amount, days, name, reference = (
        np.rint(part * HUNDREDTHS).astype(np.int64) for part in _points(pairs, tables, chances, names, belief)
    )
    chance = np.rint((np.log2(rows) - _log_odds(tables.matched)) * HUNDREDTHS).astype(np.int64)
    form = np.rint(borne * HUNDREDTHS).astype(np.int64)
    weight = amount + days + name + form + reference - chance[known[pairs.left]]
    return Scores(amount, days, name, form, reference, weight, tables, _habits(names, pairs, belief))


def _habits(names: Names, pairs: Pairs, belief: Floats | None) -> dict[tuple[int, int], float]:
    """How often each payer takes off each fee, by all that is believed."""
    if belief is None or not names.usable or not len(pairs):
        return {}
    party = names.right_codes[pairs.right] + 1
    usual = (pairs.way == EXACT) | (pairs.way == ROUNDED) | (pairs.fee > 0)
    total = np.bincount(party, belief * usual)
    width = int(pairs.fee.max()) + 1
    packed, where = np.unique((party * width + pairs.fee)[pairs.fee > 0], return_inverse=True)
    shares = np.bincount(where, belief[pairs.fee > 0], minlength=len(packed)) / (total[packed // width] + 1.0)
    return {
        (int(p) // width - 1, int(p) % width): float(s)
        for p, s in zip(packed, shares, strict=True)
        if s > 0.01
    }


def _log_odds(share: Floats) -> Floats:
    found: Floats = np.log2(share / (1.0 - share))
    return found


class _Chances:
    """How often each piece of evidence is seen between rows that do not belong together."""

    def __init__(self, left: Side, right: Side, pairs: Pairs) -> None:

        rows = max(len(right), 1)
        zero = np.zeros(len(right), dtype=np.int64)
        by_amount = Sorted(zero, right.amounts)
        target = right.amounts[pairs.right]
        key = np.zeros(len(pairs), dtype=np.int64)
        half = np.where(pairs.way == DRIFT, np.maximum(np.abs(target) // 400, 1), 0)
        half = np.where(pairs.way == NEAR, np.abs(pairs.delta), half)
        half = np.where(pairs.way == FREE, np.abs(target) // 2, half)
        others = np.maximum(by_amount.count(key, target - half, target + half) - 1, 0)
        self.amount = (others + FEW * _BY_CHANCE[pairs.way]) / (rows - 1 + FEW)
        self.days = _lag_chances(left, right, pairs)
        self.name = (np.maximum(pairs.alike - 1, 0) + FEW * 0.01) / (rows - 1 + FEW)
        self.reference = FEW * 0.001 / (rows - 1 + FEW)


def _lag_chances(left: Side, right: Side, pairs: Pairs) -> Floats:
    """The share of unrelated pairs that lie so many days apart, from both sides' calendars."""
    mine, theirs = left.days[left.days != NO_DAY], right.days[right.days != NO_DAY]
    if not len(mine) or not len(theirs):
        return np.ones(len(pairs))
    low = min(int(mine.min()), int(theirs.min()))
    span = max(int(mine.max()), int(theirs.max())) - low + 1
    if span > 20_000:
        return np.full(len(pairs), 1.0 / span)
    size = 1 << (2 * span - 1).bit_length()
    one = np.fft.rfft(np.bincount(mine - low, minlength=span), size)
    other = np.fft.rfft(np.bincount(theirs - low, minlength=span), size)
    together = np.fft.irfft(one * np.conj(other), size)
    smooth = np.maximum((np.roll(together, 1) + together + np.roll(together, -1)) / 3.0, 0.0)
    share = (smooth + FEW * FEW / 60.0) / (len(mine) * len(theirs) + FEW * FEW)
    unknown = (left.days[pairs.left] == NO_DAY) | (right.days[pairs.right] == NO_DAY)
    return np.where(unknown, np.nan, np.minimum(share[pairs.lag % size], 1.0))


def _start(pairs: Pairs) -> Tables:
    lags = np.exp2(-np.abs(np.arange(-LAG_SPAN, LAG_SPAN + 1)) / 3.0)
    fees = np.unique(pairs.fee[pairs.fee > 0]).tolist()
    drift = np.exp2(-np.abs(np.arange(-_DRIFT_BINS // 2, _DRIFT_BINS // 2 + 1)) / 6.0)
    return Tables(
        ways=np.array([_WAYS[k] for k in sorted(_WAYS)]),
        fees={fee: 1.0 / len(fees) for fee in fees},
        drift=drift / drift.sum(),
        lags=lags / lags.sum(),
        relations=np.array([_RELATIONS[k] for k in relation.RELATIONS]),
        references=np.array([0.02, 0.68, 0.30]),
        matched=np.array([0.5, 0.9]),
    )


def _points(
    pairs: Pairs, tables: Tables, chances: _Chances, names: Names, belief: Floats | None
) -> list[Floats]:
    way = tables.ways[pairs.way]
    fee = _fee_shares(pairs, tables, names, belief)
    way = np.where(fee > 0, (tables.ways[FEE] + tables.ways[FEE_ROUNDED]) * fee, way)
    way = np.where(
        pairs.way == FEE_ROUNDED,
        way * tables.ways[FEE_ROUNDED] / (tables.ways[FEE] + tables.ways[FEE_ROUNDED]) / 2,
        way,
    )
    way = np.where(pairs.way == DRIFT, way * tables.drift[_drift_bin(pairs)], way)
    way = np.where(pairs.way == ROUNDED, way / 2, way)
    amount = np.log2(way / chances.amount)
    days = np.nan_to_num(np.log2(tables.lag(pairs.lag) / chances.days), nan=0.0)
    if not names.usable:
        name = np.zeros(len(pairs))
    else:
        name = np.log2(tables.relations[pairs.relation] / chances.name)
        name = np.where(pairs.relation == relation.NONE, 0.0, name)
        name = np.where(pairs.relation == relation.OTHER, np.log2(tables.relations[relation.OTHER]), name)
    told = tables.references
    reference = np.where(
        pairs.referred == 1, np.log2(told[1] / (told[0] + told[1]) / chances.reference),
        np.where(pairs.referred == -1, np.log2(told[0] / (told[0] + told[1])), 0.0),
    )  # fmt: skip
    return [amount, days, name, reference]


def _drift_bin(pairs: Pairs) -> Ints:
    """Half per cents between left and right, as a place in the drift table. Right amounts are left − delta."""
    return np.clip(pairs.drift, -_DRIFT_BINS // 2, _DRIFT_BINS // 2) + _DRIFT_BINS // 2


def _fee_shares(pairs: Pairs, tables: Tables, names: Names, belief: Floats | None) -> Floats:
    """How likely this very fee is: over all payers, and (once something was believed) over this payer's other payments."""
    known = np.zeros(int(pairs.fee.max(initial=0)) + 1)
    for fee, share in tables.fees.items():
        known[fee] = share
    shares = known[pairs.fee]
    if belief is None or not len(pairs) or not names.usable:
        return shares
    party = names.right_codes[pairs.right] + 1
    _, habit = np.unique(party * (len(known) + 1) + pairs.fee, return_inverse=True)
    of_habit = np.bincount(habit, belief)[habit] - belief
    usual = (pairs.way == EXACT) | (pairs.way == ROUNDED) | (pairs.fee > 0)
    of_party = np.bincount(party, belief * usual)[party] - belief
    with_fee = tables.ways[FEE] + tables.ways[FEE_ROUNDED]
    learned = (of_habit + 1.0 * with_fee * shares) / (of_party + 1.0)
    return np.where(pairs.fee > 0, np.maximum(learned, 1e-6) / with_fee, shares)


def _belief(left: Side, right: Side, pairs: Pairs, odds: Floats) -> Floats:
    """How far each pair is believed, among all other uses of its two rows and none at all."""
    if not len(pairs):
        return np.zeros(0)
    likely = np.exp2(np.clip(odds, -60, 60))
    by_left = np.bincount(pairs.left, likely, minlength=len(left))[pairs.left]
    by_right = np.bincount(pairs.right, likely, minlength=len(right))[pairs.right]
    belief: Floats = likely / (1.0 + by_left + by_right - likely)
    return belief


def _learned(pairs: Pairs, belief: Floats, known: Ints) -> Tables:
    start = _start(pairs)

    def share(counts: Floats, prior: Floats, strength: float = PRIOR) -> Floats:
        mixed: Floats = counts + prior / prior.sum() * strength
        mixed /= mixed.sum()
        return mixed

    ways = share(np.bincount(pairs.way, belief, minlength=len(_WAYS)), start.ways)
    fees: dict[int, float] = {}
    if start.fees:
        values = np.array(sorted(start.fees))
        seen = np.bincount(
            np.searchsorted(values, pairs.fee[pairs.fee > 0]), belief[pairs.fee > 0], minlength=len(values)
        )
        learned = share(seen, np.ones(len(values)), 5.0)
        fees = {int(fee): float(learned[k]) for k, fee in enumerate(values)}
    drifting = pairs.way == DRIFT
    drift = share(
        np.bincount(_drift_bin(pairs)[drifting], belief[drifting], minlength=_DRIFT_BINS + 1), start.drift
    )
    lags = np.bincount(np.clip(pairs.lag, -LAG_SPAN, LAG_SPAN) + LAG_SPAN, belief, minlength=2 * LAG_SPAN + 1)
    named = pairs.relation != relation.NONE
    relations = share(
        np.bincount(pairs.relation[named], belief[named], minlength=len(relation.RELATIONS)),
        np.where(np.arange(len(relation.RELATIONS)) == relation.NONE, 1e-9, start.relations),
    )
    relations[relation.OTHER] = max(float(relations[relation.OTHER]), _THIRD_PARTY)
    references = share(
        np.bincount(pairs.referred + 1, belief, minlength=3)[[0, 2, 1]], start.references[[0, 1, 2]], 5.0
    )
    counts = np.bincount(known, minlength=2)
    found = np.bincount(known[pairs.left], belief, minlength=2)
    matched = np.clip((found + 4.0 * start.matched) / (counts + 4.0), 0.02, 0.98)
    return Tables(
        ways, fees, _smoothed(drift), _smoothed(share(lags, start.lags)), relations, references, matched
    )


def _smoothed(table: Floats) -> Floats:
    wide = np.convolve(np.pad(table, 2, mode="edge"), [0.02, 0.08, 0.8, 0.08, 0.02], mode="valid")
    mixed: Floats = wide + 1e-7
    mixed /= mixed.sum()
    return mixed
