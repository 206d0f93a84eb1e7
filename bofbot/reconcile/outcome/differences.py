"""Why matched amounts differ, by kind; the accounts they are posted to; and the journal lines that follow."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bofbot.reconcile.evidence.kinds import DRIFT, EXACT, FEE, FEE_ROUNDED, FREE, NEAR, ROUNDED, TAXED
from bofbot.reconcile.model import Difference, Entry, Journal, Match
from bofbot.words import Sentence

ACCOUNTS = {
    "fee": "支払手数料",
    "rounding": "雑損失",
    "discount": "売上値引",
    "fx": "為替差損",
    "withholding": "仮払税金",
    "short": "売掛金（残）",
    "over": "仮受金",
    "tolerance": "雑損失",
}
"""Kind of difference → the account it is usually posted to when money is missing. A rule's `post_as` comes first."""

_GAINS = {"雑損失": "雑収入", "為替差損": "為替差益"}

WORDS = {
    "fee": Sentence(en="transfer fee", ja="振込手数料"),
    "rounding": Sentence(en="rounding", ja="端数"),
    "discount": Sentence(en="discount", ja="値引"),
    "fx": Sentence(en="exchange or drift", ja="為替・変動差"),
    "withholding": Sentence(en="withholding tax", ja="源泉徴収"),
    "short": Sentence(en="short payment", ja="不足額"),
    "over": Sentence(en="overpayment", ja="超過額"),
    "tolerance": Sentence(en="within tolerance", ja="許容差"),
}


def typed(
    way: int, difference: Decimal, fee: Decimal, post_as: str = "", *, outgoing: bool = False
) -> tuple[Difference, ...]:
    """The parts of a difference (left − right); they add up to it exactly. `outgoing`: amounts below zero, money paid."""
    if way == EXACT or not difference:
        return ()
    if way in (FEE, FEE_ROUNDED):
        parts = [("fee", -fee)]
        if difference + fee:
            parts.append(("rounding", difference + fee))
    else:
        kind = {ROUNDED: "rounding", TAXED: "withholding", NEAR: "tolerance", DRIFT: "fx", FREE: "short"}[way]
        if kind == "short" and (difference < 0) is outgoing:
            kind = "over"
        parts = [(kind, difference)]
    return tuple(Difference(kind, amount, _account(kind, amount, post_as)) for kind, amount in parts)


def _account(kind: str, amount: Decimal, post_as: str) -> str:
    account = post_as if post_as and kind != "rounding" else ACCOUNTS[kind]
    return _GAINS.get(account, account) if amount > 0 else account


def journal_lines(
    matches: Sequence[Match], left: Sequence[Entry], right: Sequence[Entry], books: str = ""
) -> tuple[Journal, ...]:
    """Suggested lines for every confirmed match: the money received or paid, and each difference on its own account.

    They are lines of payables (買掛金) when more money went out than came in, or when the name of the right side, `books`,
    says so; else of receivables (売掛金)."""
    confirmed = [(number, match) for number, match in enumerate(matches) if match.grade == "confirmed"]
    sums = [sum((left[row].amount for row in match.left), Decimal(0)) for _, match in confirmed]
    outgoing = sum(sums, Decimal(0)) < 0
    payables = outgoing or any(word in books.casefold() for word in PAYABLES)
    owed, sign = ("買掛金", 1 if outgoing else -1) if payables else ("売掛金", 1)
    lines: list[Journal] = []
    for (number, match), amount in zip(confirmed, sums, strict=True):
        day = max((d for row in match.left if (d := left[row].date)), default=None)
        memo = next((e.party or e.text for row in match.right if (e := right[row])), "")
        lines.append(_line(day, MONEY, owed, sign * amount, memo, number))
        for part in match.differences:
            account = _paid_account(part) if payables else part.account
            lines.append(_line(day, owed, account, sign * part.amount, memo, number))
    return tuple(lines)


MONEY = "普通預金"
PAYABLES = ("買掛", "未払", "支払", "仕入", "payable", "vendor", "supplier", "bills")
"""Words in the name of a ledger of what the office owes others."""
_PAID = {"short": "買掛金（残）", "over": "仮払金", "discount": "仕入値引", "withholding": "預り金"}


def _paid_account(part: Difference) -> str:
    """The account of a difference in payables, unless a rule named one."""
    if part.account != _account(part.kind, part.amount, ""):
        return part.account
    return _PAID.get(part.kind, part.account)


def _line(day: object, debit: str, credit: str, amount: Decimal, memo: str, match: int) -> Journal:
    if amount < 0:
        debit, credit, amount = credit, debit, -amount
    return Journal(day, debit, credit, amount, memo, match)  # type: ignore[arg-type]
