"""What is remembered between runs: decisions and open items, as plain lines."""

from __future__ import annotations

from datetime import date

import pytest

from bofbot.errors import BusinessError
from bofbot.reconcile.choice.memory import Decision, Memory, memory_text, read_memory
from bofbot.reconcile.engine import reconcile
from bofbot.reconcile.outcome.carry import OpenItem, open_items, open_items_text, read_open_items
from bofbot.records import Table

from .tables import bank, found, ledger, opened, table


def test_memory_reads_what_it_wrote() -> None:
    memory = Memory(
        (Decision("alias", "ﾔﾏﾀﾞ,ﾀﾛｳ", "ヤマト", "2026-01-05"), Decision("never", "B1 + B2", "I1", "", "別件"))
    )
    assert read_memory(memory_text(memory)) == memory


def test_a_later_decision_replaces_the_opposite_one() -> None:
    memory = Memory((Decision("never", "B1", "I1"),)).with_decisions([Decision("pair", "B1", "I1")])
    assert memory.never() == []
    assert memory.pairs() == [(("B1",), ("I1",))]


def test_a_line_that_is_no_decision_is_named() -> None:
    with pytest.raises(BusinessError, match="line 3") as caught:
        read_memory("decision,left,right,day,note\npair,B1,I1,,\nperhaps,B2,I2,,\n", "m.csv")
    assert caught.value.place is not None
    assert caught.value.place.line == 3


def test_open_items_go_into_the_next_period_with_their_first_day() -> None:
    january = reconcile(
        bank(("B1", "2026/01/05", 33_000, "ｶ)ﾆﾂｼﾝﾃﾞﾝｷ")),
        ledger(
            ("I1", "2026-01-05", 33_000, "ニッシンデンキ"), ("I2", "2026-01-31", 12_345, "ヤマトシステム")
        ),
        as_of=date(2026, 1, 31),
    )
    items = read_open_items(open_items_text(open_items(january)))
    assert [(item.id, item.since) for item in items] == [("I2", date(2026, 1, 31))]
    february = reconcile(
        bank(("B2", "2026/02/03", 12_345, "ｶ)ﾔﾏﾄｼｽﾃﾑ")),
        ledger(("I3", "2026-02-28", 7_777, "アサヒサンギョウ")),
        carried=((), items),
        as_of=date(2026, 2, 28),
    )
    assert [pair[:2] for pair in found(february)] == [("B2", "I2")]
    assert opened(february) == [("right", "I3", "unmatched")]
    assert february.right[february.matches[0].right[0]].carried_since == date(2026, 1, 31)


def test_rows_without_an_id_keep_their_first_day_and_are_never_taken_for_others() -> None:
    """A row number means another row in the next file; and what was carried stands in no file that could be marked."""

    def bank_without_ids(*rows: tuple[str, int]) -> Table:
        return table([{"取引日": day, "入金額": amount, "摘要": "ﾌﾒｲ"} for day, amount in rows], "bank.csv")

    items: tuple[OpenItem, ...] = ()
    days: list[list[tuple[str, date | None]]] = []
    for month, rows in (
        (10, [("2026/10/05", 100), ("2026/10/06", 200)]),
        (11, [("2026/11/02", 300)]),
        (12, []),
    ):
        result = reconcile(
            bank_without_ids(*rows, (f"2026/{month}/09", month)),
            ledger(("I1", "2026-01-31", 99_999, "ヤマト")),
            carried=([item for item in items if item.side == "left"], ()),
            as_of=date(2026, month, 28),
        )
        items = open_items(result)
        days.append(sorted((item.id, item.since) for item in items if item.side == "left"))
        assert {entry.source.file for entry in result.left if entry.carried_since} <= {"carried"}
    first, second = date(2026, 10, 28), date(2026, 11, 28)
    assert days[2] == [
        ("row!2", date(2026, 12, 28)),
        ("row!2@2026-10-28", first),
        ("row!2@2026-11-28", second),
        ("row!3@2026-10-28", first),
        ("row!3@2026-11-28", second),
        ("row!4@2026-10-28", first),
    ]
