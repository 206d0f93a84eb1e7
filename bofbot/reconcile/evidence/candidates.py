"""Pairs of rows that some rule allows, found by equi-joins, each with what speaks for it: references, names, amount, days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bofbot.reconcile.arrays import Flags, Ints
from bofbot.reconcile.evidence import kinds
from bofbot.reconcile.evidence.joins import Sorted
from bofbot.reconcile.evidence.keys import same_keys, with_rare_keys
from bofbot.reconcile.evidence.names import Names
from bofbot.reconcile.evidence.references import References
from bofbot.reconcile.intake.sides import NO_DAY, Side
from bofbot.reconcile.rules import Allowed

COMMON = 24
"""An amount that more rows than this bear within the days allowed says nothing without a name or a reference."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Candidate pairs, column by column; ascending by (left, right), each pair once, under the first rule that allows it."""

    left: Ints
    right: Ints
    rule: Ints
    way: Ints
    """EXACT … FREE of `kinds`."""
    delta: Ints
    """Left minus right, smallest units."""
    fee: Ints
    """The fee taken off, 0 when none."""
    drift: Ints
    """Delta in half per cents of the right amount, rounded."""
    lag: Ints
    """Left day minus right day; 0 when either is missing."""
    relation: Ints
    alike: Ints
    """Right rows whose name would look as near."""
    referred: Ints
    """1: a reference of the right row stands on the left, or a rare key is equal · −1: another row's is · 0: neither."""

    def __len__(self) -> int:
        return len(self.left)


def find_pairs(left: Side, right: Side, names: Names, links: References, rules: Sequence[Allowed]) -> Pairs:
    """All pairs that the rules for single rows allow."""
    found: list[tuple[Ints, Ints, Ints]] = []
    for number, rule in enumerate(rules):
        if rule.group is None:
            one, other = _joined(left, right, names, links, rule)
            found.append((one, other, np.full(len(one), number, dtype=np.int64)))
    if not found:
        found = [(np.zeros(0, dtype=np.int64),) * 3]
    one, other, rule_of = (np.concatenate([part[k] for part in found]) for k in range(3))
    packed = one * (len(right) + 1) + other
    _, first = np.unique(packed, return_index=True)
    one, other, rule_of = one[first], other[first], rule_of[first]
    way, fee = _ways(left.amounts[one], right.amounts[other], other, rule_of, rules)
    kind, alike = names.related(names.left_codes[one], names.right_codes[other])
    delta, base = left.amounts[one] - right.amounts[other], np.maximum(np.abs(right.amounts[other]), 1)
    return Pairs(
        one, other, rule_of, way, delta, fee, np.rint(delta / base * 200.0).astype(np.int64),
        lags(left, right, one, other), kind, alike,
        with_rare_keys(left, right, rules, one, other, links.seen(one, other)),
    )  # fmt: skip


def lags(left: Side, right: Side, one: Ints, other: Ints) -> Ints:
    known = (left.days[one] != NO_DAY) & (right.days[other] != NO_DAY)
    return np.where(known, left.days[one] - right.days[other], 0)


def _joined(left: Side, right: Side, names: Names, links: References, rule: Allowed) -> tuple[Ints, Ints]:
    if rule.keys:
        one, other = links.pairs() if rule.by_reference else same_keys(left, right, rule)
        return _kept(left, right, names, rule, one, other)
    if rule.party > 0:
        if not names.usable:
            return _none()
        return _kept(left, right, names, rule, *_by_name(left, right, names, rule))
    return _kept(left, right, names, rule, *_by_amount(left, right, rule))


def _none() -> tuple[Ints, Ints]:
    return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)


def _by_name(left: Side, right: Side, names: Names, rule: Allowed) -> tuple[Ints, Ints]:
    """Rows whose names begin alike and whose amounts the rule allows: one equi-join per known difference of amount."""
    span = int(max(np.abs(right.amounts).max(), np.abs(left.amounts).max())) * 2 + 10**5
    parts = []
    own, other_name = names.left_blocks, names.alias_blocks
    asked = np.concatenate([np.flatnonzero(own >= 0), np.flatnonzero(other_name >= 0)])
    blocks = np.concatenate([own[own >= 0], other_name[other_name >= 0]])
    in_order = np.lexsort((left.amounts[asked], blocks))  # neighbours are looked up next to each other
    asked, blocks = asked[in_order], blocks[in_order]
    amounts, days = left.amounts[asked], left.days[asked]
    if rule.wide:
        index = Sorted(names.right_blocks, right.amounts)
        low, high = rule.reach(amounts)
        one, other = index.pairs(blocks, low, high)
        parts.append((asked[one], other))
    else:
        index = Sorted(names.right_blocks * span + right.amounts, right.days)
        low, high = _window(days, rule)
        for delta in rule.deltas:
            one, other = index.pairs(blocks * span + amounts - delta, low, high)
            parts.append((asked[one], other))
    return np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])


def _by_amount(left: Side, right: Side, rule: Allowed) -> tuple[Ints, Ints]:
    """Rows whose amounts the rule allows, whatever their names; common amounts are passed over unless days are alike."""
    low, high = _window(left.days, rule)
    parts = []
    if rule.wide:
        for shift in (-1, 0, 1):
            width = np.maximum(rule.bucket, 1)
            index = Sorted(right.amounts // width, right.days)
            one, other = index.pairs(left.amounts // width + shift, low, high)
            fits = np.abs(left.amounts[one] - right.amounts[other]) <= rule.bucket
            parts.append((one[fits], other[fits]))
    else:
        index = Sorted(right.amounts, right.days)
        for delta in rule.deltas:
            start, stop = index.between(left.amounts - delta, low, high)
            if rule.lone:
                few = stop - start <= COMMON
                asked = np.flatnonzero(few)
            else:
                asked = np.arange(len(left), dtype=np.int64)
            one, other = index.pairs((left.amounts - delta)[asked], low[asked], high[asked])
            parts.append((asked[one], other))
    return np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])


def _window(days: Ints, rule: Allowed) -> tuple[Ints, Ints]:
    """The right-hand days a rule allows for each left-hand day; everything when either has no date."""
    if rule.days is None:
        return np.full(len(days), NO_DAY), np.full(len(days), 10**7)
    low, high = rule.calendar_days
    missing = days == NO_DAY
    return np.where(missing, NO_DAY, days - high), np.where(missing, 10**7, days - low)


def _kept(left: Side, right: Side, names: Names, rule: Allowed, one: Ints, other: Ints) -> tuple[Ints, Ints]:
    """Of the joined rows, those that fit the rule in every respect."""
    fits = np.ones(len(one), dtype=bool)
    if left.currencies and right.currencies:
        codes = {c: k for k, c in enumerate(sorted({*left.currencies, *right.currencies}))}
        mine, theirs = (
            np.array([codes[c] for c in side.currencies], dtype=np.int64) for side in (left, right)
        )
        fits &= mine[one] == theirs[other]
    if not rule.amount.any:
        fits &= _allowed_amount(left.amounts[one], right.amounts[other], rule, rule.roundings(other))
    else:
        fits &= np.sign(left.amounts[one]) == np.sign(right.amounts[other])
    if rule.limits:
        fits &= _fee_holds(left, right, rule, one, other)
    if rule.amount.fx:
        fits &= _foreign(left)[one] | _foreign(right)[other]
    if rule.days is not None:
        fits &= rule.fits_days(left.days[one], right.days[other])
    one, other = one[fits], other[fits]
    if rule.party > 0 and len(one):
        near = names.near(names.left_codes[one], names.right_codes[other], rule.party)
        one, other = one[near], other[near]
    return one, other


def _fee_holds(left: Side, right: Side, rule: Allowed, one: Ints, other: Ints) -> Flags:
    """Where a pair differs by a fee: does that fee hold on the day and for the amount?"""
    received, owed = left.amounts[one], right.amounts[other]
    delta, rounding = received - owed, rule.roundings(other)
    fees = np.isin(delta, [cent - fee for fee in rule.fees for cent in _cents(rule)])
    holds: Flags = ~fees | (np.abs(delta) <= rounding)
    for limit in rule.limits:
        holds |= (np.abs(delta + limit.fee) <= rounding) & limit.holds(left.days[one], received, owed)
    return holds


def _cents(rule: Allowed) -> range:
    return range(-rule.rounding, rule.rounding + 1, rule.step)


def _foreign(side: Side) -> Flags:
    """Per row: was it valued in another currency than it is written in?"""
    found = np.zeros(len(side), dtype=bool)
    found[list(side.originals)] = True
    return found


def _allowed_amount(one: Ints, other: Ints, rule: Allowed, roundings: Ints) -> Ints:
    delta = one - other
    fits = np.isin(delta, np.array(rule.deltas, dtype=np.int64))
    if rule.per_rate is not None:
        off = np.min([np.abs(delta + fee) for fee in (0, *rule.fees)], axis=0) if len(delta) else delta
        fits &= off <= roundings
    if rule.wide:
        fits |= np.abs(delta) <= rule.tolerance
        if rule.amount.percent:
            fits |= (np.abs(delta) * 100 <= np.abs(other) * float(rule.amount.percent)) & (
                np.sign(one) == np.sign(other)
            )
        if rule.amount.withholding:
            fits |= _withheld(one, other)
    return fits


def _withheld(one: Ints, other: Ints) -> Ints:
    """源泉徴収: 10.21 % of the amount before (10 %) or of the whole amount, off by at most 1 (所得税法 204条・復興特別所得税)."""
    gone = other - one
    whole = np.abs(gone - other * 0.1021) <= 1
    before_tax = np.abs(gone - other / 1.1 * 0.1021) <= 1
    return (gone > 0) & (whole | before_tax)


def _ways(one: Ints, other: Ints, rows: Ints, rule_of: Ints, rules: Sequence[Allowed]) -> tuple[Ints, Ints]:
    """How each pair's amounts relate, by the rule it stands under, the simplest reading first."""
    delta = one - other
    way = np.full(len(delta), kinds.FREE, dtype=np.int64)
    fee = np.zeros(len(delta), dtype=np.int64)
    for number, rule in enumerate(rules):
        mine = (rule_of == number) & (way == kinds.FREE)
        if rule.amount.percent:
            way[mine & (np.abs(delta) * 100 <= np.abs(other) * float(rule.amount.percent))] = kinds.DRIFT
        way[mine & (np.abs(delta) <= rule.tolerance)] = kinds.NEAR
        if rule.amount.withholding:
            way[mine & _withheld(one, other)] = kinds.TAXED
        known = _fees_of(rule)
        if known:
            deltas = np.array(sorted(known), dtype=np.int64)
            place = np.minimum(np.searchsorted(deltas, delta), len(deltas) - 1)
            hit = mine & (deltas[place] == delta)
            told = np.array([known[off] for off in deltas.tolist()], dtype=np.int64)[place[hit]]
            way[hit], fee[hit] = told[:, 0], told[:, 1]
        rounded = mine & (np.abs(delta) <= rule.roundings(rows))
        way[rounded], fee[rounded] = kinds.ROUNDED, 0
        way[mine & (delta == 0)] = kinds.EXACT
    fee[way == kinds.EXACT] = 0
    return way, fee


def _fees_of(rule: Allowed) -> dict[int, tuple[int, int]]:
    """Difference of amounts → how it comes about, and the fee: an exact fee before one with rounding."""
    found: dict[int, tuple[int, int]] = {}
    for off in rule.fees:
        for cent in _cents(rule):
            if found.get(cent - off, (kinds.FREE, 0))[0] != kinds.FEE:
                found[cent - off] = kinds.FEE if cent == 0 else kinds.FEE_ROUNDED, off
    return found
