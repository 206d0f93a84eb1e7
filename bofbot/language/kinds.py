"""What can be known of an expression before the run: which kind of value it gives, and which names in it do not exist."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bofbot.language.findings import did_you_mean
from bofbot.language.functions import CONSTANTS, FUNCTIONS
from bofbot.robot import Input
from bofbot.values.text import find_name, nearest
from bofbot.values.types import parse_type
from bofbot.words import Sentence


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a value. `fields` are those of a record, or the columns of rows; None: not known.

    What a step saves is of kind any with fields: rows or one record, the verb does not say."""

    kind: str
    """any, text, number, date, bool, list, rows, record, secret, secrets (a secret with its fields)."""
    fields: Mapping[str, Known] | None = None
    noun: str = "column"
    """What its fields are called."""


Scope = dict[str, Known]
ANY, BOOL, TEXT, NUMBER = Known("any"), Known("bool"), Known("text"), Known("number")

_OF_TYPE = {
    "text": "text", "code": "text", "integer": "number", "number": "number", "yen": "number", "date": "date", "month": "date",
    "datetime": "date", "time": "any", "bool": "bool", "file": "text", "choice": "text", "secret": "secret",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trouble:
    """A name that does not exist, or a secret where none may be."""

    code: str
    message: Sentence
    node: ast.expr
    fix: Sentence | None = None
    bare: bool = False
    """The secret stands alone, in no calculation."""
    sure: bool = True
    """False for a name that a step may make which could not be read."""


def known_input(one: Input) -> Known:
    """An input that may be left out may be none, and so of any kind."""
    kind = _OF_TYPE[parse_type(one.type)[0]]
    return Known(kind) if kind == "secret" or one.required or one.default is not None else ANY


def kind_of(tree: ast.expr, scope: Scope, troubles: list[Trouble]) -> Known:
    """The kind of an expression; what is wrong with its names is appended to `troubles`."""
    known = _kind(tree, scope, troubles)
    if known.kind in ("secret", "secrets"):
        troubles.append(_secret(tree, bare=True))
    return known


def _kind(node: ast.expr, scope: Scope, troubles: list[Trouble]) -> Known:
    return _KINDS[type(node)](node, scope, troubles)


def _inner(node: ast.expr, scope: Scope, troubles: list[Trouble]) -> Known:
    """The kind of a part of a calculation, where no secret may stand."""
    known = _kind(node, scope, troubles)
    if known.kind in ("secret", "secrets"):
        troubles.append(_secret(node, bare=False))
    return known


def _secret(node: ast.expr, *, bare: bool) -> Trouble:
    return Trouble(
        "E154",
        Sentence(en="a secret may not go here", ja="ここに秘密の値は使えません"),
        node,
        Sentence(
            en="secrets go into fill, login, mail and HTTP authentication only, and into no calculation",
            ja="秘密の値を使えるのは fill、login、メール、HTTP認証だけで、計算には使えません",
        ),
        bare,
    )


def _constant(node: ast.Constant, scope: Scope, troubles: list[Trouble]) -> Known:
    if isinstance(node.value, bool):
        return BOOL
    return TEXT if isinstance(node.value, str) else ANY if node.value is None else NUMBER


def _name(node: ast.Name, scope: Scope, troubles: list[Trouble]) -> Known:
    if node.id in scope:
        return scope[node.id]
    if node.id in CONSTANTS:
        return BOOL if CONSTANTS[node.id] is not None else ANY
    troubles.append(_unknown_name(node, scope))
    return ANY


def _unknown_name(node: ast.Name, scope: Scope) -> Trouble:
    message = Sentence(
        en=f"nothing is called `{node.id}` here", ja=f"ここに `{node.id}` という名前はありません"
    )
    for holder in ("inputs", "secrets"):
        if node.id in (scope[holder].fields or {}):
            return Trouble(
                "E150",
                message,
                node,
                Sentence(en=f"write `{holder}.{node.id}`", ja=f"`{holder}.{node.id}` と書いてください"),
            )
    if node.id in FUNCTIONS:
        signature = FUNCTIONS[node.id].signature
        return Trouble(
            "E150",
            message,
            node,
            Sentence(en=f"the function is called: {signature}", ja=f"関数は {signature} のように呼びます"),
        )
    known = [*scope, *CONSTANTS]
    fix = did_you_mean(node.id, known, listed="known here", listed_ja="ここで使える名前")
    return Trouble("E150", message, node, fix, sure=bool(nearest(node.id, known, 1)))


def _attribute(node: ast.Attribute, scope: Scope, troubles: list[Trouble]) -> Known:
    return _field(_kind(node.value, scope, troubles), node.attr, node, troubles)


def _subscript(node: ast.Subscript, scope: Scope, troubles: list[Trouble]) -> Known:
    holder = _kind(node.value, scope, troubles)
    key = _inner(node.slice, scope, troubles)
    if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
        return _field(holder, node.slice.value, node, troubles)
    if holder.kind in ("rows", "any") and key.kind == "number":
        return ANY if holder.fields is None else Known("record", holder.fields, holder.noun)
    return ANY


_FIELD_CODES = {
    "input": ("E151", "no input named", "という入力はありません"),
    "secret": ("E152", "no secret named", "という秘密は宣言されていません"),
    "column": ("E153", "no column named", "という列はありません"),
    "output": ("E153", "no output named", "という出力はありません"),
}


def _field(holder: Known, name: str, node: ast.expr, troubles: list[Trouble]) -> Known:
    if holder.kind == "secrets":
        return Known("secret")
    if holder.kind == "rows":
        message = Sentence(
            en=f"many rows have no single `{name}`", ja=f"行の一覧に一つの `{name}` はありません"
        )
        fix = Sentence(
            en=f'write sum(rows, "{name}"), column(rows, "{name}"), or use for_each',
            ja=f'sum(rows, "{name}")、column(rows, "{name}")、または for_each を使ってください',
        )
        troubles.append(Trouble("E153", message, node, fix))
        return ANY
    if holder.kind in ("text", "number", "date", "bool", "list", "secret"):
        message = Sentence(
            en=f"it has no fields, so no `{name}`", ja=f"項目を持たないため、`{name}` はありません"
        )
        troubles.append(Trouble("E153", message, node))
        return ANY
    if holder.fields is None:
        return ANY
    found = find_name(name, holder.fields)
    if found is not None:
        return holder.fields[found]
    code, en, ja = _FIELD_CODES[holder.noun]
    message = Sentence(en=f'{en} "{name}"', ja=f"「{name}」{ja}")
    nouns = {
        "column": ("columns", "列"),
        "input": ("inputs", "入力"),
        "secret": ("secrets", "秘密"),
        "output": ("outputs", "出力"),
    }
    listed, listed_ja = nouns[holder.noun]
    near = did_you_mean(name, holder.fields)
    every = ", ".join(list(holder.fields)[:30])
    shown = Sentence(en=f"{listed}: {every or 'none'}", ja=f"{listed_ja}：{every or 'なし'}")
    fix = Sentence(en=f"{near.en} ({shown.en})", ja=f"{near.ja}（{shown.ja}）") if near else shown
    troubles.append(Trouble(code, message, node, fix))
    return ANY


def _call(node: ast.Call, scope: Scope, troubles: list[Trouble]) -> Known:
    kinds = [_inner(argument, scope, troubles) for argument in node.args]
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    first = kinds[0] if kinds else ANY
    if name in ("sum", "min", "max", "column", "where") and len(node.args) > 1 and first.fields is not None:
        second = node.args[1]
        if isinstance(second, ast.Constant) and isinstance(second.value, str):
            _field(Known("record", first.fields), second.value, second, troubles)
    gives = FUNCTIONS[name].gives
    if name in ("first", "last") and first.fields is not None:
        return Known("record", first.fields)
    return Known("rows", first.fields) if gives == "rows" else Known(gives)


def _if(node: ast.IfExp, scope: Scope, troubles: list[Trouble]) -> Known:
    _truth(_inner(node.test, scope, troubles), node.test, "if", troubles)
    one, other = _inner(node.body, scope, troubles), _inner(node.orelse, scope, troubles)
    return one if one == other else ANY


def _bool(node: ast.BoolOp, scope: Scope, troubles: list[Trouble]) -> Known:
    word = "or" if isinstance(node.op, ast.Or) else "and"
    for part in node.values:
        _truth(_inner(part, scope, troubles), part, word, troubles)
    return BOOL


def _truth(known: Known, node: ast.expr, word: str, troubles: list[Trouble]) -> None:
    if known.kind in ("text", "number", "date", "list", "rows"):
        message = Sentence(en=f"`{word}` needs true or false here", ja=f"`{word}` のここには真偽値が必要です")
        fix = Sentence(
            en="compare it with something: ==, >, is_empty(…)", ja="== や >、is_empty(…) で比べてください"
        )
        troubles.append(Trouble("E155", message, node, fix))


def _unary(node: ast.UnaryOp, scope: Scope, troubles: list[Trouble]) -> Known:
    known = _inner(node.operand, scope, troubles)
    if isinstance(node.op, ast.Not):
        _truth(known, node.operand, "not", troubles)
        return BOOL
    return NUMBER


def _binary(node: ast.BinOp, scope: Scope, troubles: list[Trouble]) -> Known:
    left, right = _inner(node.left, scope, troubles), _inner(node.right, scope, troubles)
    if isinstance(node.op, ast.Add):
        return left if left == right and left.kind in ("text", "number", "list") else ANY
    return NUMBER


def _compare(node: ast.Compare, scope: Scope, troubles: list[Trouble]) -> Known:
    for part in (node.left, *node.comparators):
        _inner(part, scope, troubles)
    return BOOL


def _list(node: ast.List, scope: Scope, troubles: list[Trouble]) -> Known:
    for item in node.elts:
        _inner(item, scope, troubles)
    return Known("list")


_KINDS: dict[type, Callable[[Any, Scope, list[Trouble]], Known]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.Call: _call,
    ast.IfExp: _if,
    ast.BoolOp: _bool,
    ast.UnaryOp: _unary,
    ast.BinOp: _binary,
    ast.Compare: _compare,
    ast.List: _list,
}
