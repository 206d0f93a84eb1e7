"""What the operators of expressions mean: arithmetic on numbers, comparisons of what is alike, never a silent mix of types."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any

from bofbot.language.functions import BadCall, as_number, kind_word, within_bounds
from bofbot.language.likeness import alike, same
from bofbot.values.text import find_name
from bofbot.words import Sentence


def combined(op: ast.operator, left: Any, right: Any) -> Any:
    """What `left + right` and its like are worth: numbers exactly, texts and lists joined, days counted. Raises BadCall."""
    if isinstance(op, ast.Add):
        if isinstance(left, str) and isinstance(right, str):
            return within_bounds(left + right)
        if isinstance(left, list) and isinstance(right, list):
            return within_bounds(left + right)
    if isinstance(op, ast.Sub) and isinstance(left, date) and isinstance(right, date):
        return Decimal((_day(left) - _day(right)).days)
    if isinstance(left, date) or isinstance(right, date):
        raise BadCall(
            Sentence(
                en="days are added with add_days(date, n)",
                ja="日数の足し引きは add_days(date, n) を使ってください",
            )
        )
    return _ARITHMETIC[type(op)](_number(left), _number(right))


def holds(op: ast.cmpop, left: Any, right: Any) -> bool:
    """Whether `left < right` and its like are so. Raises BadCall where there is no order, or nothing to be in."""
    if isinstance(op, ast.In | ast.NotIn):
        return _contained(left, right) is isinstance(op, ast.In)
    if isinstance(op, ast.Eq | ast.NotEq):
        return same(left, right) is isinstance(op, ast.Eq)
    one, other = alike(left, right)
    if isinstance(one, bool) or not isinstance(one, Decimal | str | date | time):
        what = kind_word(left)
        raise BadCall(Sentence(en=f"{what.en} has no order", ja=f"{what.ja}は大小を比べられません"))
    return bool(_ORDER[type(op)](one, other))


def _number(value: Any) -> Decimal:
    if isinstance(value, str):
        raise BadCall(
            Sentence(
                en=f'"{value[:40]}" is text; number(…) makes a number of it, and ${{a}}${{b}} joins texts',
                ja=f"「{value[:40]}」は文字です。数にするには number(…)、文字をつなぐには ${{a}}${{b}} と書いてください",
            )
        )
    return as_number(value)


def _day(value: date) -> date:
    return date(value.year, value.month, value.day)


def _floor(one: Decimal, other: Decimal) -> Decimal:
    if not other:
        raise ZeroDivisionError
    quotient, rest = divmod(one, other)
    return quotient - 1 if rest and (rest < 0) != (other < 0) else quotient


def _contained(value: Any, holder: Any) -> bool:
    if isinstance(holder, str):
        if not isinstance(value, str):
            what = kind_word(value)
            raise BadCall(
                Sentence(en=f"{what.en} is never in a text", ja=f"{what.ja}は文字の中にはありません")
            )
        return value in holder
    if isinstance(holder, Mapping):
        return isinstance(value, str) and (
            value in holder or find_name(value, [k for k in holder if isinstance(k, str)]) is not None
        )
    if isinstance(holder, Sequence):
        return any(same(value, part) for part in holder)
    what = kind_word(holder)
    raise BadCall(Sentence(en=f"nothing is in {what.en}", ja=f"{what.ja}の中は調べられません"))


_ARITHMETIC: dict[type, Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: _floor,
    ast.Mod: lambda one, other: one - other * _floor(one, other),
}
_ORDER: dict[type, Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
