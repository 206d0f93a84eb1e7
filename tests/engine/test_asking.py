"""A robot that asks, played by real workers on both stores: it waits through kills, ends in time once, and goes on once."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bofbot.engine.order import Order, order_for
from bofbot.office import store_of
from bofbot.settings import Settings
from bofbot.store.questions import QuestionRow
from tests.engine.conftest import Trial

ROBOT = """bofbot: 1
name: 支払
owner: 経理部
purpose: 試験
steps:
  - mention: begun
  - for_each: ${["K-1", "K-2", "K-3"]}
    as: key
    key: ${key}
    steps:
      - ask: ${key + " を支払ってよいですか"}
        type: yes/no
        WITHIN
        save_as: ok
      - book: ${key}
        if: ${ok}
  - mention: over
"""


def _order(trial: Trial, within: str = "to: 経理課長") -> Order:
    file = trial.folder / "robots" / "支払.yaml"
    file.write_text(ROBOT.replace("WITHIN", within))
    return order_for(file, {})


def _plain(trial: Trial) -> Path:
    file = trial.folder / "robots" / "何か.yaml"
    file.write_text("bofbot: 1\nname: 何か\nsteps:\n  - set: {x: 1}\n")
    return file


def _questions(trial: Trial, state: str) -> list[QuestionRow]:
    with store_of(trial.folder, Settings(store=trial.store)) as store:
        return [row for row in store.questions.of_story("1001") if row.state == state]


def _runs(trial: Trial) -> list[tuple[str, str, str]]:
    with store_of(trial.folder, Settings(store=trial.store)) as store:
        return sorted((run.id, run.mode, run.state) for run in store.journal.runs())


def _slow(look: Callable[[], bool]) -> Callable[[], bool]:
    """Looks that open a store of their own: not more often than needed."""
    last = [0.0]

    def now_and_then() -> bool:
        if time.monotonic() - last[0] < 0.3:
            return False
        last[0] = time.monotonic()
        return look()

    return now_and_then


@pytest.mark.slow
def test_asked_killed_answered_and_gone_on(trial: Trial) -> None:
    trial.words = (*trial.words, "--at-most", "1")
    trial.put({"o1": replace(_order(trial), queue="browser", account="A")})
    first = trial.start()
    trial.until(_slow(lambda: _runs(trial) == [("1001", "run", "waiting")]))
    trial.put(
        {"o2": replace(order_for(_plain(trial), {}), queue="browser", account="A")}
    )  # it holds neither the account nor the one place of the worker
    trial.until(_slow(lambda: len(_runs(trial)) == 2 and _runs(trial)[-1][2] == "done"))
    trial.kill(first)
    asked = _questions(trial, "open")
    assert [(row.item, row.to, row.kind) for row in asked] == [
        ("K-1", "経理課長", "yes/no"),
        ("K-2", "経理課長", "yes/no"),
        ("K-3", "経理課長", "yes/no"),
    ]
    (trial.folder / "robots" / "支払.yaml").write_text("bofbot: 1\nname: 別物\nsteps: [{set: {x: 1}}]\n")
    with store_of(trial.folder, Settings(store=trial.store)) as store:
        for row, value in zip(asked, ("yes", "no", "yes"), strict=True):
            store.questions.settle(row.id, "answered", row.asked_at, value=value, by="hanako")
    trial.start()
    trial.start()
    trial.until(_slow(lambda: len(_runs(trial)) > 2 and _runs(trial)[-1][2] == "done"))
    assert _runs(trial) == [("1001", "run", "waiting"), ("1002", "run", "done"), ("1003", "resume", "done")]
    assert sorted((line.what, line.of) for line in trial.lines()) == [
        ("booked", "K-1"),
        ("booked", "K-3"),
        ("mentioned", "begun"),
        ("mentioned", "over"),
    ]
    with store_of(trial.folder, Settings(store=trial.store)) as store:
        assert store.journal.verify().ok


@pytest.mark.slow
def test_three_workers_end_a_question_once_and_play_on_once(trial: Trial) -> None:
    trial.put({"o1": _order(trial, "within: 1s\n        otherwise: yes")})
    for _ in range(3):
        trial.start()
    trial.until(_slow(lambda: len(_runs(trial)) > 1 and _runs(trial)[-1][2] == "done"))
    assert _runs(trial) == [("1001", "run", "waiting"), ("1002", "resume", "done")]
    assert [(row.item, row.value, row.by) for row in _questions(trial, "expired")] == [
        ("K-1", "yes", ""),
        ("K-2", "yes", ""),
        ("K-3", "yes", ""),
    ]
    assert sorted(line.of for line in trial.lines() if line.what == "booked") == ["K-1", "K-2", "K-3"]
    assert [line.of for line in trial.lines() if line.what == "mentioned"] == ["begun", "over"]
    with store_of(trial.folder, Settings(store=trial.store)) as store:
        sealed = store.database.rows(
            "SELECT body FROM events WHERE kind = 'QuestionMoved' AND body LIKE '%expired%'"
        )
        assert len(sealed) == 3
