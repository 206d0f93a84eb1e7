"""Rates of consumption tax on an invoice: each is rounded once (消費税法施行令 70条の10), so each may be off by one.

Told by columns for each rate (`消費税(10%)`, `8%対象額`, `Tax 10%`) or by one that names them (`税率`: `10%`, `10%・8%`)."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from bofbot.reconcile.arrays import Ints
from bofbot.reconcile.intake.cells import Cells
from bofbot.reconcile.intake.headings import plain

_PERCENT = re.compile(r"(\d{1,2}(?:\.\d+)?)\s*%")
_ABOUT_TAX = re.compile(r"税|対象|tax|vat")
_NAMES_RATES = re.compile(r"(?:消費)?税率(?:区分)?|税区分|(?:tax|vat) (?:rate|code)s?")
_NOTHING = re.compile(r"[-+ 0.,¥円]*")


def rates_per_row(cells: Cells, columns: Sequence[str], kept: Sequence[int]) -> Ints | None:
    """How many rates each row bears; None when no column tells."""
    headings = {column: plain(column) for column in columns}
    by_rate: dict[str, list[str]] = {}
    for column, heading in headings.items():
        rate = _PERCENT.search(heading)
        if rate and _ABOUT_TAX.search(heading) and not _NAMES_RATES.fullmatch(heading):
            by_rate.setdefault(rate[1], []).append(column)
    if by_rate:
        borne = [
            np.array([any(_filled(cells[column][row]) for column in named) for row in kept], dtype=np.int64)
            for named in by_rate.values()
        ]
        found: Ints = np.sum(borne, axis=0)
        return found
    telling = next((column for column, heading in headings.items() if _NAMES_RATES.fullmatch(heading)), "")
    if not telling:
        return None
    return np.array([_named(cells[telling][row]) for row in kept], dtype=np.int64)


def _filled(value: object) -> bool:
    return value is not None and not _NOTHING.fullmatch(str(value))


def _named(value: object) -> int:
    """Rates a cell names; `10` and `0.1` are one rate too."""
    text = plain(value) if value is not None else ""
    return len(set(_PERCENT.findall(text))) or int(_filled(value))
