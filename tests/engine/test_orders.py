"""What may be asked for, what a worker must be able to do for it, and that the light commands stay light."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

import pytest

from bofbot.action import Action, Context
from bofbot.actions import VERBS, VerbTable
from bofbot.engine.order import Order, order_for
from bofbot.engine.queue import Queues, listened
from bofbot.errors import UsageError
from tests.engine.conftest import ROOT, Trial

PLAIN = "bofbot: 1\nname: 表\nowner: 経理部\npurpose: 試験\nsteps:\n  - set: {x: 1}\n"
PAGE = "bofbot: 1\nname: 画面\nowner: 経理部\npurpose: 試験\nsteps:\n  - open: https://example.invalid/\n"
LOGIN = """bofbot: 1
name: 画面
owner: 経理部
purpose: 試験
secrets: [銀行]
steps:
  - login: 銀行
    at: https://example.invalid/
"""
SCREEN = "bofbot: 1\nname: 画面\nowner: 経理部\npurpose: 試験\nsteps:\n  - keys: enter\n"
SECRET = PLAIN.replace("steps:", "inputs:\n  pin: {type: secret, required: false}\nsteps:")


@pytest.mark.parametrize(
    ("text", "queue", "account"),
    [(PLAIN, "sheet", ""), (PAGE, "pages", ""), (LOGIN, "browser", "銀行"), (SCREEN, "desktop@経理2", "")],
)
def test_an_order_goes_where_it_can_be_played(tmp_path: Path, text: str, queue: str, account: str) -> None:
    (tmp_path / "a.yaml").write_text(text)
    order = order_for(tmp_path / "a.yaml", {}, on="経理2")
    assert (order.queue, order.account) == (queue, account)
    assert Order.from_json(json.loads(json.dumps(order.as_json()))) == order


class Peek(Action):
    """Looks at a page in a way of its own.
    独自の方法でページを見る。"""

    verb: ClassVar[str] = "peek"
    in_browser: ClassVar[bool] = True
    peek: str
    """The address.
    アドレス。"""

    async def run(self, context: Context) -> None: ...


def test_a_foreign_verb_for_the_browser_goes_to_who_may_open_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(VERBS, "peek", f"{__name__}:Peek")
    (tmp_path / "a.yaml").write_text(PLAIN + "  - peek: https://example.invalid/\n")
    assert order_for(tmp_path / "a.yaml", {}).queue == "pages"


def test_every_verb_that_asks_for_a_browser_says_so() -> None:
    verbs = [verb for name in VERBS if (verb := VerbTable().get(name)) and issubclass(verb, Action)]
    asking = {verb.verb for verb in verbs if "Browser" in vars(sys.modules[verb.__module__])}
    said = {verb.verb for verb in verbs if verb.in_browser}
    assert asking <= said
    assert {"open", "login", "fill", "submit", "download", "within", "statements"} <= said


def test_no_queue_keeps_a_secret(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(SECRET)
    assert order_for(tmp_path / "a.yaml", {}).inputs == {}
    with pytest.raises(UsageError, match="secret"):
        order_for(tmp_path / "a.yaml", {"pin": "1234"})


def test_an_edit_never_touches_an_order(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(PLAIN)
    order = order_for(file, {})
    before = order.robot()
    file.write_text(PLAIN.replace("表", "別の表"))
    assert order.robot() == before
    file.unlink()
    assert order.robot().name == "表"


def test_who_can_open_pages_reads_both_queues_of_pages() -> None:
    assert listened(("browser", "sheet", "desktop@a")) == ["browser", "pages", "sheet", "desktop@a"]


def test_asked_for_twice_it_waits_once_and_can_be_taken_back(trial: Trial) -> None:
    with trial.office() as office:
        queues = Queues(office.store)
        try:
            order = trial.order("o1", "A")
            assert queues.put("o1", order)
            assert not queues.put("o1", order)
            assert queues.put("o2", trial.order("o2", ""), priority=5)
            assert queues.put("o3", trial.order("o3", ""), priority=2)
            found = queues.open()
            assert [(one.id, one.state, one.account) for one in found if one.id == "o1"] == [
                ("o1", "queued", "A")
            ]
            assert [one.id for one in found if one.queue == "sheet"] == ["o3", "o2"]
            assert queues.cancel("o2")
            assert not queues.cancel("o2")
            assert not queues.cancel("nobody")
            assert queues.result("o2") == {"run": "", "outcome": "cancelled", "exit_code": 1}
            assert queues.result("o1") is None
        finally:
            queues.close()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="fork is a POSIX matter")
def test_what_goes_first_what_fails_and_a_drain(trial: Trial) -> None:
    (trial.folder / "robots" / "broken.yaml").write_text(PLAIN)
    broken = order_for(trial.folder / "robots" / "broken.yaml", {})
    broken = replace(broken, texts=dict.fromkeys(broken.texts, "nonsense: ["))
    trial.put({"o1": trial.order("o1", "A"), "bad": broken})
    pid = trial.start()
    results = dict(zip(("o1", "bad"), trial.results_of(["o1", "bad"]), strict=True))
    assert results["o1"]["outcome"] == "done"
    assert (results["bad"]["outcome"], results["bad"]["exit_code"]) == ("failed", 3)
    with trial.office() as office:
        (row,) = office.store.workers.all()
        assert (row.alive, row.can, row.process.split("/")[2]) == (True, ("browser", "sheet"), str(pid))
        told = _bofbot(trial, "worker", "list", "--json")
        assert json.loads(told.stdout)[0]["worker"] == row.process
        assert _bofbot(trial, "worker", "drain", row.process).returncode == 0
    trial.until(lambda: not trial.is_alive(pid))
    with trial.office() as office:
        assert office.store.workers.all() == []
        assert office.store.is_dead(row.process)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="fork is a POSIX matter")
def test_a_worker_that_stands_still_is_evicted_and_its_work_goes_on(trial: Trial) -> None:
    trial.environment["BOFBOT_TRIAL_DAWDLE"] = "0.3"
    trial.put({"o1": trial.order("o1", "A")})
    still = trial.start()
    trial.until(lambda: any(line.what == "booked" for line in trial.lines()))
    import signal

    trial.kill(still, signal.SIGSTOP)
    other = trial.start()
    with trial.office() as office:
        (owner,) = [
            row.process for row in office.store.workers.all() if row.process.split("/")[2] == str(still)
        ]
    assert _bofbot(trial, "worker", "evict", owner).returncode == 0
    evicted = len([line for line in trial.lines() if line.pid == still])
    trial.until(lambda: any(line.pid == other for line in trial.lines()))
    if trial.is_alive(still):
        trial.kill(still, signal.SIGCONT)
    trial.until(lambda: not trial.is_alive(still))
    trial.workers.remove(still)
    # On another machine it could not be proven dead: an item that it had armed would wait for a person.
    trial.until(lambda: trial.results_of(["o1"], 1)[0]["outcome"] in ("done", "waiting"))
    lines = trial.lines()
    booked = [line.of for line in lines if line.what == "booked"]
    assert len(booked) == len(set(booked))
    assert len([line for line in lines if line.pid == still]) == evicted


def _bofbot(trial: Trial, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bofbot.cli", *words], cwd=trial.folder, capture_output=True, text=True, timeout=120,
        env={**trial.environment, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip


def test_bofbot_run_pays_nothing_for_the_engine(tmp_path: Path) -> None:
    """It imports neither the engine nor its libraries, nor PostgreSQL's, when the store is a file."""
    (tmp_path / "robots").mkdir()
    (tmp_path / "robots" / "a.yaml").write_text(PLAIN)
    program = (
        "import sys; from bofbot.cli.main import main; code = main(['run', 'a', '--no-report']);"
        "print(code, *sorted({name.split('.')[0] for name in sys.modules} & {'dbos', 'sqlalchemy', 'psycopg'}),"
        " *[name for name in sys.modules if name.startswith('bofbot.engine')])"
    )
    plain = {key: value for key, value in os.environ.items() if not key.startswith(("COVERAGE", "BOFBOT"))}
    told = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=120,
        env={**plain, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert told.stdout.split() == ["0"], told.stderr


def test_orders_that_are_over_go_out_of_the_queue_and_are_never_played_again(trial: Trial) -> None:
    order = trial.order("one", "")
    trial.put({"one": order})
    trial.start()
    before = trial.results_of(["one"])[0]
    with trial.office() as office:
        queues = Queues(office.store)
        try:
            assert queues.forget(datetime.now(UTC) - timedelta(days=1)) == 0
            assert queues.forget(datetime.now(UTC) + timedelta(seconds=1)) == 1
            assert queues.find("one") is None
            assert queues.result("one") == {name: before[name] for name in ("run", "outcome", "exit_code")}
            assert not queues.put("one", order)
            assert queues.open() == []
        finally:
            queues.close()
