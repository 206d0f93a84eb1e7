"""Backups are whole, and what they restore proves itself; on SQLite and on PostgreSQL."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import threading
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bofbot.effects import Identity
from bofbot.errors import NotReady, UsageError
from bofbot.events import RunFinished, RunStarted
from bofbot.store import Store
from bofbot.store.backup import MANIFEST, opened_backup, queue_file, write_backup
from bofbot.store.restore import restore_backup, still_running
from tests.store.conftest import OpenStore

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture
def key(opens: OpenStore, tmp_path: Path) -> Path:
    with opens() as store:
        return tmp_path / "store.key" if store.shared else tmp_path / "bofbot.db.key"


@pytest.fixture
def where(opens: OpenStore, tmp_path: Path) -> Path | None:
    with opens() as store:
        return None if store.shared else tmp_path / "bofbot.db"


@pytest.fixture(autouse=True)
def _needs_programs(request: pytest.FixtureRequest) -> None:
    if "postgres" in request.node.name and not shutil.which("pg_dump"):
        pytest.skip("pg_dump is not installed")


def play(store: Store) -> str:
    """A run that enters one item; its number."""
    run = store.journal.new_run_id(NOW)
    told = {"run": run, "at": NOW, "robot": "経費"}
    store.journal.append(RunStarted(**told, robot_file="robots/x.yaml", robot_sha256="0" * 64, folder=run))
    who = Identity("経費", "submit 1", f"K{run}")
    item = store.ledger.lease(who, payload="p", run=run, owner=store.owner, at=NOW)
    item = store.ledger.arm(item, request={}, at=NOW)
    store.ledger.settle(item, "done", at=NOW, receipt=f"R{run}")
    store.journal.append(RunFinished(**told, outcome="done", exit_code=0, seconds=1.0, items_done=1))
    return run


def state_of(store: Store, run: str) -> str:
    found = store.ledger.find(Identity("経費", "submit 1", f"K{run}"))
    return found.state if found else ""


def test_what_was_entered_is_known_again_after_the_store_is_gone(
    opens: OpenStore, where: Path | None, key: Path, tmp_path: Path
) -> None:
    file = tmp_path / "a.backup"
    with opens() as store:
        runs = [play(store) for _ in range(3)]
        head = store.journal.head()
        manifest = write_backup(store, key, file, NOW)
        assert manifest.head == head
    assert file.stat().st_mode & 0o077 == 0
    if where:
        for path in (*tmp_path.glob("bofbot.*"),):
            path.unlink() if path.is_file() else shutil.rmtree(path)
    else:
        with opens() as store:
            for table in ("attempts", "items", "runs", "events", "chain", "counters"):
                store.database.rows(f"DELETE FROM {table}")
        key.unlink()
        with pytest.raises(NotReady, match="is not the one"):
            opens()
        key.write_bytes(zipfile.ZipFile(file).read("journal.key"))
    restored = restore_backup(file, opens, where, key, NOW)
    assert restored.records == head.seq
    assert restored.last_run == int(runs[-1])
    with opens() as store:
        assert [state_of(store, run) for run in runs] == ["done"] * 3
        assert store.journal.verify(head).ok
        assert play(store) == str(int(runs[-1]) + 1)


def test_a_store_that_knows_more_is_replaced_by_force_alone_and_kept_aside(
    opens: OpenStore, where: Path | None, key: Path, tmp_path: Path
) -> None:
    file = tmp_path / "a.backup"
    with opens() as store:
        first = play(store)
        write_backup(store, key, file, NOW)
        second = play(store)
    with pytest.raises(NotReady, match="knows more"):
        restore_backup(file, opens, where, key, NOW)
    with opens() as store:
        assert state_of(store, second) == "done"
    restored = restore_backup(file, opens, where, key, NOW, force=True)
    with opens() as store:
        assert (state_of(store, first), state_of(store, second)) == ("done", "")
    assert restored.aside
    restore_backup(restored.aside, opens, where, key, NOW)  # the way back needs no force: it knows all
    with opens() as store:
        assert state_of(store, second) == "done"


def test_nothing_is_replaced_while_something_runs(
    opens: OpenStore, where: Path | None, key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.backup"
    with opens() as store:
        play(store)
        write_backup(store, key, file, NOW)
        store.slots.beat(NOW, 0)
        store.appear()
        assert still_running(store) == []  # this process itself does not count …
        monkeypatch.setattr("bofbot.store.restore.this_process", lambda: "another/one/1/1")
        assert still_running(store) == [store.owner]
        with pytest.raises(NotReady, match="something runs"):
            restore_backup(file, opens, where, key, NOW, force=True)


@pytest.mark.parametrize("opens", ["sqlite"], indirect=True)
def test_a_backup_that_was_changed_is_refused(
    opens: OpenStore, where: Path | None, key: Path, tmp_path: Path
) -> None:
    file, forged = tmp_path / "a.backup", tmp_path / "b.backup"
    with opens() as store:
        play(store)
        write_backup(store, key, file, NOW)
    with opened_backup(file) as (_, parts):
        with sqlite3.connect(parts["bofbot.db"]) as database:
            database.execute("UPDATE items SET state = 'new'")
        database.close()
        changed = {name: path.read_bytes() for name, path in parts.items()}
    with zipfile.ZipFile(file) as old:
        manifest = json.loads(old.read(MANIFEST))
    for hashes in (False, True):
        if hashes:
            manifest["files"]["bofbot.db"] = hashlib.sha256(changed["bofbot.db"]).hexdigest()
        with zipfile.ZipFile(forged, "w") as new:
            new.writestr(MANIFEST, json.dumps(manifest))
            for name, content in changed.items():
                new.writestr(name, content)
        with pytest.raises(NotReady, match="does not prove itself" if hashes else "not as it was written"):
            restore_backup(forged, opens, where, key, NOW, force=True)
    forged.write_bytes(file.read_bytes()[:-200])
    with pytest.raises(NotReady, match="no whole backup"):
        restore_backup(forged, opens, where, key, NOW, force=True)
    with pytest.raises(UsageError, match="there is no file"):
        restore_backup(tmp_path / "gone.zip", opens, where, key, NOW)
    with opens() as store:
        assert store.journal.verify().ok


@pytest.mark.parametrize("opens", ["sqlite"], indirect=True)
def test_a_damaged_store_is_moved_aside(
    opens: OpenStore, where: Path | None, key: Path, tmp_path: Path
) -> None:
    file = tmp_path / "a.backup"
    with opens() as store:
        run = play(store)
        queue = queue_file(tmp_path / "bofbot.db")
        with sqlite3.connect(queue) as database:
            database.execute("CREATE TABLE waits (one)")
        database.close()
        write_backup(store, key, file, NOW)
    assert where
    where.write_bytes(b"x" * 8192)
    queue.unlink()
    with pytest.raises(NotReady, match="damaged"):
        restore_backup(file, opens, where, key, NOW)
    restored = restore_backup(file, opens, where, key, NOW, force=True)
    assert restored.aside
    assert restored.aside.read_bytes() == b"x" * 8192
    with opens() as store:
        assert state_of(store, run) == "done"
    with sqlite3.connect(queue) as database:
        assert database.execute("SELECT * FROM waits").fetchall() == []
    database.close()


@pytest.mark.parametrize("opens", ["sqlite"], indirect=True)
def test_a_backup_without_its_key_needs_the_key_of_the_place(
    opens: OpenStore, where: Path | None, key: Path, tmp_path: Path
) -> None:
    file = tmp_path / "a.backup"
    with opens() as store:
        play(store)
        write_backup(store, key, file, NOW, with_key=False)
    restore_backup(file, opens, where, key, NOW)
    key.rename(tmp_path / "elsewhere")
    with pytest.raises(NotReady, match="without its key"):
        restore_backup(file, opens, where, key, NOW)


def test_kinds_of_stores_are_not_mixed(
    opens: OpenStore, where: Path | None, key: Path, tmp_path: Path
) -> None:
    file = tmp_path / "a.backup"
    with opens() as store:
        write_backup(store, key, file, NOW)
    other = tmp_path / "bofbot.db" if where is None else None
    with pytest.raises(UsageError, match="another kind"):
        restore_backup(file, opens, other, key, NOW)


def test_backups_taken_while_runs_play_all_prove_themselves(
    opens: OpenStore, where: Path | None, key: Path, tmp_path: Path
) -> None:
    """Backups beside a process' worth of moves: each restores to a store that verifies, each knows at least what was
    done when it was begun."""
    stop = threading.Event()

    def work() -> None:
        with opens() as store:
            while not stop.wait(0.02):
                play(store)

    thread = threading.Thread(target=work)
    thread.start()
    taken = []
    try:
        with opens() as store:
            for number in range(2 if where is None else 4):
                done = len(store.journal.runs(state="done", limit=10_000))
                file = tmp_path / f"{number}.backup"
                write_backup(store, key, file, NOW + timedelta(minutes=number))
                taken.append((done, file))
    finally:
        stop.set()
        thread.join()
    for number, (done, file) in enumerate(taken):
        restored = restore_backup(file, opens, where, key, NOW + timedelta(hours=number), force=True)
        with opens() as store:
            assert len(store.journal.runs(state="done", limit=10_000)) >= done
            assert store.journal.verify(restored.manifest.head).ok
