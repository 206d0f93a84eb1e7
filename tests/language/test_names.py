"""Which names are known where, and what is wrong with the others, before the run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bofbot.language.loader import check_robot

READ = "- read_table: a.xlsx\n  columns: {番号: code, 金　額: yen}\n  save_as: rows\n"
LOOP = READ + "- for_each: ${rows}\n  as: row\n  key: ${row.番号}\n  steps:\n"


def _told(tmp_path: Path, verbs: Any, steps: str, top: str = "") -> list[tuple[str, str]]:
    body = "".join(f"  {line}\n" for line in steps.splitlines())
    file = tmp_path / "robot.yaml"
    file.write_text(f"bofbot: 1\nname: a\nowner: b\npurpose: c\n{top}steps:\n{body}", encoding="utf-8")
    lines = file.read_text(encoding="utf-8").splitlines()
    found = check_robot(file, verbs)[1]
    return [(one.code, lines[one.place.line - 1][one.place.column - 1 :][: one.length]) for one in found]


@pytest.mark.parametrize(
    ("steps", "top"),
    [
        (READ + '- check: ${sum(rows, "金額") > 0 and rows[0].番号 == "1" and len(where(rows, "番号", "1")) == 0}', ""),
        (LOOP + "    - set: {n: \"${index}\", 額: \"${row['金額']}\", 済: \"${len(done)}\"}\n    - check: ${額 > 0 and n > 0}\n", ""),
        (LOOP + "    - wait: 1s\n- check: ${sum(done, '金額') == sum(rows, '金額')}", ""),
        ("- set: {ｺｰﾄﾞ: a}\n- set: {b: \"${コード}\"}\n- set: {b: \"${ｺｰﾄﾞ}\"}", ""),
        ("- wait: 1s\n  if: ${inputs.急ぎ}\n- wait: 1s\n  if: ${inputs.任意 == none}", "inputs: {急ぎ: {type: bool}, 任意: {required: false}}\n"),
        ("- fill: {a: \"${inputs.合言葉}\", b: \"トークン ${secrets.経費.token}\"}", "inputs: {合言葉: {type: secret}}\nsecrets: [経費]\n"),
        ("- set: {date: \"${date('2026-11-22')}\"}\n- check: ${date == today() or month(date) == month(today())}", ""),
        ("- notify: a\n  message: ${run.id} ${run.started} ${run.failure}", "outputs: {n: \"${run.done_items}\"}\n"),
        ("- for_each: ${[1, 2]}\n  steps:\n    - check: ${item > 0 and index > 0}\n- for_each: ${split('a,b', ',')}\n  as: 語\n  steps:\n    - check: ${語 != ''}", ""),
        (READ + "- set: {最初: \"${first(rows).番号}\"}", "on_failure:\n  - notify: a\n    message: ${len(rows)} ${最初}\nfinally:\n  - wait: 1s\n    if: ${len(done) == 0}\n"),
        ("- read_table: a.xlsx\n  save_as: rows\n- check: ${sum(rows, '何でも') > 0}", ""),  # nobody knows its columns
    ],
)  # fmt: skip
def test_what_is_known(tmp_path: Path, verbs: Any, steps: str, top: str) -> None:
    assert _told(tmp_path, verbs, steps, top) == []


@pytest.mark.parametrize(
    ("steps", "top", "told"),
    [
        ("- check: ${len(rows) > 0}\n" + READ, "", [("E150", "rows")]),  # used before it is made
        (LOOP + "    - set: {中: 1}\n- wait: 1s\n  if: ${中 == '1'}", "", [("E150", "中")]),  # a loop keeps its names
        (LOOP + "    - wait: 1s\n- check: ${row.番号 == '1'}", "", [("E150", "row")]),
        ("- check: ${index > 0}", "", [("E150", "index")]),
        ("- check: ${receipt != ''}", "", [("E150", "receipt")]),
        ("- check: ${today > 1}", "", [("E150", "today")]),
        (READ + "- set: {a: \"${max(rows, '金学')} ${column(rows, '番地')} ${first(rows).金学}\"}", "", [("E153", "'金学'"), ("E153", "'番地'"), ("E153", "first(rows).金学")]),
        (READ + "- set: {抜粋: \"${where(rows, '番号', '1')}\"}\n- for_each: ${where(rows, '番号', '1')}\n  as: r\n  steps:\n    - check: ${r.科目 == ''}", "", [("E153", "r.科目")]),
        ("- set: {a: \"${run.idd}\"}", "", [("E153", "run.idd")]),
        ("- set: {a: \"${inputs.a.b}\"}", "inputs: {a: {}}\n", [("E153", "inputs.a.b")]),
        ("- set: {a: \"${inputs.合言葉}\"}", "inputs: {合言葉: {type: secret}}\n", [("E154", "inputs.合言葉")]),
        ("- fill: {a: \"${text(secrets.経費.token)}\", b: \"${secrets.経費.token + 'x'}\", c: \"${'x' if secrets.経費.token == 'y' else ''}\"}", "secrets: [経費]\n", [("E154", "secrets.経費.token")] * 3),
        ("- wait: 1s\n  if: ${secrets.経費.token}", "secrets: [経費]\n", [("E155", "${secrets.経費.token}"), ("E154", "secrets.経費.token")]),
        ("- wait: 1s\n  if: ${inputs.a}", "inputs: {a: {type: yen}}\n", [("E155", "${inputs.a}")]),
        ("- check: ${not 'a'}\n- check: ${1 if today() else 2}", "", [("E155", "'a'"), ("E155", "${1 if today() else 2}"), ("E155", "today()")]),
        ("- check: a ${true}", "", [("E155", "a ${true}")]),
        ("- wait: 1s", "outputs: {a: \"${nobody}\"}\n", [("E150", "nobody")]),
        ("- wait: 1s", "inputs: {a: {default: \"${inputs.b}\"}, b: {}}\n", [("E151", "inputs.b")]),  # defaults see the inputs before them
        ("- clik: a\n  save_as: seen\n- open: ${seen.url}\n- open: ${runn.id}", "", [("E110", "clik"), ("E150", "runn")]),  # what clik would save is not held against it
    ],
)  # fmt: skip
def test_what_is_not(tmp_path: Path, verbs: Any, steps: str, top: str, told: list[tuple[str, str]]) -> None:
    assert _told(tmp_path, verbs, steps, top) == told
