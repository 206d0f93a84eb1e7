"""How a whole column writes its dates and amounts: day or month first, point or comma; one cell alone could be either."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from bofbot.values.amounts import read_amount
from bofbot.values.dates import read_date

SHORT_DATE = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?:[ T].*)?")
"""A date that begins with neither four digits of a year nor an era."""
COMMA_AMOUNT = re.compile(r"[-+]?(?:€|EUR)?\s*[-+]?(?:\d{1,3}(?:\.\d{3})+|\d+),\d{1,2}\s*(?:€|EUR)?-?")
"""`1.190,00`: thousands parted by points, cents by a comma."""
_POINTED = re.compile(r"[-+]?(?:€|EUR)?\s*[-+]?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d{1,2})?\s*(?:€|EUR)?-?")

_ORDERS = {"day/month/year": (1, 3, 4), "month/day/year": (3, 1, 4), "year/month/day": (4, 3, 1)}
"""How a short date may be meant → the groups of `SHORT_DATE` that are day, month and year."""
_NEAR = 62
"""Days beyond the other side's first and last in which a date is still at home."""
_NEARLY, _YEARS = 0.95, 800
_PROBED = 300


def plain(value: str) -> str:
    """A cell's text, full-width letters made narrow."""
    return value.strip() if value.isascii() else unicodedata.normalize("NFKC", value).strip()


def orders_of(values: Sequence[Any]) -> tuple[str, ...]:
    """The orders under which every short date of a column is a real day; empty when it has none.

    A point between the parts means day first (DIN 1355, and everywhere where points are used)."""
    if not any(_short(value) for value in values[:_PROBED]):
        return ()
    found = [short for value in set(values) if (short := _short(value))]
    if all(short[2] == "." and len(short[4]) == 4 for short in found):
        return ("day/month/year",)
    return tuple(order for order in _ORDERS if all(_day(short, order) for short in found))


def likeliest(orders: Sequence[str], values: Iterable[Any], others: Sequence[date]) -> str:
    """The order that puts nearly all dates where the other side's dates lie, when any other puts fewer than half there.

    Years of two digits are also known by years far apart when read otherwise. Empty when nothing tells: the first of
    every month and the first days of a year look alike."""
    if len(orders) <= 1:
        return orders[0] if orders else ""
    cells = list(values)
    read = {order: [day for value in cells if (day := _of(value, order))] for order in orders}
    if others:
        low, high = min(others).toordinal() - _NEAR, max(others).toordinal() + _NEAR
        home = {
            order: sum(low <= day.toordinal() <= high for day in days) / max(len(days), 1)
            for order, days in read.items()
        }
        best = max(orders, key=lambda order: home[order])
        if home[best] >= _NEARLY and all(home[order] < 0.5 for order in orders if order != best):
            return best
    spans = sorted(((max(days) - min(days)).days, order) for order, days in read.items() if days)
    far = len(spans) > 1 and spans[1][0] > _YEARS and spans[0][0] * 8 < spans[1][0]
    return spans[0][1] if far and "year/month/day" in orders else ""


def date_reader(order: str) -> Callable[[Any], date]:
    """Reads a cell as a date, short dates in this order. Raises BadValue."""
    if not order:
        return read_date

    def read(value: Any) -> date:
        return _of(value, order) or read_date(value)

    return read


def amount_reader(values: Sequence[Any]) -> Callable[[Any], Decimal]:
    """Reads a cell as an amount: with a decimal comma when the column has one and nothing speaks against it. Raises BadValue."""
    texts = [plain(value) for value in values[:_PROBED] if isinstance(value, str) and value.strip()]
    if not any(COMMA_AMOUNT.fullmatch(text) for text in texts):
        return _plainly
    texts = [plain(value) for value in values if isinstance(value, str) and value.strip()]
    if not all(_POINTED.fullmatch(text) for text in texts):
        return _plainly

    def read(value: Any) -> Decimal:
        return read_amount(
            plain(value).replace(".", "").replace(",", ".") if isinstance(value, str) else value
        )

    return read


_PLAIN_AMOUNT = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,2})?").fullmatch


def _plainly(value: Any) -> Decimal:
    """What most cells hold are a few digits; those need no closer look."""
    return Decimal(value) if type(value) is str and _PLAIN_AMOUNT(value) else read_amount(value)


def _short(value: Any) -> re.Match[str] | None:
    return SHORT_DATE.fullmatch(plain(value)) if isinstance(value, str) and len(value) < 32 else None


def _of(value: Any, order: str) -> date | None:
    short = _short(value)
    return _day(short, order) if short else None


def _day(short: re.Match[str], order: str) -> date | None:
    day, month, year = (short[group] for group in _ORDERS[order])
    if order == "year/month/day" and len(short[4]) == 4:
        return None
    try:
        return date(int(year) + (2000 if len(year) <= 2 else 0), int(month), int(day[:2]))
    except ValueError:
        return None
