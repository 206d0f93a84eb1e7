"""bofbot heal, as a process of its own: what it proposes from kept runs, and what --write leaves alone."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bofbot.errors import Place
from bofbot.events import Drift, Event, Noted, RunFinished, RunStarted, StepFinished
from bofbot.sinks.learning import path_of, read, write
from bofbot.store import open_store
from bofbot.words import Sentence

Says = Callable[..., subprocess.CompletedProcess[str]]
AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ROBOT = """bofbot: 1
name: 経費
owner: 経理部
purpose: 試験

# 画面の項目名で書く
steps:
  - open: http://127.0.0.1:9/claims/new
  - name: 入力する
    fill:
      申請番号: K-1
      金額: "1200"     # 税込み
  - use: parts/検索.yaml
  - submit: 登録
    expect: 登録しました
    on_unknown: ask
"""
PART = """bofbot: 1
name: 検索
steps:
  - click: 検索   # 右上のボタン
"""


class Desk:
    """A project with a robot, a part, and kept runs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.robot, self.part = folder / "robots" / "経費.yaml", folder / "robots" / "parts" / "検索.yaml"
        self.part.parent.mkdir(parents=True)
        self.robot.write_text(ROBOT, "utf-8")
        self.part.write_text(PART, "utf-8")

    def run(self, *drifts: tuple[str, str, str, int, Drift], ended: tuple[str, ...] = ()) -> str:
        """A kept run: (file, step, verb, line, drift) as told, and the steps of the robot that ended well."""
        (self.folder / "logs").mkdir(exist_ok=True)
        with open_store(self.folder / "logs" / "bofbot.db") as store:
            run = store.journal.new_run_id(AT)
            for event in self._events(run, drifts, ended):
                store.journal.append(event)
        return run

    def _events(self, run: str, drifts: Any, ended: tuple[str, ...]) -> list[Event]:
        said = Sentence(en="the page has changed", ja="画面が変わりました")
        events: list[Event] = [
            RunStarted(run=run, at=AT, robot="経費", robot_file="robots/経費.yaml", robot_sha256="0")
        ]
        for file, step, verb, line, drift in drifts:
            events.append(Noted(run=run, at=AT, step=step, name="", verb=verb, place=Place(file, line, 5), sentence=said, level="warning", drift=drift))  # fmt: skip
        for step in ended:
            events.append(StepFinished(run=run, at=AT, step=step, name="", verb="fill", place=Place("robots/経費.yaml", 10, 5), seconds=1))  # fmt: skip
        return [*events, RunFinished(run=run, at=AT, robot="経費", outcome="done", exit_code=0, seconds=1)]


AMOUNT = Drift(
    "followed",
    "field",
    "金額",
    "ご請求額",
    "ご請求額",
    "http://x/claims/new",
    ("id", "name"),
    ("words",),
    0.74,
    0.6,
)
FILL = ("robots/経費.yaml", "2", "fill", 10, AMOUNT)
PRESS = (
    "robots/parts/検索.yaml",
    "3.1",
    "click",
    4,
    replace(AMOUNT, what="button", looked_for="検索", found="探す"),
)
SUBMIT = (
    "robots/経費.yaml",
    "4",
    "submit",
    14,
    replace(AMOUNT, state="proposed", what="button", looked_for="登録", found="申請する"),
)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_nothing_drifted_nothing_proposed(bofbot: Says, desk: Desk) -> None:
    said = bofbot("heal", "経費")
    assert (said.returncode, said.stdout) == (0, ""), said.stderr
    desk.run(ended=("2",))
    assert bofbot("heal", "robots/経費.yaml").returncode == 0


def test_a_patch_is_proposed_and_nothing_is_changed(bofbot: Says, desk: Desk) -> None:
    desk.run(FILL, PRESS, SUBMIT)
    said = bofbot("heal", "経費")
    assert said.returncode == 5
    assert said.stdout == (
        "--- a/robots/経費.yaml\n+++ b/robots/経費.yaml\n@@ -9,8 +9,8 @@\n   - name: 入力する\n     fill:\n       申請番号: K-1\n"
        '-      金額: "1200"     # 税込み\n+      ご請求額: "1200"     # 税込み\n   - use: parts/検索.yaml\n-  - submit: 登録\n+  - submit: 申請する\n'
        "     expect: 登録しました\n     on_unknown: ask\n"
        "--- a/robots/parts/検索.yaml\n+++ b/robots/parts/検索.yaml\n@@ -1,4 +1,4 @@\n bofbot: 1\n name: 検索\n steps:\n"
        "-  - click: 検索   # 右上のボタン\n+  - click: 探す   # 右上のボタン\n"
    )
    assert "robots/経費.yaml:12: the page has changed: “金額” is “ご請求額” now" in said.stderr
    assert "--write" in said.stderr
    assert (desk.robot.read_text("utf-8"), desk.part.read_text("utf-8")) == (ROBOT, PART)


def test_the_patch_is_one_that_patch_takes(bofbot: Says, desk: Desk, tmp_path: Path) -> None:
    desk.run(FILL, PRESS)
    applied = subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=bofbot("heal", "経費").stdout, text=True, encoding="utf-8", capture_output=True)  # fmt: skip
    assert applied.returncode == 0, applied.stderr
    assert desk.part.read_text("utf-8") == PART.replace("click: 検索", "click: 探す")


def test_written_with_comments_and_layout_kept(bofbot: Says, desk: Desk) -> None:
    desk.run(FILL, PRESS)
    said = bofbot("heal", "経費", "--write")
    assert said.returncode == 0, said.stderr
    assert desk.robot.read_text("utf-8") == ROBOT.replace("金額: ", "ご請求額: ")
    assert desk.part.read_text("utf-8") == PART.replace("click: 検索", "click: 探す")
    assert bofbot("validate", "robots/経費.yaml").returncode == 0
    again = bofbot("heal", "経費")
    assert (again.returncode, again.stdout) == (0, "")  # what is healed is no longer proposed


def test_line_ends_of_windows_stay(bofbot: Says, desk: Desk) -> None:
    desk.robot.write_bytes(ROBOT.replace("\n", "\r\n").encode())
    desk.run(FILL)
    assert bofbot("heal", "経費", "--write").returncode == 0
    assert desk.robot.read_bytes() == ROBOT.replace("金額: ", "ご請求額: ").replace("\n", "\r\n").encode()


def test_a_newer_run_without_drift_settles_an_older_one(bofbot: Says, desk: Desk) -> None:
    desk.run(FILL)
    desk.run(ended=("2",))
    assert bofbot("heal", "経費").returncode == 0
    desk.run(("robots/経費.yaml", "2", "fill", 10, replace(AMOUNT, found="お支払額")), ended=("2",))
    assert "+      お支払額:" in bofbot("heal", "経費").stdout
    assert bofbot("heal", "経費", "--runs", "0").returncode == 2


def test_what_a_machine_may_not_decide_is_left_to_a_person(bofbot: Says, desk: Desk) -> None:
    crossed = replace(AMOUNT, state="crossed", found="", shown="件数")
    taken = replace(AMOUNT, looked_for="申請番号", found="金額")
    desk.run(("robots/経費.yaml", "2", "fill", 10, crossed), ("robots/経費.yaml", "2", "fill", 10, taken))
    said = bofbot("heal", "経費", "--write")
    assert (said.returncode, said.stdout) == (5, "")
    assert "--forget" in said.stderr
    assert "by hand" in said.stderr
    assert desk.robot.read_text("utf-8") == ROBOT


def test_forgetting_what_the_crossed_labels_were_known_by(bofbot: Says, desk: Desk) -> None:
    desk.run(("robots/経費.yaml", "2", "fill", 10, replace(AMOUNT, state="crossed", found="", shown="件数")))
    path = path_of(desk.folder / "logs", "経費")
    record = {"signals": {"id": "x"}, "age": {"id": 1}, "changes": {}}
    keys = [("経費.yaml", "2", label, "http://x/claims/new") for label in ("金額", "申請番号")]
    write(path, "経費", dict.fromkeys(keys, record))
    assert bofbot("heal", "経費", "--forget").returncode == 0
    assert [key[2] for key in read(path)] == ["申請番号"]


def test_the_same_as_json(bofbot: Says, desk: Desk) -> None:
    run = desk.run(FILL, SUBMIT)
    said = json.loads(bofbot("heal", "経費", "--json").stdout)
    first, second = said["drifts"]
    assert (said["robot"], said["written"], said["diff"].splitlines()[0]) == (
        "経費",
        False,
        "--- a/robots/経費.yaml",
    )
    assert {name: first[name] for name in ("run", "file", "line", "was", "now", "state")} == {
        "run": run, "file": "robots/経費.yaml", "line": 12, "was": "金額", "now": "ご請求額", "state": "followed",
    }  # fmt: skip
    assert (second["was"], second["now"], second["state"], second["what"]) == (
        "登録",
        "申請する",
        "proposed",
        "button",
    )


def test_in_japanese(bofbot: Says, desk: Desk) -> None:
    desk.run(FILL)
    said = bofbot("heal", "経費", LANG="ja_JP.UTF-8")
    assert "「金額」は「ご請求額」になったと判断して続けました" in said.stderr
