"""What is due between two instants: every zone, every change of clocks, any way of cutting time into ticks."""

from __future__ import annotations

import os
import random
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest

from bofbot.schedule.calendars import Calendar
from bofbot.schedule.rules import Days, Rule, due, upcoming
from bofbot.schedule.sentences import read_sentence

NIGHTLY = bool(os.environ.get("BOFBOT_NIGHTLY"))
SOME = ("Asia/Tokyo", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia", "America/St_Johns",
        "Africa/Casablanca", "Asia/Tehran", "America/Sao_Paulo", "Antarctica/Troll", "Pacific/Kwajalein", "Europe/Dublin")  # fmt: skip
ZONES = sorted(available_timezones() - {"localtime"}) if NIGHTLY else SOME
FROM, UNTIL = (datetime(1990, 1, 1, tzinfo=UTC), datetime(2038, 1, 1, tzinfo=UTC))


def changes(zone: ZoneInfo, first: datetime = FROM, last: datetime = UNTIL) -> list[datetime]:
    """The instants at which the clocks of a zone were changed, to the hour."""
    found, at = [], first
    before = at.astimezone(zone).utcoffset()
    while at < last:
        later = at + timedelta(days=7)
        if later.astimezone(zone).utcoffset() != before:
            hour = at
            while hour.astimezone(zone).utcoffset() == before:
                hour += timedelta(hours=1)
            found.append(hour)
            before = later.astimezone(zone).utcoffset()
        at = later
    return found


@pytest.mark.parametrize("name", ZONES)
def test_every_named_time_plays_exactly_once_over_every_change_of_clocks(name: str) -> None:
    zone = ZoneInfo(name)
    times = tuple(time(n // 2, n % 2 * 30) for n in range(48))
    rule = Rule("all", Days("daily"), times, zone, Calendar(("none",), ()))
    moments = changes(zone)
    for change in moments if NIGHTLY else moments[-6:] + moments[:4]:
        since, until = change - timedelta(days=3), change + timedelta(days=3)
        slots = due(rule, since, until)
        seen = Counter(slot.nominal for slot in slots)
        assert set(seen.values()) == {1}
        inner = [day for n in range(-1, 2) if (day := change.astimezone(zone).date() + timedelta(days=n))]
        wanted = {f"{day}T{moment:%H:%M}" for day in inner for moment in times}
        assert wanted <= set(seen)
        assert [slot.nominal for slot in slots] == sorted(
            slot.nominal for slot in slots
        )  # later is never earlier
        for slot in slots:
            shown = slot.at.astimezone(zone).replace(tzinfo=None).isoformat(timespec="minutes")
            assert shown >= slot.nominal  # at its time, or at the end of the hour that is not shown


@pytest.mark.parametrize("name", SOME)
def test_minutes_go_on_over_a_change_of_clocks(name: str) -> None:
    zone = ZoneInfo(name)
    rule = read_sentence("every 15 minutes", zone)
    for change in changes(zone)[-4:]:
        slots = due(rule, change - timedelta(hours=6), change + timedelta(hours=6))
        assert len({slot.nominal for slot in slots}) == len(slots) == 48
        assert {later.at - slot.at for slot, later in pairwise(slots)} == {timedelta(minutes=15)}


def test_a_gap_plays_when_the_clock_jumps_and_an_overlap_the_first_time() -> None:
    new_york = ZoneInfo("America/New_York")
    rule = Rule("x", Days("daily"), (time(1, 30), time(2, 30)), new_york)
    gap = due(rule, datetime(2026, 3, 8, 5, tzinfo=UTC), datetime(2026, 3, 9, 4, tzinfo=UTC))
    assert [(slot.nominal, slot.at.hour, slot.at.minute) for slot in gap] == [
        ("2026-03-08T01:30", 6, 30),
        ("2026-03-08T02:30", 7, 0),
    ]
    overlap = due(rule, datetime(2026, 11, 1, 4, tzinfo=UTC), datetime(2026, 11, 2, 5, tzinfo=UTC))
    assert [(slot.nominal, slot.at.hour) for slot in overlap] == [
        ("2026-11-01T01:30", 5),
        ("2026-11-01T02:30", 7),
    ]


def test_a_day_that_an_island_left_out_still_plays() -> None:
    rule = Rule("x", Days("daily"), (time(9),), ZoneInfo("Pacific/Apia"))
    slots = due(rule, datetime(2011, 12, 28, tzinfo=UTC), datetime(2012, 1, 1, tzinfo=UTC))
    assert [slot.nominal[:10] for slot in slots] == [
        "2011-12-28",
        "2011-12-29",
        "2011-12-30",
        "2011-12-31",
        "2012-01-01",
    ]


@pytest.mark.parametrize("seed", range(200 if NIGHTLY else 12))
def test_however_time_is_cut_into_ticks_the_slots_are_the_same(seed: int) -> None:
    chance = random.Random(seed)
    rule = read_sentence(chance.choice(["毎日 2:30", "15分ごと", "五十日(休みなら前日) 1:30", "平日 9:00", "*/30 1-3 * * *"]),
                         ZoneInfo(chance.choice(SOME)))  # fmt: skip
    at = start = datetime(2026, chance.choice([3, 10]), 20, tzinfo=UTC)
    end = start + timedelta(days=20)
    told: list[str] = []
    while at < end:
        later = min(at + timedelta(seconds=chance.choice([1, 60, 3600, 90000]) * chance.randint(1, 9)), end)
        told += [slot.nominal for slot in due(rule, at, later)]
        at = later
    assert told == [slot.nominal for slot in due(rule, start, end)]


def test_a_clock_set_back_makes_nothing_due() -> None:
    rule = read_sentence("15分ごと")
    now = datetime(2026, 11, 22, tzinfo=UTC)
    assert due(rule, now, now - timedelta(days=7)) == []
    assert len(due(rule, now - timedelta(days=7), now)) == 7 * 96


def test_shifted_days_meet_the_calendar() -> None:
    bank = Calendar(("bank",), ("JP",), bank=True)
    rule = read_sentence("月末(休みなら前日) 9:00", calendar=bank)
    assert upcoming(rule, datetime(2026, 12, 1, tzinfo=UTC), 1)[0].nominal == "2026-12-30T09:00"
    closed = Calendar(("company",), (), own=frozenset(date(2026, 8, n) for n in range(1, 32)))
    rule = read_sentence("毎月25日(休みなら翌日) 9:00", calendar=closed)
    assert upcoming(rule, datetime(2026, 8, 1, tzinfo=UTC), 1)[0].nominal == "2026-09-01T09:00"
