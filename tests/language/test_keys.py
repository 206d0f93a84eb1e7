"""A registration outside of a loop is repeated by each run unless it has a key; whoever writes one is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from bofbot.actions import VerbTable
from bofbot.language.loader import check_robot

ROBOT = """bofbot: 1
name: 月次の申請
owner: 経理部
purpose: 対象月の申請を一度だけ行う
inputs:
  month: {type: month, label: 対象月}
steps:
  - open: https://keihi.example.co.jp/reports/new
  - submit: 申請する
    expect: 申請しました
    on_unknown: ask
"""


def told(path: Path, text: str, verbs: VerbTable) -> list[tuple[str, int, str]]:
    path.write_text(text, encoding="utf-8")
    robot, found = check_robot(path, verbs)
    assert robot is not None
    return [(one.code, one.place.line, one.severity) for one in found]


def test_without_a_key_it_is_a_warning(tmp_path: Path, verbs: VerbTable) -> None:
    assert told(tmp_path / "r.yaml", ROBOT, verbs) == [("W204", 9, "warning")]


def test_with_a_key_nothing_is_said(tmp_path: Path, verbs: VerbTable) -> None:
    keyed = ROBOT.replace("    expect:", "    key: ${inputs.month}\n    expect:")
    assert told(tmp_path / "r.yaml", keyed, verbs) == []


PART = """bofbot: 1
name: 申請
owner: 経理部
purpose: 申請を一つ登録する
inputs:
  month: {type: text, label: 対象月}
steps:
  - submit: 申請する
    expect: 申請しました
    on_unknown: ask
"""
LOOP = """  - read_table: 月.csv
    columns: {月: text}
    save_as: rows
  - for_each: ${rows}
    as: row
    key: ${row.月}
    steps:
      - use: part.yaml
        with: {month: "${row.月}"}
"""
ONCE = """  - use: part.yaml
    with: {month: "10"}
"""


@pytest.mark.parametrize(("steps", "codes"), [(LOOP, []), (ONCE, ["W204"])])
def test_a_part_has_the_key_of_the_loop_that_uses_it(
    tmp_path: Path, verbs: VerbTable, steps: str, codes: list[str]
) -> None:
    (tmp_path / "part.yaml").write_text(PART, encoding="utf-8")
    head = ROBOT.split("inputs:")[0] + "steps:\n"
    assert [code for code, *_ in told(tmp_path / "r.yaml", head + steps, verbs)] == codes
