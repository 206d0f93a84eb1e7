"""How columns write dates and amounts, and which rows are no entries."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bofbot.errors import BusinessError
from bofbot.reconcile.engine import reconcile
from bofbot.reconcile.evidence.references import _numbers_said
from bofbot.reconcile.fees import fee_table
from bofbot.reconcile.intake.leftout import without_totals
from bofbot.reconcile.intake.signs import opposite
from bofbot.reconcile.intake.writings import amount_reader, date_reader, likeliest, orders_of
from bofbot.words import Sentence

from .tables import bank, found, table


@pytest.mark.parametrize(
    ("cells", "orders"),
    [
        (["2026-01-05", "2026/1/6"], ()),
        (["23/01/2026", "05/01/2026"], ("day/month/year",)),
        (["01/23/2026", "01/05/2026"], ("month/day/year",)),
        (["05.01.2026"], ("day/month/year",)),
        (["05/01/2026", "06/01/2026"], ("day/month/year", "month/day/year")),
        (["26/01/05", "26/01/20"], ("day/month/year", "year/month/day")),
    ],
)
def test_the_column_tells_the_order_of_its_dates(cells: list[str], orders: tuple[str, ...]) -> None:
    assert orders_of(cells) == orders


def test_the_other_side_tells_when_the_column_does_not() -> None:
    cells = ["05/01/2026", "06/01/2026"]
    assert likeliest(orders_of(cells), cells, [date(2026, 1, 4)]) == "day/month/year"
    assert likeliest(orders_of(cells), cells, [date(2026, 5, 3), date(2026, 6, 2)]) == "month/day/year"
    assert likeliest(orders_of(cells), cells, []) == ""
    assert date_reader("day/month/year")("05/01/2026") == date(2026, 1, 5)


def test_cents_after_a_comma_are_read_only_where_the_column_has_them() -> None:
    assert amount_reader(["1.190,00", "595,00"])("1.190,00") == Decimal("1190.00")
    assert amount_reader(["1,190", "595"])("1,190") == Decimal(1190)
    with pytest.raises(ValueError, match="amount"):
        amount_reader(["1.190,00", "1,190.00"])("1.190,00")


def test_a_company_called_total_is_an_entry_and_the_last_line_is_not() -> None:
    said: list[Sentence] = []
    rows: list[dict[str, Any]] = [
        {"Date": "2026-01-05", "Shop": "Total", "Amount": 40},
        {"Date": "2026-01-06", "Shop": "Shell", "Amount": 50},
        {"Date": "", "Shop": "Total", "Amount": 90},
    ]
    kept = without_totals("card", table(rows), said)
    assert [row["Amount"] for row in kept.rows] == [40, 50]
    assert said[0].en == "card: 1 total rows left out"


def test_accounting_words_that_are_no_totals_stay() -> None:
    rows: list[dict[str, Any]] = [
        {"摘要": text, "金額": 1} for text in ("会計ソフト", "家計簿", "設計料", "時計")
    ]
    assert len(without_totals("x", table(rows), [])) == 4


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("請求書12 ﾔﾏﾄ", ("#12",)),
        ("ｾｲｷﾕｳｼﾖ0012", ("#12",)),
        ("№14", ("#14",)),
        ("Inv. No. 0018", ("#18",)),
        ("INV 16, 17 & 18", ("#16", "#17", "#18")),
        ("請求書12・13", ("#12", "#13")),
        ("CASINO 77", ()),
        ("RE 2026-0103", ()),
    ],
)
def test_numbers_of_documents_in_free_text(text: str, numbers: tuple[str, ...]) -> None:
    assert _numbers_said(text) == numbers


def test_books_with_opposite_signs_are_known_by_amounts_that_meet() -> None:
    one = np.array([100, -30, 75]), np.array([1, 2, 3])
    other = np.array([-100, 30, -75]), np.array([1, 2, 4])
    assert opposite(one, other)
    assert not opposite(one, one)


def test_an_office_gives_its_own_fees(tmp_path: Path) -> None:
    own = tmp_path / "fees.csv"
    own.write_text("amount,from,until\n330,,\n440,2020-01-01,2025-12-31\n", encoding="utf-8")
    new, old = ((date(year, 1, 5).toordinal(),) * 2 for year in (2026, 2025))
    assert [fee.amount for fee in fee_table(str(own), new)] == [Decimal(330)]
    assert [fee.amount for fee in fee_table(str(own), old)] == [Decimal(330), Decimal(440)]
    with pytest.raises(BusinessError, match="cannot be read"):
        fee_table(str(tmp_path / "none.csv"))


def test_another_company_form_is_another_company() -> None:
    result = reconcile(
        bank(
            ("B1", "2026/01/14", 110000, "ﾖｼﾀﾞﾃﾞﾝｷ(ｶ"),
            ("B2", "2026/01/14", 110000, "ﾄﾞ)ﾖｼﾀﾞﾃﾞﾝｷ"),
        ),
        table(
            [
                {
                    "請求番号": number,
                    "請求先": party,
                    "フリガナ": "ヨシダデンキ",
                    "入金予定日": "2026-01-10",
                    "請求額": 110000,
                }
                for number, party in (("I1", "合同会社吉田電機"), ("I2", "吉田電機株式会社"))
            ]
        ),
    )
    assert {(one, other) for one, other, _ in found(result)} == {("B1", "I2"), ("B2", "I1")}
    assert any("form" in point.reason.en for point in result.matches[0].evidence)
