"""`${ … }`: a small typed subset of Python expressions, parsed once, checked, later walked; never `eval`ed.

    parse("金額 ${row.金額} 円", place) -> Computed        parse("${sum(rows, \"金額\")}", place)    keeps the Decimal

Text around an expression makes the result text; a text that is exactly one `${…}` keeps the type of its result. `$${` is
a literal `${`. A secret inside text makes the whole text a Secret.
"""

from __future__ import annotations

import ast
import re
import unicodedata
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bofbot.action import Computed
from bofbot.errors import Place
from bofbot.language.evaluation import evaluate, written
from bofbot.language.functions import FUNCTIONS
from bofbot.secret import Secret
from bofbot.values.text import nearest
from bofbot.words import Sentence

LONGEST = 2_000
"""Characters of one expression."""
DEEPEST = 32

_CONSTANTS = {"true": True, "false": False, "none": None}
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


class Template(Computed):
    """Text with expressions in it."""

    __slots__ = ("parts", "place", "source")

    def __init__(self, source: str, parts: tuple[str | Expression, ...], place: Place) -> None:
        self.source, self.parts, self.place = source, parts, place

    @property
    def alone(self) -> Expression | None:
        """The expression, when it is all there is: then its type is kept."""
        only = self.parts[0] if len(self.parts) == 1 else None
        return only if isinstance(only, Expression) else None

    def expressions(self) -> Iterator[Expression]:
        return (part for part in self.parts if isinstance(part, Expression))

    def value(self, names: Mapping[str, Any]) -> Any:
        """The value now. Raises BusinessError with the place of the expression."""
        if (alone := self.alone) is not None:
            return evaluate(alone.tree, names, alone.place, alone.source)
        texts, secret = [], ""
        for part in self.parts:
            if isinstance(part, str):
                texts.append(part)
                continue
            value = evaluate(part.tree, names, part.place, part.source)
            secret = value.name or "secret" if isinstance(value, Secret) else secret
            texts.append(written(value, part.place, part.source))
        return Secret("".join(texts), secret) if secret else "".join(texts)

    def __repr__(self) -> str:
        return f"Template({self.source!r})"


Locate = Callable[[int, int], Place]


def parse(text: str, place: Place, locate: Locate | None = None) -> Computed:
    """A text with `${…}` in it, ready to be computed. Raises ExpressionFault.

    `place` is where the text begins; `locate(offset, length)` says more exactly where each expression stands."""
    parts: list[str | Expression] = []
    literal, position = "", 0
    while (start := text.find("${", position)) >= 0:
        if start and text[start - 1] == "$":
            literal += text[position : start - 1] + "${"
            position = start + 2
            continue
        literal += text[position:start]
        end = _closing(text, start)
        if literal:
            parts.append(literal)
        literal, position = "", end + 1
        where = locate(start, end + 1 - start) if locate else place
        parts.append(_expression(text, start + 2, end, where))
    literal += text[position:]
    if literal.strip("\n") or (literal and len(parts) != 1):  # a block scalar's own line break is no text
        parts.append(literal)
    return Template(text, tuple(parts), place)


def holds_expression(text: str) -> bool:
    return "${" in text


def _closing(text: str, start: int) -> int:
    """The index of the `}` that closes `${` at `start`; quotes are minded."""
    if text.startswith("${{", start):
        inner = re.match(r"\$\{\{\s*(.*?)\s*\}\}", text[start:], re.DOTALL)
        plain = inner[1] if inner else "…"
        raise ExpressionFault(
            "E133",
            Sentence(en="`${{ … }}` has one brace too many", ja="`${{ … }}` の波括弧が一つ多すぎます"),
            start,
            len(inner[0]) if inner else 3,
            Sentence(en=f"write ${{{plain}}}", ja=f"${{{plain}}} と書いてください"),
        )
    quote, index = "", start + 2
    while index < len(text):
        character = text[index]
        if quote:
            index += character == "\\"
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character == "}":
            return index
        index += 1
    raise ExpressionFault(
        "E145",
        Sentence(en="`${` is never closed", ja="`${` が閉じられていません"),
        start,
        2,
        Sentence(
            en="add the `}`; a literal ${ is written $${",
            ja="`}` を補ってください。文字としての ${ は $${ と書きます",
        ),
    )


def _expression(text: str, start: int, end: int, place: Place) -> Expression:
    inner = text[start:end]
    source = inner.strip()
    offset = start + len(inner) - len(inner.lstrip())
    if not source:
        message = Sentence(en="`${}` computes nothing", ja="`${}` の中が空です")
        raise ExpressionFault("E140", message, start - 2, end + 1 - start + 2)
    if len(source) > LONGEST:
        message = Sentence(en=f"longer than {LONGEST} characters", ja=f"式が{LONGEST}文字を超えています")
        raise ExpressionFault("E144", message, offset, 1)
    source = source.replace("\n", " ")
    expression = Expression(source, _parsed(source, offset), offset, start - 2, place)
    _Checker(expression).check(expression.tree, 1)
    return expression


def _parsed(source: str, offset: int) -> ast.expr:
    try:
        if "\\" in source or re.search(r"\d[A-Za-z_]", source):
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                return ast.parse(source, mode="eval").body
        return ast.parse(source, mode="eval").body
    except SyntaxError as error:
        raise _not_understood(source, offset, error) from None
    except (ValueError, RecursionError, MemoryError, Warning):
        raise ExpressionFault("E140", _NOT_UNDERSTOOD, offset, len(source)) from None


def _not_understood(source: str, offset: int, error: SyntaxError) -> ExpressionFault:
    at = min(max((error.offset or 1) - 1, 0), len(source) - 1)
    for index, character in enumerate(_without_strings(source)):
        plain = unicodedata.normalize("NFKC", character)
        if character in "“”‘’「」" or (plain != character and plain.isascii() and not plain.isalnum()):
            plain = plain if plain.isascii() else '"'
            message = Sentence(
                en=f"`{character}` is full-width; expressions need the plain one",
                ja=f"「{character}」は全角です。式では半角を使います",
            )
            fix = Sentence(
                en=f"write {plain if plain != ' ' else 'a plain space'}",
                ja=f"半角の「{plain}」にしてください",
            )
            return ExpressionFault("E109", message, offset + index, 1, fix)
    for wrong, right in (("&&", "and"), ("||", "or"), ("===", "=="), ("!==", "!="), ("<>", "!=")):
        if (index := _without_strings(source).find(wrong)) >= 0:
            return ExpressionFault("E140", _NOT_UNDERSTOOD, offset + index, len(wrong), _write(right))
    if found := re.search(r"(?<![=!<>])=(?!=)", _without_strings(source)):
        return ExpressionFault("E140", _NOT_UNDERSTOOD, offset + found.start(), 1, _write("=="))
    if found := re.search(r"!(?!=)", _without_strings(source)):
        return ExpressionFault("E140", _NOT_UNDERSTOOD, offset + found.start(), 1, _write("not"))
    return ExpressionFault("E140", _NOT_UNDERSTOOD, offset + at, 1)


def _without_strings(source: str) -> str:
    return re.sub(r"'[^']*'|\"[^\"]*\"", lambda found: "_" * len(found[0]), source)


def _write(right: str) -> Sentence:
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
        operators = [getattr(node, "op", None), *getattr(node, "ops", ())]
        for operator in operators:
            if operator is not None and not isinstance(operator, _OPERATORS):
                raise self._fault(node, "E141", *_refused(operator))
        if isinstance(node, ast.Constant):
            self._constant(node)
        elif isinstance(node, ast.Name | ast.Attribute):
            self._name(node)
        if isinstance(node, ast.Call):
            self._call(node)
            inner: list[ast.expr] = node.args
        else:
            inner = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
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
        if isinstance(node, ast.Name) and name in FUNCTIONS and name not in _CONSTANTS:
            return  # a saved name may be called as a function is: `date`

    def _call(self, node: ast.Call) -> None:
        if not isinstance(node.func, ast.Name):
            message = Sentence(
                en="only functions of the list can be called", ja="呼び出せるのは一覧の関数だけです"
            )
            fix = None
            if isinstance(node.func, ast.Attribute) and node.func.attr in FUNCTIONS:
                fix = _write(f"{node.func.attr}(…)")
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
            raise self._fault(node, "E143", message, _write(function.signature))


def _refused(node: ast.AST) -> tuple[Sentence, Sentence | None]:
    """Why a thing of Python is not in the language, and what to use in its place."""
    kind = type(node).__name__
    said, fix = _NOT_IN_THE_LANGUAGE.get(kind, (None, None))
    named = said or Sentence(en=f"{kind} is not in this language", ja=f"{kind} はこの言語にありません")
    return named, fix


_NOT_UNDERSTOOD = Sentence(en="this expression cannot be understood", ja="この式は解釈できません")
_FUNCTIONS_LISTED = Sentence(en=f"functions: {', '.join(FUNCTIONS)}", ja=f"関数：{', '.join(FUNCTIONS)}")
_NO_LOOPS = Sentence(en="no comprehensions", ja="内包表記は使えません")
_NOT_IN_THE_LANGUAGE: dict[str, tuple[Sentence, Sentence | None]] = {
    "Lambda": (Sentence(en="no lambda", ja="lambda は使えません"), None),
    "ListComp": (_NO_LOOPS, Sentence(en="use `for_each`, `column` or `sum(rows, …)`", ja="`for_each` や `column`、`sum(rows, …)` を使ってください")),
    "GeneratorExp": (_NO_LOOPS, Sentence(en="use sum(rows, \"…\") or column(rows, \"…\")", ja="sum(rows, \"…\") や column(rows, \"…\") を使ってください")),
    "Pow": (Sentence(en="no `**`", ja="`**` は使えません"), Sentence(en="write a * a", ja="a * a と書いてください")),
    "Is": (Sentence(en="no `is`", ja="`is` は使えません"), _write("==")),
    "IsNot": (Sentence(en="no `is not`", ja="`is not` は使えません"), _write("!=")),
    "Tuple": (Sentence(en="no tuples", ja="タプルは使えません"), Sentence(en="write a list: [a, b]", ja="[a, b] と書いてください")),
    "Slice": (Sentence(en="no slices", ja="スライスは使えません"), Sentence(en="use left(text, n) or right(text, n)", ja="left(text, n) や right(text, n) を使ってください")),
    "JoinedStr": (Sentence(en="no f-strings", ja="f文字列は使えません"), Sentence(en="write text ${name} text", ja="文章 ${name} 文章 と書いてください")),
    "Dict": (Sentence(en="no mappings inside `${}`", ja="`${}` の中にマッピングは書けません"), None),
    "Set": (Sentence(en="no sets", ja="集合は使えません"), Sentence(en="write a list: [a, b]", ja="[a, b] と書いてください")),
    "NamedExpr": (Sentence(en="no `:=`", ja="`:=` は使えません"), Sentence(en="use the verb `set`", ja="動詞 `set` を使ってください")),
    "Starred": (Sentence(en="no `*`", ja="`*` は使えません"), None),
}  # fmt: skip
