"""A run and the runs it goes on from, as one story: a resume of a resume must know what the first one did."""

from __future__ import annotations

from bofbot.events import Event
from bofbot.store.journal import Journal
from bofbot.store.runs import RunRow


def story_of(journal: Journal, run: RunRow) -> tuple[str, list[Event]]:
    """(the id of the first run, all events up to now). A `retry` begins a story of its own."""
    runs = [run.id]
    first: RunRow | None = run
    while first and first.mode == "resume" and first.of_run and first.of_run not in runs:
        runs.append(first.of_run)
        first = journal.run(first.of_run)
    return runs[-1], [event for one in reversed(runs) for event in journal.events_of(one)]
