"""What fetching came to: entries that were not there before, and the tables a robot goes on with."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from bofbot.actions.documents.fetched_statements import Fetched, result_of, unknown
from bofbot.statements.checks import prove
from bofbot.statements.model import Entry, Statement
from bofbot.statements.ranges import Days


def entry(day: int, amount: int, *, balance: int | None = None, id: str = "") -> Entry:
    left = None if balance is None else Decimal(balance)
    return Entry(date(2026, 10, day), Decimal(amount), f"{amount}円", left, reference=id)


def statement(*entries: Entry, account: str = "普通 0012345") -> Statement:
    return Statement(account, "JPY", entries)


def news(before: Statement, now: Statement) -> list[bool]:
    return unknown(now, (before, prove(before)))


def test_of_an_account_never_seen_everything_is_new() -> None:
    assert unknown(statement(entry(1, 100), entry(1, 100)), None) == [True, True]


def test_the_banks_ids_tell_what_is_new() -> None:
    before = statement(entry(1, 100, id="a"), entry(2, 100, id="b"))
    assert news(before, statement(entry(2, 100, id="b"), entry(2, 100, id="c"))) == [False, True]


def test_the_running_balance_tells_equal_entries_apart() -> None:
    before = statement(entry(1, 100, balance=100))
    now = statement(entry(1, 100, balance=100), entry(1, 100, balance=200))
    assert news(before, now) == [False, True]


def test_where_nothing_tells_them_apart_their_number_in_a_day_does() -> None:
    before = statement(entry(1, 100), entry(1, 100))
    now = statement(entry(1, 100), entry(1, 100), entry(1, 100), entry(2, 100), entry(1, 90))
    assert news(before, now) == [False, False, True, True, True]


def test_ids_that_only_the_newer_download_has_prove_nothing() -> None:
    before, now = statement(entry(1, 100)), statement(entry(1, 100, id="a"), entry(1, 100, id="b"))
    assert news(before, now) == [False, True]


def test_all_accounts_come_in_one_result() -> None:
    one = statement(entry(1, 100), entry(2, -30), account="")
    other = statement(entry(3, 5), account="普通 0099999")
    week = Days(date(2026, 10, 1), date(2026, 10, 7))
    result = result_of(
        [
            Fetched("本店 0012345", one, prove(one), [week, week], [False, True]),
            Fetched("", other, prove(other), [], [False]),
        ]
    )
    value = result.value
    assert (value["count"], len(value["entries"]), len(value["new"])) == (3, 3, 1)
    assert value["new"].columns == value["entries"].columns
    assert [row["amount"] for row in value["new"]] == [Decimal(-30)]
    accounts = [(row["account"], row["count"], row["new"], row["downloads"]) for row in value["accounts"]]
    assert accounts == [("本店 0012345", 2, 1, 2), ("普通 0099999", 1, 0, 0)]
    assert result.facts == {"accounts": 2, "entries": 3, "new": 1, "downloads": 2}
    assert result.summary is not None
    assert result.summary.ja == "2 口座、新しい明細 1 件（全 3 件）"
