"""Functions over dates. `run` tells the clock and the company's holidays."""

from __future__ import annotations

import calendar
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from bofbot.language.arguments import as_whole
from bofbot.values import business_days
from bofbot.values.dates import Month, read_date, read_month
from bofbot.values.eras import era_year

_MOST_DAYS = 100_000


def today(run: Any) -> date:
    day: date = run.now().date()
    return day


def now(run: Any) -> datetime:
    moment: datetime = run.now()
    return moment


def to_date(run: Any, value: Any, month: Any = None, day: Any = None) -> date:
    if month is None and day is None:
        return read_date(value)
    return date(as_whole(value, 1, 9999), as_whole(month, 1, 12), as_whole(day, 1, 31))


def to_month(run: Any, value: Any) -> Month:
    if isinstance(value, date):
        return Month(value.year, value.month, 1)
    return read_month(value)


def year(run: Any, value: Any) -> Decimal:
    return Decimal(read_date(value).year)


def day(run: Any, value: Any) -> Decimal:
    return Decimal(read_date(value).day)


def weekday(run: Any, value: Any) -> str:
    return "月火水木金土日"[read_date(value).weekday()]


def add_days(run: Any, value: Any, days: Any) -> date:
    return read_date(value) + timedelta(days=as_whole(days, -_MOST_DAYS, _MOST_DAYS))


def add_months(run: Any, value: Any, months: Any) -> date:
    """A month stays a month; of a day, the 31st becomes the last day there is."""
    start = value if isinstance(value, Month) else read_date(value)
    moved = start.year * 12 + start.month - 1 + as_whole(months, -_MOST_DAYS, _MOST_DAYS)
    in_year, in_month = moved // 12, moved % 12 + 1
    last = calendar.monthrange(in_year, in_month)[1]
    return type(start)(in_year, in_month, min(start.day, last))


def month_start(run: Any, value: Any) -> date:
    day_of_it = _day(value)
    return date(day_of_it.year, day_of_it.month, 1)


def month_end(run: Any, value: Any) -> date:
    day_of_it = _day(value)
    return date(day_of_it.year, day_of_it.month, calendar.monthrange(day_of_it.year, day_of_it.month)[1])


def business_day(run: Any, value: Any, n: Any = Decimal(0)) -> date:
    return business_days.business_day(_day(value), as_whole(n, -4000, 4000), run.company_holidays())


def is_business_day(run: Any, value: Any) -> bool:
    return business_days.is_business_day(_day(value), run.company_holidays())


def era(run: Any, value: Any) -> str:
    moment = _day(value)
    name, number = era_year(moment)
    return f"{name}{'元' if number == 1 else number}年{moment.month}月{moment.day}日"


def _day(value: Any) -> date:
    return read_date(value)
