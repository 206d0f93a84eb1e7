"""No handler of Python's logging hears a secret while a run plays."""

from __future__ import annotations

import logging

import pytest

from bofbot.secret import Redactor, Secret
from bofbot.sinks.library_logs import library_logs_redacted

REDACT = Redactor([Secret("鍵穴の十字路", "password")])


def test_messages_values_and_tracebacks_are_redacted(caplog: pytest.LogCaptureFixture) -> None:
    log = logging.getLogger("a.library")
    with library_logs_redacted(REDACT):
        log.warning("sent %s to %d", "鍵穴の十字路", 3)
        log.warning("too many %s", "鍵穴の十字路", "x")
        try:
            raise ValueError("鍵穴の十字路")
        except ValueError:
            log.exception("broke", stack_info=True)
    assert "sent ●●● to 3" in caplog.text
    assert "ValueError: ●●●" in caplog.text
    assert "鍵穴" not in caplog.text
    assert "test_library_logs.py" in caplog.text, "where it broke is still told"


def test_afterwards_all_is_as_before(caplog: pytest.LogCaptureFixture) -> None:
    before = logging.getLogRecordFactory()
    with pytest.raises(KeyError), library_logs_redacted(REDACT):
        raise KeyError
    assert logging.getLogRecordFactory() is before
