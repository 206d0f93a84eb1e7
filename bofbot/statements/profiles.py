"""A profile from plain words: the same names in a robot's `columns:`, in a profile file and on the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from bofbot.errors import BusinessError
from bofbot.statements.options import CsvProfile
from bofbot.words import Sentence

_ALSO = {
    "in": "incoming",
    "out": "outgoing",
    "date-format": "date_format",
    "currency-column": "currency_column",
}
_COLUMNS = frozenset(
    [
        "date",
        "value_date",
        "amount",
        "incoming",
        "outgoing",
        "direction",
        "balance",
        "text",
        "counterparty",
        "reference",
        "currency_column",
    ]
)
_KNOWN = frozenset(field.name for field in fields(CsvProfile))


def profile_from(words: Mapping[str, Any]) -> CsvProfile:
    """The profile these words mean. Raises BusinessError for a name that does not exist."""
    given: dict[str, Any] = {}
    for word, value in words.items():
        name = _ALSO.get(word, word)
        if name not in _KNOWN:
            known = ", ".join(sorted((_KNOWN - {"incoming", "outgoing"}) | {"in", "out"}))
            raise BusinessError(
                Sentence(
                    en=f"A profile has no “{word}”; it knows {known}.",
                    ja=f"プロファイルに「{word}」という項目はありません。使えるのは {known} です。",
                )
            )
        if value is None or value == "":
            continue
        given[name] = _column(value) if name in _COLUMNS else value
    if "headings" in given:
        given["headings"] = tuple(given["headings"])
    if len(str(given.get("delimiter", ","))) != 1:
        raise BusinessError(
            Sentence(
                en=f"A delimiter is one character, not “{given['delimiter']}”.",
                ja=f"区切り文字は1文字です：「{given['delimiter']}」",
            )
        )
    return CsvProfile(**given)


def over(below: CsvProfile | None, above: CsvProfile) -> CsvProfile:
    """What `above` says, and what `below` says where it is silent."""
    said = {
        one.name: getattr(above, one.name) for one in fields(above) if getattr(above, one.name) != one.default
    }
    return replace(below or CsvProfile(), **said)


def _column(value: Any) -> str | int:
    """`4` and `"4"` are the fourth column; anything else is a heading."""
    text = str(value).strip()
    return int(text) if text.isascii() and text.isdigit() else text
