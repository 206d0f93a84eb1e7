"""Rules as people write them become rules the joins can use; a rule that can never match is refused before the run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from bofbot.errors import BusinessError
from bofbot.reconcile.arrays import Flags, Ints
from bofbot.reconcile.fees import FOR_GOOD, Limit, fee_table, in_units
from bofbot.reconcile.intake.sides import NO_DAY, Side
from bofbot.reconcile.model import AmountRule, GroupRule, Rule
from bofbot.words import Sentence


@dataclass(frozen=True)
class Allowed:
    """A rule in whole units: which differences, which days."""

    rule: Rule
    fees: tuple[int, ...]
    rounding: int
    tolerance: int
    per_rate: Ints | None = None
    """Per right row how far rounding may go: once for every rate of consumption tax; None: `rounding` everywhere."""
    limits: tuple[Limit, ...] = ()
    """When and for which amounts each fee holds; empty: all of them always."""
    step: int = 1
    """The smallest difference there can be: a whole unit of the currency where no amount has cents."""
    lone: bool = False
    """Neither key nor name: amounts that many rows bear are passed over."""

    @property
    def name(self) -> str:
        return self.rule.name

    @property
    def keys(self) -> Mapping[str, str]:
        return self.rule.keys

    @property
    def by_reference(self) -> bool:
        return set(self.rule.keys) <= {"refs", "ref"}

    @property
    def party(self) -> float:
        return self.rule.party

    @property
    def amount(self) -> AmountRule:
        return self.rule.amount

    @property
    def group(self) -> GroupRule | None:
        return self.rule.group

    @property
    def days(self) -> tuple[int, int] | None:
        return self.rule.days

    @cached_property
    def deltas(self) -> tuple[int, ...]:
        """Every single difference allowed, left minus right: 0, rounding, fees, fees with rounding."""
        near = range(-self.rounding, self.rounding + 1, self.step)
        return tuple(sorted({cent - fee for fee in (0, *self.fees) for cent in near}, key=abs))

    def roundings(self, other: Ints) -> Ints:
        """How far rounding may go for pairs with these right rows."""
        return np.full(len(other), self.rounding) if self.per_rate is None else self.per_rate[other]

    @property
    def wide(self) -> bool:
        """Are there differences that are ranges, not single amounts?"""
        return bool(self.tolerance > 0 or self.amount.percent or self.amount.withholding or self.amount.any)

    @property
    def bucket(self) -> int:
        return max(self.tolerance, max((abs(delta) for delta in self.deltas), default=0))

    def reach(self, amounts: Ints) -> tuple[Ints, Ints]:
        """The smallest and the largest right-hand amount that may belong to each left-hand amount."""

        if self.amount.any:
            far = np.full(len(amounts), 2**61)
            return -far, far
        most = np.full(len(amounts), self.bucket, dtype=np.int64)
        share = float(self.amount.percent) / 100.0
        if self.amount.withholding:
            share = max(share, 0.1022)
        if share:
            most = np.maximum(most, (np.abs(amounts) * (share / max(0.01, 1.0 - share))).astype(np.int64) + 1)
        return amounts - most, amounts + most

    @property
    def calendar_days(self) -> tuple[int, int]:
        """The days allowed as calendar days: business days may be stretched by weekends and long holidays."""
        low, high = self.rule.days or (-(10**6), 10**6)
        if self.rule.business_days:
            return _stretched(low), _stretched(high)
        return low, high

    def fits_days(self, left: Ints, right: Ints) -> Flags:

        if self.rule.days is None:
            return np.ones(len(left), dtype=bool)
        low, high = self.rule.days
        missing = (left == NO_DAY) | (right == NO_DAY)
        if self.rule.business_days:
            from bofbot.reconcile.evidence.calendar import business_distance

            apart = business_distance(left, right, missing)
        else:
            apart = left - right
        fits: Flags = missing | ((apart >= low) & (apart <= high))
        return fits


def _stretched(days: int) -> int:
    """Calendar days that hold so many business days at most: two weekend days in five, a run of holidays of nine."""
    return (1 if days >= 0 else -1) * (abs(days) + 2 * (abs(days) // 5 + 1) + 9)


def compile_rules(rules: Sequence[Rule], left: Side, right: Side) -> list[Allowed]:
    """The rules in whole units of both sides. Raises BusinessError for a rule that can never match, saying why."""
    places = left.places
    whole = 10**places
    step = 1 if any((side.amounts % whole).any() for side in (left, right)) else whole
    period = _period(left)
    compiled = []
    for rule in rules:
        _can_match(rule, left, right)
        if rule.amount.fx:
            band = max(rule.amount.percent, rule.amount.fx.percent)
            rule = replace(rule, amount=replace(rule.amount, percent=band))
        fees, limits = in_units(fee_table(rule.amount.fee, period), places, period)
        rounding, per_rate = _roundings(rule, right, step)
        tolerance = int(rule.amount.tolerance.scaleb(places))
        lone = not rule.keys and not rule.party and rule.amount == AmountRule()
        compiled.append(Allowed(rule, fees, rounding, tolerance, per_rate, limits, step, lone))
    return compiled


def _roundings(rule: Rule, right: Side, step: int) -> tuple[int, Ints | None]:
    """The largest rounding of a rule, and that of every right row where its rates of tax set it."""
    rounding = int(rule.amount.rounding.scaleb(right.places))
    if not rule.amount.tax_rounding or right.tax_rates is None:
        return rounding, None
    per_rate = np.maximum(right.tax_rates * step, rounding)
    return int(per_rate.max(initial=rounding)), per_rate


def _period(left: Side) -> tuple[int, int]:
    """The first and the last day of the payments; without days what holds for good."""
    days = left.days[left.days != NO_DAY]
    return (int(days.min()), int(days.max())) if len(days) else (FOR_GOOD, FOR_GOOD)


def _can_match(rule: Rule, left: Side, right: Side) -> None:
    """Raises BusinessError when a rule asks for something that neither side has, or for an empty range."""
    from bofbot.reconcile.evidence.keys import column_of

    def never(en: str, ja: str) -> BusinessError:
        return BusinessError(
            Sentence(
                en=f"rule “{rule.name}” can never match: {en}",
                ja=f"ルール「{rule.name}」は決して一致しません：{ja}",
            ),
            fix=Sentence(en="mend or remove the rule", ja="ルールを直すか、取り除いてください"),
        )

    for one, other in rule.keys.items():
        for side, role in ((left, one), (right, other)):
            if side is left and role in ("refs", "ref") and (side.texts or side.refs):
                continue
            if side is right and role in ("ref", "refs", "id") and (side.refs or side.layout.id):
                continue
            try:
                filled = any(column_of(side, role))
            except KeyError:
                filled = False
            if not filled:
                raise never(f"{side.name} has no “{role}”", f"{side.name} に「{role}」がありません")
    if rule.days and rule.days[0] > rule.days[1]:
        raise never(
            f"days {rule.days[0]} to {rule.days[1]} is empty",
            f"日数の範囲 {rule.days[0]}〜{rule.days[1]} が空です",
        )
    if rule.party > 1 or rule.party < 0:
        raise never("party must lie between 0 and 1", "party は 0 から 1 の間で指定します")
    if rule.party and not all(side.texts or side.parties or side.kanas for side in (left, right)):
        raise never("one side has no column with names", "名義の列がない側があります")
    if rule.days is not None and rule.days and not all((side.days != NO_DAY).any() for side in (left, right)):
        raise never("one side has no dates", "日付のない側があります")
