"""What is wrong in the sentence of a schedule, and under which of its characters."""

from __future__ import annotations

from bofbot.errors import Diagnostic, Place
from bofbot.values.bad_value import BadValue
from bofbot.words import Sentence

CODE = "E116"
"""A value that does not fit: `bofbot explain E116`."""


class BadSentence(BadValue):
    """A sentence that names no times. `offset` and `length` count characters of the text as it was typed."""

    def __init__(self, offset: int, length: int, reason: Sentence, fix: Sentence | None = None) -> None:
        super().__init__(reason)
        self.offset, self.length, self.fix = offset, max(length, 1), fix

    def diagnostic(self, text: str, file: str) -> Diagnostic:
        """For a sentence that was typed by itself, e.g. after an option of the command line."""
        return Diagnostic(CODE, self.reason, Place(file, 1, self.offset + 1), self.length, text, self.fix)
