"""Which way money went: a column of marks (DR/CR, 借/貸, credit note), and books that see the same money with opposite signs."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from bofbot.reconcile.intake.writings import plain
from bofbot.words import Sentence

if TYPE_CHECKING:  # numpy is imported when first used
    from bofbot.reconcile.arrays import Ints
    from bofbot.reconcile.evidence.joins import Sorted

Dated: TypeAlias = "tuple[Ints, Ints]"
"""Amounts in the smallest units and their day numbers."""
_WEEK = 7
_IN = frozenset(
    [
        "CR",
        "C",
        "CREDIT",
        "貸",
        "貸方",
        "入",
        "入金",
        "預入",
        "IN",
        "収入",
        "DEPOSIT",
        "+",
        "INVOICE",
        "INV",
        "SALE",
        "SALES",
        "売上",
        "請求",
        "黒",
        "黒伝",
        "通常",
    ]
)
_OUT = frozenset(
    [
        "DR",
        "D",
        "DEBIT",
        "借",
        "借方",
        "出",
        "出金",
        "引出",
        "払出",
        "OUT",
        "支出",
        "支払",
        "WITHDRAWAL",
        "-",
        "CREDIT NOTE",
        "CREDIT MEMO",
        "CN",
        "CM",
        "REFUND",
        "RETURN",
        "返品",
        "返金",
        "値引",
        "赤",
        "赤伝",
        "取消",
    ]
)


class Columns(Protocol):
    """Cells by column."""

    def __getitem__(self, column: str) -> Sequence[Any]: ...


def mark_column(columns: Sequence[str], values: Columns, taken: set[str]) -> str:
    """The column whose every cell is a mark of direction, with at least one that turns the amount; empty: there is none."""
    for column in columns:
        if column in taken:
            continue
        sample = {_mark(value) for value in values[column][:500]} - {""}
        if sample & _OUT and sample <= _IN | _OUT and {_mark(v) for v in values[column]} - {""} <= _IN | _OUT:
            return column
    return ""


def turned(amounts: list[Decimal], marks: Sequence[Any]) -> list[Decimal]:
    """Amounts with their marks applied. Amounts that carry signs of their own are left as they are."""
    if any(amount < 0 and _mark(mark) for amount, mark in zip(amounts, marks, strict=True)):
        return amounts
    return [-amount if _mark(mark) in _OUT else amount for amount, mark in zip(amounts, marks, strict=True)]


def _mark(value: Any) -> str:
    return " ".join(plain(str(value)).upper().split()) if value is not None else ""


def opposite(left: Dated, right: Dated) -> bool:
    """Do the two sides see the same money with opposite signs? So when one is all plus and the other all minus, or when
    clearly more amounts meet within a week after one side is turned."""
    one, other = _sign(left), _sign(right)
    if not len(left[0]) or not len(right[0]) or one * other == 1:
        return False
    if one * other == -1:
        return True
    from bofbot.reconcile.evidence.joins import Sorted

    index = Sorted(*right)
    same, back = _meeting(left, index, 1), _meeting(left, index, -1)
    return back >= 2 and back > 2 * same


def _meeting(left: Dated, index: Sorted, sign: int) -> int:
    """How many left rows have a right one of this amount, times the sign, within a week."""
    amounts, days = left
    met = index.count(sign * amounts, days - _WEEK, days + _WEEK)
    return int(((met > 0) & (amounts != 0)).sum())


def _sign(side: Dated) -> int:
    if (side[0] > 0).all():
        return 1
    return -1 if (side[0] < 0).all() else 0


def turned_said(name: str) -> Sentence:
    return Sentence(
        en=f"{name}: amounts have the opposite sign; they were turned",
        ja=f"{name}：符号が逆のため、反転して比べました",
    )
