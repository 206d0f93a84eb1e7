"""What the store and the sinks cost: per event, per ledger transaction, per report.

    python benchmarks/store.py [--events 20000] [--items 500]

Everything is real: a store on this disk (WAL, FULL), HMAC chain included, sinks as the office joins them.
"""

from __future__ import annotations

import argparse
import io
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bofbot.effects import Identity
from bofbot.errors import Place
from bofbot.events import (
    Event,
    ItemFinished,
    ItemsStarted,
    ItemStarted,
    RunFinished,
    RunStarted,
    StepFinished,
    StepStarted,
)
from bofbot.secret import Redactor, Secret
from bofbot.sinks.console import Console
from bofbot.sinks.log import LogFile
from bofbot.sinks.ndjson import Ndjson
from bofbot.sinks.redacting import redacted
from bofbot.sinks.report import report_html
from bofbot.store import Store, open_store
from bofbot.words import Sentence

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--events", type=int, default=20_000)
    options.add_argument("--items", type=int, default=500)
    chosen = options.parse_args()
    events = trivial_steps(chosen.events // 2)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with open_store(folder / "bofbot.db") as store:
            costs_of_events(store, folder, events)
            cost_of_items(store, chosen.items)


def costs_of_events(store: Store, folder: Path, events: list[Event]) -> None:
    log, console = LogFile(folder / "bofbot.log"), Console("ja", io.StringIO())
    ndjson, redact = Ndjson(io.StringIO()), Redactor([Secret("hunter22"), Secret("another-secret")])
    listeners: dict[str, Callable[[Event], object]] = {
        "journal": store.journal.append,
        "console (pipe)": console,
        "log file": log,
        "NDJSON": ndjson,
        "redaction": lambda event: redacted(event, redact),
    }
    for name, listen in listeners.items():
        seconds = timed(lambda listen=listen: [listen(event) for event in events])
        print(f"{name:<28}{seconds / len(events) * 1e6:8.1f} µs CPU an event   ({len(events)} events)")
    log.close()
    store.journal.flush()
    seconds = timed(lambda: store.journal.verify())
    print(f"{'journal verify':<28}{seconds / len(events) * 1e6:8.1f} µs CPU a record")
    kept: list[Event] = []
    seconds = timed(lambda: kept.extend(store.journal.events_of("1")))
    print(f"{'events_of':<28}{seconds / len(events) * 1e6:8.1f} µs CPU an event")
    items = many_items(1000)
    report_html(items[:3], "ja")
    seconds = timed(lambda: report_html(items, "ja"))
    print(f"{'report of 1,000 items':<28}{seconds * 1e3:8.1f} ms CPU")


def cost_of_items(store: Store, count: int) -> None:
    began, spent = time.perf_counter(), time.process_time()
    for number in range(count):
        identity = Identity("robot", "submit 1", f"K-{number}")
        item = store.ledger.lease(identity, payload="ab" * 32, run="1", owner=store.owner, at=AT)
        item = store.ledger.arm(item, request={"method": "POST", "url": "/claims"}, at=AT)
        item = store.ledger.settle(item, "done", at=AT, receipt=f"A-{number}")
        store.ledger.complete(item, at=AT)
    wall, spent = time.perf_counter() - began, time.process_time() - spent
    moves = 4 * count
    print(
        f"{'ledger, a committed move':<28}{spent / moves * 1e6:8.1f} µs CPU {wall / moves * 1e6:8.1f} µs wall   (1 fsync each)"
    )


def trivial_steps(count: int) -> list[Event]:
    place, said = Place("robots/1.yaml", 12, 5), Sentence(en="set a value", ja="値を設定する")
    events: list[Event] = [RunStarted(run="1", at=AT, robot="r", robot_file="r.yaml", robot_sha256="ab" * 32)]
    for number in range(count):
        step = {
            "run": "1",
            "at": AT,
            "step": str(number),
            "name": f"手順{number}",
            "verb": "set",
            "place": place,
        }
        events += [StepStarted(**step, sentence=said), StepFinished(**step, seconds=0.001)]  # type: ignore[arg-type]
    return [*events, RunFinished(run="1", at=AT, robot="r", outcome="done", exit_code=0, seconds=1.0)]


def many_items(count: int) -> list[Event]:
    place = Place("robots/1.yaml", 12, 5)
    step = {"run": "2", "at": AT, "step": "1", "name": "登録する", "verb": "for_each", "place": place}
    events: list[Event] = [RunStarted(run="2", at=AT, robot="r", robot_file="r.yaml", robot_sha256="ab" * 32)]
    events.append(ItemsStarted(**step, total=count))  # type: ignore[arg-type]
    for index in range(1, count + 1):
        item = {**step, "item": f"K-{index}", "index": index, "row": index + 1}
        events += [ItemStarted(**item), ItemFinished(**item, state="done", seconds=0.5, receipt=f"A-{index}")]  # type: ignore[arg-type]
    return [
        *events,
        RunFinished(run="2", at=AT, robot="r", outcome="done", exit_code=0, seconds=1.0, items_done=count),
    ]


def timed(act: Callable[[], object]) -> float:
    """CPU seconds of this process."""
    began = time.process_time()
    act()
    return time.process_time() - began


if __name__ == "__main__":
    main()
