"""statements: every account of a bank, the days that are missing, each file proved, filed and joined."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bofbot.actions.documents.archive import ArchiveFile
from bofbot.actions.documents.download import Download
from bofbot.actions.documents.fetch_statements import FetchStatements
from bofbot.actions.documents.statement import ReadStatement
from bofbot.actions.pages.login import Login
from bofbot.actions.pages.moving import Open
from bofbot.adapters import machine
from bofbot.errors import ApplicationError, BusinessError
from bofbot.practice.account import MONTHS, bank_month
from bofbot.practice.bank_days import ACCOUNTS, bank_days
from bofbot.practice.company import USERS
from bofbot.practice.pages.bank import PAPERS, WAYS
from bofbot.practice.papers import as_csv
from bofbot.practice.pdf import as_pdf
from bofbot.practice.portal import Portal
from bofbot.secret import Secret
from bofbot.settings import Settings, StatementProfile
from bofbot.statements.archive import Archive
from bofbot.statements.archive_verify import verify

from .stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]
JST = timezone(timedelta(hours=9))


class Bank(Stage):
    """A stage whose day a test sets, logged in to the practice bank."""

    now: datetime = datetime(2026, 11, 2, 9, 0, tzinfo=JST)

    def clock(self) -> datetime:
        return self.now


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def visit(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Bank, Portal]]:
    if machine.find_browser() is None:
        pytest.skip("no browser on this machine")
    with Portal() as portal:
        secrets = {"銀行": {"user": Secret("yamada"), "password": Secret(USERS["yamada"].password)}}
        stage = Bank(tmp_path_factory.mktemp("bank"), secrets=secrets, base_url=portal.url)
        await Login(login="銀行", at=f"{portal.url}/login").run(stage)
        yield stage, portal
        await stage.close()


@pytest.fixture
def bank(visit: tuple[Bank, Portal], tmp_path: Path) -> Bank:
    stage, portal = visit
    portal.faults.clear()
    stage.work_folder, stage.now, stage.timeout = tmp_path, Bank.now, 30.0
    stage.notes.clear()
    return stage


@pytest.fixture
def portal(visit: tuple[Bank, Portal]) -> Portal:
    return visit[1]


def fetching(**more: Any) -> FetchStatements:
    usual = {
        "statements": "ダウンロード", "page": "/bank/period", "account": "口座", "first": "開始日", "last": "終了日",
        "since": date(2026, 8, 1), "fill": {"形式": "CSV"}, "max_days": 62,
    }  # fmt: skip
    return FetchStatements(**{**usual, **more})


async def test_all_accounts_whole_and_once_over_weekly_runs(bank: Bank) -> None:
    told = []
    for day in (9, 16, 23, 30):
        bank.now = datetime(2026, 10, day, 9, 0, tzinfo=JST)
        told.append(await fetching(since=date(2026, 9, 1)).run(bank))
    whole = [bank_days(account, date(2026, 9, 1), date(2026, 10, 29)) for account in ACCOUNTS.values()]
    last = told[-1].value
    assert [(row["opening"], row["closing"], row["count"], row["outcome"]) for row in last["accounts"]] == [
        (one.opening, one.closing, len(one.lines), "verified") for one in whole
    ]
    truth = [(line.day, Decimal(line.paid_in - line.paid_out)) for one in whole for line in one.lines]
    assert [(row["date"], row["amount"]) for row in last["entries"]] == truth
    assert sum(result.facts["new"] for result in told) == len(truth)  # each entry was new once
    assert [result.facts["downloads"] for result in told] == [2, 2, 2, 2]
    with Archive(bank.work_folder / "archive", bank.clock) as archive:
        assert verify(archive).touched == ()


async def test_a_second_run_asks_for_nothing_and_a_gap_is_filled(bank: Bank) -> None:
    await fetching(since=date(2026, 10, 1), accounts=["普通 1234567"]).run(bank)
    again = await fetching(since=date(2026, 10, 1), accounts=["普通 1234567"]).run(bank)
    assert (again.facts["downloads"], again.facts["new"]) == (0, 0)
    earlier = await fetching(accounts=["普通 1234567"], overlap=3).run(bank)
    assert earlier.facts["downloads"] == 2  # 1 August to 4 October, at most 62 days at once
    [row] = earlier.value["accounts"]
    assert (row["opening"], row["count"]) == (
        bank_month(MONTHS[0]).opening,
        sum(len(bank_month(month).lines) for month in MONTHS),
    )
    assert row["outcome"] == "verified"


@pytest.mark.parametrize("kind", [kind for kind in PAPERS if kind != "csv"])
async def test_every_format_of_the_bank_tells_the_same(bank: Bank, kind: str) -> None:
    expect = kind if kind in ("txt", "pdf", "xlsx", "zip", "xml", "ofx") else "any"
    verb = fetching(
        since=date(2026, 10, 1), until=date(2026, 10, 31), fill={"形式": kind.upper()}, expect=expect, max_days=20,
        overlap=3, expect_at_least=5,
    )  # fmt: skip
    value = (await verb.run(bank)).value
    truth = [bank_days(account, date(2026, 10, 1), date(2026, 10, 31)) for account in ACCOUNTS.values()]
    assert [(row["date"], row["amount"]) for row in value["entries"]] == [
        (line.day, line.paid_in - line.paid_out) for one in truth for line in one.lines
    ]


async def test_quiet_days_are_no_failure_unless_entries_are_expected(bank: Bank) -> None:
    days = {"since": date(2026, 6, 1), "until": date(2026, 6, 30), "accounts": ["普通 7654321"]}
    quiet = await fetching(**days).run(bank)
    assert quiet.facts == {"accounts": 1, "entries": 0, "new": 0, "downloads": 1}
    assert (await fetching(**days).run(bank)).facts["downloads"] == 0
    with pytest.raises(BusinessError, match="at least 1"):
        await fetching(**days, expect_at_least=1).run(bank)


async def test_a_session_that_ends_half_way_asks_the_whole_form_again(bank: Bank, portal: Portal) -> None:
    portal.faults.set("session_expiry", path="/bank/period/file", times=1)
    value = (await fetching(since=date(2026, 10, 1)).run(bank)).value
    assert [row["count"] for row in value["accounts"]] == [
        len(bank_days(account, date(2026, 10, 1), date(2026, 11, 1)).lines) for account in ACCOUNTS.values()
    ]


async def test_a_cut_file_stops_and_a_second_try_takes_only_the_rest(bank: Bank, portal: Portal) -> None:
    await fetching(accounts=["普通 1234567"]).run(bank)
    portal.faults.set("truncated_download_without_length", path="/bank", times=1)
    with pytest.raises((ApplicationError, BusinessError)):
        await fetching().run(bank)
    done = await fetching().run(bank)
    assert done.facts["downloads"] == 2  # the second account alone, 93 days
    assert all(row["outcome"] == "verified" for row in done.value["accounts"])


async def test_an_account_that_is_not_offered(bank: Bank) -> None:
    bank.timeout = 4.0
    with pytest.raises((ApplicationError, BusinessError)):
        await fetching(accounts=["普通 9999999"]).run(bank)


CSV, PDF = as_csv(bank_month(MONTHS[-1])), as_pdf(bank_month(MONTHS[-1]))
FAILING = {
    "no-content": "204", "zero-bytes": "empty", "html-as-pdf": "web page came", "cut": "broke off",
    "cut-silently": "cut short", "error-attachment": "500",
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
async def test_every_way_gives_the_right_bytes_or_says_why_not(bank: Bank, way: str) -> None:
    await Open(open="/bank/ways").run(bank)
    kind = (
        "pdf" if way in ("inline", "new-tab", "iframe", "blob-tab", "html-as-pdf", "cut-silently") else "csv"
    )
    verb = Download(
        download=f"取得 {way}", to=f"out/file.{'zip' if way == 'zip' else kind}", posts=way == "post"
    )
    if way in FAILING:
        bank.timeout = 8.0
        with pytest.raises(ApplicationError, match=FAILING[way]):
            await verb.run(bank)
        assert not (bank.work_folder / "out").exists() or not list((bank.work_folder / "out").iterdir())
        return
    await verb.run(bank)
    came = (bank.work_folder / verb.to).read_bytes()
    assert came[:2] == b"PK" if way == "zip" else came == (PDF if kind == "pdf" else CSV)


async def test_filing_and_the_same_statement_under_another_name(bank: Bank) -> None:
    (bank.work_folder / "10月.csv").write_bytes(CSV)
    (bank.work_folder / "写し.csv").write_bytes(CSV + b"\r\n")
    first = (await ArchiveFile(archive="10月.csv").run(bank)).value
    assert (first["document"], first["new"]) == ("D000001", True)
    assert (await ArchiveFile(archive="10月.csv").run(bank)).value["new"] is False
    result = await ReadStatement(statement="写し.csv", seen_in="archive").run(bank)
    assert "duplicate-file" in [check["id"] for check in result.facts["checks"]]
    assert result.facts["outcome"] == "verified"
    assert "D000001" in bank.notes[-1][0].en
    with pytest.raises(BusinessError):
        await ArchiveFile(archive="nowhere.csv").run(bank)


async def test_a_named_profile(bank: Bank) -> None:
    (bank.work_folder / "a.csv").write_text(
        "1;10.10.2026;Kaffee;;4,50\n2;11.10.2026;Lohn;100,00;\n", encoding="utf-8"
    )
    profile = StatementProfile(
        date="2", text="3", in_="4", out="5", delimiter=";", decimal=",", currency="EUR"
    )
    bank.settings = Settings(statement_profiles={"Sparverein": profile})
    value = (await ReadStatement(statement="a.csv", profile="Sparverein").run(bank)).value
    assert (value["sum"], value["currency"]) == (Decimal("95.50"), "EUR")
    with pytest.raises(BusinessError, match="no statement profile"):
        await ReadStatement(statement="a.csv", profile="Sparverien").run(bank)
