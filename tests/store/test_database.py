"""Opening the store: durable or refused, and every fault of the disk in our words."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bofbot.effects import Identity
from bofbot.errors import NotReady
from bofbot.store import Store, open_store
from bofbot.store.owner import is_dead, this_process
from bofbot.store.schema import MIGRATIONS
from tests.sinks.tales import expenses

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def test_what_is_committed_survives_a_power_cut(tmp_path: Path) -> None:
    with open_store(tmp_path / "bofbot.db") as store:
        asked = {
            name: store.database.row(f"PRAGMA {name}")
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert asked == {
        "journal_mode": {"journal_mode": "wal"},
        "synchronous": {"synchronous": 2},
        "foreign_keys": {"foreign_keys": 1},
        "busy_timeout": {"timeout": 30000},
    }


@pytest.mark.parametrize("written", ["{}/a/b/bofbot.db", "sqlite:///{}/bofbot.db"])
def test_a_store_is_made_where_it_is_asked_for(tmp_path: Path, written: str) -> None:
    with open_store(written.format(tmp_path)) as store:
        assert Path(store.where).exists()
        assert str(tmp_path) in store.where


def test_other_databases_are_refused_plainly() -> None:
    with pytest.raises(NotReady, match="postgresql://"):
        open_store("postgresql://server/db")


def refused(path: Path) -> NotReady:
    with pytest.raises(NotReady) as caught:
        open_store(path)
    error = caught.value
    assert str(path) in error.message.en
    assert str(path) in error.message.ja
    assert error.fix is not None
    assert error.fix.ja != error.fix.en
    return error


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    refused(tmp_path / "file" / "bofbot.db")
    refused(Path("/proc/self/bofbot.db") if sys.platform == "linux" else tmp_path)


def test_a_file_that_is_no_store(tmp_path: Path) -> None:
    path = tmp_path / "bofbot.db"
    path.write_bytes(b"PK\x03\x04 this is a workbook" * 100)
    assert "damaged" in refused(path).message.en
    assert path.read_bytes().startswith(b"PK")


def test_a_damaged_store(tmp_path: Path) -> None:
    path = tmp_path / "bofbot.db"
    with open_store(path) as store:
        for event in expenses():
            store.journal.append(event)
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xa5" * (len(whole) - 4096))
    with pytest.raises(NotReady, match="damaged"), open_store(path) as store:
        store.journal.runs()


def test_a_store_of_a_newer_bofbot(tmp_path: Path) -> None:
    path = tmp_path / "bofbot.db"
    open_store(path).close()
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    connection.close()
    assert "newer bofbot" in refused(path).message.en


def lease_many(store: Store, taken: list[str]) -> None:
    for number in range(10_000):
        identity = Identity("r", "1", f"K-{number}")
        store.ledger.lease(identity, payload="p" * 64, run="1", owner=store.owner, at=AT)
        taken.append(identity.key)


def test_an_older_store_is_brought_up_with_all_it_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bofbot.db"
    with open_store(path) as store:
        for event in expenses():
            store.journal.append(event)
        store.journal.flush()
        store.database.rows(OLD_ITEM)
        store.database.rows("ALTER TABLE chain DROP COLUMN adopted")
        store.database.rows("ALTER TABLE approvals DROP COLUMN totals")
        for statement in reversed([one for later in MIGRATIONS[BEFORE_THE_SEAL:] for one in later]):
            if made := re.match(r"\s*CREATE (TABLE|INDEX) (\w+)", statement):
                store.database.rows(f"DROP {made[1]} IF EXISTS {made[2]}")
        store.database.rows(f"PRAGMA user_version = {BEFORE_THE_SEAL}")
    later = (
        *MIGRATIONS,
        ("CREATE TABLE dreams (id INTEGER)", "ALTER TABLE runs ADD COLUMN mood TEXT NOT NULL DEFAULT ''"),
    )
    monkeypatch.setattr("bofbot.store.sqlite.MIGRATIONS", later)
    with open_store(path) as store:
        assert store.database.row("PRAGMA user_version") == {"user_version": len(later)}
        assert store.database.rows("SELECT * FROM dreams") == []
        assert store.journal.events_of("1044") == expenses()
        assert store.journal.verify().ok
        assert store.ledger.find(Identity("r", "1", "K")) is not None


BEFORE_THE_SEAL = 5
"""The version of the schema whose ledger stood outside the seal."""
OLD_ITEM = (
    "INSERT INTO items (robot, step, key, state, token, attempt, payload, run, owner, made_at, changed_at)"
    " VALUES ('r', '1', 'K', 'done', 1, 1, 'p', '1', 'nobody', '2026-11-22T09:00:00+09:00', '2026-11-22T09:00:00+09:00')"
)
"""As a bofbot of that version wrote it."""


def test_a_migration_that_fails_leaves_the_store_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bofbot.db"
    open_store(path).close()
    with monkeypatch.context() as broken:
        broken.setattr(
            "bofbot.store.sqlite.MIGRATIONS", (*MIGRATIONS, ("CREATE TABLE dreams (id INTEGER)", "NONSENSE"))
        )
        refused(path)
    with open_store(path) as store:
        assert store.database.row("PRAGMA user_version") == {"user_version": len(MIGRATIONS)}
        assert store.database.rows("SELECT name FROM sqlite_master WHERE name = 'dreams'") == []


def test_a_full_disk_leaves_what_was_and_nothing_half(tmp_path: Path) -> None:
    with open_store(tmp_path / "bofbot.db") as store:
        pages = store.database.row("PRAGMA page_count")
        assert pages
        store.database.row(f"PRAGMA max_page_count = {pages['page_count']}")
        taken: list[str] = []
        with pytest.raises(NotReady, match="full") as caught:
            lease_many(store, taken)
        assert caught.value.fix is not None
        counts = store.database.row(
            "SELECT (SELECT count(*) FROM items) AS items, (SELECT count(*) FROM attempts) AS attempts"
        )
        assert counts
        assert counts["items"] == counts["attempts"] == len(taken)
        store.database.row("PRAGMA max_page_count = 100000")
        store.ledger.lease(Identity("r", "1", "again"), payload="p", run="1", owner=store.owner, at=AT)


def test_a_store_that_another_program_holds(tmp_path: Path) -> None:
    path = tmp_path / "bofbot.db"
    with open_store(path) as store:
        store.database.connection.execute("PRAGMA busy_timeout = 50")
        viewer = sqlite3.connect(path, isolation_level=None)
        viewer.execute("BEGIN IMMEDIATE")
        with pytest.raises(NotReady, match="locked"):
            store.journal.new_run_id(AT)
        viewer.execute("ROLLBACK")
        viewer.close()
        assert store.journal.new_run_id(AT) == "1001"


def test_eight_that_make_the_same_store_at_once(tmp_path: Path) -> None:
    def number(_: int) -> str:
        with open_store(tmp_path / "bofbot.db") as store:
            return store.journal.new_run_id(AT)

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(number, range(16))) == [str(1001 + n) for n in range(16)]


CHILD = """
    import sys
    from datetime import UTC, datetime
    from bofbot.effects import Identity
    from bofbot.store import Store, open_store
    at = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    with open_store(sys.argv[1]) as store:
        for number in range(100000):
            item = store.ledger.lease(Identity("r", "1", str(number)), payload="p", run="1001", owner=store.owner, at=at)
            print("leased", number, flush=True)
            item = store.ledger.arm(item, request={"method": "POST"}, at=at)
            print("armed", number, flush=True)
            item = store.ledger.settle(item, "done", at=at, receipt=f"A-{number}")
            print("done", number, flush=True)
            store.ledger.complete(item, at=at)
            print("completed", number, flush=True)
"""
ORDER = ("leased", "armed", "done", "completed")


@pytest.mark.parametrize("lines", [5, 18, 43, 64, 90, 131])
def test_kill_9_loses_nothing_that_was_said(tmp_path: Path, lines: int) -> None:
    path = tmp_path / "bofbot.db"
    child = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(CHILD), str(path)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    said = [child.stdout.readline().split() for _ in range(lines)]
    os.kill(child.pid, signal.SIGKILL)
    said += [line.split() for line in child.stdout.read().splitlines() if line.count(" ") == 1]
    child.stdout.close()
    child.wait()
    last = {int(number): word for word, number in said}
    with open_store(path) as store:
        for number, word in last.items():
            item = store.ledger.find(Identity("r", "1", str(number)))
            assert item is not None
            now = "completed" if item.completed else item.state
            # One move may have been committed and not yet said; none that was said is missing.
            assert ORDER.index(now) - ORDER.index(word) in (0, 1)
        left = store.ledger.sweep(AT)
        open_items = [item for item in left if item.state in ("uncertain", "new")]
        assert len(open_items) == len(left) <= 1
        assert store.journal.new_run_id(AT)


WRITER = """
    import itertools, sys
    from bofbot.store import open_store
    from tests.sinks.tales import expenses
    with open_store(sys.argv[1]) as store:
        kept = 0
        for event in itertools.chain.from_iterable(itertools.repeat(expenses())):
            store.journal.append(event)
            kept += 1
            if type(event).__name__ in ("ItemFinished", "EffectChanged", "RunFinished"):
                print(kept, flush=True)
"""


@pytest.mark.parametrize("lines", [3, 40, 101])
def test_kill_9_leaves_a_journal_that_is_whole_and_sealed(tmp_path: Path, lines: int) -> None:
    path = tmp_path / "bofbot.db"
    root = Path(__file__).parents[2]
    child = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(WRITER), str(path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=root,
    )
    assert child.stdout is not None
    said = [child.stdout.readline() for _ in range(lines)]
    os.kill(child.pid, signal.SIGKILL)
    said += [line for line in child.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
    child.stdout.close()
    child.wait()
    with open_store(path) as store:
        verdict = store.journal.verify()
        assert verdict.ok
        assert verdict.records >= int(said[-1])
        assert store.journal.runs()[0].state in ("lost", "partial")


def test_this_process_lives_and_a_dead_one_is_known_as_dead() -> None:
    me = this_process()
    assert not is_dead(me)
    said = subprocess.run(
        [sys.executable, "-c", "from bofbot.store.owner import this_process; print(this_process())"],
        capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    assert is_dead(said)
    host, boot, pid, born = me.split("/")
    assert is_dead(f"{host}/{boot}/{pid}/{int(born) - 1}" if born.isdigit() else said)
    assert is_dead(f"{host}/another-boot/{pid}/{born}")


@pytest.mark.parametrize("owner", ["", "somebody", "elsewhere/b/1/2", "a/b/c/d", "{host}/{boot}/1/unknown"])
def test_whoever_cannot_be_proven_dead_counts_as_alive(owner: str) -> None:
    host, boot, _, _ = this_process().split("/")
    assert not is_dead(owner.format(host=host, boot=boot))
