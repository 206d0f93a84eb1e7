"""The rules for people who wrote none: chosen from what both sides have, and said."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Literal

import numpy as np

from bofbot.reconcile.arrays import Flags, Ints
from bofbot.reconcile.evidence.joins import Sorted
from bofbot.reconcile.evidence.names import Names
from bofbot.reconcile.fees import COMMON, FOR_GOOD, fee_table, in_units
from bofbot.reconcile.intake.sides import NO_DAY, Side
from bofbot.reconcile.model import AmountRule, GroupRule, Rule
from bofbot.words import Sentence

WINDOW = 31
"""Days between the sides that are looked at when no rule says otherwise."""
WITHHELD = 0.1021
"""源泉徴収: 10.21 % of the amount, or of the amount before 10 % of consumption tax."""
EXCHANGED = Sentence(
    en="the payments seem to stand on the right: transfer fees are looked for when they are given first, so exchange the two files",
    ja="入金側が右にあるようです。振込手数料は左（入金側）の差引として調べますので、2つのファイルを入れ替えてください",
)
FREE = AmountRule(any=True)
"""A number names the row, the amount is another one: a partial payment or a mistake; only ever suggested."""
_KINDS: tuple[Literal["1:N"], Literal["N:1"]] = ("1:N", "N:1")
SELDOM, ENOUGH = 0.25, 20
"""Where a smaller share of so many payments fits to the yen, amounts drift: exchange rates, commissions."""
DRIFT = Decimal(15)
"""Per cent by which amounts may differ when names agree and nothing better is known; what is usual is learned."""


def default_rules(left: Side, right: Side, names: Names) -> tuple[list[Rule], list[Sentence]]:
    """Rules that fit both sides, the strictest first, and what is assumed with them."""
    dated = bool((left.days != NO_DAY).any() and (right.days != NO_DAY).any())
    days = (-WINDOW, WINDOW) if dated else None
    japanese = any(not name.isascii() for name in names.right[:200]) or any(map(_in_japanese, (left, right)))
    slack = AmountRule(fee=COMMON, rounding=Decimal(1), tax_rounding=True) if japanese else AmountRule()

    def word(ja: str, en: str) -> str:
        return ja if japanese else en

    shared = len({*left.ids} & {*right.ids}) if left.layout.id and right.layout.id else 0
    by_id = shared * 2 >= min(len(left), len(right)) and shared > 0
    by_reference = bool((right.refs or right.layout.id) and (left.texts or left.refs))
    rules = []
    if by_id:
        rules.append(Rule("id", keys={"id": "id"}, amount=slack, auto="yes"))
    if by_reference:
        rules.append(Rule(word("照合番号", "reference"), keys={"refs": "ref"}, amount=slack))
    if names.usable:
        rules += _rules_by_name(left, right, names, slack, days, japanese)
    lone = (-10, 10) if japanese and dated else days
    rules.append(Rule(word("金額と日付", "amount and date"), days=lone, auto="unique"))
    if by_reference:
        one_for, several_for = (GroupRule(kind, within="reference", span=400) for kind in _KINDS)
        rules.append(Rule(word("照合番号の合算", "several references"), amount=slack, group=one_for))
        rules.append(
            Rule(word("照合番号の分割", "one reference, several payments"), amount=slack, group=several_for)
        )
    if by_id:
        rules.append(
            Rule(word("id・金額相違", "id, another amount"), keys={"id": "id"}, amount=FREE, auto="never")
        )
    if by_reference:
        rules.append(
            Rule(
                word("照合番号・金額相違", "reference, another amount"),
                keys={"refs": "ref"},
                amount=FREE,
                auto="never",
            )
        )
    if names.usable:
        one_for, several_for = (GroupRule(kind) for kind in _KINDS)
        rules.append(Rule(word("合算入金", "one for several"), party=0.86, amount=slack, group=one_for))
        rules.append(Rule(word("分割入金", "several for one"), party=0.86, amount=slack, group=several_for))
        rules.append(
            Rule(word("複数対複数", "several for several"), party=0.86, group=GroupRule("N:M", max=3))
        )
    said = [_assumed(rules, dated, japanese, names.usable)]
    if japanese and _fees_other_way(left, right, names):
        said.append(EXCHANGED)
    return rules, said


def _rules_by_name(
    left: Side, right: Side, names: Names, slack: AmountRule, days: tuple[int, int] | None, japanese: bool
) -> list[Rule]:
    """Single rows of one name: to the yen, less a fee, and what the data show besides."""
    if not japanese:
        drift = AmountRule(percent=DRIFT)
        return [
            Rule("name and amount", party=0.86, days=days),
            Rule("name, amount drifts", party=0.5, amount=drift, days=days),
        ]
    rules = [
        Rule("名義と金額", party=0.86, days=days),
        Rule("名義と手数料", party=0.86, amount=slack, days=days),
    ]
    if _taxes_withheld(left, right, names):
        rules.append(Rule("名義と源泉徴収", party=0.86, amount=AmountRule(withholding=True), days=days))
    if _amounts_drift(left, right, names):
        rules.append(Rule("名義・金額変動", party=0.86, amount=AmountRule(percent=DRIFT), days=days))
    return rules


def _assumed(rules: list[Rule], dated: bool, japanese: bool, named: bool) -> Sentence:
    said_en = ["no rules were given: " + ", ".join(rule.name for rule in rules)]
    said_ja = ["ルールの指定がないため次の順で照合しました　" + "、".join(rule.name for rule in rules)]
    if dated:
        said_en.append(f"dates at most {WINDOW} days apart")
        said_ja.append(f"日付の差は {WINDOW} 日まで")
    if japanese:
        said_en.append("transfer fees (ja-transfer) and 1 yen of rounding may be taken off")
        said_ja.append("振込手数料（ja-transfer）と1円の端数を差し引いて照合")
    elif named:
        said_en.append(f"amounts may drift by {DRIFT} % where names agree")
        said_ja.append(f"名義が合えば金額の差 {DRIFT}% まで")
    return Sentence(en="; ".join(said_en), ja="。".join(said_ja))


def _amounts_drift(left: Side, right: Side, names: Names) -> bool:
    """Do few payments of known names fit an invoice of that name, fees aside, and nearly all one that is about as large?"""
    known, near = _of_known_names(left, right, names)
    if len(known) < ENOUGH:
        return False
    amounts = np.abs(left.amounts[known])
    fees, _ = in_units(fee_table(COMMON), left.places, (FOR_GOOD, FOR_GOOD))
    cent = 10**left.places
    fits = np.any([near(amounts + fee - cent, amounts + fee + cent) for fee in (0, *fees)], axis=0)
    about: Flags = near(amounts - amounts // 20, amounts + amounts // 20)
    return bool(fits.mean() < SELDOM and about.mean() > 1 - SELDOM)


def _fees_other_way(left: Side, right: Side, names: Names) -> bool:
    """Are amounts of known names larger on the left by a transfer fee, and hardly ever on the right?"""
    known, near = _of_known_names(left, right, names)
    amounts = np.abs(left.amounts[known])
    fees, _ = in_units(fee_table(COMMON), left.places, (FOR_GOOD, FOR_GOOD))
    if not len(known) or not fees:
        return False
    more, less = (
        int(np.any([near(amounts + sign * fee, amounts + sign * fee) for fee in fees], axis=0).sum())
        for sign in (-1, 1)
    )
    return more >= max(3, len(known) // 50) and more > 3 * less


def _taxes_withheld(left: Side, right: Side, names: Names) -> bool:
    """Are several payments of known names what is left of an invoice of that name after 源泉徴収?"""
    known, near = _of_known_names(left, right, names)
    amounts = np.abs(left.amounts[known])
    fits = np.zeros(len(known), dtype=bool)
    for kept in (1 - WITHHELD, 1 - WITHHELD / 1.1):
        whole = np.rint(amounts / kept).astype(np.int64)
        fits |= near(whole - 1, whole + 1)
    return int(fits.sum()) >= max(3, len(known) // 100)


def _of_known_names(left: Side, right: Side, names: Names) -> tuple[Ints, Callable[[Ints, Ints], Flags]]:
    """Left rows whose name the other side knows, and a question: is there an invoice of that name from … to … for each?"""
    index = Sorted(names.right_blocks, np.abs(right.amounts))
    blocks = np.where(names.alias_blocks >= 0, names.alias_blocks, names.left_blocks)
    known = np.flatnonzero(blocks >= 0)

    def near(low: Ints, high: Ints) -> Flags:
        start, stop = index.between(blocks[known], low, high)
        found: Flags = stop > start
        return found

    return known, near


def _in_japanese(side: Side) -> bool:
    """Do the headings of this side stand in Japanese?"""
    layout = side.layout
    return not "".join((layout.date, layout.amount, layout.money_in, layout.money_out)).isascii()
