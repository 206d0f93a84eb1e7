"""What the language of expressions has and has not: the rules that every parsed expression passes before it is walked."""

from __future__ import annotations

import ast
import keyword
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from bofbot.errors import Place
from bofbot.language.functions import FUNCTIONS
from bofbot.values.text import nearest
from bofbot.words import Sentence

LONGEST = 2_000
"""Characters of one expression."""
DEEPEST = 32

_ALLOWED = (
    ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Call, ast.Name, ast.Attribute, ast.Subscript, ast.List,
    ast.Constant,
)  # fmt: skip
_OPERATORS = (
    ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.USub, ast.UAdd, ast.Not, ast.And, ast.Or,
    ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn,
)  # fmt: skip


class ExpressionFault(ValueError):
    """An expression is not in the language. `offset` and `length` are characters of the text it stands in."""

    def __init__(
        self, code: str, message: Sentence, offset: int, length: int = 1, fix: Sentence | None = None
    ) -> None:
        self.code, self.message, self.offset, self.length, self.fix = code, message, offset, length, fix
        super().__init__(message.en)


@dataclass(frozen=True, slots=True)
class Expression:
    """What stands between `${` and `}`, parsed. `offset` is where `source` begins in its text."""

    source: str
    tree: ast.expr
    offset: int
    start: int
    """Where its `${` stands in the text; `place` is that of the file."""
    place: Place

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Where a node stands in the text: offset and length in characters."""
        column, end = getattr(node, "col_offset", 0), getattr(node, "end_col_offset", 0)
        if self.source.isascii():
            return self.offset + column, max(end - column, 1)
        encoded = self.source.encode()
        start = len(encoded[:column].decode(errors="ignore"))
        return self.offset + start, max(len(encoded[:end].decode(errors="ignore")) - start, 1)

    def place_of(self, node: ast.AST) -> tuple[Place, int]:
        """Where a node stands in the file (its line is that of `${`), and its length."""
        offset, length = self.span(node)
        return Place(self.place.file, self.place.line, self.place.column + offset - self.start), length


def check(expression: Expression) -> None:
    """Pass, or raise ExpressionFault; numbers in the tree become Decimals."""
    _Checker(expression).check(expression.tree, 1)


_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*){0,8}")


def dotted_name(source: str) -> ast.expr | None:
    """The tree of `row.金額`, which most expressions are, made without Python's parser; None for anything else."""
    if not _DOTTED.fullmatch(source) or "__" in source:
        return None
    plain = source if source.isascii() else unicodedata.normalize("NFKC", source)
    words, typed = plain.split("."), source.split(".")
    if len(words) != len(typed) or not all(
        word.isidentifier() and not keyword.iskeyword(word) for word in words
    ):
        return None
    end = len(typed[0].encode())
    at = {"lineno": 1, "end_lineno": 1, "col_offset": 0}
    tree: ast.expr = ast.Name(words[0], ast.Load(), **at, end_col_offset=end)
    for word, written in zip(words[1:], typed[1:], strict=True):
        end += 1 + len(written.encode())
        tree = ast.Attribute(tree, word, ast.Load(), **at, end_col_offset=end)
    return tree


def write_instead(right: str) -> Sentence:
    return Sentence(en=f"write `{right}`", ja=f"`{right}` と書いてください")


class _Checker:
    """Lets through what the language has, turns numbers into Decimals, names what is refused."""

    def __init__(self, expression: Expression) -> None:
        self._expression = expression

    def check(self, node: ast.expr, depth: int) -> None:
        if depth > DEEPEST:
            raise self._fault(
                node,
                "E144",
                Sentence(en=f"nested more than {DEEPEST} deep", ja=f"入れ子が{DEEPEST}段を超えています"),
            )
        if not isinstance(node, _ALLOWED):
            raise self._fault(node, "E141", *_refused(node))
        if isinstance(node, ast.BinOp | ast.UnaryOp | ast.BoolOp | ast.Compare):
            for operator in node.ops if isinstance(node, ast.Compare) else (node.op,):
                if not isinstance(operator, _OPERATORS):
                    raise self._fault(node, "E141", *_refused(operator))
        if isinstance(node, ast.Constant):
            self._constant(node)
        elif isinstance(node, ast.Name | ast.Attribute):
            self._name(node)
        if isinstance(node, ast.Call):
            self._call(node)
            inner: list[ast.expr] = node.args
        else:
            inner = _children(node)
        for child in inner:
            self.check(child, depth + 1)

    def _fault(
        self, node: ast.AST, code: str, message: Sentence, fix: Sentence | None = None
    ) -> ExpressionFault:
        if not hasattr(node, "col_offset"):
            return ExpressionFault(code, message, self._expression.offset, len(self._expression.source), fix)
        return ExpressionFault(code, message, *self._expression.span(node), fix)

    def _constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, int | float) and not isinstance(node.value, bool):
            offset, length = self._expression.span(node)
            start = offset - self._expression.offset
            typed = self._expression.source[start : start + length]
            if not re.fullmatch(r"\d+(\.\d+)?", typed, re.ASCII):
                message = Sentence(en=f"{typed} is no plain number", ja=f"{typed} は数として書けません")
                fix = Sentence(
                    en="write digits, with at most one point", ja="数字と小数点だけで書いてください"
                )
                raise self._fault(node, "E141", message, fix)
            node.value = Decimal(typed)  # type: ignore[assignment]
        elif not isinstance(node.value, str | bool | Decimal) and node.value is not None:
            raise self._fault(node, "E141", *_refused(node))

    def _name(self, node: ast.Name | ast.Attribute) -> None:
        name = node.id if isinstance(node, ast.Name) else node.attr
        if name.startswith("__"):
            raise self._fault(
                node, "E141", Sentence(en=f"`{name}` is out of reach", ja=f"`{name}` は使えません")
            )

    def _call(self, node: ast.Call) -> None:
        if not isinstance(node.func, ast.Name):
            message = Sentence(
                en="only functions of the list can be called", ja="呼び出せるのは一覧の関数だけです"
            )
            fix = None
            if isinstance(node.func, ast.Attribute) and node.func.attr in FUNCTIONS:
                fix = write_instead(f"{node.func.attr}(…)")
            raise self._fault(node.func, "E142", message, fix)
        function = FUNCTIONS.get(node.func.id)
        if function is None:
            near = nearest(node.func.id, FUNCTIONS, 1)
            message = Sentence(
                en=f"no function named `{node.func.id}`", ja=f"`{node.func.id}` という関数はありません"
            )
            fix = (
                Sentence(en=f"did you mean `{near[0]}`?", ja=f"`{near[0]}` のことですか？")
                if near
                else _FUNCTIONS_LISTED
            )
            raise self._fault(node.func, "E142", message, fix)
        if node.keywords or not function.least <= len(node.args) <= function.most:
            message = Sentence(
                en=f"`{function.name}` does not take these arguments",
                ja=f"`{function.name}` の引数が合いません",
            )
            raise self._fault(node, "E143", message, write_instead(function.signature))


_PARTS: dict[type, tuple[str, ...]] = {
    ast.BinOp: ("left", "right"),
    ast.UnaryOp: ("operand",),
    ast.BoolOp: ("values",),
    ast.Compare: ("left", "comparators"),
    ast.IfExp: ("test", "body", "orelse"),
    ast.Attribute: ("value",),
    ast.Subscript: ("value", "slice"),
    ast.List: ("elts",),
}


def _children(node: ast.expr) -> list[ast.expr]:
    """The parts of a node; `ast.iter_child_nodes` takes five times as long."""
    children: list[ast.expr] = []
    for name in _PARTS.get(type(node), ()):
        part = getattr(node, name)
        if isinstance(part, list):
            children += part
        else:
            children.append(part)
    return children


def _refused(node: ast.AST) -> tuple[Sentence, Sentence | None]:
    """Why a thing of Python is not in the language, and what to use in its place."""
    kind = type(node).__name__
    said, fix = _NOT_IN_THE_LANGUAGE.get(kind, (None, None))
    named = said or Sentence(en=f"{kind} is not in this language", ja=f"{kind} はこの言語にありません")
    return named, fix


_FUNCTIONS_LISTED = Sentence(en=f"functions: {', '.join(FUNCTIONS)}", ja=f"関数：{', '.join(FUNCTIONS)}")
_NO_LOOPS = Sentence(en="no comprehensions", ja="内包表記は使えません")
_NOT_IN_THE_LANGUAGE: dict[str, tuple[Sentence, Sentence | None]] = {
    "Lambda": (Sentence(en="no lambda", ja="lambda は使えません"), None),
    "ListComp": (_NO_LOOPS, Sentence(en="use `for_each`, `column` or `sum(rows, …)`", ja="`for_each` や `column`、`sum(rows, …)` を使ってください")),
    "GeneratorExp": (_NO_LOOPS, Sentence(en="use sum(rows, \"…\") or column(rows, \"…\")", ja="sum(rows, \"…\") や column(rows, \"…\") を使ってください")),
    "Pow": (Sentence(en="no `**`", ja="`**` は使えません"), Sentence(en="write a * a", ja="a * a と書いてください")),
    "Is": (Sentence(en="no `is`", ja="`is` は使えません"), write_instead("==")),
    "IsNot": (Sentence(en="no `is not`", ja="`is not` は使えません"), write_instead("!=")),
    "Tuple": (Sentence(en="no tuples", ja="タプルは使えません"), Sentence(en="write a list: [a, b]", ja="[a, b] と書いてください")),
    "Slice": (Sentence(en="no slices", ja="スライスは使えません"), Sentence(en="use left(text, n) or right(text, n)", ja="left(text, n) や right(text, n) を使ってください")),
    "JoinedStr": (Sentence(en="no f-strings", ja="f文字列は使えません"), Sentence(en="write text ${name} text", ja="文章 ${name} 文章 と書いてください")),
    "Dict": (Sentence(en="no mappings inside `${}`", ja="`${}` の中にマッピングは書けません"), None),
    "Set": (Sentence(en="no sets", ja="集合は使えません"), Sentence(en="write a list: [a, b]", ja="[a, b] と書いてください")),
    "NamedExpr": (Sentence(en="no `:=`", ja="`:=` は使えません"), Sentence(en="use the verb `set`", ja="動詞 `set` を使ってください")),
    "Starred": (Sentence(en="no `*`", ja="`*` は使えません"), None),
}  # fmt: skip
