"""The rules for people who wrote none: chosen from what both sides have, and said."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from bofbot.reconcile.evidence.names import Names
from bofbot.reconcile.intake.sides import NO_DAY, Side
from bofbot.reconcile.model import AmountRule, GroupRule, Rule
from bofbot.words import Sentence

WINDOW = 31
"""Days between the sides that are looked at when no rule says otherwise."""
FREE = AmountRule(any=True)
"""A number names the row, the amount is another one: a partial payment or a mistake; only ever suggested."""
_KINDS: tuple[Literal["1:N"], Literal["N:1"]] = ("1:N", "N:1")
DRIFT = Decimal(15)
"""Per cent by which amounts may differ when names agree and nothing better is known; what is usual is learned."""


def default_rules(left: Side, right: Side, names: Names) -> tuple[list[Rule], list[Sentence]]:
    """Rules that fit both sides, the strictest first, and what is assumed with them."""
    dated = bool((left.days != NO_DAY).any() and (right.days != NO_DAY).any())
    days = (-WINDOW, WINDOW) if dated else None
    japanese = any(not name.isascii() for name in names.right[:200]) or any(map(_in_japanese, (left, right)))
    slack = (
        AmountRule(fee="ja-transfer", rounding=Decimal(1), tax_rounding=True) if japanese else AmountRule()
    )

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
        rules.append(Rule(word("名義と金額", "name and amount"), party=0.86, days=days))
        rules.append(
            Rule("名義と手数料", party=0.86, amount=slack, days=days)
            if japanese
            else Rule("name, amount drifts", party=0.5, amount=AmountRule(percent=DRIFT), days=days)
        )
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
    return rules, [_assumed(rules, dated, japanese, names.usable)]


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


def _in_japanese(side: Side) -> bool:
    """Do the headings of this side stand in Japanese?"""
    layout = side.layout
    return not "".join((layout.date, layout.amount, layout.money_in, layout.money_out)).isascii()
