"""Rules and their slots, pure: which days, which times, and what is due between two instants."""

from __future__ import annotations

import calendar as months
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bofbot.schedule.calendars import JAPAN, Calendar
from bofbot.schedule.clock_changes import instant_of, real_instants
from bofbot.schedule.triggers import Trigger

Shift = Literal["", "previous", "next", "skip"]
"""What becomes of a day that is off: played all the same, on the business day before or after, or not at all."""

TOKYO = ZoneInfo("Asia/Tokyo")

_FARTHEST_SHIFT = 40
"""Days; an office that is closed for longer plays on the day itself."""
_LONGEST_GAP = timedelta(days=2)
"""Local time has jumped by a whole day (Samoa, 2011)."""
_A_DAY = timedelta(days=1)
_YEARS_AHEAD = 50


@dataclass(frozen=True, slots=True)
class Days:
    """Which local days. `numbers` are days of the month (-1: the last), business days (-1: the last, -3: two before it)
    or which of the month's weekdays (-1: the last); empty `months` and `weekdays` mean all."""

    kind: Literal["daily", "weekdays", "business", "month_days", "month_business", "nth_weekdays", "cron"]
    numbers: tuple[int, ...] = ()
    weekdays: frozenset[int] = frozenset()
    months: frozenset[int] = frozenset()
    shift: Shift = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """When something plays. `elapsed`: the times follow one another by the minute (`every 15 minutes`), so that an hour
    that a clock shows twice has its slots twice, and an hour that it never shows has none."""

    text: str
    days: Days
    times: tuple[time, ...]
    """In order."""
    zone: ZoneInfo = TOKYO
    calendar: Calendar = JAPAN
    elapsed: bool = False
    trigger: Trigger | None = None
    """What it waits for in place of times; then there are none."""


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """One time to play. `nominal` is its identity: local date and time, `2026-12-03T09:00` (with `/2` for the second
    showing of a repeated hour); `at` is the instant, UTC."""

    at: datetime
    nominal: str


def due(rule: Rule, since: datetime, until: datetime) -> list[Slot]:
    """The slots after `since` up to and including `until` (both aware), in order. Nothing when `until` is earlier."""
    if until <= since or not rule.times:
        return []
    low = _local(since, rule.zone) - (timedelta(0) if _steady(since, rule.zone) else _LONGEST_GAP)
    high = _local(until, rule.zone) + (timedelta(0) if _steady(until, rule.zone) else _LONGEST_GAP)
    found = (
        slot
        for day in dates(rule.days, rule.calendar, low.date(), high.date())
        for slot in _slots_of(rule, day, _between(rule.times, day, low, high))
    )
    return sorted(slot for slot in found if since < slot.at <= until)


def upcoming(rule: Rule, after: datetime, count: int = 5) -> list[Slot]:
    """The next slots after an instant; fewer when there are no more within fifty years."""
    found: list[Slot] = []
    start, span = after.astimezone(UTC), timedelta(hours=1)
    end = start + timedelta(days=366 * _YEARS_AHEAD)
    while rule.times and len(found) < count and start < end:
        found += due(rule, start, start + span)
        start, span = start + span, min(span * 4, timedelta(days=500))
    return found[:count]


def dates(days: Days, calendar: Calendar, first: date, last: date) -> list[date]:
    """The local days of a rule from `first` to `last`, both included."""
    moves = days.shift in ("previous", "next")
    margin = timedelta(days=_FARTHEST_SHIFT if moves else 0)
    wanted = _nominal_days(days, calendar, first - margin, last + margin)
    if days.months:
        wanted = (day for day in wanted if day.month in days.months)
    moved = {_shifted(day, days.shift, calendar) for day in wanted}
    return sorted(day for day in moved if day is not None and first <= day <= last)


def _local(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)


def _steady(at: datetime, zone: ZoneInfo) -> bool:
    """Whether no clock is changed within two days: then local times stand in the order of their instants."""
    near = (at + n * _A_DAY for n in range(-2, 3))
    return len({one.astimezone(zone).utcoffset() for one in near}) == 1


def _between(times: tuple[time, ...], day: date, low: datetime, high: datetime) -> tuple[time, ...]:
    start = bisect_left(times, low.time()) if day == low.date() else 0
    end = bisect_right(times, high.time()) if day == high.date() else len(times)
    return times[start:end]


def _slots_of(rule: Rule, day: date, times: tuple[time, ...]) -> Iterator[Slot]:
    for moment in times:
        local = datetime.combine(day, moment)
        nominal = local.isoformat(timespec="minutes")
        if not rule.elapsed:
            yield Slot(instant_of(local, rule.zone), nominal)
            continue
        for showing, at in enumerate(real_instants(local, rule.zone), 1):
            yield Slot(at, nominal if showing == 1 else f"{nominal}/{showing}")


def _nominal_days(days: Days, calendar: Calendar, first: date, last: date) -> Iterable[date]:
    match days.kind:
        case "daily":
            return _every_day(first, last)
        case "weekdays":
            return (day for day in _every_day(first, last) if day.weekday() in days.weekdays)
        case "business":
            return (day for day in _every_day(first, last) if calendar.is_business_day(day))
        case "cron":
            return (day for day in _every_day(first, last) if _fits_cron(days, day))
        case _:
            of_month = {"month_days": _month_days, "month_business": _business_days}.get(
                days.kind, _nth_weekdays
            )
            return (
                day for start in _every_month(first, last) for day in of_month(days, calendar, start)
            )  # fmt: skip


def _every_day(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _every_month(first: date, last: date) -> Iterator[date]:
    for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        yield date(number // 12, number % 12 + 1, 1)


def _whole_month(start: date) -> list[date]:
    length = months.monthrange(start.year, start.month)[1]
    return [start.replace(day=number) for number in range(1, length + 1)]


def _month_days(days: Days, calendar: Calendar, start: date) -> Iterator[date]:
    """The 31st of a shorter month is its last day: a monthly robot never silently leaves out a month."""
    month = _whole_month(start)
    return (month[-1] if number == -1 else month[min(number, len(month)) - 1] for number in days.numbers)


def _business_days(days: Days, calendar: Calendar, start: date) -> Iterator[date]:
    open_days = [day for day in _whole_month(start) if calendar.is_business_day(day)]
    for number in days.numbers:
        index = number - 1 if number > 0 else len(open_days) + number
        if 0 <= index < len(open_days):
            yield open_days[index]


def _nth_weekdays(days: Days, calendar: Calendar, start: date) -> Iterator[date]:
    for weekday in days.weekdays:
        these = [day for day in _whole_month(start) if day.weekday() == weekday]
        for number in days.numbers:
            if -1 <= number <= len(these):
                yield these[number - 1 if number > 0 else -1]


def _fits_cron(days: Days, day: date) -> bool:
    """As cron has it: when both day fields are restricted, one of them is enough."""
    by_number, by_weekday = day.day in days.numbers, day.weekday() in days.weekdays
    if days.numbers and days.weekdays:
        return by_number or by_weekday
    return by_number if days.numbers else by_weekday if days.weekdays else True


def _shifted(day: date, shift: Shift, calendar: Calendar) -> date | None:
    if not shift or calendar.is_business_day(day):
        return day
    if shift == "skip":
        return None
    step = -_A_DAY if shift == "previous" else _A_DAY
    for n in range(1, _FARTHEST_SHIFT + 1):
        if calendar.is_business_day(day + n * step):
            return day + n * step
    return day
