"""What libraries and strangers' verbs write to the log of Python while a run plays: it passes the redactor too."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def library_logs_redacted(redact: Callable[[str], str]) -> Iterator[None]:
    """Inside, no record of `logging` carries a secret, in whatever handler it ends (by itself, Python prints warnings)."""
    before = logging.getLogRecordFactory()

    def make(*parts: Any, **more: Any) -> logging.LogRecord:
        record = before(*parts, **more)
        try:
            record.msg, record.args = redact(record.getMessage()), ()
        except (TypeError, ValueError, KeyError):
            record.msg, record.args = (
                redact(f"{record.msg} {record.args}"),
                (),
            )  # its blanks do not fit its values
        if record.exc_info and record.exc_info[0]:
            record.exc_text = redact("".join(traceback.format_exception(*record.exc_info))).rstrip()
            record.exc_info = None
        record.stack_info = redact(record.stack_info) if record.stack_info else None
        return record

    logging.setLogRecordFactory(make)
    try:
        yield
    finally:
        logging.setLogRecordFactory(before)
