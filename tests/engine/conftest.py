"""An office whose runs are played by real worker processes, on both kinds of store."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

import bofbot.actions
from bofbot.engine.order import Order, order_for
from bofbot.engine.queue import Queues
from bofbot.office import Office, store_of
from bofbot.settings import Settings
from tests.engine.trial import VERBS
from tests.postgres_server import PostgresServer
from tests.store.conftest import postgres

__all__ = ["postgres"]

ROOT = Path(__file__).parents[2]

ROBOT = """bofbot: 1
name: 登録
owner: 経理部
purpose: 試験
inputs:
  order: {type: text}
  items: {type: integer, default: 5}
  account: {type: text, default: A}
steps:
  - hold: ${inputs.account}
  - mention: ${"hello " + inputs.order}
  - set: {ready: true}
  - for_each: ${[1, 2, 3, 4, 5]}
    as: number
    key: ${inputs.order + "-" + text(number)}
    on_error: collect
    steps:
      - book: ${inputs.order + "-" + text(number)}
  - mention: ${"bye " + inputs.order}
"""


@dataclass
class Line:
    """What a trial verb left outside."""

    what: str
    of: str
    pid: int
    at: float


@dataclass
class Trial:
    """One office, its orders and its workers."""

    folder: Path
    store: str
    environment: dict[str, str]
    workers: list[int] = field(default_factory=list)
    nursery: subprocess.Popen[str] | None = None
    words: tuple[str, ...] = ("worker", "--can", "browser,sheet", "--lang", "en")

    def office(self) -> Office:
        return Office.at(self.folder, settings=Settings(store=self.store))

    def order(self, name: str, account: str = "A", robot: str = "登録.yaml") -> Order:
        order = order_for(self.folder / "robots" / robot, {"order": name, "account": account})
        return replace(order, queue="browser" if account else "sheet", account=account)

    def put(self, orders: dict[str, Order]) -> None:
        with self.office() as office:
            queues = Queues(office.store)
            for name, order in orders.items():
                assert queues.put(name, order)
            queues.close()

    def results_of(self, names: list[str], seconds: float = 30) -> list[dict[str, Any]]:
        """What became of orders, once all of them are over."""
        with self.office() as office:
            queues = Queues(office.store)
            limit = time.monotonic() + seconds
            try:
                while True:
                    found = [queues.result(name) for name in names]
                    if all(found) or time.monotonic() > limit:
                        return [one or {"outcome": "open"} for one in found]
                    time.sleep(0.5)
            finally:
                queues.close()

    def worn_out(self, tries: int) -> set[int]:
        """Workers that play an order which was begun so often."""
        with store_of(self.folder, Settings(store=self.store)) as store:
            rows = store.database.rows("SELECT process FROM orders WHERE tries >= :tries", {"tries": tries})
        return {int(row["process"].split("/")[2]) for row in rows}

    def start(self) -> int:
        """A worker; its pid."""
        if self.nursery is None:
            self.nursery = subprocess.Popen(
                [sys.executable, "-m", "tests.engine.nursery", *self.words], cwd=self.folder, text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**self.environment, "PYTHONPATH": str(ROOT)},
            )  # fmt: skip
            assert self.nursery.stdout
            assert self.nursery.stdout.readline() == "ready\n"
        assert self.nursery.stdin
        assert self.nursery.stdout
        self.nursery.stdin.write("\n")
        self.nursery.stdin.flush()
        pid = int(self.nursery.stdout.readline())
        self.workers.append(pid)
        return pid

    def kill(self, pid: int, sign: int = signal.SIGKILL) -> float:
        at = time.monotonic()
        os.kill(pid, sign)
        if sign == signal.SIGKILL:
            self.workers.remove(pid)
        return at

    def is_alive(self, pid: int) -> bool:
        try:
            stat = Path(f"/proc/{pid}/stat").read_text()
        except OSError:
            return False
        return stat.rpartition(")")[2].split()[0] not in "ZX"

    def lines(self) -> list[Line]:
        file = self.folder / "outside" / "lines"
        text = file.read_text() if file.exists() else ""
        parts = [line.split("\t") for line in text.splitlines()]
        return [Line(what, of, int(pid), float(at)) for what, of, pid, at in parts]

    def said(self) -> str:
        return "\n".join(file.read_text() for file in (self.folder / "outside").glob("worker *"))

    def until(self, done: Callable[[], object], seconds: float = 90) -> None:
        limit = time.monotonic() + seconds
        while not done():
            assert time.monotonic() < limit, self.said()[-3000:]
            time.sleep(0.02)

    def close(self) -> None:
        for pid in self.workers:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        if self.nursery is not None:
            self.nursery.kill()
            self.nursery.communicate()


@pytest.fixture(params=["sqlite", "postgres"])
def trial(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Trial]:
    store = ""
    if request.param == "postgres":
        server: PostgresServer = request.getfixturevalue("postgres")
        schema = f"e{os.getpid()}_{abs(hash(request.node.name)) % 10**8}"
        store = server.url(schema)
    (tmp_path / "robots").mkdir()
    (tmp_path / "outside").mkdir()
    (tmp_path / "robots" / "登録.yaml").write_text(ROBOT)
    for name, verb in VERBS.items():
        monkeypatch.setitem(bofbot.actions.VERBS, name, verb)
    environment = {**os.environ, "BOFBOT_TRIAL": str(tmp_path / "outside"), "BOFBOT_STORE": store}
    one = Trial(tmp_path, store, environment)
    yield one
    one.close()
