"""Rules as people write them become rules the joins can use; a rule that can never match is refused before the run."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cached_property
from importlib.resources import files
from pathlib import Path

import numpy as np

from bofbot.errors import BusinessError
from bofbot.reconcile.arrays import Flags, Ints
from bofbot.reconcile.intake import NO_DAY, Side
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
            from bofbot.reconcile.calendar import business_distance

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
    day = _first_day(left, right)
    compiled = []
    for rule in rules:
        _can_match(rule, left, right)
        if rule.amount.fx:
            band = max(rule.amount.percent, rule.amount.fx.percent)
            rule = replace(rule, amount=replace(rule.amount, percent=band))
        fees = tuple(int(fee.scaleb(places)) for fee in fee_table(rule.amount.fee, day))
        rounding, per_rate = _roundings(rule, right, step)
        tolerance = int(rule.amount.tolerance.scaleb(places))
        lone = not rule.keys and not rule.party and rule.amount == AmountRule()
        compiled.append(Allowed(rule, fees, rounding, tolerance, per_rate, step, lone))
    return compiled


def _roundings(rule: Rule, right: Side, step: int) -> tuple[int, Ints | None]:
    """The largest rounding of a rule, and that of every right row where its rates of tax set it."""
    rounding = int(rule.amount.rounding.scaleb(right.places))
    if not rule.amount.tax_rounding or right.tax_rates is None:
        return rounding, None
    per_rate = np.maximum(right.tax_rates * step, rounding)
    return int(per_rate.max(initial=rounding)), per_rate


def _first_day(left: Side, right: Side) -> date | None:
    days = [int(d) for side in (left, right) for d in side.days if d != NO_DAY]
    return date.fromordinal(max(days)) if days else None


def fee_table(name: str, day: date | None) -> tuple[Decimal, ...]:
    """Fees valid on that day: of a table by name (`ja-transfer`), of an office's own CSV file (columns amount, from, until;
    the days may be empty), or listed by hand (`110, 220`). Raises BusinessError for a table that is not there or no table.

    `ja-transfer` (data/fees_ja.csv) holds amounts commonly published by Japanese banks, consumption tax included, without
    a claim to be complete or to be those of a certain bank."""
    if not name:
        return ()
    if name == "ja-transfer":
        text = files("bofbot.reconcile").joinpath("data/fees_ja.csv").read_text(encoding="utf-8")
        return _valid_on(text, day)
    if name.lower().endswith(".csv"):
        return _own_table(name, day)
    try:
        return tuple(
            abs(Decimal(part.strip())) for part in name.replace("、", ",").split(",") if part.strip()
        )
    except InvalidOperation:
        raise BusinessError(
            Sentence(en=f"there is no fee table “{name}”", ja=f"手数料表「{name}」はありません"),
            fix=Sentence(
                en="use ja-transfer, a CSV file with the columns amount, from, until, or list the fees: 110, 220",
                ja="ja-transfer、CSV ファイル（列：amount, from, until）、金額の一覧（110, 220）のいずれかを指定してください",
            ),
        ) from None


def _valid_on(text: str, day: date | None) -> tuple[Decimal, ...]:
    when = (day or date(2026, 1, 1)).isoformat()
    return tuple(
        abs(Decimal(row["amount"].replace(",", "")))
        for row in csv.DictReader(text.splitlines())
        if (row.get("from") or "") <= when and (not row.get("until") or when <= row["until"])
    )


def _own_table(name: str, day: date | None) -> tuple[Decimal, ...]:
    try:
        return _valid_on(Path(name).read_text(encoding="utf-8-sig"), day)
    except (OSError, UnicodeDecodeError, KeyError, InvalidOperation, AttributeError) as error:
        raise BusinessError(
            Sentence(en=f"the fee table {name} cannot be read", ja=f"手数料表 {name} を読めません"),
            fix=Sentence(
                en="a UTF-8 CSV file with the columns amount, from, until (days as 2026-04-01, or empty)",
                ja="UTF-8 の CSV に amount, from, until の列を用意してください（日付は 2026-04-01 の形、空欄も可）",
            ),
        ) from error


def _can_match(rule: Rule, left: Side, right: Side) -> None:
    """Raises BusinessError when a rule asks for something that neither side has, or for an empty range."""
    from bofbot.reconcile.keys import column_of

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
