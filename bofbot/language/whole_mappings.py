"""A whole mapping given by one expression (`fill: ${row}`): it must be one record, and one without secrets."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from typing import Any

from bofbot.action import Verb
from bofbot.language.expressions import Template
from bofbot.language.kinds import Known
from bofbot.words import Sentence

_RECORDS = ("any", "record")
_SECRETS = ("secret", "secrets")


def is_whole_mapping(verb: type[Verb], option: str, value: Any) -> bool:
    """Does one `${…}` (or text with one in it) stand where labels and values are expected?"""
    return isinstance(value, Template) and typing.get_origin(verb.model_fields[option].annotation) is dict


def mapping_faults(option: str, known: Known) -> Iterator[tuple[str, Sentence, Sentence]]:
    """Code, message and fix of what is wrong with such a value; a secret by itself is told by the expression's own check."""
    if known.kind in _SECRETS:
        return
    if known.kind not in _RECORDS:
        said = WHAT[known.kind]
        message = Sentence(
            en=f"`{option}` needs a record whose columns are the labels, and this is {said.en}",
            ja=f"`{option}` には列名が項目名のレコードが必要ですが、これは{said.ja}です",
        )
        yield "E116", message, _MANY if known.kind == "rows" else _ONE
    elif known.kind == "record" and any(field.kind in _SECRETS for field in (known.fields or {}).values()):
        message = Sentence(
            en="a record with a secret in it may not go here", ja="秘密の値を含むレコードは、ここに使えません"
        )
        yield "E154", message, _WRITTEN


_MANY = Sentence(
    en="for many rows use `for_each`, and its row here",
    ja="複数の行は `for_each` で繰り返し、その1行をここに書いてください",
)
_ONE = Sentence(
    en="write {label: value}, a row such as ${row}, or ${record(label, value)}",
    ja="{項目名: 値}、${row} のような1行、または ${record(項目名, 値)} と書いてください",
)
_WRITTEN = Sentence(
    en="write the label down: {Password: ${secrets.…}}",
    ja="{パスワード: ${secrets.…}} のように項目名を書いてください",
)
WHAT: dict[str, Sentence] = {
    "text": Sentence(en="text", ja="文字"),
    "number": Sentence(en="a number", ja="数値"),
    "date": Sentence(en="a date", ja="日付"),
    "bool": Sentence(en="true or false", ja="真偽値"),
    "list": Sentence(en="a list", ja="一覧"),
    "rows": Sentence(en="rows", ja="行の一覧"),
    "record": Sentence(en="a record", ja="レコード"),
    "secret": Sentence(en="a secret", ja="秘密の値"),
    "secrets": Sentence(en="a secret", ja="秘密の値"),
}
"""What kinds of values are called."""
