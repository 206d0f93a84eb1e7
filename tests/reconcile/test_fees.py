"""Fee tables: by bank, day and amount, each line with its source."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bofbot.errors import BusinessError
from bofbot.reconcile.engine import reconcile
from bofbot.reconcile.fees import fee_table
from bofbot.reconcile.rulebook import RuleSpec
from tests.reconcile.tables import bank, found, ledger

OWN = """amount,from,until,at_least,below,bank,source
145,2025-01-01,2026-03-31,,,みどり銀行,店頭掲示 2025-01
165,2026-04-01,,,,みどり銀行,店頭掲示 2026-04
220,,,,30000,あおぞら信金,料金表 2026
440,,,30000,,あおぞら信金,料金表 2026
"""
NAME = ("ｶ)ﾆﾂｼﾝﾃﾞﾝｷ", "ニッシンデンキ")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "fees.csv"
    path.write_text(OWN, encoding="utf-8")
    return path


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def test_the_common_table_says_where_its_amounts_come_from() -> None:
    fees = fee_table("ja-transfer", (day("2026-04-01"), day("2026-04-30")))
    assert all(fee.source for fee in fees)
    assert {int(fee.amount) for fee in fees} >= {110, 220, 440, 660, 880}
    assert 864 not in {int(fee.amount) for fee in fees}, "8 % of tax ended in 2019"


def test_fees_of_one_bank(own: Path) -> None:
    assert [int(fee.amount) for fee in fee_table(f"{own}@みどり銀行")] == [145, 165]
    with pytest.raises(BusinessError, match="no bank"):
        fee_table(f"{own}@やま銀行")
    with pytest.raises(BusinessError, match="no bank"):
        fee_table("ja-transfer@みどり銀行")


@pytest.mark.parametrize(
    ("paid_on", "fee", "matched"),
    [
        ("2026/03/30", 145, True),
        ("2026/04/02", 145, False),
        ("2026/04/02", 165, True),
        ("2026/03/30", 165, False),
    ],
)
def test_a_fee_counts_on_the_days_it_holds(own: Path, paid_on: str, fee: int, matched: bool) -> None:
    rule = RuleSpec.model_validate(
        {"name": "fee", "match": {"party": 0.9}, "amount": {"fee": {"table": str(own), "bank": "みどり銀行"}}}
    ).rule()
    result = reconcile(
        bank(
            ("B1", paid_on, 54321 - fee, NAME[0]),
            ("B2", "2026/03/01", 1000, NAME[0]),
            ("B3", "2026/05/01", 1000, NAME[0]),
        ),
        ledger(("I1", "2026/03/31", 54321, NAME[1])),
        [rule],
    )
    assert bool(found(result)) is matched


@pytest.mark.parametrize(
    ("owed", "fee", "matched"),
    [
        (25000, 220, True),
        (25000, 440, False),
        (54321, 440, True),
        (54321, 220, False),
        (30100, 220, True),
        (30100, 440, True),
    ],
)
def test_a_bracket_is_tried_on_both_amounts(own: Path, owed: int, fee: int, matched: bool) -> None:
    """30,100 owed and 29,880 received: some banks look at the one, some at the other."""
    rule = RuleSpec.model_validate(
        {"name": "fee", "match": {"party": 0.9}, "amount": {"fee": f"{own}@あおぞら信金"}}
    ).rule()
    result = reconcile(
        bank(("B1", "2026/03/30", owed - fee, NAME[0])), ledger(("I1", "2026/03/31", owed, NAME[1])), [rule]
    )
    assert bool(found(result)) is matched


@pytest.mark.parametrize("exchanged", [False, True])
def test_payments_given_second_are_noticed(exchanged: bool) -> None:
    payments = bank(*((f"B{k}", "2026/04/30", 50_000 + 1_117 * k - 440, NAME[0]) for k in range(6)))
    owed = ledger(*((f"I{k}", "2026/04/30", 50_000 + 1_117 * k, NAME[1]) for k in range(6)))
    result = reconcile(*((owed, payments) if exchanged else (payments, owed)))
    assert any("exchange the two files" in said.en for said in result.assumptions) is exchanged
    assert exchanged or {grade for *_, grade in found(result)} == {"confirmed"}
