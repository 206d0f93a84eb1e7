"""Journal lines that are suggested for confirmed matches, of receivables and of payables."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from bofbot.reconcile.evidence.kinds import FEE, FREE, TAXED
from bofbot.reconcile.model import Entry, Match
from bofbot.reconcile.outcome.differences import journal_lines, typed
from bofbot.words import Sentence

WHY = Sentence.same("")


def lines(received: int, owed: int, way: int, fee: int = 0, books: str = "") -> list[tuple[Any, ...]]:
    difference = Decimal(received - owed)
    match = Match(
        left=(0,), right=(0,), kind="1:1", grade="confirmed", rule="", points=0.0, margin=None,
        difference=difference, evidence=(), why=WHY,
        differences=typed(way, difference, Decimal(fee), outgoing=received < 0),
    )  # fmt: skip
    sides = [Entry("1", Decimal(received))], [Entry("2", Decimal(owed))]
    return [(j.debit, j.credit, int(j.amount)) for j in journal_lines([match], *sides, books)]


def test_money_received_for_receivables() -> None:
    assert lines(10_000, 10_000, FREE) == [("普通預金", "売掛金", 10_000)]
    assert lines(9_560, 10_000, FEE, 440) == [("普通預金", "売掛金", 9_560), ("支払手数料", "売掛金", 440)]
    assert lines(4_000, 10_000, FREE)[1] == ("売掛金（残）", "売掛金", 6_000)


@pytest.mark.parametrize(
    ("sign", "books"), [(-1, "ledger"), (1, "買掛金"), (1, "Accounts Payable 2026"), (-1, "支払予定")]
)
def test_money_paid_for_payables(sign: int, books: str) -> None:
    """Whether payments stand below zero, or the name of the books says that they are payments."""

    def paid(amount: int, owed: int, way: int, fee: int = 0) -> list[tuple[Any, ...]]:
        return lines(sign * amount, sign * owed, way, sign * fee, books)

    assert paid(10_000, 10_000, FREE) == [("買掛金", "普通預金", 10_000)]
    assert paid(9_560, 10_000, FEE, 440) == [("買掛金", "普通預金", 9_560), ("買掛金", "支払手数料", 440)]
    assert paid(4_000, 10_000, FREE)[1] == ("買掛金", "買掛金（残）", 6_000)
    assert paid(12_000, 10_000, FREE)[1] == ("仮払金", "買掛金", 2_000)
    assert paid(89_790, 100_000, TAXED)[1] == ("買掛金", "預り金", 10_210)


@pytest.mark.parametrize("sign", [1, -1])
def test_a_part_of_what_is_owed_is_short_whichever_way_the_money_goes(sign: int) -> None:
    for paid, kind in ((4_000, "short"), (12_000, "over")):
        difference = Decimal(sign * (paid - 10_000))
        (part,) = typed(FREE, difference, Decimal(0), outgoing=sign < 0)
        assert (part.kind, part.amount) == (kind, difference)
