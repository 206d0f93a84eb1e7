"""The bank's accounts over any days: what a page asks for by account, first day and last day."""

from __future__ import annotations

import random
from datetime import date, timedelta
from functools import cache

from bofbot.practice.account import ACCOUNT, MONTHS, BankLine, BankMonth, bank_month

SECOND = "7654321"
ACCOUNTS = {f"普通 {ACCOUNT}": ACCOUNT, f"普通 {SECOND}": SECOND}
"""As the list of accounts shows them → number."""
MOST_DAYS = 62
"""Days the bank gives at once."""
_SECOND_OPENING = 1_250_000


def bank_days(account: str, first: date, last: date) -> BankMonth:
    """The lines of an account from `first` to `last`; days before and after the practice months are quiet."""
    opening, lines = _all_lines(account)
    before = [line for line in lines if line.day < first]
    shown = tuple(line for line in lines if first <= line.day <= last)
    return BankMonth(f"{first:%Y-%m}", before[-1].balance if before else opening, shown, account, first, last)


@cache
def _all_lines(account: str) -> tuple[int, tuple[BankLine, ...]]:
    if account == ACCOUNT:
        months = [bank_month(month) for month in MONTHS]
        return months[0].opening, tuple(line for month in months for line in month.lines)
    return _SECOND_OPENING, tuple(_second_account())


def _second_account() -> list[BankLine]:
    """A quiet account for reserves: every fifth day something, the same on every machine; twice two equal lines."""
    chance = random.Random(SECOND)  # noqa: S311 invents figures
    balance, day, lines = _SECOND_OPENING, date(2026, 8, 3), []
    while day <= date(2026, 10, 30):
        amount = chance.randrange(1, 40) * 5_000
        for _ in range(2 if day.day == 3 else 1):
            paid_out = amount if chance.random() < 0.4 and balance > amount else 0
            balance += -paid_out if paid_out else amount
            lines.append(BankLine(day, "振替", "ツミタテ", paid_out, 0 if paid_out else amount, balance))
        day += timedelta(days=chance.choice((4, 5, 6)))
    return lines
