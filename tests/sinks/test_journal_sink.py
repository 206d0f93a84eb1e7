"""What the journal sink was told comes back from the store, and the report can be made again from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bofbot.sinks.journal import JournalSink
from bofbot.sinks.report import report_html
from bofbot.store import open_store
from tests.sinks.tales import TALES


@pytest.mark.parametrize("tale", TALES, ids=str)
def test_a_report_made_again_from_the_journal_is_the_same(tmp_path: Path, tale: str) -> None:
    events = TALES[tale]()
    with open_store(tmp_path / "bofbot.db") as store:
        sink = JournalSink(store.journal)
        for event in events:
            sink(event)
        sink.close()
    with open_store(tmp_path / "bofbot.db") as store:
        kept = store.journal.events_of(events[0].run)
    assert report_html(kept, "ja") == report_html(events, "ja")
