"""Old evidence goes by policy; nothing that somebody still needs does, and the journal proves itself afterwards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bofbot.effects import Identity
from bofbot.events import Outcome, RunFinished, RunStarted
from bofbot.settings import KeepSettings
from bofbot.store import NewSlot, Store
from bofbot.store.retention import TIDIED, find_old, tidy

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
DAY = 86400.0
KEEP = KeepSettings(evidence=90 * DAY, history=90 * DAY)


def run(
    store: Store, logs: Path, name: str, days: int, outcome: Outcome | None = "done", of: str = ""
) -> None:
    """A run that ended so many days ago (None: it still plays), with a picture."""
    at = NOW - timedelta(days=days)
    (logs / name).mkdir(parents=True)
    (logs / name / "picture.png").write_bytes(b"x" * 1000)
    store.journal.append(
        RunStarted(run=name, at=at, robot="経費", robot_file="x.yaml", robot_sha256="", mode="resume" if of else "run", of_run=of)
    )  # fmt: skip
    if outcome:
        store.journal.append(
            RunFinished(run=name, at=at, robot="経費", outcome=outcome, exit_code=0, seconds=60.0)
        )


def left(logs: Path) -> set[str]:
    return {path.name for path in logs.iterdir()}


def test_evidence_of_old_runs_goes_and_the_journal_says_so(store: Store, tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    run(store, logs, "1001", 91)
    run(store, logs, "1002", 91, "failed")
    run(store, logs, "1003", 89)
    (logs / "9999").mkdir()  # of no run that this store knows
    (logs / "1001" / "deep").mkdir()
    assert find_old(store, logs, KEEP, NOW).size == 2000
    assert left(logs) == {"1001", "1002", "1003", "9999"}
    assert tidy(store, logs, KEEP, NOW).runs == ("1001", "1002")
    assert left(logs) == {"1003", "9999"}
    told = store.database.rows("SELECT body FROM events WHERE kind = :kind", {"kind": TIDIED})
    assert [row["body"].count('"1001"') for row in told] == [1]
    assert store.journal.verify().ok
    assert len(store.journal.runs()) == 3
    assert len(store.journal.events_of("1001")) == 2
    assert tidy(store, logs, KEEP, NOW).runs == ()
    assert len(store.database.rows("SELECT 1 AS one FROM events WHERE kind = :kind", {"kind": TIDIED})) == 1


def test_a_run_that_waited_stays_until_somebody_went_on_with_it(store: Store, tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    run(store, logs, "1001", 400, "waiting")
    run(store, logs, "1002", 400, "waiting")
    run(store, logs, "1003", 399, "done", of="1002")
    run(store, logs, "1004", 400, "waiting")
    run(store, logs, "1005", 399, "waiting", of="1004")
    assert tidy(store, logs, KEEP, NOW).runs == ("1002", "1003")
    assert left(logs) == {"1001", "1004", "1005"}


@pytest.mark.parametrize("state", ["uncertain", "leased", "waiting"])
def test_what_an_item_needs_stays_however_old(store: Store, tmp_path: Path, state: str) -> None:
    logs = tmp_path / "logs"
    run(store, logs, "1001", 400, "failed")
    run(store, logs, "1002", 399, "failed", of="1001")
    run(store, logs, "1003", 399)
    item = store.ledger.lease(Identity("経費", "s", "K1"), payload="p", run="1002", owner=store.owner, at=NOW)
    if state == "uncertain":
        store.ledger.settle(store.ledger.arm(item, request={}, at=NOW), "uncertain", at=NOW)
    elif state == "waiting":
        store.ledger.settle(item, "waiting", at=NOW)
    assert tidy(store, logs, KEEP, NOW).runs == ("1003",)
    assert left(logs) == {"1001", "1002"}
    assert store.ledger.find(Identity("経費", "s", "K1")) is not None
    assert store.journal.verify().ok


def test_runs_that_play_or_wait_stay_and_links_are_never_followed(store: Store, tmp_path: Path) -> None:
    logs, elsewhere = tmp_path / "logs", tmp_path / "elsewhere"
    run(store, logs, "1001", 400, None)
    run(store, logs, "1002", 400, "waiting")
    run(store, logs, "1003", 400)
    (logs / "1003").rename(elsewhere)
    (logs / "1003").symlink_to(elsewhere)
    assert tidy(store, logs, KEEP, NOW).runs == ()
    assert (elsewhere / "picture.png").exists()


def test_without_a_policy_nothing_goes(store: Store, tmp_path: Path) -> None:
    run(store, tmp_path / "logs", "1001", 4000)
    assert tidy(store, tmp_path / "logs", KeepSettings(), NOW).runs == ()
    assert left(tmp_path / "logs") == {"1001"}


def test_history_of_schedules_goes_except_the_newest_of_each(store: Store, tmp_path: Path) -> None:
    def slot(schedule: str, days: int, state: str) -> NewSlot:
        at = NOW - timedelta(days=days)
        return NewSlot(schedule, at.date().isoformat(), at, "x", state=state)  # type: ignore[arg-type]

    for name, newest in (("a", "skipped"), ("b", "due")):
        slots = [slot(name, 100, newest), *(slot(name, days, "skipped") for days in (120, 150))]
        store.slots.note(name, None, NOW, slots)
    store.slots.note(
        "c", None, NOW, [slot("c", 1, "skipped"), slot("c", 95, "skipped"), slot("c", 200, "due")]
    )
    assert tidy(store, tmp_path, KEEP, NOW).slots == 5
    kept = {(row.schedule, row.state, (NOW - row.due_at).days) for row in store.slots.newest()}
    assert kept == {("a", "skipped", 100), ("b", "due", 100), ("c", "skipped", 1), ("c", "due", 200)}
