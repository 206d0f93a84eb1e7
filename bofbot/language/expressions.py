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
from typing import Any

from bofbot.action import Computed
from bofbot.errors import Place
from bofbot.language.evaluation import evaluate, written
from bofbot.language.expression_rules import LONGEST, Expression, check, dotted_name, write_instead
from bofbot.language.expression_rules import ExpressionFault as ExpressionFault
from bofbot.secret import Secret
from bofbot.words import Sentence


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
    if (tree := dotted_name(source)) is not None:
        return Expression(source, tree, offset, start - 2, place)
    expression = Expression(source, _parsed(source, offset), offset, start - 2, place)
    check(expression)
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
            return ExpressionFault("E140", _NOT_UNDERSTOOD, offset + index, len(wrong), write_instead(right))
    if found := re.search(r"(?<![=!<>])=(?!=)", _without_strings(source)):
        return ExpressionFault("E140", _NOT_UNDERSTOOD, offset + found.start(), 1, write_instead("=="))
    if found := re.search(r"!(?!=)", _without_strings(source)):
        return ExpressionFault("E140", _NOT_UNDERSTOOD, offset + found.start(), 1, write_instead("not"))
    return ExpressionFault("E140", _NOT_UNDERSTOOD, offset + at, 1)


def _without_strings(source: str) -> str:
    return re.sub(r"'[^']*'|\"[^\"]*\"", lambda found: "_" * len(found[0]), source)


_NOT_UNDERSTOOD = Sentence(en="this expression cannot be understood", ja="この式は解釈できません")
