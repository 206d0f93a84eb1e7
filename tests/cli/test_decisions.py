"""waiting, resolve, approve: what people decide, as processes of their own, on a real store."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bofbot.effects import Identity
from bofbot.store import open_store

Says = Callable[..., subprocess.CompletedProcess[str]]
AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture
def left_behind(tmp_path: Path) -> Path:
    """A store in which run 7 sent K-0107 and never heard the answer."""
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "bofbot.yaml").write_text("language: en\n", encoding="utf-8")
    (tmp_path / "logs").mkdir()
    with open_store(tmp_path / "logs" / "bofbot.db") as store:
        run = store.journal.new_run_id(AT)
        item = store.ledger.lease(
            Identity("経費", "submit 1", "K-0107"), payload="p", run=run, owner=store.owner, at=AT
        )
        store.ledger.arm(item, request={"method": "POST"}, at=AT)
        store.journal.append(_started(run))
    return tmp_path


def _started(run: str):  # type: ignore[no-untyped-def]
    from bofbot.events import RunStarted

    return RunStarted(run=run, at=AT, robot="経費", robot_file="x.yaml", robot_sha256="0")


def test_an_item_that_a_dead_run_had_sent_waits_for_a_person(bofbot: Says, left_behind: Path) -> None:
    # The owner is this very process: alive, so it is not swept; a person still sees it once it is uncertain.
    with open_store(left_behind / "logs" / "bofbot.db") as store:
        item = store.ledger.find(Identity("経費", "submit 1", "K-0107"))
        assert item
        store.ledger.settle(item, "uncertain", at=AT, why="the page did not answer")
    said = bofbot("waiting", "--json")
    assert said.returncode == 5
    (waiting,) = json.loads(said.stdout)["waiting"]
    assert (waiting["key"], waiting["state"], waiting["why"]) == (
        "K-0107",
        "uncertain",
        "the page did not answer",
    )
    shown = bofbot("waiting")
    assert "K-0107" in shown.stdout
    assert "bofbot resolve" in shown.stdout

    wrong = bofbot("resolve", waiting["run"], "K-0108", "--done", "--why", "seen")
    assert wrong.returncode == 2
    assert "K-0107" in wrong.stderr
    assert bofbot("resolve", waiting["run"], "K-0107", "--done").returncode == 2
    done = bofbot(
        "resolve", waiting["run"], "K-0107", "--done", "--why", "it is in the list", "--receipt", "R-9"
    )
    assert done.returncode == 0, done.stderr
    assert bofbot("waiting").returncode == 0
    with open_store(left_behind / "logs" / "bofbot.db") as store:
        item = store.ledger.find(Identity("経費", "submit 1", "K-0107"))
        assert item
        assert (item.state, item.receipt) == ("done", "R-9")
        assert store.ledger.attempts(item.identity)[-1].why == "it is in the list"


@pytest.mark.parametrize(("word", "state"), [("--retry", "new"), ("--cancel", "dead")])
def test_the_other_decisions(bofbot: Says, left_behind: Path, word: str, state: str) -> None:
    with open_store(left_behind / "logs" / "bofbot.db") as store:
        item = store.ledger.find(Identity("経費", "submit 1", "K-0107"))
        assert item
        store.ledger.settle(item, "uncertain", at=AT, why="cut")
    assert bofbot("resolve", item.run, "K-0107", word, "--why", "checked").returncode == 0
    with open_store(left_behind / "logs" / "bofbot.db") as store:
        found = store.ledger.find(item.identity)
        assert found
        assert found.state == state


ROBOT = """bofbot: 1
name: 支払
owner: 経理部
purpose: 承認の試験
approval: required
inputs:
  n: {type: integer, default: 1}
steps:
  - read_table: rows.csv
    columns: {番号: code}
    save_as: rows
  - set: {total: "${len(rows) + inputs.n}"}
"""


def test_a_robot_that_needs_approval_plays_only_what_was_approved(bofbot: Says, tmp_path: Path) -> None:
    (tmp_path / "pay.yaml").write_text(ROBOT, encoding="utf-8")
    (tmp_path / "rows.csv").write_text("番号\n001\n", encoding="utf-8")
    refused = bofbot("run", "pay.yaml")
    assert refused.returncode == 5
    assert "approve" in refused.stderr
    assert bofbot("run", "pay.yaml", "--dry-run").returncode == 0
    assert bofbot("approve", "pay.yaml", "--why", "checked").returncode == 2  # nobody at the terminal
    yes = bofbot("approve", "pay.yaml", "--why", "checked", "--yes")
    assert yes.returncode == 0, yes.stderr
    assert "rows.csv" in yes.stdout
    assert bofbot("run", "pay.yaml").returncode == 0
    assert bofbot("run", "pay.yaml", "-i", "n=2").returncode == 5
    (tmp_path / "rows.csv").write_text("番号\n002\n", encoding="utf-8")
    assert bofbot("run", "pay.yaml").returncode == 5
    (tmp_path / "rows.csv").write_text("番号\n001\n", encoding="utf-8")
    assert bofbot("run", "pay.yaml").returncode == 0
    (tmp_path / "pay.yaml").write_text(ROBOT + "  - set: {more: 1}\n", encoding="utf-8")
    assert bofbot("run", "pay.yaml").returncode == 5


def test_approval_has_one_word(bofbot: Says, tmp_path: Path) -> None:
    (tmp_path / "pay.yaml").write_text(
        ROBOT.replace("approval: required", "approval: maybe"), encoding="utf-8"
    )
    said = bofbot("validate", "pay.yaml")
    assert said.returncode == 3
    assert "required" in said.stdout + said.stderr


LOOP = """bofbot: 1
name: 登録
owner: 経理部
purpose: 手作業の試験
approval: required
steps:
  - read_table: rows.csv
    columns: {番号: code, 金額: yen}
    save_as: rows
  - name: 1件ずつ
    for_each: ${rows}
    as: row
    key: ${row.番号}
    control: [金額]
    steps:
      - set: {done_now: "${row.番号}"}
"""


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "bofbot.yaml").write_text("language: en\n", encoding="utf-8")
    (tmp_path / "enter.yaml").write_text(LOOP, encoding="utf-8")
    (tmp_path / "rows.csv").write_text("番号,金額\n001,100\n002,250\n003,1000\n", encoding="utf-8")
    return tmp_path


def test_a_person_approves_count_and_sums_and_another_batch_is_refused(bofbot: Says, rows: Path) -> None:
    first = bofbot("approve", "enter.yaml", "--why", "looked", "--yes")
    assert "no dry run of exactly this" in first.stdout
    rehearsed = bofbot("run", "enter.yaml", "--dry-run")
    assert "1,350" in rehearsed.stderr + rehearsed.stdout
    yes = bofbot("approve", "enter.yaml", "--why", "looked", "--yes")
    assert yes.returncode == 0, yes.stderr
    assert "1,350" in yes.stdout
    with open_store(rows / "logs" / "bofbot.db") as store:
        kept = store.database.rows("SELECT totals FROM approvals ORDER BY at")
        assert [json.loads(row["totals"]) for row in kept] == [{}, {"2": {"count": "3", "金額": "1350"}}]
    played = bofbot("run", "enter.yaml")
    assert played.returncode == 0, played.stderr
    assert bofbot("journal", "verify").returncode == 0


def test_what_was_done_by_hand_is_marked_before_any_run(bofbot: Says, rows: Path) -> None:
    (rows / "enter.yaml").write_text(LOOP.replace("approval: required\n", ""), encoding="utf-8")
    one = bofbot("resolve", "enter.yaml", "001", "--done", "--why", "by phone", "--receipt", "R-1")
    assert one.returncode == 0, one.stderr
    (rows / "hand.csv").write_text("番号,受付番号\n001,R-1\n002,R-2\n", encoding="utf-8")
    listed = bofbot("resolve", "enter.yaml", "--keys", "hand.csv", "--done", "--why", "on paper")
    assert listed.returncode == 0, listed.stderr
    assert bofbot("resolve", "enter.yaml", "--done", "--why", "x").returncode == 2  # no key
    assert bofbot("resolve", "enter.yaml", "009", "--retry", "--why", "x").returncode == 2  # nothing to retry
    played = json.loads(bofbot("run", "enter.yaml", "--json").stdout)
    assert (played["items_done"], played["items_already"]) == (1, 2)
    with open_store(rows / "logs" / "bofbot.db") as store:
        marked = store.ledger.find(Identity("登録", "loop 1", "002"))
        assert marked
        assert (marked.receipt, marked.why) == ("R-2", "on paper")
    told = json.loads(bofbot("journal", "decisions", "--json").stdout)["decisions"]
    assert {(one["key"], one["why"], one["receipt"]) for one in told} == {
        ("001", "by phone", "R-1"),
        ("002", "on paper", "R-2"),
    }
    assert bofbot("journal", "decisions", "--lang", "ja").stdout.count("登録済み") == 2
    assert bofbot("journal", "verify").returncode == 0


def test_a_name_that_the_ledger_knows_is_not_given_to_another_robot(bofbot: Says, rows: Path) -> None:
    text = LOOP.replace("approval: required\n", "")
    (rows / "enter.yaml").write_text(text, encoding="utf-8")
    assert bofbot("run", "enter.yaml").returncode == 0
    (rows / "twin.yaml").write_text(text, encoding="utf-8")
    twin = bofbot("run", "twin.yaml")
    assert twin.returncode == 2
    assert "two robots are called" in twin.stderr
    (rows / "enter.yaml").write_text(text.replace("name: 登録", "name: 登録2"), encoding="utf-8")
    renamed = bofbot("run", "enter.yaml")
    assert renamed.returncode == 2
    assert "name: 登録" in renamed.stderr
