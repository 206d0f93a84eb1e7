"""The table of types."""

# ruff: noqa: DTZ001 - what cells hold has no zone
from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bofbot.values.dates import Month
from bofbot.values.types import TYPES, BadValue, as_text, is_blank, is_type, parse_type, read_value


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        ("text", "００1 ", "００1 "), ("text", 12345.0, "12345"), ("text", None, ""), ("text", date(2026, 11, 22), "2026-11-22"),
        ("code", "0012345", "0012345"), ("code", 12345.0, "12345"), ("code", 12345, "12345"), ("code(7)", 12345.0, "0012345"), ("code(7)", "12345", "0012345"),
        ("code(3)", "A-1", "A-1"), ("integer", "１２", 12), ("integer", 3.0, 3), ("number", "1,234.5", Decimal("1234.5")), ("yen", "¥1,234", Decimal(1234)),
        ("date", "令和8年11月22日", date(2026, 11, 22)), ("month", "2026年10月", Month(2026, 10, 1)), ("datetime", "2026-11-22 09:30", datetime(2026, 11, 22, 9, 30)),
        ("time", "9:30", time(9, 30)), ("bool", "はい", True), ("bool", "off", False), ("bool", 1, True), ("bool", True, True), ("file", "a/経費.xlsx", "a/経費.xlsx"),
        ("secret", "hush", "hush"),
    ],
)  # fmt: skip
def test_reading(kind: str, raw: Any, value: Any) -> None:
    read = read_value(kind, raw)
    assert (read, type(read)) == (value, type(value))


@pytest.mark.parametrize(
    ("kind", "raw", "says"),
    [
        ("code", 123.5, "fraction"), ("code", date(2026, 1, 2), "turned it into a date"), ("code", 1234567890123456.0, "15 digits"), ("code", True, "code"),
        ("code(3)", "12345", "3 characters"), ("integer", "1.5", "fraction"), ("integer", "x", "whole number"), ("number", "abc", '"abc" cannot be read as a number'),
        ("yen", "1.5", "no fraction"), ("bool", "maybe", "yes or no"), ("file", "a\0b", "path"), ("secret", 5, "must be text"), ("yen", "", "empty"), ("date", None, "empty"),
    ],
)  # fmt: skip
def test_refusing(kind: str, raw: Any, says: str) -> None:
    with pytest.raises(BadValue, match=says):
        read_value(kind, raw)


def test_a_choice_is_given_back_as_it_is_listed() -> None:
    assert read_value("choice", " ｺｳﾂｳ費", choices=("コウツウ費", "会議費")) == "コウツウ費"
    with pytest.raises(BadValue, match="did you mean 交通費"):
        read_value("choice", "交通", choices=("交通費", "会議費"))


def test_names_of_types() -> None:
    assert parse_type("code(7)") == ("code", 7)
    assert is_type("code(7)")
    assert is_type("yen")
    assert not any(is_type(name) for name in ("code(0)", "code()", "money", "yen(3)", ""))
    with pytest.raises(KeyError):
        parse_type("money")


def test_values_as_they_are_typed() -> None:
    assert [as_text(v) for v in (None, True, 1.0, Decimal("1E+3"), Decimal("1.50"), Month(2026, 10, 1), datetime(2026, 1, 2), time(9, 30))] == [
        "", "true", "1", "1000", "1.50", "2026-10", "2026-01-02", "09:30:00",
    ]  # fmt: skip
    assert is_blank("　 ")
    assert not is_blank(0)


@given(
    st.sampled_from(sorted(TYPES)),
    st.one_of(
        st.none(),
        st.booleans(),
        st.text(),
        st.integers(),
        st.floats(),
        st.dates(),
        st.datetimes(),
        st.decimals(),
    ),
)
def test_any_raw_value_reads_or_is_refused(kind: str, raw: Any) -> None:
    try:
        value = read_value(kind, raw, choices=("a", "b"))
    except BadValue:
        pass
    else:
        if kind not in ("code", "text", "file", "secret", "choice"):
            assert read_value(kind, value) == value
