"""A month of an office with 60 robots, three tickers and 60 kills: every time is played once, or is skipped with a reason."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bofbot.store import open_store
from tests.schedule.month import END, OFFICE, play_month

DAYS = 30 if os.environ.get("BOFBOT_NIGHTLY") else 2
"""The last two days of the month are its busiest: 五十日 and the closing of the month fall on the 30th."""
SINCE = END - timedelta(days=DAYS)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_a_month_of_60_robots_loses_nothing_and_doubles_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, figures: Callable[[str], None]
) -> None:
    assert sum(many for _, _, many, _ in OFFICE) == 60
    with open_store(":memory:") as store:
        told = play_month(store, tmp_path, monkeypatch, begin=SINCE)
    figures(
        f"{DAYS} days of 60 robots, 3 tickers, {told.restarts} kills: {told.wanted} times due, {told.lost} lost, {told.doubled} doubled,"
        f" {told.skipped} skipped because the last one still played; longest wait {told.longest_wait.total_seconds() / 60:.0f} min"
    )
    assert told.wanted > DAYS * 40
    assert told.restarts >= DAYS
    assert (told.lost, told.doubled) == (0, 0)
