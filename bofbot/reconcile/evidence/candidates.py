"""Pairs of rows that some rule allows, found by equi-joins, each with what speaks for it: references, names, amount, days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bofbot.reconcile.arrays import Flags, Ints
from bofbot.reconcile.evidence import kinds
from bofbot.reconcile.evidence.crowds import Join, Pair, tied_rows, within_reason
from bofbot.reconcile.evidence.joins import Sorted
from bofbot.reconcile.evidence.keys import key_join, with_rare_keys
from bofbot.reconcile.evidence.names import Names
from bofbot.reconcile.evidence.references import References
from bofbot.reconcile.intake.sides import NO_DAY, Side
from bofbot.reconcile.rules import Allowed
from bofbot.words import Sentence

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


def find_pairs(
    left: Side,
    right: Side,
    names: Names,
    links: References,
    rules: Sequence[Allowed],
    said: list[Sentence] | None = None,
) -> Pairs:
    """All pairs that the rules for single rows allow. `said` hears of rules that would have looked at too many."""
    found: list[tuple[Ints, Ints, Ints]] = []
    fitting = _Fitting(left, right, names)
    for number, rule in enumerate(rules):
        if rule.group is None:
            joined = _joined(fitting, links, rule, [(one, other) for one, other, _ in found], said)
            found += [(one, other, np.full(len(one), number, dtype=np.int64)) for one, other in joined]
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


def _joined(
    fitting: _Fitting,
    links: References,
    rule: Allowed,
    earlier: Sequence[Pair],
    said: list[Sentence] | None,
) -> list[Pair]:
    """The pairs of one rule, slice by slice; `earlier` are those of the rules before it."""
    left, right, names = fitting.left, fitting.right, fitting.names
    if rule.keys and rule.by_reference:
        return [fitting.kept(rule, *links.pairs())]
    if rule.keys:
        joins = [key_join(left, right, rule)]
    elif rule.party > 0:
        joins = _by_name(left, right, names, rule) if names.usable else []
    else:
        joins = _by_amount(left, right, rule)
    narrowed = within_reason(joins, len(left), lambda: tied_rows(earlier, len(left), len(right)))
    remark = narrowed.said(rule.name)
    if remark and said is not None:
        said.append(remark)
    return [fitting.kept(rule, one, other) for one, other in narrowed.slices()]


def _by_name(left: Side, right: Side, names: Names, rule: Allowed) -> list[Join]:
    """Rows whose names begin alike and whose amounts the rule allows: one equi-join per known difference of amount."""
    span = int(max(np.abs(right.amounts).max(), np.abs(left.amounts).max())) * 2 + 10**5
    own, other_name = names.left_blocks, names.alias_blocks
    asked = np.concatenate([np.flatnonzero(own >= 0), np.flatnonzero(other_name >= 0)])
    blocks = np.concatenate([own[own >= 0], other_name[other_name >= 0]])
    in_order = np.lexsort((left.amounts[asked], blocks))  # neighbours are looked up next to each other
    asked, blocks = asked[in_order], blocks[in_order]
    amounts, days = left.amounts[asked], left.days[asked]
    if rule.wide:
        low, high = rule.reach(amounts)
        return [Join(Sorted(names.right_blocks, right.amounts), asked, blocks, low, high, amounts)]
    index = Sorted(names.right_blocks * span + right.amounts, right.days)
    low, high = _window(days, rule)
    joins = [Join(index, asked, blocks * span + amounts - delta, low, high, days) for delta in rule.deltas]
    return [*joins, *_undated(joins, right, rule)]


def _by_amount(left: Side, right: Side, rule: Allowed) -> list[Join]:
    """Rows whose amounts the rule allows, whatever their names; common amounts are passed over unless days are alike."""
    low, high = _window(left.days, rule)
    everyone = np.arange(len(left), dtype=np.int64)
    if rule.wide:
        width = max(rule.bucket, 1)
        index = Sorted(right.amounts // width, right.days)
        return [
            Join(index, everyone, left.amounts // width + shift, low, high, left.days) for shift in (-1, 0, 1)
        ]
    index = Sorted(right.amounts, right.days)
    joins = [Join(index, everyone, left.amounts - delta, low, high, left.days) for delta in rule.deltas]
    joins += _undated(joins, right, rule)
    return [join.of(join.count() <= COMMON) for join in joins] if rule.lone else joins


def _undated(joins: Sequence[Join], right: Side, rule: Allowed) -> list[Join]:
    """The same questions to right rows without a date, which no window holds."""
    if rule.days is None or not (right.days == NO_DAY).any():
        return []
    dated = [join.of(join.centre != NO_DAY) for join in joins]
    nowhen = [np.full(len(join.rows), NO_DAY, dtype=np.int64) for join in dated]
    return [
        Join(join.index, join.rows, join.keys, none, none, none)
        for join, none in zip(dated, nowhen, strict=True)
    ]


def _window(days: Ints, rule: Allowed) -> tuple[Ints, Ints]:
    """The right-hand days a rule allows for each left-hand day; everything when either has no date."""
    if rule.days is None:
        return np.full(len(days), NO_DAY), np.full(len(days), 10**7)
    low, high = rule.calendar_days
    missing = days == NO_DAY
    return np.where(missing, NO_DAY, days - high), np.where(missing, 10**7, days - low)


class _Fitting:
    """Whether joined rows fit a rule in every respect."""

    def __init__(self, left: Side, right: Side, names: Names) -> None:
        self.left, self.right, self.names = left, right, names
        self._currencies = _currency_codes(left, right)

    def kept(self, rule: Allowed, one: Ints, other: Ints) -> Pair:
        """Of the joined rows, those that fit."""
        left, right, names = self.left, self.right, self.names
        fits = np.ones(len(one), dtype=bool)
        if self._currencies:
            fits &= self._currencies[0][one] == self._currencies[1][other]
        if not rule.amount.any:
            fits &= _allowed_amount(left.amounts[one], right.amounts[other], rule, rule.roundings(other))
        else:
            fits &= np.sign(left.amounts[one]) == np.sign(right.amounts[other])
        if rule.wide and not rule.keys and not rule.party:
            fits &= np.abs(left.amounts[one] - right.amounts[other]) <= rule.bucket
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


def _currency_codes(left: Side, right: Side) -> Pair | None:
    """A number per row for its currency; None where a side names none."""
    if not left.currencies or not right.currencies:
        return None
    codes = {c: k for k, c in enumerate(sorted({*left.currencies, *right.currencies}))}
    mine, theirs = (
        np.array([codes[currency] for currency in side.currencies], dtype=np.int64) for side in (left, right)
    )
    return mine, theirs


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
