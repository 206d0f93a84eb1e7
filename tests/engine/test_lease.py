"""The contract of the lease: whoever loses it stops before its next step, whoever is dead is seen, and nobody else is."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bofbot.store import Store, open_store
from bofbot.store.database import FENCED
from bofbot.store.file_locks import FileLocks
from tests.engine.conftest import Trial
from tests.postgres_server import PostgresServer
from tests.store.conftest import OpenStore, opens

__all__ = ["opens"]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and fork are a POSIX matter")


def in_child(work: Callable[[], None]) -> int:
    """A process that does this; its pid. It is ended by whoever asked."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    return pid


def appeared(opens: OpenStore, told: Path) -> Callable[[], None]:
    def work() -> None:
        store = opens()
        store.appear()
        told.write_text(store.owner)
        while True:
            time.sleep(0.05)

    return work


def owner_in(told: Path) -> str:
    limit = time.monotonic() + 30
    while not told.exists() or not told.read_text():
        assert time.monotonic() < limit
        time.sleep(0.01)
    return told.read_text()


def until_dead(store: Store, owner: str, seconds: float) -> float:
    began = time.monotonic()
    while not store.is_dead(owner):
        assert time.monotonic() - began < seconds
        time.sleep(0.005)
    return time.monotonic() - began


def test_a_killed_process_is_seen_at_once_and_a_stopped_one_is_not(opens: OpenStore, tmp_path: Path) -> None:
    opens().close()
    pid = in_child(appeared(opens, tmp_path / "owner"))
    with opens() as store:
        owner = owner_in(tmp_path / "owner")
        assert not store.is_dead(owner)
        os.kill(pid, signal.SIGSTOP)
        time.sleep(0.5)
        assert not store.is_dead(owner)
        os.kill(pid, signal.SIGKILL)
        assert until_dead(store, owner, 5) < 1.5
        os.waitpid(pid, 0)
        assert store.is_dead(owner)


def test_a_process_that_was_evicted_stops_before_its_next_step(opens: OpenStore, tmp_path: Path) -> None:
    """A zombie: stopped, evicted, then woken up. It may write nothing more, and ends by itself."""

    def work() -> None:
        store = opens()
        store.appear()
        (tmp_path / "owner").write_text(store.owner)
        while True:
            store.check_lease()
            with (tmp_path / "steps").open("a") as steps:
                steps.write(".")
            time.sleep(0.01)

    opens().close()
    pid = in_child(work)
    with opens() as store:
        owner = owner_in(tmp_path / "owner")
        limit = time.monotonic() + 10
        while not (tmp_path / "steps").exists():
            assert time.monotonic() < limit
        os.kill(pid, signal.SIGSTOP)
        time.sleep(0.1)
        assert store.evict(owner)
        assert store.is_dead(owner)
        steps = (tmp_path / "steps").read_text()
        os.kill(pid, signal.SIGCONT) if store.shared else None
        _, status = os.waitpid(pid, 0)
        # The one step that was between its look and its writing when it was stopped.
        assert len((tmp_path / "steps").read_text()) - len(steps) <= 1
        assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == FENCED


def test_the_lease_is_given_back_when_the_store_is_closed(opens: OpenStore) -> None:
    with opens() as store, opens() as other:
        store.appear()
        other.appear()
        assert not store.is_dead(store.owner)
        store.close()
        assert not other.is_dead(other.owner)


def test_one_holds_a_lock_and_the_others_wait(opens: OpenStore) -> None:
    with opens() as one, opens() as other:
        assert one.database.take("account A")
        assert not one.database.take("account A")
        assert not other.database.take("account A")
        assert other.database.is_taken("account A")
        assert other.database.take("account B")
        one.database.give_back("account A")
        assert not other.database.is_taken("account A")
        assert other.database.take("account A")


def test_files_of_locks_that_were_given_back_are_gone(tmp_path: Path) -> None:
    locks = FileLocks(tmp_path)
    assert locks.take("a", shared=True)
    assert FileLocks(tmp_path).take("a", shared=True)
    locks.give_back("a")
    assert len(list(tmp_path.iterdir())) == 1
    assert FileLocks(tmp_path).is_taken("a") is True


# PostgreSQL alone -------------------------------------------------------------------------------------------------


def fenced_worker(server: PostgresServer, tmp_path: Path) -> tuple[int, str]:
    def opens() -> Store:
        return open_store(server.url("lease"), key=tmp_path / "key")

    server.empty("lease")
    opens().close()
    pid = in_child(appeared(opens, tmp_path / "owner"))
    return pid, owner_in(tmp_path / "owner")


def test_a_lost_connection_ends_the_process_at_once(postgres: PostgresServer, tmp_path: Path) -> None:
    pid, _ = fenced_worker(postgres, tmp_path)
    began = time.monotonic()
    assert postgres.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'bofbot'"
    )
    _, status = os.waitpid(pid, 0)
    assert os.WEXITSTATUS(status) == FENCED
    assert time.monotonic() - began < 20  # by its connection; by its clock it would take longer


def test_a_server_that_is_started_again_ends_the_process(postgres: PostgresServer, tmp_path: Path) -> None:
    pid, owner = fenced_worker(postgres, tmp_path)
    postgres.restart()
    _, status = os.waitpid(pid, 0)
    assert os.WEXITSTATUS(status) == FENCED
    with open_store(postgres.url("lease"), key=tmp_path / "key") as store:
        assert store.is_dead(owner)


def test_a_process_that_stands_still_inside_a_transaction_holds_nobody_up(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    def work() -> None:
        store = open_store(postgres.url("lease"), key=tmp_path / "key")
        store.appear()
        with store.database.writing():
            (tmp_path / "owner").write_text(store.owner)
            time.sleep(60)

    postgres.empty("lease")
    open_store(postgres.url("lease"), key=tmp_path / "key").close()
    pid = in_child(work)
    owner_in(tmp_path / "owner")
    os.kill(pid, signal.SIGSTOP)
    with open_store(postgres.url("lease"), key=tmp_path / "key") as store:
        began = time.monotonic()
        store.workers.leave("nobody")  # any write
        assert time.monotonic() - began < 15
    os.kill(pid, signal.SIGCONT)
    _, status = os.waitpid(pid, 0)
    assert os.WEXITSTATUS(status) == FENCED


@pytest.mark.slow
def test_runs_go_on_after_the_server_was_started_again(trial: Trial, postgres: PostgresServer) -> None:
    if not trial.store:
        pytest.skip("a file is no server")
    trial.put({"o1": trial.order("o1", "A"), "o2": trial.order("o2", "B")})
    first = trial.start()
    trial.until(lambda: any(line.what == "booked" for line in trial.lines()))
    postgres.restart()
    trial.until(lambda: not trial.is_alive(first))
    before = len(trial.lines())
    trial.workers.remove(first)
    trial.start()
    assert [one["outcome"] for one in trial.results_of(["o1", "o2"], 60)] == ["done", "done"]
    booked = [line.of for line in trial.lines() if line.what == "booked"]
    assert len(booked) == len(set(booked)) == 10
    assert all(line.pid != first for line in trial.lines()[before:])
