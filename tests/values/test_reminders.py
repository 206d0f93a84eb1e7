"""How often people are reminded, as offices write it, and when they read it."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bofbot.values.bad_value import BadValue
from bofbot.values.reminders import OfficeHours, Reminders, read_office_hours, read_reminders

HOUR, DAY = 3600.0, 86400.0


@pytest.mark.parametrize(
    ("text", "after", "every"),
    [
        ("after 4 hours, then every day", 4 * HOUR, DAY),
        ("After 30m then every 2 hours", 1800.0, 2 * HOUR),
        ("every day", DAY, DAY),
        ("after 1 day", DAY, 0.0),
        ("never", 0.0, 0.0),
        ("4時間後、その後毎日", 4 * HOUR, DAY),
        ("30分後に、以後2時間ごと", 1800.0, 2 * HOUR),
        ("１日毎", DAY, DAY),
        ("毎日", DAY, DAY),
        ("なし", 0.0, 0.0),
    ],
)
def test_read(text: str, after: float, every: float) -> None:
    assert read_reminders(text) == Reminders(after, every)


@pytest.mark.parametrize("text", ["", "soon", "after lunch", "every 5 minutes", "after 4", "4時間", "every"])
def test_refused_with_an_example(text: str) -> None:
    with pytest.raises(BadValue) as wrong:
        read_reminders(text)
    assert "every" in wrong.value.reason.en
    assert wrong.value.reason.ja


def test_office_hours() -> None:
    assert read_office_hours("8:30-17:15") == OfficeHours(time(8, 30), time(17, 15))
    assert read_office_hours("０９：００〜１８：００") == OfficeHours()
    for text in ("9-18", "18:00-09:00", "25:00-26:00", "always"):
        with pytest.raises(BadValue, match="09:00-18:00"):
            read_office_hours(text)


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-11-24T10:00", "2026-11-24T10:00"),
        ("2026-11-24T03:00", "2026-11-24T09:00"),
        ("2026-11-24T18:00", "2026-11-25T09:00"),
        ("2026-11-20T19:00", "2026-11-25T09:00"),  # weekend, 勤労感謝の日, and the company's own day
        ("2026-11-24T00:00", "2026-11-25T09:00"),
    ],
)
def test_the_next_opening(at: str, opens: str) -> None:
    zone = ZoneInfo("Asia/Tokyo")
    own = {date(2026, 11, 24)} if opens.startswith("2026-11-25") and "18:00" not in at else set()
    found = OfficeHours().next_open(datetime.fromisoformat(at).replace(tzinfo=zone), own)
    assert found == datetime.fromisoformat(opens).replace(tzinfo=zone)
