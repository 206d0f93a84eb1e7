"""The rules for people who wrote none: chosen from what both sides have, and said."""

from __future__ import annotations

from decimal import Decimal

from bofbot.reconcile.intake import NO_DAY, Side
from bofbot.reconcile.model import AmountRule, GroupRule, Rule
from bofbot.reconcile.names import Names
from bofbot.words import Sentence

WINDOW = 31
"""Days between the sides that are looked at when no rule says otherwise."""
DRIFT = Decimal(15)
"""Per cent by which amounts may differ when names agree and nothing better is known; what is usual is learned."""


def default_rules(left: Side, right: Side, names: Names) -> tuple[list[Rule], list[Sentence]]:
    """Rules that fit both sides, the strictest first, and what is assumed with them."""

    dated = bool((left.days != NO_DAY).any() and (right.days != NO_DAY).any())
    days = (-WINDOW, WINDOW) if dated else None
    japanese = any(not name.isascii() for name in names.right[:200])
    slack = AmountRule(fee="ja-transfer", rounding=Decimal(1)) if japanese else AmountRule()
    rules = []
    shared = len({*left.ids} & {*right.ids}) if left.layout.id and right.layout.id else 0
    if shared * 2 >= min(len(left), len(right)):
        rules.append(Rule("id", keys={"id": "id"}, amount=slack, auto="yes"))
    if (right.refs or right.layout.id) and (left.texts or left.refs):
        rules.append(Rule("照合番号" if japanese else "reference", keys={"refs": "ref"}, amount=slack))
    if names.usable:
        rules.append(Rule("名義と金額" if japanese else "name and amount", party=0.86, days=days))
        if japanese:
            rules.append(
                Rule("名義と手数料" if japanese else "name and fee", party=0.86, amount=slack, days=days)
            )
        else:
            rules.append(Rule("name, amount drifts", party=0.5, amount=AmountRule(percent=DRIFT), days=days))
    lone = (-10, 10) if japanese and dated else days
    rules.append(Rule("金額と日付" if japanese else "amount and date", days=lone, auto="unique"))
    if (right.refs or right.layout.id) and (left.texts or left.refs):
        rules.append(
            Rule(
                "照合番号の合算" if japanese else "several references",
                amount=slack,
                group=GroupRule("1:N", within="reference", span=400),
            )
        )
    if names.usable:
        for kind, said in (("1:N", "合算入金"), ("N:1", "分割入金")):
            rules.append(
                Rule(
                    said if japanese else {"1:N": "one for several", "N:1": "several for one"}[kind],
                    party=0.86, amount=slack, group=GroupRule(kind=kind),  # type: ignore[arg-type]
                )
            )  # fmt: skip
    said_en = ["no rules were given: " + ", ".join(rule.name for rule in rules)]
    said_ja = ["ルールの指定がないため次の順で照合しました　" + "、".join(rule.name for rule in rules)]
    if dated:
        said_en.append(f"dates at most {WINDOW} days apart")
        said_ja.append(f"日付の差は {WINDOW} 日まで")
    if japanese:
        said_en.append("transfer fees (ja-transfer) and 1 yen of rounding may be taken off")
        said_ja.append("振込手数料（ja-transfer）と1円の端数を差し引いて照合")
    elif names.usable:
        said_en.append(f"amounts may drift by {DRIFT} % where names agree")
        said_ja.append(f"名義が合えば金額の差 {DRIFT}% まで")
    return rules, [Sentence(en="; ".join(said_en), ja="。".join(said_ja))]
