"""The lines of list, show and logs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bofbot.sinks.runs import alert_line, keep, list_lines, log_lines, show_lines, why_line
from bofbot.store import RunRow, open_store
from bofbot.values.text import width
from bofbot.words import Language
from tests.sinks.tales import NINE, TALES, expenses, said, smooth

RUN = RunRow(
    id="1044", robot="経費申請の登録", robot_file="r.yaml", owner="経理部", mode="run", of_run="", folder="logs/1044", state="done",
    started=NINE, seconds=164.0, exit_code=0, items_done=39, items_failed=0, items_already=0, items_waiting=0, retries=0, warnings=0,
    step_name="登録する", why=None, fix=None,
)  # fmt: skip


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_columns_of_a_list_stand_below_each_other(language: Language) -> None:
    rows = [
        RUN,
        replace(RUN, id="9", robot="a", state="waiting", why=said("code", "コード")),
        replace(RUN, id="1046", retries=1),
    ]
    lines = [line for line in list_lines(rows, language) if not line.startswith(" ")]
    starts = {width(line[: line.index("2026-")]) for line in lines[1:]}
    assert len(starts) == 1
    assert "成功（再試行あり）" in lines[-1] or "done (after retries)" in lines[-1]


def test_an_empty_list_says_how_to_begin() -> None:
    assert "bofbot run" in list_lines([], "en")[0]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (RUN, ""),
        (replace(RUN, state="running"), "いま「登録する」を実行中"),
        (replace(RUN, state="lost"), "「登録する」の途中でプログラムが終了しました → bofbot resume 1044"),
        (replace(RUN, state="waiting", why=said("", "認証コード待ち"), fix=said("", "入力してください")), "経理部の確認待ち：認証コード待ち → 入力してください"),
        (replace(RUN, state="waiting", owner="", why=said("", "x")), "担当者の確認待ち：x"),
        (replace(RUN, state="failed", why=said("no answer", "応答なし")), "応答なし"),
        (replace(RUN, state="interrupted"), "「登録する」で中断されました"),
    ],
)  # fmt: skip
def test_every_run_that_is_not_done_says_why(row: RunRow, words: str) -> None:
    assert why_line(row, "ja") == words
    assert bool(why_line(row, "en")) == bool(words)


def test_a_later_success_clears_the_alert() -> None:
    with open_store(":memory:") as store:
        for event in expenses():
            store.journal.append(event)
        store.journal.flush()
        assert alert_line(store.journal.latest(), "ja") == "確認が必要なロボットが1件あります：経費申請の登録"
        later = [replace(event, run="1050", at=event.at + timedelta(hours=1)) for event in smooth()]
        later[0] = replace(later[0], robot="経費申請の登録")  # type: ignore[call-arg]
        for event in later:
            store.journal.append(event)
        store.journal.flush()
        assert alert_line(store.journal.latest(), "ja") == ""
    many = [replace(RUN, robot=name, state="failed") for name in "abcde"]
    assert alert_line(many, "en") == "5 robots need a look: a, b, c and 2 more"


def test_runs_are_kept_by_robot_state_and_day() -> None:
    other = replace(RUN, robot="入金の突合", state="failed", started=NINE + timedelta(days=1))
    rows = [RUN, other]
    assert [row for row in rows if keep(robot="突合")(row)] == [other]
    assert [row for row in rows if keep(state="done")(row)] == [RUN]
    assert [row for row in rows if keep(day="2026-11-23")(row)] == [other]
    assert [row for row in rows if keep(day="2026-11")(row)] == rows


def test_show_tells_the_run_its_figures_and_its_files() -> None:
    lines = show_lines(smooth(), "ja")
    assert lines[0] == "入金の突合  実行 1045  2026-11-22 09:00:12"
    assert "  突合する: 銀行明細 12,345,678  入金台帳 12,345,600  差額 78  一致 118  候補あり 1" in lines
    assert not any("行数 42" in line for line in show_lines(expenses(), "ja"))
    assert "  ファイル logs/1045/突合結果.xlsx" in lines


def test_show_of_a_run_without_an_end_says_so() -> None:
    assert "終わりの記録がありません" in show_lines(expenses()[:9], "ja")[-1]
    lost = show_lines(expenses()[:9], "ja", replace(RUN, state="lost"))[-1]
    assert lost == "「登録する」の途中でプログラムが終了しました → bofbot resume 1044"


@pytest.mark.parametrize("tale", TALES, ids=str)
def test_logs_tell_every_event_from_a_level_on(tale: str) -> None:
    events = TALES[tale]()
    everything, errors = log_lines(events, "ja", least="DEBUG"), log_lines(events, "ja", least="ERROR")
    assert len(everything) == len(events)
    assert len(errors) < len(everything)
    assert not any("\x1b" in line for line in everything)
