"""What the options of a verb mean: the docstrings below its fields, read from the source when somebody asks.

Pydantic would read the source of every class whenever it is imported, which took a tenth of a short run's time; only the
schema, the reference and a message about a missing option ever need it."""

from __future__ import annotations

import ast
import inspect
import textwrap
from functools import cache

from bofbot.action import Verb


def meaning_of(verb: type[Verb], option: str) -> str:
    """The docstring of a YAML key, both languages as written; "" when it has none."""
    for name, field in verb.model_fields.items():
        if option == (field.alias or name):
            return field.description or _docstrings(verb).get(name, "")
    return ""


@cache
def _docstrings(kind: type) -> dict[str, str]:
    """Field → docstring, those of the base classes too; a field that is declared anew leaves its old docstring behind."""
    found: dict[str, str] = {}
    for one in reversed(kind.__mro__):
        if issubclass(one, Verb):
            for name, said in _written_in(one).items():
                found[name] = said
    return found


def _written_in(kind: type) -> dict[str, str]:
    """What stands below each annotation of one class body; nothing where the source is not at hand."""
    try:
        module = ast.parse(textwrap.dedent(inspect.getsource(kind)))
    except (OSError, TypeError, SyntaxError):
        return {}
    assert isinstance(module.body[0], ast.ClassDef)
    body = module.body[0].body
    found: dict[str, str] = {}
    for statement, below in zip(body, [*body[1:], ast.Pass()], strict=True):
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            found[statement.target.id] = _text_of(below)
    return found


def _text_of(statement: ast.stmt) -> str:
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return inspect.cleandoc(statement.value.value) if isinstance(statement.value.value, str) else ""
    return ""
