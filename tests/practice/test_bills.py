"""Electronic invoices from the practice vendors: made as the standards say, downloaded, proved and filed by a robot."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bofbot.actions import VerbTable
from bofbot.adapters import machine
from bofbot.events import ItemFinished
from bofbot.language.loader import load_robot
from bofbot.office import Office
from bofbot.plan import make_plan
from bofbot.practice.bills import BILLS, KINDS, paper_of
from bofbot.practice.company import USERS
from bofbot.practice.paper_bill import Bill
from bofbot.practice.portal import Portal
from bofbot.secret import Secret
from bofbot.statements.archive import Archive
from bofbot.statements.archive_search import Search
from bofbot.statements.archive_verify import verify
from bofbot.statements.reading import proved, read_bytes

ROBOT = Path(__file__).parents[2] / "examples/statements/電子請求書.yaml"
WRONG = next(bill for bill in BILLS if bill.tax_off_by)


@pytest.mark.parametrize("bill", BILLS, ids=lambda bill: bill.number)
def test_an_invoice_tells_its_total_and_a_wrong_tax_is_seen(bill: Bill) -> None:
    data, name = paper_of(bill)
    [(invoice, proof)] = proved(read_bytes(data, name=name))
    assert f"{invoice.closing}" == bill.money(bill.total)
    assert (invoice.title, invoice.number, invoice.currency) == (bill.vendor, bill.number, bill.currency)
    assert proof.outcome == ("discrepancy" if bill is WRONG else "verified")
    assert name.endswith(KINDS[bill.number][1])
    assert invoice.format.startswith("pdf+") == name.endswith("pdf")


class PracticeSecrets:
    def get(self, name: str) -> Mapping[str, Secret]:
        return {"user": Secret("yamada"), "password": Secret(USERS["yamada"].password)}

    def burn(self, name: str) -> None:
        raise AssertionError("the practice password was refused")


@pytest.mark.browser
@pytest.mark.slow
def test_a_robot_downloads_proves_and_files_them(tmp_path: Path) -> None:
    if machine.find_browser() is None:
        pytest.skip("no browser on this machine")
    events: list[Any] = []
    with Portal() as portal:
        robot = load_robot(ROBOT, VerbTable())
        plan = make_plan(robot, {"portal": portal.url}, lambda: datetime.now().astimezone())
        with Office.at(tmp_path) as office:
            office.secrets = PracticeSecrets()
            finished = asyncio.run(office.play(plan, (events.append,)))
    assert (finished.outcome, finished.items_done, finished.items_failed, finished.exit_code) == (
        "partial",
        4,
        1,
        4,
    )
    [failed] = [event for event in events if isinstance(event, ItemFinished) and event.state == "failed"]
    assert failed.item == WRONG.number

    with Archive(tmp_path / "archive", lambda: datetime.now().astimezone()) as archive:
        records = archive.search(Search())
        kept = {(str(record.key.amount), record.key.day, record.key.counterparty) for record in records}
        originals = {archive.content(record) for record in records}
        assert verify(archive).touched == ()
    sound = [bill for bill in BILLS if bill is not WRONG]
    assert kept == {(bill.money(bill.total), bill.day, bill.vendor) for bill in sound}
    assert originals == {paper_of(bill)[0] for bill in sound}
