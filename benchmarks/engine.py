"""What the engine costs: a durable step, orders through a queue, take-over, start-up; with Procrastinate as the peer.

    python benchmarks/engine.py [--orders 60] [--peer PYTHON] [--postgres]

`--peer` is a Python of a throw-away environment with `procrastinate[psycopg]`; `--postgres` starts a server of its own from what
is installed here. CPU seconds are of this machine; compare rows, not machines. Wall times mean little on a busy one.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

from bofbot.engine.order import order_for
from bofbot.engine.playing import Player
from bofbot.engine.queue import Queues
from bofbot.office import Office
from bofbot.settings import Settings

ROOT = Path(__file__).parents[1]

ROBOT = """bofbot: 1
name: 何もしない
owner: 経理部
purpose: 計測
inputs:
  order: {type: text}
steps:
  - set: {x: 1}
"""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--orders", type=int, default=60)
    parser.add_argument("--peer", default="")
    parser.add_argument("--postgres", action="store_true")
    options = parser.parse_args()
    start_up()
    stores = [("sqlite", "")]
    server = None
    if options.postgres:
        sys.path.insert(0, str(ROOT))
        from tests.postgres_server import PostgresServer

        server = PostgresServer()
        stores.append(("postgres", server.url("bench")))
    try:
        for name, store in stores:
            steps(name, store)
            items(name, store)
            for workers in (1, 2, 4):
                orders(name, store, options.orders, workers)
        if server is not None and options.peer:
            peer(options.peer, server.url().partition("?")[0], options.orders)
    finally:
        if server is not None:
            server.close()


def start_up() -> None:
    """CPU of a start of Python with what `bofbot run` imports, and with the engine."""
    for name, program in (
        (
            "bofbot run (its imports)",
            "import bofbot.cli.commands.run, bofbot.cli.playing, bofbot.office, bofbot.store.sqlite",
        ),
        ("with the engine", "import bofbot.cli.commands.run, bofbot.cli.playing, bofbot.engine.worker"),
    ):
        seconds = [_cpu([sys.executable, "-c", program]) for _ in range(5)]
        print(f"start-up, {name}: {statistics.median(seconds):.2f} s of CPU")


def steps(name: str, store: str) -> None:
    """A durable step by itself: what workflows of 21 steps cost more than workflows of one, a step."""
    few, many = (_workflows(f"{store}_steps{steps}" if store else "", steps) for steps in (1, 21))
    cpu = (many["ms"] - few["ms"]) / 20
    print(
        f"{name}: a durable step {cpu:.1f} ms of CPU, {(many['syncs'] - few['syncs']) / 20:.1f} fsyncs; a workflow of one step {few['ms']:.1f} ms, {few['syncs']:.1f} fsyncs"
    )


def _workflows(store: str, count: int) -> dict[str, float]:
    """A piece, over 20 of them in one process. (The fsyncs of a server are its own.)"""
    with tempfile.TemporaryDirectory() as folder:
        trace = Path(folder) / "trace"
        program = _PLAIN.format(folder=folder, store=store, steps=count)
        told: dict[str, float] = json.loads(_run([sys.executable, "-c", program]).splitlines()[-1])
        told["syncs"] = float("nan")
        if shutil.which("strace") and not store:
            words = ["strace", "-f", "-qq", "-e", "trace=fsync,fdatasync", "-o", str(trace)]
            begun = [_run([*words, sys.executable, "-c", program, str(n)]) and _lines(trace) for n in (0, 20)]
            told["syncs"] = (begun[1] - begun[0]) / 20
        return told


_PLAIN = """
import sys, os, json, time
from pathlib import Path
from bofbot.store import open_store
from bofbot.engine.queue import Queues, DBOS
where = {store!r} or Path({folder!r}) / f"{{os.getpid()}}.db"
store = open_store(where, key=Path({folder!r}) / "key")
store.appear()
@DBOS.workflow(name="bare")
def bare(n: int) -> int:
    for _ in range({steps}):
        DBOS.run_step({{"name": "one"}}, int, n)
    return n
queues = Queues(store)
bare(0)
before, n = time.process_time(), int(sys.argv[1]) if len(sys.argv) > 1 else 20
for k in range(n):
    bare(k)
print(json.dumps({{"ms": (time.process_time() - before) * 1000 / max(n, 1)}}))
sys.stdout.flush()
os._exit(0)
"""


def _lines(file: Path) -> int:
    return len(file.read_text().splitlines())


def items(name: str, store: str) -> None:
    """Keyed items with nothing in them, in one run from the queue: lease, journal and completion of each on disk."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "robots").mkdir()
        loop = f"  - for_each: ${{{list(range(300))}}}\n    as: n\n    key: ${{text(n)}}\n    steps:\n      - set: {{y: 1}}\n"
        (folder / "robots" / "a.yaml").write_text(ROBOT + loop)
        with Office.at(folder, settings=Settings(store=f"{store}_items" if store else "")) as office:
            player = Player(office)
            order = order_for(folder / "robots" / "a.yaml", {"order": "1"})
            before, began = time.process_time(), time.monotonic()
            told = player.play("one", order.as_json())
            took, cpu = time.monotonic() - began, time.process_time() - before
            assert told["outcome"] == "done", told
        print(
            f"{name}: 300 keyed no-op items in one run: {300 / took:.0f}/s, {cpu * 1000 / 300:.1f} ms of CPU an item"
        )


def orders(name: str, store: str, count: int, workers: int) -> None:
    """Whole runs of a robot with one empty step, from the queue to the report, by so many worker processes."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "robots").mkdir()
        (folder / "robots" / "a.yaml").write_text(ROBOT)
        schema = f"{store}_workers{workers}" if store else ""
        environment = {**os.environ, "BOFBOT_STORE": schema, "PYTHONPATH": str(ROOT)}
        with Office.at(folder, settings=Settings(store=schema)) as office:
            queues = Queues(office.store)
            started = [
                subprocess.Popen(
                    [sys.executable, "-m", "bofbot.cli", "worker", "--can", "sheet", "--at-most", "4"],
                    cwd=folder, env=environment, stderr=subprocess.DEVNULL,
                )
                for _ in range(workers)
            ]  # fmt: skip
            while len(office.store.workers.all()) < workers:
                time.sleep(0.05)
            before = [_cpu_of(one.pid) for one in started]
            began = time.monotonic()
            for number in range(count):
                queues.put(
                    f"{workers}-{number}", order_for(folder / "robots" / "a.yaml", {"order": str(number)})
                )
            put = time.monotonic() - began
            while queues.open():
                time.sleep(0.1)
            took = time.monotonic() - began
            cpu = sum(_cpu_of(one.pid) for one in started) - sum(before)
            waits = _begun_after(office, queues, folder)
            for one in started:
                one.send_signal(signal.SIGTERM)
            for one in started:
                one.wait(60)
            queues.close()
        print(
            f"{name}, {workers} worker(s): {count} runs in {took:.1f} s (put in {put:.1f} s), {cpu * 1000 / count:.0f} ms of workers' CPU a run,"
            f" {count / took:.1f} runs/s; begun after {waits:.2f} s (p95)"
        )


def _begun_after(office: Office, queues: Queues, folder: Path) -> float:
    """p95 of put → begun over 20 orders, put one by one while the workers are idle."""
    waits = []
    for number in range(20):
        name = f"alone-{number}"
        queues.put(name, order_for(folder / "robots" / "a.yaml", {"order": str(number)}))
        at = time.time()
        while queues.result(name) is None:
            time.sleep(0.02)
        row = office.store.database.row("SELECT begun_at FROM orders WHERE id = :id", {"id": name})
        assert row is not None
        waits.append(datetime.fromisoformat(row["begun_at"]).timestamp() - at)
    return sorted(waits)[18]


def peer(python: str, url: str, count: int) -> None:
    """Procrastinate: as many tasks that do nothing, one worker; and how long a killed worker's task stays undone."""
    program = _PEER.format(url=url, count=count)
    print("procrastinate:", _run([python, "-c", program]).splitlines()[-1])


_PEER = """
import asyncio, time, resource
import procrastinate
app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo={url!r}))
@app.task(queue="q")
async def nothing(n): pass
async def main():
    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        for n in range({count}): await nothing.defer_async(n=n)
        before, began = resource.getrusage(resource.RUSAGE_SELF).ru_utime, time.monotonic()
        await app.run_worker_async(queues=["q"], wait=False, install_signal_handlers=False, concurrency=4)
        print(f"1 worker: {count} empty tasks in {{time.monotonic()-began:.1f}} s, {{(resource.getrusage(resource.RUSAGE_SELF).ru_utime-before)*1000/{count}:.1f}} ms of CPU a task")
asyncio.run(main())
"""


def _run(words: list[str]) -> str:
    done = subprocess.run(words, capture_output=True, text=True, timeout=300)
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    return done.stdout


def _cpu(words: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    _run(words)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _cpu_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
