"""waiting, answer, cancel: a robot that asks, answered from the command line, in processes of their own."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

Says = Callable[..., "subprocess.CompletedProcess[str]"]

ROBOT = """bofbot: 1
name: 支払
owner: 経理部
purpose: 試験
inputs:
  keys: {type: text, default: K-1 K-2}
steps:
  - for_each: ${split(inputs.keys, " ")}
    as: key
    key: ${key}
    steps:
      - ask: ${key + " を支払ってよいですか"}
        type: yes/no
        to: 経理課長
  - ask: いつ
    type: date
    save_as: day
outputs:
  day: ${day}
"""


def test_asked_listed_answered_and_gone_on(bofbot: Says, tmp_path: Path) -> None:
    (tmp_path / "pay.yaml").write_text(ROBOT, encoding="utf-8")
    assert bofbot("waiting").returncode == 0
    asked = bofbot("run", "pay.yaml")
    assert asked.returncode == 5
    assert "bofbot answer 1001 K-1 yes|no" in asked.stderr

    listed = bofbot("waiting", "--json")
    assert listed.returncode == 5
    first, second = json.loads(listed.stdout)["waiting"]
    assert (first["what"], first["run"], first["key"], first["to"], first["kind"]) == (
        "question",
        "1001",
        "K-1",
        "経理課長",
        "yes/no",
    )
    assert second["type"] == "bofbot answer 1001 K-2 yes|no"

    which = bofbot("answer", "1001", "yes")
    assert which.returncode == 2
    assert "K-1" in which.stderr
    assert "K-2" in which.stderr
    wrong = bofbot("answer", "1001", "K-1", "perhaps")
    assert wrong.returncode == 2
    assert "yes or no" in wrong.stderr
    nobody = bofbot("answer", "1001", "K-1")
    assert nobody.returncode == 2  # no value, and nobody at a terminal
    yes = bofbot("answer", "1001", "K-1", "y", "--by", "課長", "--why", "in the budget")
    assert yes.returncode == 0, yes.stderr
    assert "still asks 1" in yes.stderr
    twice = bofbot("answer", "1001", "K-1", "no")
    assert twice.returncode == 2
    assert "課長" in twice.stderr
    assert ": yes" in twice.stderr

    on = bofbot("answer", "1001", "いいえ", "--go-on", LANG="ja_JP.UTF-8")  # only one question is left
    assert on.returncode == 5
    assert "実行 1002" in on.stderr
    last = bofbot(
        "answer", "1001", "2026年12月25日", "--go-on", "--json"
    )  # the first run's number means them all
    assert last.returncode == 0, last.stderr
    assert '"day": "2026-12-25"' in last.stdout
    shown = bofbot("show", "1001")
    assert "課長" in shown.stdout
    assert "in the budget" in shown.stdout
    assert "went on as run 1003" in shown.stdout
    assert bofbot("journal", "verify").returncode == 0


def test_given_up_it_waits_no_longer(bofbot: Says, tmp_path: Path) -> None:
    (tmp_path / "pay.yaml").write_text(ROBOT, encoding="utf-8")
    assert bofbot("run", "pay.yaml", "--no-input").returncode == 5
    assert bofbot("cancel", "1001", "--why", "wrong month").returncode == 0
    assert bofbot("waiting").returncode == 0
    late = bofbot("answer", "1001", "K-1", "yes")
    assert late.returncode == 2
    assert "cancelled" in late.stderr
    assert bofbot("cancel", "1001", "--why", "again").returncode == 2
    listed = bofbot("list", "--runs", "--json")
    assert json.loads(listed.stdout)["runs"][0]["state"] == "interrupted"
    assert bofbot("journal", "verify").returncode == 0
