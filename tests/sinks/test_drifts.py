"""Drift in what people look at: the report's own block, the last lines of the screen, and which drifts are still open."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bofbot.errors import Place
from bofbot.events import Drift, Event, Evidence, Noted, RunFinished, RunStarted, StepFinished, StepStarted
from bofbot.sinks.drifts import drifts_in, heal_command, open_drifts
from bofbot.sinks.report import report_html
from bofbot.sinks.runs import show_lines
from bofbot.sinks.story import tell
from bofbot.words import Sentence

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
PLACE = Place("robots/a.yaml", 7, 5)
DRIFT = Drift(
    "followed", "field", "金額", "お支払<額>", "お支払<額>", "http://x/new", ("id", "name"), ("words",), 0.7, 0.5, Evidence("picture", "2-drift.png")
)  # fmt: skip


def _run(*drifts: Drift, ended: bool = True) -> list[Event]:
    of = {"run": "7", "at": AT, "step": "2", "name": "入力する", "verb": "fill", "place": PLACE}
    said = Sentence(en="the page has changed", ja="画面が変わりました")
    events: list[Event] = [
        RunStarted(run="7", at=AT, robot="経費", robot_file="robots/a.yaml", robot_sha256="0"),
        StepStarted(**of, sentence=Sentence.same("x")),  # type: ignore[arg-type]
        *(Noted(**of, sentence=said, level="warning", drift=drift) for drift in drifts),  # type: ignore[arg-type]
    ]
    if ended:
        events.append(StepFinished(**of, seconds=1))  # type: ignore[arg-type]
    return [*events, RunFinished(run="7", at=AT, robot="経費", outcome="done", exit_code=0, seconds=1)]


def test_the_report_has_a_block_of_its_own_escaped_with_picture_and_command() -> None:
    page = report_html(_run(DRIFT, DRIFT), "ja")
    assert page.count("お支払&lt;額&gt;") == 1  # each change once
    for words in (
        "画面が変わりました",
        "続行しました",
        "id 属性、name 属性",
        "robots/a.yaml:7:5",
        "bofbot heal robots/a.yaml",
        'href="2-drift.png"',
    ):
        assert words in page
    english = report_html(_run(replace(DRIFT, state="crossed", found="")), "en")
    assert "The pages have changed" in english
    assert "nothing was entered" in english


def test_where_nothing_drifted_there_is_no_block() -> None:
    assert "画面が変わりました" not in report_html(_run(), "ja")
    assert heal_command(tell(_run())) == ""


def test_the_screen_and_show_name_the_command() -> None:
    lines = show_lines(_run(DRIFT), "en")
    assert any("bofbot heal robots/a.yaml" in line for line in lines)
    assert any("the page has changed" in line for line in lines)


def test_a_label_that_still_stands_asks_for_no_patch() -> None:
    silent = _run(replace(DRIFT, state="changed"))
    assert len(drifts_in(tell(silent))) == 1
    assert heal_command(tell(silent)) == ""


def test_the_newest_word_about_a_step_counts() -> None:
    newer, older = _run(replace(DRIFT, found="支払額")), _run(DRIFT)
    assert [told.drift.found for told in open_drifts([newer, older])] == ["支払額"]
    assert open_drifts([_run(), older]) == []
    assert [told.drift.found for told in open_drifts([_run(ended=False), older])] == ["お支払<額>"]
    both = open_drifts([_run(DRIFT, replace(DRIFT, looked_for="件数", found="点数"))])
    assert [told.drift.looked_for for told in both] == ["件数", "金額"]
    assert (both[0].run, both[0].step, both[0].verb, both[0].place) == ("7", "2", "fill", PLACE)
