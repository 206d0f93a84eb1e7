"""What a store costs as it grows: start-up, `list`, `show`, `waiting`, `health`, the tick and the start of `serve`.

    python benchmarks/scale.py [--sizes 1000,10000,100000,1000000] [--schedules 1000] [--keep FOLDER]

A hundred records of the journal are a run with ten items (so a million are 10,000 runs with 100,000 items); they are written in
bulk with the store's own seal, and `journal verify` holds. CPU seconds are of this machine: look at the shape of the rows.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bofbot.errors import Place
from bofbot.events import (
    Event,
    Failure,
    ItemFinished,
    ItemsStarted,
    ItemStarted,
    Noted,
    RunFinished,
    RunStarted,
    StepFinished,
    StepStarted,
    as_json,
)
from bofbot.store import Store, open_store
from bofbot.store.sealing import ATTEMPT, ITEM, body_of
from bofbot.store.slots import NewSlot
from bofbot.words import Sentence

ROOT = Path(__file__).parents[1]
RECORDS_A_RUN, ITEMS_A_RUN, ROBOTS, BATCH = 100, 10, 20, 100
_NOW = datetime.now(UTC)
_PLACE, _SAID = Place("robots/1.yaml", 12, 5), Sentence(en="set a value", ja="値を設定する")

ROBOT = "bofbot: 1\nname: 登録{0}\nowner: 経理部\npurpose: 計測\nsteps:\n  - set: {{x: 1}}\n"
COMMANDS = (
    ("list",),
    ("list", "--runs"),
    ("list", "--runs", "--state", "failed"),
    ("list", "--runs", "--robot", "登録3"),
    ("show", "MIDDLE"),
    ("waiting",),
    ("health",),
    ("schedule", "list"),
    ("tidy", "--dry-run"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1000,10000,100000,1000000")
    parser.add_argument("--schedules", type=int, default=1000)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    table: dict[str, list[str]] = {}
    for size in map(int, options.sizes.split(",")):
        with tempfile.TemporaryDirectory() as name:
            folder = (options.keep / str(size)) if options.keep else Path(name)
            began = time.monotonic()
            if not folder.exists() or not list(folder.iterdir()):
                make_office(folder, size, options.schedules)
            built = time.monotonic() - began
            bytes_ = sum(file.stat().st_size for file in (folder / "logs").glob("bofbot.db*"))
            row(table, "(built in)", f"{built:.0f} s, {bytes_ / 1e6:.0f} MB")
            measure(table, folder, size)
    sizes = [f"{int(one):,}" for one in options.sizes.split(",")]
    print("| records in the journal |", " | ".join(sizes), "|")
    print("|---|" + "---|" * len(sizes))
    for name, cells in table.items():
        print(f"| {name} |", " | ".join(cells), "|")


def row(table: dict[str, list[str]], name: str, cell: str) -> None:
    table.setdefault(name, []).append(cell)
    print(f"  {name}: {cell}", file=sys.stderr, flush=True)


def measure(table: dict[str, list[str]], folder: Path, size: int) -> None:
    middle = str(1001 + size // RECORDS_A_RUN // 2)
    for words in COMMANDS:
        said = [middle if word == "MIDDLE" else word for word in words]
        cpu, memory = cost_of(folder, ["-m", "bofbot.cli", *said])
        row(table, f"`bofbot {' '.join(words).replace('MIDDLE', 'RUN')}`", f"{cpu:.2f} s, {memory} MB")
    ticks = (("the first tick", _TICK + _SAY), ("a later tick", _TICK + _TICK_AGAIN + _SAY))
    for name, program in (("the store is opened", _OPEN), *ticks):
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=folder, env=_environment(), capture_output=True, text=True
        )
        row(table, name, done.stdout.strip() or done.stderr[-300:])
    cpu, memory = start_of_serve(folder)
    row(table, "`bofbot serve` until it ticks", f"{cpu:.2f} s, {memory} MB")


_OPEN = """
import time; from bofbot.store import open_store
before = time.process_time(); open_store("logs/bofbot.db").close(); print(f"{(time.process_time() - before) * 1000:.0f} ms")
"""
_TICK = """
import time; from datetime import UTC, datetime; from pathlib import Path
from bofbot.store import open_store; from bofbot.schedule.server import Server; from bofbot.schedule.book import read_book
from bofbot.settings import Settings
class Child:
    def poll(self): return None
    def terminate(self): pass
store = open_store("logs/bofbot.db"); book = read_book(Path("."))
server = Server(store.slots, lambda: book, lambda slot, again: Child(), lambda slot, said: None, lambda: datetime.now(UTC), at_most=10**6)
before = time.process_time(); server.tick(); first = time.process_time() - before
again = 0
"""
_TICK_AGAIN = """
before = time.process_time()
for _ in range(5): server.tick()
first = (time.process_time() - before) / 5
"""
_SAY = "print(f'{first * 1000:.0f} ms')\n"


def cost_of(folder: Path, words: list[str]) -> tuple[float, int]:
    """(CPU seconds, the most MB) of a Python process."""
    child = subprocess.Popen(
        [sys.executable, *words], cwd=folder, env=_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )  # fmt: skip
    assert child.stderr is not None
    said = child.stderr.read().decode()
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode in (0, 1, 5), said[-1000:]
    return used.ru_utime + used.ru_stime, used.ru_maxrss // 1024


def start_of_serve(folder: Path) -> tuple[float, int]:
    child = subprocess.Popen(
        [sys.executable, "-m", "bofbot.cli", "serve"], cwd=folder, env=_environment(),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    with open_store(folder / "logs" / "bofbot.db") as store:
        while not [beat for beat in store.slots.heartbeats() if f"/{child.pid}/" in beat.process]:
            assert child.poll() is None
            time.sleep(0.1)
    fields = Path(f"/proc/{child.pid}/stat").read_text().rpartition(")")[2].split()
    memory = next(
        line
        for line in Path(f"/proc/{child.pid}/status").read_text().splitlines()
        if line.startswith("VmHWM")
    )
    child.send_signal(signal.SIGKILL)
    child.wait()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), int(memory.split()[1]) // 1024


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "BOFBOT_STORE": ""}


# The office ------------------------------------------------------------------------------------------------------


def make_office(folder: Path, records: int, schedules: int) -> None:
    """An office with so many records in its journal, and what belongs to them."""
    for name in ("robots", "configs", "logs"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for number in range(ROBOTS):
        (folder / "robots" / f"{number:02}.yaml").write_text(ROBOT.format(number))
    lines = ["schedules:\n"]
    for number in range(schedules):
        at = f"{number % 24:02}:{number // 24 % 60:02}"
        lines.append(
            f"  - name: 予定{number}\n    robot: {number % ROBOTS:02}\n    when: 平日 {at}\n    owner: 経理\n"
        )
    (folder / "configs" / "schedules.yaml").write_text("".join(lines))
    runs = max(records // RECORDS_A_RUN, 1)
    with open_store(folder / "logs" / "bofbot.db") as store:
        store.database.rows("PRAGMA synchronous = OFF")
        for first in range(0, runs, BATCH):
            _write_runs(store, range(first, min(first + BATCH, runs)), runs)
        _write_slots(store, runs, schedules)
        store.database.rows(
            "INSERT INTO counters (name, value, changed_at) VALUES ('run', :n, '')", {"n": 1000 + runs}
        )
        if records <= 100_000:
            assert store.journal.verify().ok


def _write_runs(store: Store, numbers: range, runs: int) -> None:
    with store.database.writing():
        for number in numbers:
            events = list(_events(number, runs))
            store.journal.seal.append(
                (event.run, type(event).__name__, body_of(as_json(event))) for event in events
            )
            store.journal._runs.tell(events)
            _write_items(store, number)


def _events(number: int, runs: int) -> Iterator[Event]:
    """A run with ten items of four steps; every hundredth failed, a few are still waiting."""
    run, at = str(1001 + number), _NOW - timedelta(minutes=5 * (runs - number))
    step: dict[str, Any] = {
        "run": run,
        "at": at,
        "step": "1",
        "name": "登録する",
        "verb": "for_each",
        "place": _PLACE,
    }
    resumed = number % 50 == 49
    yield RunStarted(
        run=run, at=at, robot=f"登録{number % ROBOTS}", robot_file=f"robots/{number % ROBOTS:02}.yaml", robot_sha256="ab" * 32,
        mode="resume" if resumed else "run", of_run=str(1000 + number) if resumed else "", folder=f"logs/{run}",
    )  # fmt: skip
    yield ItemsStarted(**step, total=ITEMS_A_RUN)
    for index in range(1, ITEMS_A_RUN + 1):
        item = {**step, "item": f"K-{number}-{index}"}
        yield ItemStarted(**item, index=index, row=index + 1)
        for _ in range(3):
            yield StepStarted(**item, sentence=_SAID)
            yield StepFinished(**item, seconds=0.2, summary=_SAID)
        yield ItemFinished(**item, index=index, state="done", seconds=1.0, receipt=f"A-{number}-{index}")
    yield StepFinished(**step, seconds=10.0)
    while_left = RECORDS_A_RUN - ITEMS_A_RUN * 9 - 4
    for _ in range(while_left):
        yield Noted(**step, level="info", sentence=_SAID)
    failed = number % 100 == 1
    yield RunFinished(
        run=run, at=at, robot=f"登録{number % ROBOTS}", outcome="failed" if failed else "done", exit_code=3 if failed else 0,
        seconds=10.0, items_done=ITEMS_A_RUN, failure=Failure("application", _SAID) if failed else None,
    )  # fmt: skip


def _write_items(store: Store, number: int) -> None:
    at = _NOW.isoformat()
    items: list[dict[str, Any]] = []
    attempts: list[dict[str, Any]] = []
    for index in range(1, ITEMS_A_RUN + 1):
        waits = number % 500 == 0 and index == 1
        common = {"robot": f"登録{number % ROBOTS}", "step": "submit 1", "key": f"K-{number}-{index}", "token": 1, "attempt": 1,
                  "run": str(1001 + number), "owner": "nobody", "receipt": f"A-{number}-{index}", "why": "", "armed_at": at,
                  "request": '{"method": "POST", "url": "https://example.invalid/claims"}',
                  "state": "uncertain" if waits else "done"}  # fmt: skip
        items.append(
            {**common, "payload": "ab" * 32, "completed": int(not waits), "made_at": at, "changed_at": at}
        )
        attempts.append({**common, "started_at": at, "ended_at": at})
    for table, columns, rows in (("items", ITEM, items), ("attempts", ATTEMPT, attempts)):
        names = ", ".join(columns)
        values = ", ".join(f":{column}" for column in columns)
        store.database.later(f"INSERT INTO {table} ({names}) VALUES ({values})", rows)
    store.journal.seal.moved(items, attempts)


def _write_slots(store: Store, runs: int, schedules: int) -> None:
    """A slot for every run; each schedule was ticked until now."""
    for first in range(schedules):
        name = f"予定{first}"
        made = [
            NewSlot(name, f"{(at := _NOW - timedelta(days=1 + number)):%Y-%m-%dT%H:%M}", at, f"robots/{first % ROBOTS:02}.yaml", state="done")
            for number in range(max(runs // max(schedules, 1), 1))
        ]  # fmt: skip
        store.slots.note(name, None, _NOW, made)


if __name__ == "__main__":
    main()
