"""Foreign rows: valued at a rate of a column or a table, the rest is an exchange gain or loss, and everything still adds up."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from bofbot.errors import BusinessError
from bofbot.reconcile.engine import reconcile
from bofbot.reconcile.model import Result
from bofbot.reconcile.rulebook import RuleSpec
from tests.reconcile.tables import found, table

BANK = [
    {"取引番号": "B1", "取引日": "2026/02/27", "入金額": "1523400", "摘要": "GLOBEX CORP"},
    {"取引番号": "B2", "取引日": "2026/02/27", "入金額": "110000", "摘要": "ｶ)ﾆﾂｼﾝﾃﾞﾝｷ"},
    {"取引番号": "B3", "取引日": "2026/02/27", "入金額": "801500", "摘要": "INITECH GMBH"},
]
LEDGER = [
    {
        "請求番号": "I1",
        "期日": "2026/02/25",
        "請求額": "10000.00",
        "得意先": "Globex Corp",
        "通貨": "USD",
        "レート": "151.20",
    },
    {
        "請求番号": "I2",
        "期日": "2026/02/25",
        "請求額": "110000",
        "得意先": "ニッシンデンキ",
        "通貨": "JPY",
        "レート": "",
    },
    {
        "請求番号": "I3",
        "期日": "2026/02/25",
        "請求額": "5000.00",
        "得意先": "Initech GmbH",
        "通貨": "EUR",
        "レート": "162",
    },
]
COLUMNS = (
    {"id": "取引番号", "date": "取引日", "amount": "入金額", "text": "摘要"},
    {
        "id": "請求番号",
        "date": "期日",
        "amount": "請求額",
        "party": "得意先",
        "currency": "通貨",
        "rate": "レート",
    },
)


def played(fx: dict[str, str]) -> Result:
    rules = [
        RuleSpec.model_validate({"name": "exact", "match": {"party": 0.86}, "days": [-10, 10]}).rule(),
        RuleSpec.model_validate(
            {"name": "fx", "match": {"party": 0.86}, "amount": {"fx": fx}, "days": [-10, 10], "auto": True}
        ).rule(),
    ]
    return reconcile(table(BANK), table(LEDGER), rules, columns=COLUMNS)


def test_rates_of_a_column() -> None:
    result = played({"rate": "rate", "percent": "2", "home": "JPY"})
    assert [(left, right) for left, right, _ in found(result)] == [("B2", "I2"), ("B3", "I3"), ("B1", "I1")]
    parts = {
        result.right[m.right[0]].id: [(d.kind, d.amount, d.account) for d in m.differences]
        for m in result.matches
    }
    assert parts["I2"] == []
    assert parts["I1"] == [("fx", Decimal(11400), "為替差益")]  # 1,523,400 − 10,000 × 151.20
    assert parts["I3"] == [("fx", Decimal(-8500), "為替差損")]  # 801,500 − 5,000 × 162
    assert {e.id: e.original for e in result.right}["I1"] == "USD 10,000.00"
    (line,) = result.totals
    assert (line.currency, line.difference) == ("JPY", Decimal(2900))
    assert any("valued in JPY" in said.en for said in result.assumptions)


def test_rates_of_a_table_the_latest_on_or_before_the_day(tmp_path: Path) -> None:
    rates = tmp_path / "rates.csv"
    rates.write_text(
        "date,currency,rate\n2026-02-01,USD,140\n2026-02-25,USD,152\n2026-02-26,USD,190\n2026-01-31,EUR,161\n",
        encoding="utf-8",
    )
    result = played({"rates": str(rates), "percent": "1", "home": "JPY"})
    differences = {result.right[m.right[0]].id: m.difference for m in result.matches}
    assert differences == {"I1": Decimal(3400), "I2": Decimal(0), "I3": Decimal(-3500)}


def test_beyond_the_band_nothing_is_matched() -> None:
    result = played({"rate": "rate", "percent": "0.5", "home": "JPY"})
    assert [(left, right) for left, right, _ in found(result)] == [("B2", "I2")]


def test_a_row_without_a_rate_is_named(tmp_path: Path) -> None:
    rates = tmp_path / "rates.csv"
    rates.write_text("date,currency,rate\n2026-02-01,USD,150\n", encoding="utf-8")
    with pytest.raises(BusinessError, match="row 4: no rate for EUR"):
        played({"rates": str(rates), "home": "JPY"})
    with pytest.raises(BusinessError, match="cannot be read"):
        played({"rates": str(tmp_path / "none.csv"), "home": "JPY"})
    with pytest.raises(BusinessError, match="no column"):
        played({"rate": "kurs", "home": "JPY"})
    with pytest.raises(ValueError, match="either rate"):
        played({"home": "JPY"})


def test_the_domestic_rows_of_a_foreign_ledger_do_not_drift() -> None:
    cheap = [{**LEDGER[1], "請求額": "109000"}, LEDGER[0]]
    rule = RuleSpec.model_validate(
        {
            "name": "fx",
            "match": {"party": 0.86},
            "amount": {"fx": {"rate": "rate", "percent": 2, "home": "JPY"}},
        }
    ).rule()
    result = reconcile(table(BANK), table(cheap), [rule], columns=COLUMNS)
    assert [(left, right) for left, right, _ in found(result)] == [("B1", "I1")]


def test_a_fee_and_rounding_beside_cents_of_another_currency() -> None:
    """With dollars in the ledger amounts have cents; a yen of rounding is still a yen."""
    paid = [{**BANK[1], "入金額": "109669"}, BANK[0]]
    rules = [
        RuleSpec.model_validate(
            {"name": "fee", "match": {"party": 0.86}, "amount": {"fee": "330", "rounding": 1}, "auto": True}
        ).rule(),
        RuleSpec.model_validate(
            {"name": "fx", "match": {"party": 0.86}, "amount": {"fx": {"rate": "rate", "home": "JPY"}}}
        ).rule(),
    ]
    result = reconcile(
        table(paid), table([{**LEDGER[0], "請求額": "10000.25"}, LEDGER[1]]), rules, columns=COLUMNS
    )
    (match,) = [m for m in result.matches if result.right[m.right[0]].id == "I2"]
    assert [(d.kind, d.amount) for d in match.differences] == [
        ("fee", Decimal(-330)),
        ("rounding", Decimal(-1)),
    ]
