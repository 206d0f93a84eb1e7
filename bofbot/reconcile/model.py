"""What reconciliation speaks of: entries, rules, matches, breaks, and the result they add up to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date as Day  # noqa: N812 - `Entry.date` would hide it
from decimal import Decimal
from typing import Any, Literal, Protocol, runtime_checkable

from bofbot.errors import Cell
from bofbot.words import Sentence

Grade = Literal["confirmed", "suggested", "ambiguous"]
"""confirmed: posted without a look · suggested: one ✓ of a person is wanted · ambiguous: other answers are as good."""

Kind = Literal["1:1", "1:N", "N:1", "N:M"]
"""Rows on the left : rows on the right."""

Auto = Literal["yes", "unique", "never"]
"""yes: confirm what the rule finds unless something else is as good · unique: confirm by the margin · never: suggest."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of one side. `amount` in the currency's own unit, signed."""

    id: str
    """The id column's value, else `sheet!row`."""
    amount: Decimal
    date: Day | None = None
    currency: str = ""
    text: str = ""
    party: str = ""
    reference: str = ""
    compared: str = ""
    """The text by which its party was compared with the other side."""
    source: Cell = field(default_factory=lambda: Cell(""))
    original: str = ""
    """The amount as it was written, when it was valued in another currency: `USD 10,000.00`."""
    carried_since: Day | None = None
    """The day it was first left open, when an earlier period carried it over."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """Rows in a foreign currency: at which rate they are valued, and how far a payment may lie from that."""

    rate: str = ""
    """Column (or role) of the foreign rows with the rate they are booked at: home currency for one foreign unit."""
    rates: str = ""
    """CSV file with the columns date, currency, rate; the latest on or before a row's day holds."""
    percent: Decimal = Decimal(1)
    """Largest exchange difference either way, as per cent of the value booked."""
    home: str = ""
    """The currency everything is valued in; empty: the only one of either side."""


@dataclass(frozen=True, slots=True)
class AmountRule:
    """Which differences of amount a rule explains. All in currency units; 0 is always allowed."""

    fee: str = ""
    """Name of a fee table (`ja-transfer`), or amounts `"110,220"`; the left side may be smaller by one of them."""
    rounding: Decimal = Decimal(0)
    """Largest rounding difference either way."""
    tolerance: Decimal = Decimal(0)
    """Largest unexplained difference either way."""
    percent: Decimal = Decimal(0)
    """Largest unexplained difference either way, as per cent of the right side."""
    withholding: bool = False
    """源泉徴収: the left side may be smaller by 10.21 % of the amount before tax."""
    fx: Exchange | None = None
    """Foreign rows are valued at a rate; what is left is an exchange gain or loss."""
    tax_rounding: bool = False
    """端数: the amounts may differ by 1 for every rate of consumption tax on the invoice."""
    any: bool = False
    """The amount need not agree at all (a partial payment, named by reference)."""
    post_as: str = ""
    """The account a difference is posted to; empty: by its kind."""
    alert: str = ""
    """A remark to raise when the rule uses a difference, e.g. 取適法."""


@dataclass(frozen=True, slots=True)
class GroupRule:
    """Several rows of one side against one of the other, or several against several."""

    kind: Literal["1:N", "N:1", "N:M"] = "1:N"
    max: int = 6
    """Most rows on the side of several."""
    within: Literal["party", "reference"] = "party"
    span: int = 31
    """Most days between the rows of a group."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What may be matched with what. Order decides the name a match gets and the choice between equals."""

    name: str
    keys: Mapping[str, str] = field(default_factory=dict)
    """Left column or role → right column or role, equal after folding; `refs` is every token of the free text."""
    party: float = 0.0
    """Least likeness of the names, 0 … 1; 0: not looked at."""
    amount: AmountRule = AmountRule()
    days: tuple[int, int] | None = None
    """Left date minus right date, from … to; None: not looked at."""
    business_days: bool = False
    group: GroupRule | None = None
    auto: Auto = "unique"


@dataclass(frozen=True, slots=True)
class Decide:
    """When a match is confirmed without a person."""

    confirm_margin: float = 3.0
    """Points by which a match must beat the best other use of any of its rows."""
    max_auto_amount: Decimal | None = None
    """Above this amount every match waits for a person."""
    search_cap: int = 60
    """Rows of one party and period that are searched for sums; more are "not searched", said aloud."""


@dataclass(frozen=True, slots=True)
class Point:
    """One piece of evidence: `+6.1 exact amount`."""

    value: float
    reason: Sentence


@dataclass(frozen=True, slots=True)
class Difference:
    """Why left and right of a match differ: fee, rounding, discount, fx, withholding, short, over, tolerance."""

    kind: str
    amount: Decimal
    """Left minus right, the part of this kind."""
    account: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """Rows that belong together, and why. `left` and `right` are positions in their sides."""

    left: tuple[int, ...]
    right: tuple[int, ...]
    kind: Kind
    grade: Grade
    rule: str
    points: float
    margin: float | None
    """Points ahead of the best other use of one of its rows; None: there is no other."""
    difference: Decimal
    """Σ left − Σ right."""
    differences: tuple[Difference, ...] = ()
    evidence: tuple[Point, ...] = ()
    why: Sentence = field(default_factory=lambda: Sentence.same(""))
    """Why it has this grade."""
    alternatives: tuple[tuple[tuple[int, ...], tuple[int, ...], float], ...] = ()
    """Other uses of its rows that come close: left, right, points."""
    alerts: tuple[str, ...] = ()
    decided: bool = False
    """A person decided it."""


@runtime_checkable
class Graded(Protocol):
    """Matches that know their grades without being made one by one."""

    def graded(self, grade: Grade) -> int: ...
    def waiting(self) -> Sequence[Match]: ...


@dataclass(frozen=True, slots=True)
class Break:
    """A row left open, what kind of break it is, and its age."""

    side: Literal["left", "right"]
    row: int
    kind: str
    """unmatched · duplicate · no_party (unknown name) · several_sums · not_searched · opposite (sign)."""
    reason: Sentence
    amount: Decimal
    age: int | None = None
    """Days from its date to the day of the reconciliation."""
    nearest: str = ""
    """What comes closest on the other side, when something does."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Control figures of one currency; each line closes: total = matched + open."""

    currency: str
    left_total: Decimal
    left_matched: Decimal
    left_open: Decimal
    right_total: Decimal
    right_matched: Decimal
    right_open: Decimal
    difference: Decimal
    """Σ left − Σ right over all matches; equals the sum of all typed differences."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the work and the table it left behind: figures by name."""

    name: str
    sentence: Sentence
    figures: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Journal:
    """A suggested journal line: debit one account, credit another."""

    date: Day | None
    debit: str
    credit: str
    amount: Decimal
    memo: str
    match: int
    """Index of the match it belongs to."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a reconciliation. Matches and breaks are in one fixed order, whatever the order of the rows."""

    left_name: str
    right_name: str
    left: Sequence[Entry]
    right: Sequence[Entry]
    matches: Sequence[Match]
    breaks: tuple[Break, ...]
    totals: tuple[Totals, ...]
    journal: Sequence[Journal] = ()
    assumptions: tuple[Sentence, ...] = ()
    stages: tuple[Stage, ...] = ()
    as_of: Day | None = None

    @property
    def complete(self) -> bool:
        """Is everything confirmed and nothing left open?"""
        return not self.breaks and self.count("confirmed") == len(self.matches)

    @property
    def waiting(self) -> Sequence[Match]:
        """The matches that are not confirmed."""
        if isinstance(self.matches, Graded):
            return self.matches.waiting()
        return tuple(match for match in self.matches if match.grade != "confirmed")

    def count(self, grade: Grade) -> int:
        if isinstance(self.matches, Graded):
            return self.matches.graded(grade)
        return sum(match.grade == grade for match in self.matches)
