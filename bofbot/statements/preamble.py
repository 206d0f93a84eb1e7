"""What a table says around its entries: account, period, counts, balances before and after."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from bofbot.statements.columns import as_text
from bofbot.statements.day_notation import unambiguous_date
from bofbot.statements.headings import means
from bofbot.statements.model import Control, Entry
from bofbot.statements.notation import read_amount
from bofbot.statements.options import GridRow

_PAIR = re.compile(r"\s*([^:：]{1,40}?)\s*[:：]\s*(.*)", re.S)
_CURRENCY = re.compile(r"\b(JPY|USD|EUR|GBP|CHF|CAD|AUD|SEK|NOK|DKK|PLN|CZK|HUF|NZD|SGD|HKD|CNY|INR)\b")
_WHOLE_PERIOD = re.compile(r"全期間|all transactions", re.I)
_DEPOSIT = re.compile(r"^(?:普通|当座|貯蓄|総合)(?:預金)?\s*")
_INLINE = re.compile(r"([^\d\s:：,，、。()（）円]{2,12})\s*[:：]?\s*([-▲△−]?\d[\d,，]*)\s*円")
"""`繰越残高1,000,000円` in running text."""
_ACCOUNT = re.compile(r"口座番号\D{0,8}?(\d{6,8})(?!\d)")
_LONGEST, _MOST = 200, 30
"""So many characters and cells of a line are looked at: what people say beside a table is shorter."""
_WHOLE_DAY = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")
_DAY = re.compile(
    r"(?:令和|平成)\s*\d+\s*年\s*\d+\s*月\s*\d+\s*日|\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}"
)


@dataclass(slots=True)
class Around:
    """Figures found beside the entries."""

    account: str = ""
    currency: str = ""
    opening: Decimal | None = None
    closing: Decimal | None = None
    current: Decimal | None = None
    """A balance "now": it is the closing one only when the whole period was asked for."""
    balances: list[Decimal] = field(default_factory=list)
    """Balances of which the words do not say whether they stand before the entries or after them."""
    whole_period: bool = False
    first_day: date | None = None
    last_day: date | None = None
    controls: list[Control] = field(default_factory=list)

    def fitting(
        self, opening: Decimal | None, entries: Sequence[Entry]
    ) -> tuple[Decimal | None, Decimal | None]:
        """Opening and closing balance, where two stated balances differ by just what the entries sum up to."""
        total = sum((entry.amount for entry in entries), Decimal(0))
        for before in self.balances if opening is None else [opening]:
            if total and before + total in self.balances:
                return before, before + total
        return opening, None


def read_around(rows: Iterable[GridRow], decimal: str) -> Around:
    """Read label and value pairs: `label：value` in one cell, or a label cell and the first filled cell after it."""
    around = Around()
    for line, cells in rows:
        texts = [as_text(cell).strip()[:_LONGEST] for cell in cells[:_MOST]]
        whole = " ".join(texts)
        if not whole.strip():
            continue
        around.whole_period |= bool(_WHOLE_PERIOD.search(whole))
        currencies = set(_CURRENCY.findall(whole))
        if len(currencies) == 1 and not around.currency:
            around.currency = currencies.pop()
        pairs = _pairs(texts)
        for label, value in pairs:
            _take(around, label, value, line, decimal)
        for label, value in _INLINE.findall(whole):
            if not any(label == known for known, _ in pairs):
                _take(around, label, value, line, decimal)
        if not around.account and (number := _ACCOUNT.search(whole)):
            around.account = number[1]
        _take_period(around, whole)
    return around


def _pairs(texts: list[str]) -> list[tuple[str, str]]:
    pairs = []
    for index, text in enumerate(texts):
        if not text:
            continue
        written = _PAIR.fullmatch(text)
        label, value = (written[1], written[2]) if written else (text, "")
        if not value:
            later = [one for one in texts[index + 1 :] if one]
            value = next((one for one in later if not _WHOLE_DAY.fullmatch(one)), later[0] if later else "")
        pairs.append((label, value))
    return pairs


def _take(around: Around, label: str, value: str, line: int, decimal: str) -> None:
    if means("account", label) and any(map(str.isdigit, value)) and not around.account:
        around.account = _DEPOSIT.sub("", value)
        return
    amount = read_amount(value, decimal) if value else None
    if amount is None:
        return
    if means("opening", label):
        around.opening = amount
    elif means("closing", label):
        around.closing = amount
    elif means("current", label):
        around.current = amount
        around.balances.append(amount)
    elif means("last", label):
        around.balances.append(amount)
    elif means("total_in", label):
        around.controls.append(Control("credit-sum", abs(amount), line=line))
    elif means("total_out", label):
        around.controls.append(Control("debit-sum", abs(amount), line=line))
    elif means("count", label):
        around.controls.append(Control("entry-count", amount, line=line))


def _take_period(around: Around, whole: str) -> None:
    if "～" not in whole and "〜" not in whole and "~" not in whole:
        return
    days = [day for text in _DAY.findall(whole) if (day := unambiguous_date(text))]
    if len(days) == 2 and days[0] <= days[1]:
        around.first_day, around.last_day = days
