"""Claims entered side by side on the portal: each booked once and written back, all lanes in the one log-in."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

import pytest

from bofbot.actions import VerbTable
from bofbot.adapters import machine
from bofbot.adapters.tables import Wanted, read_table
from bofbot.events import Event, ItemFinished
from bofbot.language.loader import load_robot
from bofbot.office import Office
from bofbot.plan import Extent, make_plan
from bofbot.practice.data import write_demo_files
from bofbot.practice.portal import Portal

from .test_robots import ROBOTS, PracticeSecrets

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_claims_in_three_lanes(tmp_path: Path) -> None:
    if machine.find_browser() is None:
        pytest.skip("no browser on this machine")
    text = (
        (ROBOTS / "1_経費申請.yaml")
        .read_text("utf-8")
        .replace("    as: row\n", "    as: row\n    parallel: 3\n")
    )
    (tmp_path / "parts").mkdir()
    part = (ROBOTS / "parts" / "ログイン.yaml").read_text("utf-8")
    (tmp_path / "parts" / "ログイン.yaml").write_text(part, "utf-8")
    (tmp_path / "robot.yaml").write_text(text, "utf-8")
    write_demo_files(tmp_path / "data")
    events: list[Event] = []
    with Portal() as portal, Office.at(tmp_path) as office:
        office.secrets = PracticeSecrets()
        robot = load_robot(tmp_path / "robot.yaml", VerbTable())
        extent = Extent(items=(1, 9))
        plan = make_plan(robot, {"portal": portal.url}, lambda: datetime.now().astimezone(), extent)
        end = asyncio.run(office.play(plan, (events.append,)))
        booked = {one.key: one.receipt for one in portal.office.book.of("claims")}
    assert (end.items_done + end.items_failed, len(booked)) == (9, end.items_done)
    receipts = {one.item: one.receipt for one in events if isinstance(one, ItemFinished) and one.receipt}
    assert receipts == booked
    table, _ = read_table(
        tmp_path / "data" / "経費.xlsx",
        Wanted(sheet="経費", columns={"申請番号": "code", "受付番号": "code"}),
    )
    assert {row["申請番号"]: row["受付番号"] for row in table if row["受付番号"]} == booked
