"""Calendars by name: countries and their parts, banks, the company's own days."""

from __future__ import annotations

from datetime import date

import pytest

from bofbot.schedule.calendars import named_calendar
from bofbot.values.bad_value import BadValue


@pytest.mark.parametrize(
    ("names", "day", "works"),
    [
        (("japan",), date(2026, 11, 23), False),
        (("日本",), date(2026, 11, 24), True),
        (("none",), date(2026, 11, 23), True),
        (("none",), date(2026, 11, 22), False),
        (("bank",), date(2026, 12, 31), False),
        (("銀行",), date(2027, 1, 4), True),
        (("us",), date(2026, 11, 26), False),
        (("us-ca",), date(2026, 3, 31), False),
        (("us",), date(2026, 3, 31), True),
        (("sa",), date(2026, 11, 20), False),  # Friday
        (("japan", "us"), date(2026, 11, 26), False),
        (("japan", "company"), date(2026, 8, 14), False),
        (("japan",), date(2026, 8, 14), True),
    ],
)
def test_days_off(names: tuple[str, ...], day: date, works: bool) -> None:
    calendar = named_calendar(names, frozenset({date(2026, 8, 14)}))
    assert calendar.is_business_day(day) is works


@pytest.mark.parametrize(
    ("names", "hint"), [(("jappan",), "japan"), (("us-xx",), "us-"), (("none", "us"), "none")]
)
def test_an_unknown_calendar_offers_the_nearest(names: tuple[str, ...], hint: str) -> None:
    with pytest.raises(BadValue, match=hint):
        named_calendar(names)
