"""Desktop robots as YAML: rows of a table into a desktop form, and a text editor that nobody here wrote."""

from __future__ import annotations

import shutil
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bofbot.actions import VerbTable
from bofbot.events import Event, StepFailed
from bofbot.language.loader import load_robot
from bofbot.office import Office
from bofbot.plan import Extent, make_plan
from tests.actions.desktop.form_program import FORM, desktop_needed

pytestmark = [pytest.mark.slow, desktop_needed]

ROWS = """bofbot: 1
name: 取引先の登録
purpose: 表の各行をデスクトップの画面に登録する
owner: 経理部
steps:
  - read_table: 取引先.csv
    columns: {コード: code, 名称: text}
    save_as: rows
  - program: ["PYTHON", "FORM", 登録.txt]
    window: 取引先の登録
  - for_each: ${rows}
    as: row
    key: ${row.コード}
    steps:
      - type_text: ${row.名称}
      - keys: Tab
      - type_text: ${row.コード}
      - keys: F2
"""

EDITOR = """bofbot: 1
name: メモ
purpose: 書いて保存する
owner: 経理部
steps:
  - program: l3afpad 控え.txt
    window: 控え
  - type_text: "令和8年 山田商店 ¥1,980"
  - keys: Ctrl+S
  - copy: all
    save_as: text
  - keys: Ctrl+Q
  - see: 控え
    seen: false
  - check: '${text == "令和8年 山田商店 ¥1,980"}'
    message: 読み返した文字が違います
"""


@pytest.fixture(autouse=True)
def _no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)


async def play(folder: Path, text: str) -> tuple[Any, list[Event]]:
    robot = folder / "robot.yaml"
    robot.write_text(text.replace("PYTHON", sys.executable).replace("FORM", str(FORM)), encoding="utf-8")
    plan = make_plan(load_robot(robot, VerbTable()), {}, lambda: datetime.now().astimezone(), Extent())
    events: list[Event] = []
    with Office.at(folder) as office:
        return await office.play(plan, (events.append,)), events


def failures(events: list[Event]) -> list[str]:
    return [event.failure.message.en for event in events if isinstance(event, StepFailed)]


async def test_rows_of_a_table_go_into_a_desktop_form_once(tmp_path: Path) -> None:
    rows = [("0001", "山田商店"), ("0002", "Acme (東京)"), ("0003", "株式会社ビー・オー")]
    table = "\n".join(["コード,名称", *(",".join(row) for row in rows)])
    (tmp_path / "取引先.csv").write_text(table, encoding="utf-8")
    finished, events = await play(tmp_path, ROWS)
    assert (finished.outcome, finished.items_done) == ("done", 3), failures(events)
    kept = tmp_path / "登録.txt"
    assert kept.read_text("utf-8").splitlines() == [f"{name}\t{code}" for code, name in rows]
    again, _ = await play(tmp_path, ROWS)
    assert (again.items_already, again.items_done) == (3, 0)
    assert len(kept.read_text("utf-8").splitlines()) == 3


async def test_a_text_editor_is_written_in_saved_and_read(tmp_path: Path) -> None:
    if shutil.which("l3afpad") is None:
        pytest.skip("no l3afpad here")
    (tmp_path / "控え.txt").write_text("", encoding="utf-8")
    finished, events = await play(tmp_path, EDITOR)
    assert finished.outcome == "done", failures(events)
    assert (tmp_path / "控え.txt").read_text("utf-8").rstrip("\n") == "令和8年 山田商店 ¥1,980"


async def test_a_failure_leaves_a_picture_and_the_title_of_the_window_in_front(tmp_path: Path) -> None:
    text = ROWS.replace("window: 取引先の登録", "window: 仕入先の登録\n    timeout: 3s")
    (tmp_path / "取引先.csv").write_text("コード,名称\n1,a\n", encoding="utf-8")
    finished, events = await play(tmp_path, text)
    assert finished.outcome == "failed"
    [failed] = [event for event in events if isinstance(event, StepFailed)]
    assert "no window “仕入先の登録” appeared" in failed.failure.message.en
    assert failed.failure.sighting.title == "取引先の登録"
    [picture] = failed.failure.evidence
    assert [file.stat().st_size > 1000 for file in (tmp_path / "logs").glob(f"*/{picture.path}")] == [True]
