"""Why a value does not fit its option: pydantic's errors in our words, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, LiteralString

from pydantic_core import PydanticCustomError

from bofbot.values.bad_value import BadValue
from bofbot.words import Sentence


def misfit(reason: Sentence, kind: LiteralString = "unfit") -> PydanticCustomError:
    """What a validator raises so that people are told `reason` in their language; `kind` is what programs may ask for."""
    return PydanticCustomError(kind, "{sentence}", {"sentence": reason})


def fitting(read: Callable[[Any], Any], kind: LiteralString = "unfit") -> Callable[[Any], Any]:
    """A reader of what people write, as a validator: its BadValue is told as a misfit."""

    def validate(value: Any) -> Any:
        try:
            return read(value)
        except BadValue as bad:
            raise misfit(bad.reason, kind) from None

    return validate


def reason_of(one: dict[str, Any]) -> Sentence:
    """One of pydantic's errors, in both languages."""
    kind, context = one["type"], one.get("ctx") or {}
    cause = context.get("error")
    for said in (context.get("sentence"), getattr(cause, "reason", None), getattr(cause, "message", None)):
        if isinstance(said, Sentence):
            return said
    if kind in _REASONS:
        return _REASONS[kind](context)
    return Sentence.same(str(cause) if cause else one["msg"])


def _plain(en: str, ja: str) -> Callable[[dict[str, Any]], Sentence]:
    return lambda context: Sentence(en=en, ja=ja)


def _bound(en: str, ja: str, key: str) -> Callable[[dict[str, Any]], Sentence]:
    return lambda context: Sentence(en=f"{en} {context.get(key)}", ja=f"{context.get(key)}{ja}")


_NUMBER = _plain("a number is expected", "数値を書いてください")
_WHOLE = _plain("a whole number is expected", "整数を書いてください")
_TEXT = _plain("a text is expected", "文字を書いてください")
_TRUTH = _plain("true or false is expected", "true か false を書いてください")
_A_LIST = _plain(
    "a list is expected: [a, b], or lines that begin with `- `",
    "一覧を書いてください（[a, b]、または「- 」で始まる行）",
)
_A_MAPPING = _plain("a mapping is expected: {name: value}", "「{名前: 値}」の形で書いてください")
_REASONS: dict[str, Callable[[dict[str, Any]], Sentence]] = {
    "int_parsing": _WHOLE, "int_type": _WHOLE, "int_from_float": _WHOLE,
    "decimal_parsing": _NUMBER, "decimal_type": _NUMBER, "float_parsing": _NUMBER, "float_type": _NUMBER,
    "bool_parsing": _TRUTH, "bool_type": _TRUTH, "string_type": _TEXT,
    "list_type": _A_LIST, "tuple_type": _A_LIST, "set_type": _A_LIST, "frozen_set_type": _A_LIST,
    "dict_type": _A_MAPPING, "mapping_type": _A_MAPPING, "model_type": _A_MAPPING, "model_attributes_type": _A_MAPPING,
    "literal_error": lambda context: Sentence(en=f"one of {context.get('expected')} is expected", ja=f"{context.get('expected')} のいずれかを書いてください".replace(" or ", "、")),
    "enum": lambda context: Sentence(en=f"one of {context.get('expected')} is expected", ja=f"{context.get('expected')} のいずれかを書いてください".replace(" or ", "、")),
    "greater_than_equal": _bound("at least", " 以上を書いてください", "ge"), "greater_than": _bound("more than", " より大きい値を書いてください", "gt"),
    "less_than_equal": _bound("at most", " 以下を書いてください", "le"), "less_than": _bound("less than", " より小さい値を書いてください", "lt"),
    "string_too_short": _plain("it is too short", "短すぎます"), "too_short": _plain("it has too few entries", "項目が足りません"),
    "string_too_long": _plain("it is too long", "長すぎます"), "too_long": _plain("it has too many entries", "項目が多すぎます"),
    "string_pattern_mismatch": _plain("it does not have the expected form", "形式が合いません"),
    "date_from_datetime_parsing": _plain("a date is expected, e.g. 2026-11-22", "日付を書いてください（例 2026-11-22）"),
}  # fmt: skip
