"""How things fail.

BofbotError                              exit
├── UsageError        the command line is wrong                      2
├── InvalidRobot      the robot's text is wrong; carries diagnostics 3
├── NotReady          this machine lacks something                   6
├── RunError          raised by a step while a robot plays
│   ├── BusinessError     the data is wrong: never retried, the item is set aside   4
│   ├── ApplicationError  site, file or network failed: retried where repeatable    1
│   └── NeedsPerson       only a person can go on: stops, tells the owner           5
│       └── Uncertain         an effect left and nobody knows whether it happened   5
└── Interrupted       Ctrl-C or SIGTERM                            130

Foreign errors are mapped to these in adapters only. A message says what, where and what to do.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from bofbot.words import Sentence


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a text file; line and column count from 1, column in characters."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return ":".join([self.file, *(str(n) for n in (self.line, self.column) if n)])


@dataclass(frozen=True, slots=True)
class Cell:
    """A place in a table: file, sheet ("" in a CSV), row from 1 as the file counts, column heading."""

    file: str
    sheet: str = ""
    row: int = 0
    column: str = ""

    def __str__(self) -> str:
        return " › ".join(
            str(part) for part in (self.file, self.sheet, self.row and f"{self.row}", self.column) if part
        )


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something near to what was looked for, and why it is not it."""

    label: str
    role: str
    reason: Sentence


@dataclass(frozen=True, slots=True)
class Sighting:
    """What could be seen at the moment a step failed; it stands in the screen line, log, journal and report."""

    looked_for: str = ""
    candidates: tuple[Candidate, ...] = ()
    url: str = ""
    title: str = ""
    page_says: tuple[str, ...] = ()
    """Visible error text, alerts and dialogs of the page, as it says them."""
    cell: Cell | None = None


class BofbotError(Exception):
    """The root: a sentence in both languages, where it was, and the way out."""

    exit_code: ClassVar[int] = 1

    def __init__(
        self, message: Sentence | str, *, place: Place | None = None, fix: Sentence | None = None
    ) -> None:
        self.message = message if isinstance(message, Sentence) else Sentence.same(message)
        self.place = place
        self.fix = fix
        super().__init__(self.message.en)


class UsageError(BofbotError):
    """The command line is wrong."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One fault of a robot's text. `length` is the width of the wrong token in characters."""

    code: str
    message: Sentence
    place: Place
    length: int = 1
    source_line: str = ""
    fix: Sentence | None = None
    also: tuple[tuple[Place, str, Sentence], ...] = ()
    """Other places that belong to it (the first of two equal keys): place, source line, remark."""
    severity: str = "error"
    extra: dict[str, Any] = field(default_factory=dict)


class InvalidRobot(BofbotError):
    """The robot's definition is invalid; nothing was played."""

    exit_code = 3

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        self.diagnostics = diagnostics
        first = diagnostics[0]
        super().__init__(first.message, place=first.place, fix=first.fix)


class NotReady(BofbotError):
    """The environment lacks something: a browser, a secret, a display, room on the disk."""

    exit_code = 6


class RunError(BofbotError):
    """A step could not do its work. `sighting` is what could be seen then."""

    def __init__(
        self,
        message: Sentence | str,
        *,
        place: Place | None = None,
        fix: Sentence | None = None,
        sighting: Sighting | None = None,
    ) -> None:
        super().__init__(message, place=place, fix=fix)
        self.sighting = sighting or Sighting()


class BusinessError(RunError):
    """The data is wrong, or the site refused it by a rule; trying again changes nothing."""

    exit_code = 4


class ApplicationError(RunError):
    """A site, a file or the network failed; trying again may help where the step is repeatable."""

    exit_code = 1


class NeedsPerson(RunError):
    """A person must decide or act: a code, new terms, a captcha, an effect that may have happened."""

    exit_code = 5


class Uncertain(NeedsPerson):
    """Something was sent that changes other books, and its outcome is not known. No machine tries again."""


class Interrupted(BofbotError):
    """Somebody stopped the run."""

    exit_code = 130
