"""A CSV file read by columns is the table that is read row by row."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from bofbot.adapters.csvfiles import csvcolumns
from bofbot.adapters.csvfiles.csvcolumns import read_csv_table
from bofbot.adapters.tables import Wanted, read_table
from bofbot.errors import BusinessError
from bofbot.records import ColumnRows, Table

PLAIN = "id,date,amount\nA1,2026-01-05,100\nA2,2026-01-06,200\n"


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        "bank of nowhere\n\n" + PLAIN,
        "id,,amount,note\nA1,x,100\n , , ,\n\nA2,y,　,only,more\nA3\n",
        'id,"two\nlines",amount\nA1,"a ""b""\nc",1\n"A,2",z,2\n',
        "\ufeff番号;摘要;金額\n1; ｶ)ﾆﾂｼﾝ ;1,5\n2;;\n",
        "id,amount\r\nA1,1\r\n\r\nA2,2",
    ],
)
@pytest.mark.parametrize("at_once", [1, 2, 20_000])
def test_it_is_the_same_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, at_once: int
) -> None:
    monkeypatch.setattr(csvcolumns, "_AT_ONCE", at_once)
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8", newline="")
    whole, by_columns = read_table(path, Wanted())[0], read_csv_table(path)
    assert by_columns == Table(whole.columns, tuple(whole.rows), whole.source)
    assert [row.source for row in by_columns] == [row.source for row in whole]
    assert list(by_columns.numbers()) == list(whole.numbers())
    for name in whole.columns:
        assert list(by_columns.column(name)) == list(whole.column(name))


def test_texts_met_before_are_one_object(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("id,party\n" + "".join(f"{k},Acme {k % 3}\n" for k in range(50)), encoding="utf-8")
    parties = read_csv_table(path).column("party")
    assert len({id(text) for text in parties}) == 3


def test_progress_reaches_the_end_and_a_broken_quote_is_named(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(PLAIN, encoding="utf-8")
    heard: list[tuple[int, int]] = []
    read_csv_table(path, progress=lambda done, total: heard.append((done, total)))
    assert heard == [(3, 3)]
    path.write_text(PLAIN + 'A3,"2026', encoding="utf-8")
    with pytest.raises(BusinessError, match="line 4"):
        read_csv_table(path)


def test_some_rows_of_a_table(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("id,amount\n" + "".join(f"A{k},{k}\n" for k in range(9)), encoding="utf-8")
    dice = random.Random(1)
    for table in (read_table(path, Wanted())[0], read_csv_table(path)):
        chosen = dice.sample(range(9), 4)
        some = table.only(chosen)
        assert [row["id"] for row in some] == [f"A{k}" for k in chosen]
        assert list(some.numbers()) == [k + 2 for k in chosen]
        assert some[1:3] == (some[1], some[2])
    assert isinstance(read_csv_table(path).rows, ColumnRows)
