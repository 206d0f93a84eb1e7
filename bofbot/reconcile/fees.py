"""Transfer fees: tables by bank, day and amount, each row with its source; the office's own table, or the common amounts."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from importlib.resources import files
from pathlib import Path

import numpy as np

from bofbot.errors import BusinessError
from bofbot.reconcile.arrays import Flags, Ints
from bofbot.reconcile.intake.sides import NO_DAY
from bofbot.words import Sentence

COMMON = "ja-transfer"
"""The table that comes along (data/fees_ja.csv)."""

FOR_GOOD = date.max.toordinal()
"""The last day of a fee whose end is not known."""
_FIRST = 1


@dataclass(frozen=True, slots=True)
class Fee:
    """One line of a fee table. A bracket of amounts is tried on what was received and on what was owed: banks differ."""

    amount: Decimal
    first: int = _FIRST
    """First and last day it holds, as date.toordinal()."""
    last: int = FOR_GOOD
    at_least: Decimal | None = None
    below: Decimal | None = None
    bank: str = ""
    """Empty: any bank."""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """When and for which amounts a fee holds, in smallest units."""

    fee: int
    first: int
    last: int
    at_least: int
    below: int

    def holds(self, days: Ints, received: Ints, owed: Ints) -> Flags:
        """Per pair: was the payment made while the fee held, and is either amount in its bracket?"""
        on_day: Flags = (days == NO_DAY) | ((days >= self.first) & (days <= self.last))
        sized = [(self.at_least <= np.abs(a)) & (np.abs(a) < self.below) for a in (received, owed)]
        return on_day & (sized[0] | sized[1])


def fee_table(name: str, period: tuple[int, int] | None = None) -> tuple[Fee, ...]:
    """Fees that hold at some time of the period: of a table by name (`ja-transfer`), of an office's own CSV file, or listed by
    hand (`110, 220`). `table@bank` takes the lines of that bank and those of any. Raises BusinessError for a table that is
    not there or no table, and for a bank it does not know.

    Columns of a table: amount, from, until, at_least, below, bank, source; all but the amount may be empty. `ja-transfer`
    holds amounts commonly published by Japanese banks, consumption tax included; it names no banks."""
    if not name:
        return ()
    table, _, bank = name.partition("@")
    table, bank = table.strip(), bank.strip()
    if table != COMMON and not table.lower().endswith(".csv"):
        return _listed(name)
    fees = _read(table)
    if bank:
        banks = sorted({fee.bank for fee in fees} - {""})
        if bank not in banks:
            raise _unknown_bank(table, bank, banks)
        fees = tuple(fee for fee in fees if fee.bank in ("", bank))
    return tuple(fee for fee in fees if period is None or (fee.first <= period[1] and fee.last >= period[0]))


def in_units(
    fees: Sequence[Fee], places: int, period: tuple[int, int]
) -> tuple[tuple[int, ...], tuple[Limit, ...]]:
    """The distinct fees in smallest units, and their limits where any of them does not hold all the time."""
    limits = tuple(
        Limit(
            int(fee.amount.scaleb(places)),
            fee.first,
            fee.last,
            int((fee.at_least or Decimal(0)).scaleb(places)),
            int(fee.below.scaleb(places)) if fee.below is not None else 2**62,
        )
        for fee in fees
    )
    distinct = tuple(dict.fromkeys(limit.fee for limit in limits))
    first, last = period
    always = all(
        lim.first <= first and lim.last >= last and not lim.at_least and lim.below == 2**62 for lim in limits
    )
    return distinct, () if always else limits


def _listed(name: str) -> tuple[Fee, ...]:
    try:
        parts = [part.strip() for part in name.replace("、", ",").split(",")]
        return tuple(Fee(abs(Decimal(part))) for part in parts if part)
    except InvalidOperation:
        raise BusinessError(
            Sentence(en=f"there is no fee table “{name}”", ja=f"手数料表「{name}」はありません"),
            fix=Sentence(
                en="use ja-transfer, a CSV file with the columns amount, from, until, or list the fees: 110, 220",
                ja="ja-transfer、CSV ファイル（列：amount, from, until）、金額の一覧（110, 220）のいずれかを指定してください",
            ),
        ) from None


def _read(table: str) -> tuple[Fee, ...]:
    try:
        if table == COMMON:
            text = files("bofbot.reconcile").joinpath("data/fees_ja.csv").read_text(encoding="utf-8")
        else:
            text = Path(table).read_text(encoding="utf-8-sig")
        return tuple(_fee(row) for row in csv.DictReader(text.splitlines()))
    except (OSError, UnicodeDecodeError, KeyError, ValueError, InvalidOperation, AttributeError) as error:
        raise BusinessError(
            Sentence(en=f"the fee table {table} cannot be read", ja=f"手数料表 {table} を読めません"),
            fix=Sentence(
                en="a UTF-8 CSV file with the columns amount, from, until, bank, source (days as 2026-04-01, or empty)",
                ja="UTF-8 の CSV に amount, from, until, bank, source の列を用意してください（日付は 2026-04-01 の形、空欄も可）",
            ),
        ) from error


def _fee(row: dict[str, str]) -> Fee:
    def amount(column: str) -> Decimal | None:
        text = (row.get(column) or "").replace(",", "").strip()
        return abs(Decimal(text)) if text else None

    def day(column: str, otherwise: int) -> int:
        text = (row.get(column) or "").strip()
        return date.fromisoformat(text).toordinal() if text else otherwise

    return Fee(
        abs(Decimal(row["amount"].replace(",", ""))),
        day("from", _FIRST),
        day("until", FOR_GOOD),
        amount("at_least"),
        amount("below"),
        (row.get("bank") or "").strip(),
        (row.get("source") or "").strip(),
    )


def _unknown_bank(table: str, bank: str, banks: Sequence[str]) -> BusinessError:
    listed = Sentence(en=", ".join(banks), ja="、".join(banks)) if banks else Sentence(en="none", ja="なし")
    return BusinessError(
        Sentence(
            en=f"the fee table {table} has no bank “{bank}”",
            ja=f"手数料表 {table} に銀行「{bank}」がありません",
        ),
        fix=Sentence(en="its banks: ", ja="この表の銀行：") + listed,
    )
