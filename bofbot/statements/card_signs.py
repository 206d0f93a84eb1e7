"""Card files that write what was spent as positive amounts: told by their words, and turned round, for money out is negative."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from bofbot.statements.headings import plain
from bofbot.statements.model import Entry, Remark
from bofbot.words import Sentence

_CARD_HEADINGS = frozenset(
    plain(word) for word in ("Card Member", "Cardmember", "利用日", "利用年月日", "ご利用店名", "利用先", "ご利用内容", "ご利用場所")
)  # fmt: skip
_PAYMENT = re.compile(
    r"payment.{0,12}thank|thank you.{0,12}payment|前回.{0,4}(?:口座振替|お支払|ご請求)|お支払い?ありがとう",
    re.I,
)
"""What a card's own bill is paid by: an amount that must be money in."""


def spending_is_positive(entries: Sequence[Entry], headings: Sequence[str]) -> bool:
    """Whether payments of the card's bill stand negative, or the headings are a card's and most amounts are positive."""
    if any(entry.balance is not None for entry in entries):
        return False
    paid = [entry.amount for entry in entries if _PAYMENT.search(entry.text)]
    spent = [entry.amount for entry in entries if not _PAYMENT.search(entry.text)]
    mostly = sum(amount > 0 for amount in spent) * 2 > len(spent)
    if paid:
        return mostly and all(amount < 0 for amount in paid)
    return mostly and not _CARD_HEADINGS.isdisjoint(map(plain, headings))


def turned(entries: Sequence[Entry]) -> list[Entry]:
    """The same entries with the other sign."""
    return [entry._replace(amount=Decimal(0) - entry.amount) for entry in entries]


CARD_SIGN = Remark(
    "card-sign",
    Sentence(
        en="The file writes spending as positive amounts; here money out is negative.",
        ja="利用額がプラスで書かれたカード明細です。出金はマイナスとして読みました。",
    ),
)
