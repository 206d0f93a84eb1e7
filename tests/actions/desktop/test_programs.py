"""Programs for real: started and seen, or why not."""

from __future__ import annotations

import sys

import pytest

from bofbot.actions.desktop.eyes import Copy, See
from bofbot.actions.desktop.hands import Keys, Point, TypeText
from bofbot.actions.desktop.on_screen import OnScreen
from bofbot.actions.desktop.programs import Program, WindowVerb
from bofbot.errors import ApplicationError, NotReady
from tests.actions.desktop.form_program import do, on_screen, started
from tests.actions.stage import Stage

WINDOW = "import sys, tkinter; root = tkinter.Tk(); root.title(sys.argv[1]); root.mainloop()"
VERBS: list[type[OnScreen]] = [Program, WindowVerb, TypeText, Keys, Point, See, Copy]


@on_screen
async def test_what_is_not_there_is_said(stage: Stage) -> None:
    await started(stage)
    stage.timeout = 1.0
    with pytest.raises(ApplicationError, match="no window “取引先登録” appeared") as missed:
        await do(stage, WindowVerb(window="取引先登録"))
    assert "取引先の登録" in str(missed.value.fix)
    with pytest.raises(NotReady, match="no-such-program cannot be started"):
        await do(stage, Program(program="no-such-program"))
    with pytest.raises(ApplicationError, match="the program has ended"):
        await do(stage, Program(program=(sys.executable, "-c", "pass"), window="何か"))


@on_screen
async def test_a_line_is_cut_into_words_as_a_shell_does(stage: Stage) -> None:
    await do(stage, Program(program=f"{sys.executable} -c '{WINDOW}' '得意先 一覧'", window="得意先 一覧"))


def test_a_dry_run_touches_no_program() -> None:
    assert not [verb.verb for verb in VERBS if verb.rehearsed]
    assert all(issubclass(verb, OnScreen) for verb in VERBS)


def test_only_looking_and_waiting_are_done_again() -> None:
    assert {verb.verb for verb in VERBS if verb.repeatable} == {"window", "see", "copy"}


def test_only_typed_text_may_be_a_secret() -> None:
    assert {verb.verb: set(verb.takes_secrets) for verb in VERBS if verb.takes_secrets} == {
        "type_text": {"type_text"}
    }


def test_the_plan_names_the_program_as_it_was_written() -> None:
    program = Program(program=("soffice", "--calc", "経費.ods"))
    assert program.sentence().ja == "soffice --calc 経費.ods を起動する"
    assert [touch.target for touch in program.touches()] == ["soffice --calc 経費.ods"]
