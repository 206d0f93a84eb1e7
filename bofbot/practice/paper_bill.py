"""What stands on an invoice, whatever file it comes in."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class BillLine:
    """One line. `net` is in the currency's smallest unit: yen, or cents."""

    name: str
    net: int
    rate: int
    """Per cent."""


@dataclass(frozen=True, slots=True)
class Bill:
    """One invoice from a vendor. `registration` is the number the tax office knows the vendor by."""

    number: str
    vendor: str
    registration: str
    day: date
    due: date
    currency: str
    lines: tuple[BillLine, ...]
    tax_off_by: int = 0
    """Smallest units the stated tax differs from the right one."""

    @property
    def taxes(self) -> list[tuple[int, int, int]]:
        """(rate, net, tax) for each rate; a tax is rounded down once for each rate, as 消費税法施行令 第70条の10 wants it."""
        nets: defaultdict[int, int] = defaultdict(int)
        for line in self.lines:
            nets[line.rate] += line.net
        taxes = [(rate, net, net * rate // 100) for rate, net in sorted(nets.items(), reverse=True)]
        rate, net, tax = taxes[0]
        return [(rate, net, tax + self.tax_off_by), *taxes[1:]]

    @property
    def net(self) -> int:
        return sum(line.net for line in self.lines)

    @property
    def tax(self) -> int:
        return sum(tax for _, _, tax in self.taxes)

    @property
    def total(self) -> int:
        return self.net + self.tax

    def money(self, units: int) -> str:
        """An amount as the files write it: 12500, or 125.00."""
        return str(units) if self.currency == "JPY" else f"{Decimal(units).scaleb(-2)}"
