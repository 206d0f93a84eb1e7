"""Dates as offices write them."""

# ruff: noqa: DTZ001 - what cells hold has no zone
from __future__ import annotations

import pickle
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bofbot.values.bad_value import BadValue
from bofbot.values.business_days import business_day, is_business_day, read_company_holidays
from bofbot.values.dates import Month, read_date, read_datetime, read_month, read_time
from bofbot.values.eras import era_year

DAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    "raw",
    [
        "2026-11-22", "2026/11/22", "2026.11.22", "2026年11月22日", "20261122", "令和8年11月22日", "R8.11.22", "r8/11/22",
        "２０２６／１１／２２", " 2026-11-22 ", "令和８年１１月２２日", "㋿8年11月22日", "令8.11.22", "2026年11月22日(日)", "2026/11/22 日曜日",
        "22 Nov 2026", "Nov 22, 2026", "22-November-2026", "2026-11-22 13:05", "2026-11-22T13:05:11Z", "2026年11月22日 9時30分",
        DAY, datetime(2026, 11, 22, 9, 30), 46348, 46348.75, Decimal("46348"), 20261122, 20261122.0,
    ],
)  # fmt: skip
def test_every_spelling_of_one_day(raw: object) -> None:
    assert read_date(raw) == DAY


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        ("令和元年5月1日", date(2019, 5, 1)), ("H31.4.30", date(2019, 4, 30)), ("平成35年1月1日", date(2023, 1, 1)),
        ("S64.1.7", date(1989, 1, 7)), ("昭和元年12月25日", date(1926, 12, 25)), ("T1.7.30", date(1912, 7, 30)), ("M6.1.1", date(1873, 1, 1)),
        ("2028-02-29", date(2028, 2, 29)), (1, date(1900, 1, 1)), (59, date(1900, 2, 28)), (61, date(1900, 3, 1)),
    ],
)  # fmt: skip
def test_eras_and_serials(raw: object, day: date) -> None:
    assert read_date(raw) == day


def test_the_1904_calendar() -> None:
    assert read_date(0, date_1904=True) == date(1904, 1, 1)
    assert read_date(46348 - 1462, date_1904=True) == DAY


@pytest.mark.parametrize(
    "raw",
    [
        "", None, "11/22/2026", "11/22", "26/11/22", "2026-02-29", "2026-13-01", "令和元年4月30日", "R0.1.1", "46348", "x 9:30", "明日", True,
        60, 0, -1, 3000000, float("nan"), float("inf"), "2026-11-22 25:00:99", "22 Foo 2026", [], "9:30", "２０２６",
    ],
)  # fmt: skip
def test_bad_dates_are_refused_in_both_languages(raw: object) -> None:
    with pytest.raises(BadValue) as caught:
        read_date(raw)
    assert caught.value.reason.en != caught.value.reason.ja


def test_a_year_is_supplied_only_when_today_is_known() -> None:
    assert read_date("12/28", today=date(2027, 1, 4)) == date(2026, 12, 28)
    assert read_date("1月4日", today=date(2026, 12, 28)) == date(2027, 1, 4)
    with pytest.raises(BadValue, match="no such day"):
        read_date("2/30", today=DAY)


def test_the_reason_is_said() -> None:
    with pytest.raises(BadValue, match="begins on 2019-05-01"):
        read_date("令和元年4月30日")
    with pytest.raises(BadValue, match="either way round"):
        read_date("11/12/2026")


@given(st.dates(min_value=date(1900, 3, 1), max_value=date(2117, 12, 31)))
def test_dates_survive_the_round_trip(day: date) -> None:
    era, year = era_year(day)
    for raw in (
        day.isoformat(),
        f"{day:%Y/%m/%d}",
        f"{era}{year}年{day.month}月{day.day}日",
        (day - date(1899, 12, 30)).days,
    ):
        assert read_date(raw) == day


@given(
    st.one_of(
        st.text(),
        st.floats(),
        st.integers(),
        st.decimals(),
        st.text("0123456789/-.年月日RHST元 :T", max_size=14),
    )
)
def test_any_input_is_a_date_or_refused(raw: object) -> None:
    for read in (read_date, read_month, read_datetime, read_time):
        try:
            read(raw)
        except BadValue:
            pass


@pytest.mark.parametrize(
    "raw",
    [
        "2026-10",
        "2026/10",
        "2026年10月",
        "2026年10月分",
        "令和8年10月",
        "R8.10",
        "202610",
        202610,
        date(2026, 10, 1),
        "2026-10-01",
        46296,
    ],
)
def test_months(raw: object) -> None:
    month = read_month(raw)
    assert month == date(2026, 10, 1)
    assert (str(month), f"{month}", f"{month:%Y年%m月}") == ("2026-10", "2026-10", "2026年10月")


def test_a_month_is_a_date_until_it_is_moved() -> None:
    month = read_month("昭和64年1月")
    assert month == read_month("平成元年1月") == date(1989, 1, 1)
    assert str(month + timedelta(days=3)) == "1989-01-04"
    assert month - date(1988, 12, 31) == timedelta(days=1)
    assert str(month - timedelta(days=1)) == "1988-12-31"
    assert pickle.loads(pickle.dumps(month)) == Month(1989, 1, 1)


@pytest.mark.parametrize("raw", ["2026-10-02", "2026-13", "10月", "", None, 10, True])
def test_bad_months(raw: object) -> None:
    with pytest.raises(BadValue):
        read_month(raw)


def test_moments_and_times() -> None:
    moment = datetime(2026, 11, 22, 9, 30)
    for raw in (
        "2026-11-22 09:30",
        "2026/11/22 9:30:00",
        "2026年11月22日9時30分",
        "2026-11-22T09:30",
        moment,
        46348 + 9.5 / 24,
    ):
        assert read_datetime(raw) == moment
    assert read_datetime("2026-11-22T09:30:00Z") == moment.replace(tzinfo=UTC)
    assert read_datetime("2026-11-22") == read_datetime(DAY) == datetime(2026, 11, 22)
    for at in ("9:30", "09:30:00", "９：３０", "9時30分", 9.5 / 24, moment, time(9, 30)):
        assert read_time(at) == time(9, 30)
    assert read_time("9時") == time(9)
    for bad in ("25:00", "x 9:30", None, 2, "9.30"):
        with pytest.raises(BadValue):
            read_time(bad)
        with pytest.raises(BadValue):
            read_datetime("9:30" if bad == 2 else bad)


def test_business_days_know_public_and_company_holidays() -> None:
    assert business_day(date(2026, 11, 22)) == date(2026, 11, 24)  # Sunday, then 勤労感謝の日
    assert business_day(date(2026, 11, 20), 1) == date(2026, 11, 24)
    assert business_day(date(2026, 12, 1), -1) == date(2026, 11, 30)
    assert business_day(
        date(2026, 12, 28), 1, {date(2026, 12, 29), date(2026, 12, 30), date(2026, 12, 31)}
    ) == date(2027, 1, 4)
    assert not is_business_day(date(2026, 9, 22))  # 国民の休日 between two holidays
    with pytest.raises(ValueError, match="4000"):
        business_day(DAY, 5000)


def test_company_holidays_come_from_a_csv() -> None:
    text = "\ufeffdate,name\n2026-12-29,年末休業\n# もう一日\n令和8年12月30日,年末休業\n\n"
    assert read_company_holidays(text) == {date(2026, 12, 29), date(2026, 12, 30)}
    assert read_company_holidays("") == frozenset()
    with pytest.raises(BadValue, match='line 2: "休み"'):
        read_company_holidays("2026-12-29\n休み,創立記念日\n")
