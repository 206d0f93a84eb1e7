"""The journal keeps what happened, in order, at once where it matters, and says so in one row a run."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from bofbot.errors import NotReady, UsageError
from bofbot.events import Event, RunFinished, RunStarted
from bofbot.store import Store, open_store
from bofbot.store.journal import BATCH_SECONDS, Journal
from tests.sinks.tales import NINE, TALES, Teller, expenses, said, smooth


def keep(store: Store, events: list[Event]) -> None:
    for event in events:
        store.journal.append(event)
    store.journal.flush()


@pytest.mark.parametrize("tale", TALES, ids=str)
def test_events_come_back_as_they_were(store: Store, tale: str) -> None:
    events = TALES[tale]()
    keep(store, events)
    assert store.journal.events_of(events[0].run) == events
    assert [kept["v"] for kept in store.journal.events(events[0].run)] == [1] * len(events)


def test_figures_keep_their_order(store: Store) -> None:
    keep(store, smooth())
    facts = next(kept["facts"] for kept in store.journal.events("1045") if "facts" in kept)
    assert list(facts)[:3] == ["account", "currency", "format"]


def test_a_run_is_one_row(store: Store) -> None:
    keep(store, expenses())
    run = store.journal.run("1044")
    assert run is not None
    assert (run.state, run.exit_code, run.items_done, run.items_failed, run.retries, run.owner) == (
        "partial",
        4,
        39,
        3,
        1,
        "経理部",
    )
    assert run.why == said("the site refused it", "サイトに受け付けられませんでした")
    assert run.started == NINE
    assert run.step_name == "合計を照合する"


def test_runs_are_numbered_upwards_for_ever(store: Store) -> None:
    assert [store.journal.new_run_id(NINE) for _ in range(3)] == ["1001", "1002", "1003"]


def test_numbers_in_use_outside_the_store_are_passed_over(store: Store) -> None:
    assert store.journal.new_run_id(NINE, taken={"1001", "1002", "1004"}.__contains__) == "1003"
    assert store.journal.new_run_id(NINE) == "1004"


def test_a_run_is_found_by_a_beginning_that_only_it_has(store: Store) -> None:
    for tale in TALES.values():
        keep(store, tale())
    assert getattr(store.journal.run("1049"), "robot", "").startswith("robot <script>")
    assert store.journal.run("2") is None
    assert store.journal.run("") is None
    assert store.journal.run("%") is None
    with pytest.raises(UsageError, match="1044, 1045"):
        store.journal.run("104")


def test_lists_are_filtered_and_the_newest_comes_first(store: Store) -> None:
    for number, (robot, outcome, hours) in enumerate(
        [("a", "failed", 0), ("a", "done", 1), ("b", "partial", 2)], 1
    ):
        tell = Teller(robot, str(number))
        tell.now += timedelta(hours=hours)
        first = tell.events[0]
        assert isinstance(first, RunStarted)
        started = NINE + timedelta(hours=hours)
        tell.events[0] = RunStarted(run=first.run, at=started, robot=robot, robot_file="x", robot_sha256="")
        keep(store, tell.end(outcome, 0))
    ids = [run.id for run in store.journal.runs()]
    assert ids == ["3", "2", "1"]
    assert [run.id for run in store.journal.runs(robot="a")] == ["2", "1"]
    assert [run.id for run in store.journal.runs(state="partial")] == ["3"]
    assert [run.id for run in store.journal.runs(since=NINE + timedelta(hours=1))] == ["3", "2"]
    assert [run.id for run in store.journal.runs(until=NINE + timedelta(hours=1))] == ["1"]
    assert [run.id for run in store.journal.runs(limit=1)] == ["3"]
    assert [(run.robot, run.state) for run in store.journal.latest()] == [("b", "partial"), ("a", "done")]


def test_a_run_whose_process_died_is_lost_and_no_longer_running(store: Store) -> None:
    gone: set[str] = set()
    journal = Journal(store.database, store.journal.seal.key, dead=lambda owner: owner in gone)
    journal.append(Teller().events[0])
    assert [run.state for run in journal.runs(state="running")] == ["1044"] or journal.runs()[
        0
    ].state == "running"
    gone.add(store.owner)
    assert [run.state for run in journal.runs()] == ["lost"]
    assert [run.id for run in journal.runs(state="lost")] == ["1044"]
    assert journal.runs(state="running") == []


def test_trivial_steps_wait_for_a_batch_and_are_on_disk_soon(store: Store) -> None:
    tell = Teller()
    tell.done(tell.step("1", "一", "set"))
    store.journal.append(tell.events[0])
    for event in tell.events[1:]:
        store.journal.append(event)
    assert len(store.journal.events("1044")) == 1
    time.sleep(BATCH_SECONDS + 0.3)
    assert len(store.journal.events("1044")) == 3
    store.close()


def test_an_item_and_the_end_of_a_run_are_on_disk_at_once(store: Store) -> None:
    events = expenses()
    for number, event in enumerate(events, 1):
        store.journal.append(event)
        if type(event).__name__ in ("ItemFinished", "EffectChanged") or isinstance(event, RunFinished):
            assert len(store.journal.events("1044")) == number


def test_a_batch_that_could_not_be_written_is_not_passed_over_in_silence() -> None:
    store = open_store(":memory:")
    tell = Teller()
    tell.done(tell.step("1", "一", "set"))
    store.journal.append(tell.events[0])
    store.database.connection.execute("DROP TABLE events")
    store.journal.append(tell.events[1])
    time.sleep(BATCH_SECONDS + 0.3)
    with pytest.raises(NotReady):
        store.journal.append(tell.events[2])


def test_ten_thousand_trivial_steps_cost_little(store: Store) -> None:
    tell = Teller()
    for number in range(10_000):
        tell.done(tell.step("1", f"手順{number}", "set"))
    began = time.process_time()
    keep(store, tell.end("done", 0))
    assert (
        time.process_time() - began < 5
    )  # about 0.8 s here; a transaction each would cost 10 s and 20,000 fsyncs


def test_unknown_kinds_of_a_newer_bofbot_are_left_out_and_unknown_fields_passed_over(store: Store) -> None:
    keep(store, smooth())
    bodies = (
        '{"v":2,"event":"StepDreamt","run":"1045","at":"2026-11-22T09:00:12+09:00"}',
        '{"v":2,"event":"RunStarted","run":"1045","at":"2026-11-22T09:00:12+09:00","robot":"r","robot_file":"f","mood":"blue"}',
    )
    for seq, body in enumerate(bodies, 1000):
        store.database.rows(
            "INSERT INTO events VALUES (:seq, '1045', 'x', :body, '', '')", {"seq": seq, "body": body}
        )
    events = store.journal.events_of("1045")
    assert len(events) == len(smooth()) + 1
    last = events[-1]
    assert isinstance(last, RunStarted)
    assert (last.robot, last.robot_sha256) == ("r", "")
