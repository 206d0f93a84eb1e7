"""Fees in a column of their own: part of what an entry moved only where the running balances say so (Revolut), else told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from bofbot.statements.model import Entry, Remark
from bofbot.statements.order import links
from bofbot.words import Sentence


def with_fees(entries: Sequence[Entry], fees: Mapping[int, Decimal]) -> tuple[list[Entry], list[Remark]]:
    """The entries with the fees (line → fee) in their amounts if every balance follows then, and only then."""
    charged = [entry for entry in entries if fees.get(entry.line)]
    if not charged:
        return list(entries), []
    wanted, line = len(entries) - 1, charged[0].line
    if all(entry.balance is not None for entry in entries):
        if links(entries) == wanted:
            return list(entries), []  # the amounts are net of them already
        for sign in (-1, 1):
            moved = [e._replace(amount=e.amount + sign * fees.get(e.line, Decimal(0))) for e in entries]
            if links(moved) == wanted:
                return moved, []
    return list(entries), [Remark("fee-beside", _BESIDE, line)]


_BESIDE = Sentence(
    en="Fees stand in a column of their own, and nothing shows whether the amounts contain them; they were left out.",
    ja="手数料が別の列にあり、金額に含まれるかどうかを確かめられません。手数料は金額に加えていません。",
)
