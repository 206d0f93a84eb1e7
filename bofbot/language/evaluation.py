"""Walks a parsed expression and says what it is worth now. Types are never mixed silently; nothing of Python is reachable."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
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
from bofbot.language.members import field_of, member_of
from bofbot.language.operators import combined, holds
from bofbot.secret import Secret
from bofbot.values.bad_value import BadValue
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


def _subscript(node: ast.Subscript, names: Mapping[str, Any]) -> Any:
    return member_of(_value(node.value, names), _value(node.slice, names))


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
    return combined(node.op, _value(node.left, names), _value(node.right, names))


def _compare(node: ast.Compare, names: Mapping[str, Any]) -> bool:
    left = _value(node.left, names)
    for op, right_node in zip(node.ops, node.comparators, strict=True):
        right = _value(right_node, names)
        if not holds(op, left, right):
            return False
        left = right
    return True


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
