"""Consumption tax is rounded once per rate: an invoice with two rates may be off by two, and that is rounding, not tolerance."""

from __future__ import annotations

import pytest

from bofbot.reconcile.engine import reconcile
from bofbot.reconcile.model import Result
from bofbot.reconcile.rulebook import RuleSpec
from tests.reconcile.tables import bank, table

PARTIES = (("ニッシンデンキ", "ｶ)ﾆﾂｼﾝﾃﾞﾝｷ"), ("ヤマトシステム", "ﾔﾏﾄｼｽﾃﾑ(ｶ"), ("アサヒカガク", "ｱｻﾋｶｶﾞｸ(ｶ"))


def played(
    off: int, columns: tuple[str, str], taxes: tuple[tuple[str, str], ...], amount: dict[str, object]
) -> Result:
    """Three invoices, each `off` less paid than billed."""
    bills = [54321, 33107, 41250]
    paid = bank(*((f"B{k}", "2026/04/30", bills[k] - off, PARTIES[k][1]) for k in range(3)))
    owed = table(
        [
            {
                "請求番号": f"I{k}", "入金予定日": "2026/04/30", "請求額": bills[k], "フリガナ": PARTIES[k][0],
                columns[0]: taxes[k][0], columns[1]: taxes[k][1],
            }
            for k in range(3)
        ]
    )  # fmt: skip
    given = {"id": "請求番号", "date": "入金予定日", "amount": "請求額", "kana": "フリガナ"}
    rule = RuleSpec.model_validate(
        {"name": "端数", "match": {"party": 0.9}, "amount": amount, "days": [-5, 5], "auto": True}
    ).rule()
    return reconcile(paid, owed, [rule], columns=({}, given))


TAXES = (("4938", "80"), ("3009", "0"), ("0", ""))


@pytest.mark.parametrize(
    "columns", [("消費税（10％）", "消費税（8％）"), ("10%対象額", "8%対象額"), ("Tax 10%", "Tax 8%")]
)
def test_one_yen_for_every_rate_and_no_more(columns: tuple[str, str]) -> None:
    for off, matched in ((1, {"I0", "I1"}), (2, {"I0"}), (3, set())):
        result = played(off, columns, TAXES, {"tax_rounding": True})
        assert {result.right[m.right[0]].id for m in result.matches} == matched
        assert {d.kind for m in result.matches for d in m.differences} <= {"rounding"}


def test_rounding_comes_before_tolerance() -> None:
    result = played(2, ("消費税10%", "消費税8%"), TAXES, {"tax_rounding": True, "tolerance": 5})
    kinds = {result.right[m.right[0]].id: m.differences[0].kind for m in result.matches}
    assert kinds == {"I0": "rounding", "I1": "tolerance", "I2": "tolerance"}


def test_a_column_that_names_the_rates() -> None:
    result = played(2, ("税率", "備考"), (("10%・8%", ""), ("10%", ""), ("", "")), {"tax_rounding": True})
    assert {result.right[m.right[0]].id for m in result.matches} == {"I0"}


def test_a_fee_and_two_roundings() -> None:
    result = played(332, ("消費税10%", "消費税8%"), TAXES, {"tax_rounding": True, "fee": "330"})
    (match,) = result.matches
    assert [(d.kind, int(d.amount)) for d in match.differences] == [("fee", -330), ("rounding", -2)]
