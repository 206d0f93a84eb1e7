"""Walks a parsed expression and says what it is worth now. Types are never mixed silently; nothing of Python is reachable."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import date, time
from decimal import (
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    InvalidOperation,
    Overflow,
    localcontext,
)
from pathlib import PurePath
from typing import Any

from bofbot.errors import BusinessError, Place
from bofbot.language.functions import (
    CONSTANTS,
    FUNCTIONS,
    BadCall,
    Names,
    as_number,
    kind_word,
    within_bounds,
)
from bofbot.language.likeness import alike, same
from bofbot.secret import Secret
from bofbot.values.bad_value import BadValue
from bofbot.values.text import find_name, nearest
from bofbot.values.types import as_text
from bofbot.words import Sentence

_SINGLE = (str, bool, int, float, Decimal, date, time, PurePath)
_EXACT = Context(prec=50, traps=[InvalidOperation, DivisionByZero, Overflow])


def evaluate(tree: ast.expr, names: Mapping[str, Any], place: Place, source: str) -> Any:
    """The value of a checked tree. Raises BusinessError, with the place and the expression, when there is none."""
    try:
        with localcontext(_EXACT):
            return _value(tree, names)
    except (BadCall, BadValue) as bad:
        raise _failure(source, bad.message, place) from None
    except ZeroDivisionError:
        raise _failure(source, Sentence(en="division by zero", ja="0で割っています"), place) from None
    except (DecimalException, OverflowError, RecursionError, ValueError):
        raise _failure(
            source, Sentence(en="the result is out of range", ja="計算結果が範囲を超えています"), place
        ) from None


def written(value: Any, place: Place, source: str) -> str:
    """A value as it stands inside a text. Raises BusinessError for lists, records and whatever is no single value."""
    if isinstance(value, Secret):
        return value.reveal()
    try:
        if value is None or isinstance(value, _SINGLE):
            return as_text(value)
    except BadValue as bad:
        raise _failure(source, bad.reason, place) from None
    what = kind_word(value)
    said = Sentence(en=f"{what.en} cannot be written into a text", ja=f"{what.ja}は文章の中に書けません")
    fix = Sentence(en="use join(…) or name one field", ja="join(…) を使うか、項目を一つ指定してください")
    raise _failure(source, said, place, fix)


def _failure(source: str, reason: Sentence, place: Place, fix: Sentence | None = None) -> BusinessError:
    return BusinessError(
        Sentence(en=f"${{{source}}}: {reason.en}", ja=f"${{{source}}}：{reason.ja}"), place=place, fix=fix
    )


def _value(node: ast.expr, names: Mapping[str, Any]) -> Any:
    return _WALK[type(node)](node, names)


def _constant(node: ast.Constant, names: Mapping[str, Any]) -> Any:
    return node.value


def _name(node: ast.Name, names: Mapping[str, Any]) -> Any:
    if node.id in names:
        return names[node.id]
    if node.id in CONSTANTS:
        return CONSTANTS[node.id]
    raise BadCall(Sentence(en=f"`{node.id}` has no value here yet", ja=f"`{node.id}` にはまだ値がありません"))


def _attribute(node: ast.Attribute, names: Mapping[str, Any]) -> Any:
    return field_of(_value(node.value, names), node.attr)


def field_of(record: Any, name: str) -> Any:
    """A field of a record, by its name or the name that means the same. Raises BadCall listing the fields."""
    if not isinstance(record, Mapping):
        if isinstance(record, Sequence) and not isinstance(record, str | bytes):
            raise BadCall(_MANY_ROWS)
        what = kind_word(record)
        raise BadCall(
            Sentence(
                en=f"{what.en} has no fields, so no `{name}`",
                ja=f"{what.ja}には項目がなく、`{name}` もありません",
            )
        )
    try:
        return record[name]
    except KeyError:
        pass
    known = [key for key in record if isinstance(key, str)]
    meant = find_name(name, known)
    if meant is not None:
        return record[meant]
    near = nearest(name, known, 1)
    en, ja = f"there is no `{name}`", f"`{name}` はありません"
    if near:
        en, ja = f"{en}; did you mean `{near[0]}`?", f"{ja}。`{near[0]}` のことですか？"
    if known:
        listed = ", ".join(known[:30])
        en, ja = f"{en} (known: {listed})", f"{ja}（あるもの：{listed}）"
    raise BadCall(Sentence(en=en, ja=ja))


def _subscript(node: ast.Subscript, names: Mapping[str, Any]) -> Any:
    holder, key = _value(node.value, names), _value(node.slice, names)
    if isinstance(key, str):
        return field_of(holder, key)
    if isinstance(holder, Mapping):
        raise BadCall(Sentence(en="a field is named by a text", ja="項目は文字で指定してください"))
    if isinstance(holder, str | bytes) or not isinstance(holder, Sequence):
        what = kind_word(holder)
        raise BadCall(
            Sentence(
                en=f"{what.en} has no parts to choose from", ja=f"{what.ja}から一部を取り出すことはできません"
            )
        )
    number = as_number(key)
    if number != number.to_integral_value() or not -len(holder) <= number < len(holder):
        raise BadCall(
            Sentence(
                en=f"there is no number {as_text(key)}: it has {len(holder)}, counted from 0",
                ja=f"{as_text(key)} 番目はありません（0から数えて{len(holder)}個）",
            )
        )
    return holder[int(number)]


def _list(node: ast.List, names: Mapping[str, Any]) -> list[Any]:
    return [_value(item, names) for item in node.elts]


def _if(node: ast.IfExp, names: Mapping[str, Any]) -> Any:
    return _value(node.body if _truth(_value(node.test, names), "if") else node.orelse, names)


def _bool(node: ast.BoolOp, names: Mapping[str, Any]) -> bool:
    stop = isinstance(node.op, ast.Or)
    word = "or" if stop else "and"
    return stop if any(_truth(_value(part, names), word) is stop for part in node.values) else not stop


def _unary(node: ast.UnaryOp, names: Mapping[str, Any]) -> Any:
    value = _value(node.operand, names)
    if isinstance(node.op, ast.Not):
        return not _truth(value, "not")
    number = as_number(value)
    return -number if isinstance(node.op, ast.USub) else number


def _truth(value: Any, word: str) -> bool:
    if isinstance(value, bool):
        return value
    what = kind_word(value)
    raise BadCall(
        Sentence(
            en=f"`{word}` needs true or false, not {what.en}",
            ja=f"`{word}` には真偽値が必要ですが、{what.ja}です",
        )
    )


def _binary(node: ast.BinOp, names: Mapping[str, Any]) -> Any:
    left, right = _value(node.left, names), _value(node.right, names)
    if isinstance(node.op, ast.Add):
        if isinstance(left, str) and isinstance(right, str):
            return within_bounds(left + right)
        if isinstance(left, list) and isinstance(right, list):
            return within_bounds(left + right)
    if isinstance(node.op, ast.Sub) and isinstance(left, date) and isinstance(right, date):
        return Decimal((_day(left) - _day(right)).days)
    if isinstance(left, date) or isinstance(right, date):
        raise BadCall(
            Sentence(
                en="days are added with add_days(date, n)",
                ja="日数の足し引きは add_days(date, n) を使ってください",
            )
        )
    one, other = _operands(left, right)
    return _ARITHMETIC[type(node.op)](one, other)


def _operands(left: Any, right: Any) -> tuple[Decimal, Decimal]:
    numbers = []
    for value in (left, right):
        if isinstance(value, str):
            raise BadCall(
                Sentence(
                    en=f'"{value[:40]}" is text; number(…) makes a number of it, and ${{a}}${{b}} joins texts',
                    ja=f"「{value[:40]}」は文字です。数にするには number(…)、文字をつなぐには ${{a}}${{b}} と書いてください",
                )
            )
        numbers.append(as_number(value))
    return numbers[0], numbers[1]


def _day(value: date) -> date:
    return date(value.year, value.month, value.day)


def _floor(one: Decimal, other: Decimal) -> Decimal:
    if not other:
        raise ZeroDivisionError
    quotient, rest = divmod(one, other)
    return quotient - 1 if rest and (rest < 0) != (other < 0) else quotient


def _compare(node: ast.Compare, names: Mapping[str, Any]) -> bool:
    left = _value(node.left, names)
    for op, right_node in zip(node.ops, node.comparators, strict=True):
        right = _value(right_node, names)
        if not _holds(op, left, right):
            return False
        left = right
    return True


def _holds(op: ast.cmpop, left: Any, right: Any) -> bool:
    if isinstance(op, ast.In | ast.NotIn):
        return _contained(left, right) is isinstance(op, ast.In)
    if isinstance(op, ast.Eq | ast.NotEq):
        return same(left, right) is isinstance(op, ast.Eq)
    one, other = alike(left, right)
    if isinstance(one, bool) or not isinstance(one, Decimal | str | date | time):
        what = kind_word(left)
        raise BadCall(Sentence(en=f"{what.en} has no order", ja=f"{what.ja}は大小を比べられません"))
    return bool(_ORDER[type(op)](one, other))


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


def _call(node: ast.Call, names: Mapping[str, Any]) -> Any:
    assert isinstance(node.func, ast.Name)
    arguments = [_value(argument, names) for argument in node.args]
    for argument in arguments:
        if isinstance(argument, Secret):
            raise BadCall(Sentence(en="a secret is given to no function", ja="秘密の値は関数に渡せません"))
    return within_bounds(FUNCTIONS[node.func.id].call(Names(names), *arguments))


_WALK: dict[type, Callable[[Any, Mapping[str, Any]], Any]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.List: _list,
    ast.IfExp: _if,
    ast.BoolOp: _bool,
    ast.UnaryOp: _unary,
    ast.BinOp: _binary,
    ast.Compare: _compare,
    ast.Call: _call,
}

_MANY_ROWS = Sentence(
    en='a list has no single field; write sum(rows, "…"), column(rows, "…"), first(rows), or use for_each',
    ja='一覧に単独の項目はありません。sum(rows, "…")、column(rows, "…")、first(rows)、または for_each を使ってください',
)
