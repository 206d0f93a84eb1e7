"""The quick way of reading plain tables tells exactly what the careful way tells, for any table."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bofbot.statements import grid
from bofbot.statements.formats import csv
from bofbot.statements.model import Refused
from bofbot.statements.options import Options
from bofbot.statements.reading import proved, read_bytes
from bofbot.statements.row_reader import RowReader
from bofbot.statements.rows import SplitRows

OPTIONS = Options(today=date(2026, 11, 1), format="csv")
HEADS = (
    "date,text,amount,balance",
    "日付,摘要,出金額,入金額,残高",
    "取引日,起算日,摘要,お預り金額,お支払金額",
    "Date;Text;Amount;Balance",
)
AMOUNTS = st.sampled_from(
    [
        "",
        "0",
        "5",
        "-5",
        "12.34",
        "-0.10",
        "1,234",
        "1,234,567",
        "0,123",
        "12,34",
        "+7",
        "5-",
        "(5)",
        "¥9",
        "x",
        "1.2.3",
        " 8",
        "▲6",
    ]
)
DAYS = st.sampled_from(
    ["2026-09-01", "2026-09-02", "2026/9/3", "20260904", "1/2/2026", "13/2/2026", "", "合計", "R8.9.5"]
)
CELLS = {"date": DAYS, "text": st.sampled_from(["a", "", "b c", " d", "合計"]), "money": AMOUNTS}


def table(head: str) -> st.SearchStrategy[str]:
    delimiter = ";" if ";" in head else ","
    kinds = [
        "date" if word.lower() in ("date", "日付", "取引日", "起算日") else "text" if word.lower() in ("text", "摘要") else "money"
        for word in head.split(delimiter)
    ]  # fmt: skip
    row = st.tuples(*(CELLS[kind] for kind in kinds)).map(
        lambda cells: delimiter.join(cell.replace(",", "") if delimiter == "," else cell for cell in cells)
    )
    return st.lists(row, min_size=1, max_size=6).map(lambda rows: "\n".join([head, *rows]) + "\n")


def told(data: bytes) -> object:
    try:
        return [
            (s.entries, s.opening, s.closing, s.account, s.currency, s.remarks, p.outcome)
            for s, p in proved(read_bytes(data, options=OPTIONS))
        ]
    except Refused as refusal:
        return refusal.reason, refusal.line, refusal.message


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(HEADS).flatmap(table))
def test_quick_and_careful_agree(text: str) -> None:
    data = text.encode()
    quick = told(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grid, "plain_runs", lambda *_: None)
        patch.setattr(csv, "_split_rows", lambda *_: None)
        assert told(data) == quick


def test_money_in_and_out_and_thousands_are_read_the_quick_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table of 3,000 rows as Japanese banks write them: no row of it needs the careful way."""
    monkeypatch.setattr(RowReader, "entry", None)
    lines, balance = ["日付;摘要;お支払金額;お預り金額;残高"], 0
    for number in range(3000):
        amount = 1_000 + number
        balance += amount if number % 3 else -amount
        lines.append(
            f"2026/9/{number // 120 + 1};振込 {number};{'' if number % 3 else f'{amount:,}'};{f'{amount:,}' if number % 3 else ''};{balance:,}"
        )
    [(statement, proof)] = proved(read_bytes("\n".join(lines).encode(), options=OPTIONS))
    assert (statement.count, statement.sum, proof.outcome) == (3000, Decimal(balance), "verified")
    assert statement.entries[1].amount == Decimal(1_001)
    assert statement.entries[1].line == 3


def test_rows_are_split_when_asked() -> None:
    rows = SplitRows(["a,b", ",", "c,d,e", ""], ",", first=7)
    assert rows[0] == (7, ["a", "b"])
    assert rows[-1] == (10, [""])
    assert list(rows[1:3]) == [(8, ["", ""]), (9, ["c", "d", "e"])]
    assert rows.column(2) == ["e"]
    assert list(rows.filled()) == [(7, ["a", "b"]), (9, ["c", "d", "e"])]
