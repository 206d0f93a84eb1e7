"""A run and all runs that went on from it, as one story: a third try must know what the first and the second did."""

from __future__ import annotations

from bofbot.events import Event
from bofbot.store.database import Store
from bofbot.store.runs import RunRow


def story_of(store: Store, run: RunRow) -> tuple[str, list[Event]]:
    """(the id of the first run, the events of all its tries, in order). A `retry` begins a story of its own."""
    runs = _tries(store, run)
    return runs[0], [event for one in runs for event in store.journal.events_of(one)]


def last_of(store: Store, run: RunRow) -> tuple[str, RunRow]:
    """(the id of the first run, the latest of its tries): what became of it since."""
    runs = _tries(store, run)
    return runs[0], store.journal.run(runs[-1]) or run


def _tries(store: Store, run: RunRow) -> list[str]:
    """The first run and all that went on from it."""
    first, seen = run, {run.id}
    while first.mode == "resume" and first.of_run and first.of_run not in seen:
        seen.add(first.of_run)
        before = store.journal.run(first.of_run)
        if before is None:
            break
        first = before
    runs = [first.id]
    for one in runs:  # grows while it is read
        rows = store.database.rows(
            "SELECT id FROM runs WHERE of_run = :run AND mode = 'resume' ORDER BY started_us, id",
            {"run": one},
        )
        runs += [row["id"] for row in rows if row["id"] not in runs]
    return runs
