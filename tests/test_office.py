"""Errors that nobody waits for are told without what they carry."""

from __future__ import annotations

import asyncio
import gc
from datetime import datetime
from pathlib import Path

import pytest

from bofbot.action import Context, Result
from bofbot.actions import VerbTable
from bofbot.actions.plain import Set
from bofbot.errors import ApplicationError
from bofbot.language.loader import load_robot
from bofbot.office import Office
from bofbot.plan import make_plan
from bofbot.secret import Redactor, Secret
from bofbot.sinks.redacting import told_safely
from bofbot.words import Sentence

ROBOT = """bofbot: 1
name: 迷子
owner: 経理部
purpose: だれも待たないエラー
inputs: {氏名: {type: text, personal: true}}
steps:
  - set: {あいさつ: "${inputs.氏名}"}
"""


def test_a_stray_error_prints_nothing_of_what_is_personal(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    async def leaves_one_behind(verb: Set, context: Context) -> Result:
        lost = asyncio.get_running_loop().create_future()
        lost.set_exception(RuntimeError("goto http://x/?name=小鳥遊ソラ子"))
        return Result()

    monkeypatch.setattr(Set, "run", leaves_one_behind)
    file = tmp_path / "迷子.yaml"
    file.write_text(ROBOT, encoding="utf-8")
    plan = make_plan(
        load_robot(file, VerbTable()), {"氏名": "小鳥遊ソラ子"}, lambda: datetime.now().astimezone()
    )
    with caplog.at_level("DEBUG"), Office.at(tmp_path) as office:
        asyncio.run(office.play(plan))
        gc.collect()
    assert "goto http://x/?name=●●●" in caplog.text
    assert "小鳥遊" not in caplog.text + "".join(capfd.readouterr())


def test_an_error_that_leaves_a_run_tells_no_secret() -> None:
    redact = Redactor([Secret("合言葉-77", "x.password")])
    try:
        try:
            raise KeyError("合言葉-77")
        except KeyError as cause:
            raise ValueError("no") from cause
    except ValueError as error:
        told = told_safely(error, redact)
    assert "合言葉" not in repr(told) + str(told)
    assert "ValueError" in str(told), "its developers still see what it was"
    harmless = ValueError("no")
    assert told_safely(harmless, redact) is harmless
    ours = told_safely(ApplicationError(Sentence(en="合言葉-77!", ja="合言葉-77")), redact)
    assert isinstance(ours, ApplicationError)
    assert (ours.message.en, str(ours)) == ("●●●!", "●●●!")
