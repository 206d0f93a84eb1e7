"""Copies of evidence and positions in mailboxes, and the slots of what triggers begin, on both databases."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from bofbot.events import RunFinished, RunStarted
from bofbot.store import NewSlot, Store
from bofbot.store.copies import Copies, Copy
from bofbot.store.positions import Positions
from tests.store.conftest import OpenStore

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def ran(store: Store, run: str) -> None:
    store.journal.append(RunStarted(run=run, at=AT, robot="r", robot_file="r.yaml", robot_sha256=""))
    store.journal.append(RunFinished(run=run, at=AT, robot="r", outcome="done", exit_code=0, seconds=5.0))
    store.journal.flush()


def test_files_are_noted_made_changed_and_forgotten(store: Store) -> None:
    copies = Copies(store.database)
    for run in ("1001", "1002"):
        ran(store, run)
    over = AT + timedelta(seconds=5)
    assert copies.runs_unknown(None, over) == ["1001", "1002"]
    assert copies.runs_unknown(None, over - timedelta(seconds=1)) == []
    assert copies.runs_unknown(AT + timedelta(days=1), over) == []
    one, other = (Copy("1001", name, "ab", 3, "s3://x") for name in ("a.png", "b.png"))
    copies.note("1001", [one, other])
    copies.note("1001", [Copy("1001", "a.png", "cd", 9, "s3://y")])  # noted before: it stays
    copies.note("1002", [])
    assert copies.of("1001") == [one, other]
    assert copies.of("1002") == copies.runs_unknown(None, over) == []
    assert copies.to_make() == ["1001"]
    copies.changed(other, None)
    copies.changed(one, Copy("1001", "a.png", "ef", 4, "s3://x"))
    copies.made([one], "s3://y")
    assert copies.of("1001") == [Copy("1001", "a.png", "ef", 4, "s3://y", made=True)]
    assert copies.to_make() == []


def test_positions_are_kept_by_schedule(store: Store) -> None:
    positions = Positions(store.database)
    assert positions.of("a") == ""
    for place in ("7:1", "7:2"):
        positions.move("a", place)
    positions.move("b", "9:1")
    assert (positions.of("a"), positions.of("b")) == ("7:2", "9:1")


def test_many_may_open_a_new_store_at_once(opens: OpenStore) -> None:
    gate = threading.Barrier(6, timeout=60)

    def first(number: int) -> int:
        gate.wait()
        with opens() as own:
            return own.slots.note("s", None, AT, [NewSlot("s", f"mail {number}", AT, "r", queued=True)]) or 0

    with ThreadPoolExecutor(6) as crowd:
        list(crowd.map(first, range(6)))
    with opens() as own:
        assert own.journal.verify().ok


def test_one_mail_or_call_is_one_slot_however_many_write_it_down(opens: OpenStore) -> None:
    written: list[int] = []
    gate = threading.Barrier(4, timeout=60)

    def note() -> None:
        with opens() as own:
            gate.wait()
            for number in range(10):
                new = NewSlot("s", f"mail {number}", AT, "r", queued=True)
                count = None
                while count is None:
                    count = own.slots.note("s", own.slots.ticked_until("s"), AT, [new])
                written.append(count)

    threads = [threading.Thread(target=note) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(written), sum(written)) == (40, 10)
