"""`bofbot health` says what is wrong, ends as monitors expect, and writes metrics that Prometheus reads."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bofbot.effects import Identity
from bofbot.events import RunFinished, RunStarted
from bofbot.store import NewSlot, Store, open_store
from tests.cli.conftest import Says
from tests.postgres_server import PostgresServer
from tests.store.conftest import postgres

__all__ = ["postgres"]

ROBOT = "bofbot: 1\nname: 表\nowner: 経理部\npurpose: 試験\nsteps:\n  - set: {x: 1}\n"
BOOK = 'schedules:\n  - {name: "日次\\"x", robot: a, when: 毎日 9:00}\n'
SAMPLE = re.compile(r'bofbot_[a-z_]+(?:\{[a-z]+="(?:[^"\\\n]|\\["\\n])*"\})? -?[0-9.e+]+')


@pytest.fixture(params=["sqlite", "postgres"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    (tmp_path / "configs").mkdir()
    (tmp_path / "robots").mkdir()
    (tmp_path / "robots" / "a.yaml").write_text(ROBOT)
    if request.param == "sqlite":
        return str(tmp_path / "logs" / "bofbot.db")
    server: PostgresServer = request.getfixturevalue("postgres")
    server.execute('DROP SCHEMA IF EXISTS "health" CASCADE; DROP SCHEMA IF EXISTS "health_engine" CASCADE')
    return server.url("health")


def opened(address: str, tmp_path: Path) -> Store:
    (tmp_path / "logs").mkdir(exist_ok=True)
    return open_store(address, key=tmp_path / "logs" / "journal.key")


def health(bofbot: Says, address: str, code: int, *words: str) -> dict[str, Any]:
    told = bofbot("health", "--json", *words, BOFBOT_STORE=address)
    assert told.returncode == code, told.stdout + told.stderr
    found: dict[str, Any] = json.loads(told.stdout)
    return found


def names(found: dict[str, Any]) -> list[str]:
    return [one["name"] for one in found["findings"]]


def test_nothing_to_do_is_well(bofbot: Says, address: str) -> None:
    assert health(bofbot, address, 0)["findings"] == []


def test_an_order_that_nobody_plays_is_wrong(bofbot: Says, address: str) -> None:
    assert bofbot("queue", "add", "a", BOFBOT_STORE=address).returncode == 0
    found = health(bofbot, address, 1)
    assert (found["queue"], names(found)) == ({"waiting": 1, "playing": 0}, ["queue"])


def test_schedules_that_nobody_keeps_and_times_that_nobody_started(
    bofbot: Says, address: str, tmp_path: Path
) -> None:
    (tmp_path / "configs" / "schedules.yaml").write_text(BOOK)
    now = datetime.now(UTC)
    with opened(address, tmp_path) as store:
        due = now - timedelta(hours=2)
        late = NewSlot('日次"x', "2026-11-22T09:00", due, "a", deadline_at=now - timedelta(hours=1))
        store.slots.note('日次"x', None, now, [late])
        store.slots.settle_late(now)
    assert names(health(bofbot, address, 1)) == ["serve", "late", "late"]
    told = bofbot("health", "--metrics", "x.prom", BOFBOT_STORE=address)
    assert told.returncode == 1
    lines = (tmp_path / "x.prom").read_text().splitlines()
    assert 'bofbot_schedule_overdue{schedule="日次\\"x"} 1' in lines
    assert {
        "bofbot_up 0",
        "bofbot_slots_late 1",
        "bofbot_serve_alive 0",
        "bofbot_evidence_uncopied 0",
    } <= set(lines)
    assert [line for line in lines if not line.startswith("#") and not SAMPLE.fullmatch(line)] == []
    assert len({line for line in lines if line.startswith("# TYPE")}) >= 20


def test_people_who_are_waited_for_count_when_asked(bofbot: Says, address: str, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    with opened(address, tmp_path) as store:
        about: dict[str, Any] = {"run": "1001", "at": now, "robot": "表"}
        store.journal.append(RunStarted(**about, robot_file="robots/a.yaml", robot_sha256=""))
        item = store.ledger.lease(
            Identity("表", "s", "K"), payload="p", run="1001", owner=store.owner, at=now
        )
        store.ledger.settle(store.ledger.arm(item, request={}, at=now), "uncertain", at=now)
        store.journal.append(RunFinished(**about, outcome="failed", exit_code=1, seconds=1.0))
    assert names(health(bofbot, address, 0)) == ["waiting", "failed"]
    assert bofbot("health", BOFBOT_STORE=address).stdout.startswith("✓ nothing is wrong; these want a look:")
    health(bofbot, address, 1, "--strict")


@pytest.mark.parametrize("forge", ["DELETE FROM events WHERE seq = 2", "UPDATE chain SET seq = 1"])
def test_an_end_of_the_journal_that_was_cut_off_is_wrong(
    bofbot: Says, address: str, tmp_path: Path, forge: str
) -> None:
    with opened(address, tmp_path) as store:
        about: dict[str, Any] = {"run": "1001", "at": datetime.now(UTC), "robot": "表"}
        store.journal.append(RunStarted(**about, robot_file="robots/a.yaml", robot_sha256=""))
        store.journal.append(RunFinished(**about, outcome="done", exit_code=0, seconds=1.0))
        assert store.journal.seal.ends_well()
        store.database.rows(forge)
    assert names(health(bofbot, address, 1)) == ["journal"]


def test_schedules_that_cannot_be_read_and_a_store_that_does_not_open(
    bofbot: Says, address: str, tmp_path: Path
) -> None:
    (tmp_path / "configs" / "schedules.yaml").write_text("schedules:\n  - name: x\n")
    assert names(health(bofbot, address, 1)) == ["schedules"]
    (tmp_path / "broken.db").write_bytes(b"x" * 8192)
    assert bofbot("health", BOFBOT_STORE=str(tmp_path / "broken.db")).returncode == 6
