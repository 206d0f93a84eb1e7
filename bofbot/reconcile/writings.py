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
    """The order under which more of these dates than under any other lie where the other side's dates lie, or else
    that puts them much closer together; empty when nothing tells."""
    if len(orders) <= 1:
        return orders[0] if orders else ""
    cells = list(values)
    read = {order: [day for value in cells if (day := _of(value, order))] for order in orders}
    if others:
        low, high = min(others).toordinal() - _NEAR, max(others).toordinal() + _NEAR
        ranked = sorted(
            (-sum(low <= d.toordinal() <= high for d in days), at) for at, days in enumerate(read.values())
        )
        if ranked[0][0] < ranked[1][0]:
            return orders[ranked[0][1]]
    spans = sorted(((max(days) - min(days)).days, at) for at, days in enumerate(read.values()) if days)
    return orders[spans[0][1]] if len(spans) > 1 and spans[0][0] * 8 < spans[1][0] else ""


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
        return read_amount
    texts = [plain(value) for value in values if isinstance(value, str) and value.strip()]
    if not all(_POINTED.fullmatch(text) for text in texts):
        return read_amount

    def read(value: Any) -> Decimal:
        return read_amount(
            plain(value).replace(".", "").replace(",", ".") if isinstance(value, str) else value
        )

    return read


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
