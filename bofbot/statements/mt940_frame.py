"""What stands around the entries of an MT940 or MT942 statement: its account and number, balances and control sums."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache

from bofbot.statements.model import Control, Entry, Refused, Remark, Statement
from bofbot.statements.notation import bad_amount
from bofbot.words import Sentence

_BALANCE = re.compile(r"([CD])(\d{6})([A-Z]{3})?\s?([\d.,]*)", re.ASCII)
_SUMMARY = re.compile(r"(\d{1,5})([A-Z]{3})([\d.,]+)", re.ASCII)
_INTERIM = frozenset({"34F", "13D", "90D", "90C"})


@dataclass(slots=True)
class Frame:
    """The fields of one statement, taken in one by one in their order."""

    account: str = ""
    number: str = ""
    opening: Decimal | None = None
    closing: Decimal | None = None
    first_day: date | None = None
    last_day: date | None = None
    interim: bool = False
    """A field that only MT942 has was seen."""
    controls: list[Control] = field(default_factory=list)
    currencies: set[str] = field(default_factory=set)
    """Those the balances and sums name; "" when one names none."""
    floor_currency: str = ""

    def take(self, tag: str, content: str, line: int) -> None:
        """Take in a field that is no entry and no description. Raises Refused for a balance that cannot be read."""
        self.interim = self.interim or tag in _INTERIM
        match tag:
            case "60F" | "60M":
                self._open(content, line)
            case "62F" | "62M":
                self.closing, self.last_day, currency = _balance(content, line)
                self.currencies.add(currency)
            case "25" | "25P":
                self.account = self.account or content.split("\n")[0].strip()
            case "28C" | "28":
                self.number = self.number or content.strip()
            case "90D" | "90C":
                self.controls.extend(_summaries(tag, content, line))
                self.currencies |= {found[2] for found in (_SUMMARY.match(content),) if found}
            case "34F":
                self.floor_currency = self.floor_currency or content[:3]

    def _open(self, content: str, line: int) -> None:
        """The opening balance, or that of a further page: what the page before closed with."""
        if self.opening is None:
            self.opening, self.first_day, currency = _balance(content, line)
        elif self.closing is not None:
            page, _, currency = _balance(content, line)
            self.controls.append(Control("page-balance", page, self.closing, line))
        else:
            return
        self.currencies.add(currency)

    def around(self, entries: list[Entry]) -> Statement:
        """The statement of these entries."""
        if len(named := self.currencies - {""}) > 1:
            self.controls.append(Control("one-currency", Decimal(1), Decimal(len(named))))
        days = [entry.date for entry in entries] + ([self.first_day] if self.first_day else [])
        balanced = self.opening is not None or self.closing is not None
        return Statement(
            account=self.account,
            currency=min(named, default=self.floor_currency),
            entries=tuple(entries),
            opening=self.opening,
            closing=self.closing,
            first_day=min(days, default=None) if self.last_day else None,
            last_day=self.last_day,
            number=self.number,
            controls=tuple(self.controls),
            remarks=self._remarks(),
            format="mt942" if self.interim and self.closing is None else "mt940",
            kind="account" if balanced else "movements",
        )

    def _remarks(self) -> tuple[Remark, ...]:
        remarks = () if self.closing is not None or self.opening is None else (_NO_CLOSING,)
        return (*remarks, _NO_CURRENCY) if "" in self.currencies else remarks


def read_amount(text: str, line: int) -> Decimal:
    """`1234,56`, and what banks make of it. Raises Refused."""
    if "." not in text and text.count(",") == 1 and len(text) > 1:
        return Decimal(text.replace(",", "."))
    whole, mark, fraction = text.partition(",")
    if not mark and text.count(".") == 1:
        whole, _, fraction = text.partition(".")
    digits = whole.replace(".", "") if mark else whole
    if (
        not (digits or fraction)
        or not f"{digits}{fraction}".isascii()
        or not f"0{digits}{fraction}".isdigit()
    ):
        raise bad_amount(text, line)
    return Decimal(f"{digits or 0}.{fraction}") if fraction else Decimal(digits)


@lru_cache(maxsize=4096)
def read_day(text: str) -> date | None:
    """YYMMDD; None for a day that never was."""
    year = int(text[:2])
    try:
        return date(2000 + year if year < 80 else 1900 + year, int(text[2:4]), int(text[4:6]))
    except ValueError:
        return None


def _balance(content: str, line: int) -> tuple[Decimal, date | None, str]:
    found = _BALANCE.match(content.strip())
    if not found or not found[4]:
        raise Refused(
            "bad-balance",
            Sentence(
                en=f"This balance cannot be read: {content[:40]}", ja=f"残高を読めません：{content[:40]}"
            ),
            line=line,
        )
    amount = read_amount(found[4], line)
    return (-amount if found[1] == "D" else amount), read_day(found[2]), found[3] or ""


def _summaries(tag: str, content: str, line: int) -> list[Control]:
    found = _SUMMARY.match(content.strip())
    if not found:
        return []
    side = "debit" if tag == "90D" else "credit"
    return [
        Control(f"{side}-count", Decimal(found[1]), line=line),
        Control(f"{side}-sum", read_amount(found[3], line), line=line),
    ]


_NO_CURRENCY = Remark(
    "balance-currency", Sentence(en="a balance names no currency", ja="通貨の書かれていない残高があります")
)
_NO_CLOSING = Remark(
    "no-closing-balance",
    Sentence(en="the statement has no closing balance (:62F:)", ja="最終残高（:62F:）がありません"),
)
