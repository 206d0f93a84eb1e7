"""Events as NDJSON, one object a line with the schema version: `--events` and other programs."""

from __future__ import annotations

import json
from typing import Any, TextIO

from bofbot.events import Event, as_json


class Ndjson:
    """Writes to `stream` (stdout, or a file that the caller closes). Every line is flushed: the reader may be waiting."""

    def __init__(self, stream: TextIO) -> None:
        self._stream: TextIO | None = stream

    def __call__(self, event: Event) -> None:
        if self._stream is None:
            return
        try:
            self._stream.write(json_line(as_json(event)) + "\n")
            self._stream.flush()
        except BrokenPipeError:
            self._stream = None  # `| head` has seen enough; the run goes on

    def close(self) -> None:
        """Nothing is left to write."""


def json_line(value: dict[str, Any]) -> str:
    """One line of JSON, Japanese letters left readable; half characters (broken file names) as JSON escapes."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")
