"""Control totals and the rows of a dry run, on the screen and in the report."""

from __future__ import annotations

from typing import Any

from bofbot.events import Event, ItemFinished, ItemsStarted, ItemStarted, ItemsTotalled, StepFinished
from bofbot.sinks.report import report_html
from bofbot.sinks.runs import show_lines
from bofbot.words import Sentence
from tests.sinks.tales import Teller


def rehearsed() -> list[Event]:
    """A dry run of two items, 1,500 in all."""
    tell = Teller(mode="dry-run")
    loop = tell.step("2", "1行ずつ登録する", "for_each")
    tell.start(loop)
    add: Any = tell._add
    add(ItemsStarted, **loop, total=2, sums={"金額": "1500"})
    for index, (key, amount) in enumerate((("K-1", "1,200円"), ("K-2", "300円")), 1):
        item = {**loop, "item": key}
        add(ItemStarted, **item, index=index)
        fill = tell.step("2.1", "入力", "fill", item=key)
        tell.start(fill)
        add(StepFinished, **fill, seconds=0.1, facts={"fields": {"申請番号": key, "金額": amount}})
        submit = tell.step("2.2", "登録", "submit", item=key)
        tell.start(submit)
        sent = {"request": "POST https://a.example/book", "no": key, "token": "t0k"}
        add(StepFinished, **submit, seconds=0.1, facts={"would_send": sent})
        add(ItemFinished, **item, index=index, state="done", seconds=0.2)
    figures = {"count": "2", "金額": "1500"}
    add(ItemsTotalled, **loop, totals={"total": figures, "done": figures})
    add(StepFinished, **loop, seconds=1.0, summary=Sentence.same("2/2"))
    return tell.events


def test_the_screen_shows_rows_as_the_pages_showed_them_and_the_totals() -> None:
    said = "\n".join(show_lines(rehearsed(), "ja"))
    assert "K-1" in said
    assert "1,200円" in said
    assert "POST https://a.example/book" in said
    assert "t0k" not in said
    total = next(line for line in said.splitlines() if "合計" in line)
    assert total.split()[-2:] == ["2", "1,500"]


def test_the_report_shows_the_whole_request_too() -> None:
    page = report_html(rehearsed(), "en")
    assert "What would have been entered" in page
    assert "no=K-2 token=t0k" in page
    assert "1,500" in page
