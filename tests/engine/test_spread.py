"""The items of one run are spread over workers, which are killed: nothing lost, nothing doubled, and one run tells all of them."""

from __future__ import annotations

import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bofbot.cli.main import main
from bofbot.engine.order import Order, order_for
from bofbot.engine.sharing import SharedLoop, spread_of
from bofbot.errors import ApplicationError
from bofbot.events import ItemFinished, RunStarted
from bofbot.runner.share import BUSY, Told
from bofbot.settings import AccountSettings, Settings
from tests.engine.conftest import Trial

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="kill -9 and fork are a POSIX matter"),
]

KILLS = 60 if os.environ.get("BOFBOT_NIGHTLY") else 6
ITEMS = 24
ROBOT = """bofbot: 1
name: 一括登録
owner: 経理部
purpose: 試験
inputs:
  order: {type: text}
  rows: {type: file, default: rows.csv}
steps:
  - mention: ${"hello " + inputs.order}
  - read_table: ${inputs.rows}
    save_as: rows
  - for_each: ${rows}
    as: row
    key: ${inputs.order + "-" + text(row.番号)}
    control: {金額: 300}
    on_error: collect
    spread: 3
    steps:
      - book: ${inputs.order + "-" + text(row.番号)}
  - mention: ${"bye " + inputs.order + " " + text(len(done))}
"""


def orders_of(trial: Trial, names: list[str], **inputs: str) -> dict[str, Order]:
    (trial.folder / "robots" / "一括登録.yaml").write_text(ROBOT)
    rows = "".join(f"{number},{number}\n" for number in range(1, ITEMS + 1))
    (trial.folder / "rows.csv").write_text("番号,金額\n" + rows)
    file = trial.folder / "robots" / "一括登録.yaml"
    return {name: order_for(file, {"order": name, **inputs}) for name in names}


@pytest.mark.timeout(900)
def test_killed_workers_lose_and_double_no_item_of_a_spread_run(
    trial: Trial, figures: Callable[[str], None]
) -> None:
    chance = random.Random(11)
    names = [f"s{number}" for number in range(max(2, KILLS // 6))]
    trial.put(orders_of(trial, names))
    for _ in range(3):
        trial.start()
    for _ in range(KILLS):
        seen = len(trial.lines())
        trial.until(lambda seen=seen: len(trial.lines()) > seen or _ended(trial) == set(names))
        time.sleep(chance.random() * 0.3)
        worn = trial.worn_out(4)
        if able := [pid for pid in trial.workers if pid not in worn]:
            trial.kill(chance.choice(able))
            trial.start()
    trial.until(lambda: _ended(trial) == set(names), 300)
    results = trial.results_of(names)
    lines = trial.lines()
    booked = Counter(line.of for line in lines if line.what == "booked")
    wanted = {f"{name}-{number}" for name in names for number in range(1, ITEMS + 1)}
    doubled = {key for key, times in booked.items() if times > 1}
    shared = {name: {line.pid for line in lines if line.of.startswith(f"{name}-")} for name in names}
    told = Counter(line.of for line in lines if line.what == "mentioned")
    figures(
        f"a run spread over 3 workers, {'postgres' if trial.store else 'sqlite'}: {KILLS} kill -9, {len(wanted)} items:"
        f" {len(wanted - set(booked))} lost, {len(doubled)} doubled"
    )
    assert not wanted - set(booked)
    assert not doubled
    assert [one["outcome"] for one in results] == ["done"] * len(names)
    assert max(map(len, shared.values())) > 1, "nobody helped"
    for name, result in zip(names, results, strict=True):
        assert told[f"bye {name} {ITEMS}"] == 1
        assert _told_in(trial, str(result["run"])) == {f"{name}-{number}" for number in range(1, ITEMS + 1)}


def _ended(trial: Trial) -> set[str]:
    return {line.of.split()[1] for line in trial.lines() if line.of.startswith("bye ")}


def _told_in(trial: Trial, run: str) -> set[str]:
    with trial.office() as office:
        events = office.store.journal.events_of(run)
        assert office.store.journal.verify().ok
    return {
        event.item
        for event in events
        if isinstance(event, ItemFinished) and event.state in ("done", "already")
    }


def test_helpers_tell_their_items_to_the_run_that_has_the_loop(trial: Trial) -> None:
    trial.put(orders_of(trial, ["one"]))
    for _ in range(2):
        trial.start()
    result = trial.results_of(["one"])[0]
    trial.until(lambda: not _open_helpers(trial))
    with trial.office() as office:
        journal, shares = office.store.journal, office.store.shares
        events = journal.events_of(str(result["run"]))
        by = {event.by for event in events if isinstance(event, ItemFinished)}
        helpers = [one for one in by if one]
        starts = [
            event for one in helpers for event in journal.events_of(one) if isinstance(event, RunStarted)
        ]
        listed = {row.id for row in journal.runs()}
        row = journal.run(str(result["run"]))
        assert row is not None
        assert (row.items_done, row.state) == (ITEMS, "done"), row.why
        assert helpers
        assert {(start.mode, start.of_run) for start in starts} == {("help", row.id)}
        assert not listed & set(helpers)
        assert not shares.of_order("one")
        assert office.store.database.rows("SELECT * FROM share_items") == []


def _open_helpers(trial: Trial) -> bool:
    from bofbot.engine.queue import Queues

    with trial.office() as office:
        queues = Queues(office.store)
        try:
            return bool(queues.open())
        finally:
            queues.close()


def test_an_account_is_spread_over_as_many_sessions_as_it_bears(trial: Trial) -> None:
    order = replace(orders_of(trial, ["one"])["one"], spread=4, queue="browser", account="経費")
    robot = order.robot()
    assert spread_of(order, robot, Settings()) == ("3", 1)
    assert spread_of(replace(order, account=""), robot, Settings()) == ("3", 4)
    several = Settings(accounts={"経費": AccountSettings(sessions=3)})
    assert spread_of(order, robot, several) == ("3", 3)
    assert [order.helper("o", seat).account for seat in (0, 1, 2)] == ["経費", "経費 #2", "経費 #3"]


def test_who_reads_other_rows_takes_no_part(trial: Trial) -> None:
    order = orders_of(trial, ["one"])["one"]
    with trial.office() as office:
        office.store.appear()
        whole = SharedLoop(office.store, "one", "3", helping=False)
        other = SharedLoop(office.store, "one", "3", helping=True)
        assert not other.open("a" * 64, [1, 2], "1002"), "nothing is shared yet"
        assert whole.open("a" * 64, [1, 2], "1001")
        with pytest.raises(ApplicationError, match="not the one read here"):
            other.open("b" * 64, [1, 2], "1002")
        assert other.open("a" * 64, [1, 2], "1002")
        assert (whole.claim(), other.claim(), other.claim(), whole.claim()) == (1, 2, BUSY, BUSY)
        other.tell(Told(2, "done", receipt="R"))
        assert [(told.index, told.run, told.receipt) for told in whole.news()] == [(2, "1002", "R")]
        whole.give_back(1)
        assert other.claim() == 1
        other.tell(Told(1, "already"))
        assert (whole.claim(), other.claim()) == (None, None)
        assert order.robot().name == "一括登録"


def test_a_spread_that_cannot_be_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "robots").mkdir()
    steps = "steps:\n  - set: {rows: '${[1, 2]}'}\n"
    (tmp_path / "robots" / "a.yaml").write_text(f"bofbot: 1\nname: 表\nowner: 経理部\npurpose: 試験\n{steps}")
    monkeypatch.chdir(tmp_path)
    assert main(["queue", "add", "robots/a.yaml", "--spread", "3", "--lang", "en"]) == 2
    assert "cannot be spread over 3 workers" in capsys.readouterr().err
