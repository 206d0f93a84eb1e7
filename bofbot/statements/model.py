"""What a statement is: entries of one account over some days, what the file itself states, and what was proved."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date as Day  # noqa: N812 - `Entry.date` would hide it
from decimal import Decimal
from operator import itemgetter
from typing import Literal, NamedTuple

from bofbot.errors import BusinessError, Place
from bofbot.words import Sentence

Outcome = Literal["verified", "discrepancy", "unverifiable"]
Kind = Literal["account", "movements", "payments", "invoice", "investment", "balance"]


class Entry(NamedTuple):
    """One movement. `amount` is signed as the account sees it: money in is positive."""

    date: Day
    amount: Decimal
    text: str = ""
    balance: Decimal | None = None
    """The account's balance after this entry, where the file states it."""
    value_date: Day | None = None
    reference: str = ""
    """The bank's own id of the entry, where it gives one."""
    counterparty: str = ""
    line: int = 0
    """Line (or sheet row, or page row) of the file, from 1."""


_AMOUNT = itemgetter(Entry._fields.index("amount"))


class Control(NamedTuple):
    """A figure the file states about itself: `entry-count`, `credit-sum`, `record-count` …"""

    id: str
    stated: Decimal
    found: Decimal | None = None
    """What the reader counted; None when the entries themselves tell (counts and sums of entries)."""
    line: int = 0


class Remark(NamedTuple):
    """Something the reader could not settle: it never makes a statement wrong, but nothing counts as proved then."""

    id: str
    sentence: Sentence
    line: int = 0


@dataclass(frozen=True, slots=True)
class Check:
    """One proof that was tried. `ok` is None when it could not be decided."""

    id: str
    ok: bool | None
    detail: Sentence
    difference: Decimal | None = None
    line: int = 0
    proves: bool = False
    """True when passing it proves amounts, not just form."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One account's statement. Entries stand oldest first; `opening` and `closing` are None where the file is silent."""

    account: str
    currency: str
    entries: tuple[Entry, ...]
    opening: Decimal | None = None
    closing: Decimal | None = None
    first_day: Day | None = None
    last_day: Day | None = None
    format: str = ""
    kind: Kind = "account"
    title: str = ""
    """The bank's, owner's or document's name, as far as the file tells."""
    number: str = ""
    derived_opening: bool = False
    """The opening balance is not stated: it was taken from the first running balance, and proves nothing by itself."""
    pending: Decimal = Decimal(0)
    """Σ of entries that are announced but not yet in the balances."""
    controls: tuple[Control, ...] = ()
    remarks: tuple[Remark, ...] = ()
    checks: tuple[Check, ...] = ()
    """Checks the reader itself made (invoice sums); `checks.prove` adds the general ones."""
    file: str = ""
    source_sha256: str = ""

    @property
    def sum(self) -> Decimal:
        """Σ of the entries' amounts."""
        return sum(map(_AMOUNT, self.entries), Decimal(0))

    @property
    def count(self) -> int:
        return len(self.entries)


@dataclass(frozen=True, slots=True)
class Proof:
    """A statement's checks and what they amount to."""

    outcome: Outcome
    checks: tuple[Check, ...] = field(default=())


class Refused(BusinessError):
    """A file that cannot be read exactly, with a stable name of the reason, the file and the line."""

    def __init__(
        self, reason: str, message: Sentence, *, line: int = 0, file: str = "", fix: Sentence | None = None
    ) -> None:
        self.reason = reason
        super().__init__(message, place=Place(file, line), fix=fix)

    @property
    def line(self) -> int:
        return self.place.line if self.place else 0

    def in_file(self, file: str) -> Refused:
        """The same refusal, now that the file's name is known."""
        return Refused(self.reason, self.message, line=self.line, file=file, fix=self.fix)


def no_statement(what: Sentence) -> Refused:
    """A sound file with no statement in it: not an empty success."""
    return Refused(
        "no-statement",
        Sentence(
            en=f"The file is readable but holds no statement: {what.en}",
            ja=f"ファイルは読めますが、明細がありません：{what.ja}",
        ),
    )
