"""The eras: the first day of each belongs to it, the day before to the one before."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bofbot.values.bad_value import BadValue
from bofbot.values.eras import ERAS, era_name, era_year


@pytest.mark.parametrize(
    ("day", "era", "year"),
    [
        (date(1868, 10, 23), "明治", 1),
        (date(1912, 7, 29), "明治", 45),
        (date(1912, 7, 30), "大正", 1),
        (date(1926, 12, 25), "昭和", 1),
        (date(1989, 1, 7), "昭和", 64),
        (date(1989, 1, 8), "平成", 1),
        (date(2019, 4, 30), "平成", 31),
        (date(2026, 11, 22), "令和", 8),
    ],
)
def test_a_day_has_the_era_that_had_begun(day: date, era: str, year: int) -> None:
    assert era_year(day) == (era, year)


def test_before_the_first_era_there_is_none() -> None:
    with pytest.raises(BadValue):
        era_year(ERAS["明治"] - timedelta(days=1))


@pytest.mark.parametrize("letter", ["令和", "令", "R", "r"])
def test_an_era_is_named_in_full_or_by_a_letter(letter: str) -> None:
    assert era_name(letter) == "令和"
