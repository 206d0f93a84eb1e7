"""NDJSON: one object a line, with the schema version, at once."""

from __future__ import annotations

import io
import json

from bofbot.events import as_json
from bofbot.sinks.ndjson import Ndjson
from tests.sinks.tales import expenses


def test_each_event_is_a_line_with_its_version() -> None:
    stream = io.StringIO()
    sink = Ndjson(stream)
    for event in expenses():
        sink(event)
    sink.close()
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert lines == [as_json(event) for event in expenses()]
    assert {line["v"] for line in lines} == {1}
    assert "経費申請" in stream.getvalue()


def test_a_reader_that_has_seen_enough_stops_no_run() -> None:
    class Gone(io.StringIO):
        writes = 0

        def write(self, _: str) -> int:
            self.writes += 1
            raise BrokenPipeError

    stream = Gone()
    sink = Ndjson(stream)
    for event in expenses():
        sink(event)
    assert stream.writes == 1
