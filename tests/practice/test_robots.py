"""The three ready robots against the portal in a real Chromium: what they leave behind, and what was really booked."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bofbot.actions import VerbTable
from bofbot.adapters.tables import Wanted, read_table
from bofbot.events import Event, ItemFinished, RunFinished, StepFinished, StepRetried
from bofbot.language.loader import load_robot
from bofbot.office import Office
from bofbot.plan import Extent, make_plan
from bofbot.practice.account import bank_month, truth
from bofbot.practice.company import USERS
from bofbot.practice.data import write_demo_files
from bofbot.practice.demo import settle
from bofbot.practice.expenses import EXPENSES, REFUSED
from bofbot.practice.papers import as_csv
from bofbot.practice.pdf import as_pdf
from bofbot.practice.portal import Portal
from bofbot.secret import Secret

ROBOTS = Path(__file__).parents[2] / "robots"
pytestmark = [pytest.mark.browser, pytest.mark.slow]


class PracticeSecrets:
    """The practice account, as the login page shows it."""

    def get(self, name: str) -> Mapping[str, Secret]:
        return {"user": Secret("yamada"), "password": Secret(USERS["yamada"].password)}

    def burn(self, name: str) -> None:
        raise AssertionError("the practice password was refused")


class Desk:
    """A project folder with the demo's files, and the portal's address."""

    def __init__(self, folder: Path, portal: Portal) -> None:
        self.folder, self.portal = folder, portal
        self.events: list[Event] = []
        self.files = write_demo_files(folder / "data")

    def play(self, robot: str, items: tuple[int, int] | None = None) -> RunFinished:
        loaded = load_robot(ROBOTS / robot, VerbTable())
        given, extent = {"portal": self.portal.url}, Extent(items=items)
        plan = make_plan(loaded, given, lambda: datetime.now().astimezone(), extent)
        self.events.clear()
        with Office.at(self.folder) as office:
            office.secrets = PracticeSecrets()
            return asyncio.run(office.play(plan, (self.events.append,)))


@pytest.fixture
def desk(tmp_path: Path, portal: Portal) -> Desk:
    if not (shutil.which("chromium-headless-shell") or shutil.which("chromium")):
        pytest.skip("no Chromium on this machine")
    return Desk(tmp_path, portal)


def test_every_claim_is_booked_once_and_the_one_above_the_budget_is_set_aside(desk: Desk) -> None:
    finished = desk.play("1_経費申請.yaml")
    assert (finished.outcome, finished.items_done, finished.items_failed, finished.exit_code) == (
        "partial",
        19,
        1,
        4,
    )
    assert settle(desk.portal.book).as_designed
    [failed] = [event for event in desk.events if isinstance(event, ItemFinished) and event.state == "failed"]
    assert (failed.item, failed.row) == (REFUSED, 11)
    assert failed.failure is not None
    assert failed.failure.kind == "business"
    assert any("予算が不足しています" in said for said in failed.failure.sighting.page_says)
    assert any(evidence.kind == "picture" for evidence in failed.failure.evidence)

    columns = {"申請番号": "code", "金額": "yen", "受付番号": "code"}
    table, _ = read_table(desk.files.expenses, Wanted(columns=columns, sheet="経費"))
    receipts = {booking.key: booking.receipt for booking in desk.portal.book.of("claims")}
    assert {row["申請番号"]: row["受付番号"] or "" for row in table} == {REFUSED: "", **receipts}
    for expense in EXPENSES:
        if expense.number != REFUSED:
            [booked] = [b for b in desk.portal.book.of("claims") if b.key == expense.number]
            assert dict(booked.payload) == {
                "number": expense.number, "day": f"{expense.day:%Y/%m/%d}", "employee": expense.employee,
                "subject": expense.subject, "payee": expense.payee, "amount": str(expense.amount), "note": expense.note,
            }  # fmt: skip

    again = desk.play("1_経費申請.yaml")
    assert (again.items_already, again.items_done) == (19, 0)
    assert settle(desk.portal.book).as_designed


def test_the_statement_is_saved_and_proved_and_then_reconciled(desk: Desk) -> None:
    fetched = desk.play("2_明細取得.yaml")
    assert (fetched.outcome, fetched.exit_code) == ("done", 0)
    month = bank_month("2026-10")
    assert (desk.folder / "data" / "入出金明細_2026-10.csv").read_bytes() == as_csv(month)
    assert (desk.folder / "out" / "入出金明細_2026-10.pdf").read_bytes() == as_pdf(month)
    assert fetched.outputs == {"当月残高": month.closing, "件数": len(month.lines)}

    reconciled = desk.play("3_入金消込.yaml")
    assert (reconciled.outcome, reconciled.exit_code) == ("done", 0)
    assert (desk.folder / "out" / "消込_2026-10.xlsx").is_file()
    told = truth()
    outputs: Mapping[str, Any] = reconciled.outputs
    assert outputs["消込"] + outputs["要確認"] == len(told["paid"])
    assert outputs["消込"] >= sum(not one["short"] for one in told["paid"]) - 1, "one was paid twice"
    assert outputs["未入金"] == len(told["unpaid"])
    [facts] = [e.facts for e in desk.events if isinstance(e, StepFinished) and e.verb == "reconcile"]
    assert facts["left_open"] == len(told["no_invoice"]) + 1


def test_a_bad_day_books_nothing_twice_and_loses_nothing(desk: Desk) -> None:
    """A lost answer, a dropped connection, an expired session, moved fields and a refused row, all in one run."""
    faults = desk.portal.faults
    for written in (
        "error_500_after_booking:times=1,key=K-0101",
        "reset_after_booking:times=1,key=K-0102",
        "validation_error:key=K-0103",
        "session_expiry:times=1,path=/claims/new",
        "moved_fields",
    ):
        faults.add(written)
    finished = desk.play("1_経費申請.yaml", items=(1, 5))
    assert (finished.outcome, finished.items_done, finished.items_failed) == ("partial", 4, 1)
    assert [booking.key for booking in desk.portal.book.of("claims")] == [
        "K-0101",
        "K-0102",
        "K-0104",
        "K-0105",
    ]
    assert desk.portal.book.twice() == []
    assert {fault.name for fault in faults.active} == {"validation_error", "moved_fields"}, (
        "the others struck"
    )
    [failed] = [event for event in desk.events if isinstance(event, ItemFinished) and event.state == "failed"]
    assert "「科目」はこの部署では使用できません" in "".join(
        failed.failure.sighting.page_says if failed.failure else ()
    )


def test_a_web_page_in_place_of_the_statement_is_not_kept(desk: Desk) -> None:
    desk.portal.faults.set("html_instead_of_file")
    finished = desk.play("2_明細取得.yaml")
    assert (finished.outcome, finished.exit_code) == ("failed", 1)
    assert finished.failure is not None
    assert "HTML" in finished.failure.message.ja
    assert list((desk.folder / "data").glob("入出金明細*")) == []


def test_a_download_that_breaks_off_is_fetched_again_from_its_page(desk: Desk) -> None:
    desk.portal.faults.set("truncated_download", times=1)
    finished = desk.play("2_明細取得.yaml")
    assert finished.outcome == "done"
    [again] = [event for event in desk.events if isinstance(event, StepRetried)]
    assert "途中で切れました" in again.failure.message.ja
    assert (desk.folder / "data" / "入出金明細_2026-10.csv").read_bytes() == as_csv(bank_month("2026-10"))
