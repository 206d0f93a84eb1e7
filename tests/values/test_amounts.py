"""Amounts as books and banks write them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bofbot.values.amounts import read_amount, read_yen
from bofbot.values.bad_value import BadValue


@pytest.mark.parametrize(
    "raw",
    ["1234", "1,234", "¥1,234", "￥１，２３４", "１，２３４", "1,234円", "金1,234円也", "\\1,234", "+1,234", "JPY 1,234", "1234.00", 1234, 1234.0, Decimal(1234)],
)  # fmt: skip
def test_spellings_of_1234(raw: object) -> None:
    assert read_yen(raw) == read_amount(raw) == Decimal(1234)
    assert str(read_yen(raw)) == "1234"


@pytest.mark.parametrize(
    "raw",
    ["▲1,234", "△1,234", "▲ 1,234", "▲¥1,234", "¥▲1,234", "(1,234)", "（１，２３４）", "(¥1,234)", "¥(1,234)", "-1,234", "−1,234", "－1,234", "ー1,234",
     "1,234-", "-1,234円", -1234, -1234.0],
)  # fmt: skip
def test_spellings_of_minus_1234(raw: object) -> None:
    assert read_yen(raw) == Decimal(-1234)


@pytest.mark.parametrize(
    "raw",
    ["", " ", None, "-", "1,23", "12,34,567", "1.234,56", "3万円", "千円", "5千円", "¥1,234-", "1,234円-", "--5", "(-5)", "▲-5", "5 6", "1e5", "0x10", "1_000",
     "abc", True, float("nan"), float("inf"), Decimal("NaN"), "(", "()", "一二三", [], "12:30"],
)  # fmt: skip
def test_what_is_no_amount(raw: object) -> None:
    with pytest.raises(BadValue) as caught:
        read_amount(raw)
    assert caught.value.reason.ja


def test_yen_are_whole_and_yen() -> None:
    for raw in ("1,234.5", 0.5, "$1,234", "1,234 USD"):
        with pytest.raises(BadValue):
            read_yen(raw)
    assert read_amount("$1,234.50") == Decimal("1234.50")


def test_a_float_means_what_excel_shows() -> None:
    assert read_amount(0.1) == Decimal("0.1")
    assert read_amount(0.1 + 0.2) == Decimal("0.3")
    assert read_yen(1234.0000000000002) == 1234
    assert str(read_amount(1e22)) == "10000000000000000000000"


@pytest.mark.parametrize("raw", [10**100, Decimal("1E+30"), Decimal("1E-100"), "9" * 30, 1e300])
def test_amounts_beyond_all_books_are_refused(raw: object) -> None:
    with pytest.raises(BadValue, match="out of range"):
        read_amount(raw)


def test_zero_has_no_sign_and_no_exponent() -> None:
    assert [str(read_amount(raw)) for raw in ("-0", "▲0.00", Decimal("0E+9"), -0.0, Decimal("1E+2"))] == [
        "0",
        "0.00",
        "0",
        "0",
        "100",
    ]


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_amounts_survive_every_spelling(yen: int) -> None:
    grouped = f"{abs(yen):,}"
    spellings = (
        [f"¥{grouped}", f"{grouped}円"]
        if yen >= 0
        else [f"▲{grouped}", f"({grouped})", f"-{grouped}", f"{grouped}-"]
    )
    assert [read_yen(raw) for raw in [*spellings, yen]] == [Decimal(yen)] * (len(spellings) + 1)


@given(st.one_of(st.text(), st.floats(), st.decimals(), st.text("0123456789,.-▲△()¥円 ", max_size=12)))
def test_anything_is_an_amount_or_refused(raw: object) -> None:
    try:
        assert read_amount(raw).is_finite()
    except BadValue:
        pass
