"""Which days a bank is asked for: gaps with an overlap, in pieces, never the future."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bofbot.statements.ranges import Days, gaps, joined, to_ask

START = date(2026, 8, 1)
TODAY = date(2026, 10, 20)


def day(number: int) -> date:
    return START + timedelta(days=number)


def test_nothing_proved_yet_asks_for_everything() -> None:
    assert to_ask([], START, date(2026, 10, 19), today=TODAY) == [Days(START, date(2026, 10, 19))]


def test_goes_on_from_the_last_proved_day_with_an_overlap() -> None:
    proved = [Days(START, date(2026, 9, 30))]
    assert to_ask(proved, START, date(2026, 10, 19), today=TODAY, overlap=7) == [
        Days(date(2026, 9, 24), date(2026, 10, 19))
    ]


def test_a_gap_is_filled_with_an_overlap_at_both_ends() -> None:
    proved = [Days(START, day(9)), Days(day(20), day(60))]
    assert to_ask(proved, START, day(60), today=TODAY, overlap=2) == [Days(day(8), day(21))]


def test_nothing_is_asked_when_all_is_proved_and_never_a_day_to_come() -> None:
    assert to_ask([Days(START, TODAY)], START, TODAY, today=TODAY) == []
    assert to_ask([], START, date(2027, 1, 1), today=TODAY)[-1].last == TODAY
    assert to_ask([], date(2026, 10, 21), date(2027, 1, 1), today=TODAY) == []


def test_pieces_as_long_as_the_site_allows() -> None:
    asked = to_ask([], START, day(70), today=TODAY, most_days=31)
    assert asked == [Days(day(0), day(30)), Days(day(31), day(61)), Days(day(62), day(70))]


_RANGES = st.lists(
    st.tuples(st.integers(0, 80), st.integers(0, 20)).map(lambda p: Days(day(p[0]), day(p[0] + p[1])))
)


@given(_RANGES, st.integers(0, 80), st.integers(0, 100), st.integers(0, 10), st.integers(0, 40))
def test_what_is_asked_covers_every_gap_and_no_day_to_come(
    proved: list[Days], since: int, until: int, overlap: int, most: int
) -> None:
    asked = to_ask(proved, day(since), day(until), today=TODAY, overlap=overlap, most_days=most)
    assert gaps([*proved, *asked], day(since), min(day(until), TODAY)) == []
    assert all(day(since) <= one.first <= one.last <= min(day(until), TODAY) for one in asked)
    assert all(one.last < other.first for one, other in pairwise(asked))
    assert not most or all((one.last - one.first).days < most for one in asked)


@given(_RANGES)
def test_joined_ranges_are_the_same_days(ranges: list[Days]) -> None:
    def days(several: list[Days]) -> set[date]:
        return {
            one.first + timedelta(days=n) for one in several for n in range((one.last - one.first).days + 1)
        }

    assert days(joined(ranges)) == days(ranges)
    assert all(other.first - one.last > timedelta(days=1) for one, other in pairwise(joined(ranges)))
