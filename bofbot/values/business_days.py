"""Business days: neither weekend, nor public holiday of Japan, nor a holiday of the company. The door to `holidays`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from functools import lru_cache

from bofbot.values.bad_value import BadValue
from bofbot.values.dates import read_date
from bofbot.words import Sentence

_FARTHEST = 4000


def is_business_day(day: date, company_holidays: Collection[date] = ()) -> bool:
    """Whether the office works on that day. Company holidays add to weekends and public holidays."""
    return day.weekday() < 5 and day not in company_holidays and day not in public_holidays(day.year)


def business_day(day: date, n: int = 0, company_holidays: Collection[date] = ()) -> date:
    """The n-th business day after `day` (before it, when n is negative). n = 0: `day` itself, or the next business day.

    `business_day(month_end(m), 0)` is "the next business day when it falls on a holiday"; the last business day of a
    month is `business_day(first day of the next month, -1)`. Raises ValueError beyond 4,000 business days.
    """
    if abs(n) > _FARTHEST:
        raise ValueError(f"at most {_FARTHEST} business days can be counted, not {n}")
    moved = date(day.year, day.month, day.day)
    if n == 0:
        while not is_business_day(moved, company_holidays):
            moved += timedelta(days=1)
        return moved
    one, left = timedelta(days=1 if n > 0 else -1), abs(n)
    while left:
        moved += one
        left -= is_business_day(moved, company_holidays)
    return moved


def read_company_holidays(text: str) -> frozenset[date]:
    """The company's own holidays from CSV text with the columns `date,name`; a line without a date is a BadValue.

    The heading, blank lines and lines that begin with # are passed over."""
    days = set()
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        cell = line.split(",")[0].strip().strip('"')
        if (
            not cell
            or cell.startswith("#")
            or (number == 1 and not any(character.isdigit() for character in cell))
        ):
            continue
        try:
            days.add(read_date(cell))
        except BadValue as bad:
            raise BadValue(Sentence(en=f"line {number}: ", ja=f"{number}行目：") + bad.reason) from None
    return frozenset(days)


@lru_cache(maxsize=256)
def public_holidays(year: int, country: str = "JP") -> frozenset[date]:
    """The public holidays of a year, substitute and citizens' holidays included; a part of a country is `US-CA`."""
    import holidays  # about twenty times the cost of a bare interpreter: only when a calendar is asked for

    code, _, part = country.partition("-")
    return frozenset(holidays.country_holidays(code, subdiv=part or None, years=year))


@lru_cache(maxsize=64)
def weekend_of(country: str) -> frozenset[int]:
    """The weekdays (0 is Monday) that are no working days there: Friday and Saturday in some countries."""
    import holidays

    code, _, part = country.partition("-")
    return frozenset(holidays.country_holidays(code, subdiv=part or None).weekend)


@lru_cache(maxsize=1)
def countries() -> dict[str, tuple[str, ...]]:
    """The codes of all countries whose holidays are known, each with its parts."""
    import holidays

    return {code: tuple(parts) for code, parts in holidays.list_supported_countries().items()}
