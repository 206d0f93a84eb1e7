"""What pydantic found wrong with a step's options, told under the exact token and in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from bofbot.action import Verb
from bofbot.language.findings import did_you_mean
from bofbot.language.page import Page
from bofbot.language.shape import options_of
from bofbot.language.yaml_text import Mapping, Node, Scalar, Sequence
from bofbot.values.text import nfkc
from bofbot.words import Sentence


def tell_misfits(page: Page, verb: type[Verb], step: Mapping, error: ValidationError) -> None:
    """Add one finding for each token that does not fit its option."""
    by_node: dict[int, tuple[Node, list[dict[str, Any]]]] = {}
    for one in error.errors(include_url=False):
        at = node_at(step, one["loc"])
        node = step.keys.get(verb.verb, step) if at is step else at
        by_node.setdefault(id(node), (node, []))[1].append(dict(one))
    for node, found in by_node.values():
        _tell(page, verb, node, found)


def node_at(top: Mapping, loc: tuple[int | str, ...]) -> Node:
    """The node an error speaks of; branches of a union stand in `loc` too and are stepped over."""
    node: Node = top
    parent, last = top, ""
    for part in loc:
        if part == "[key]" and last in parent.keys:
            return parent.keys[last]
        if isinstance(node, Mapping) and str(part) in node.values:
            parent, last, node = node, str(part), node.values[str(part)]
        elif isinstance(node, Sequence) and isinstance(part, int) and part < len(node.items):
            node = node.items[part]
    return node


def _tell(page: Page, verb: type[Verb], node: Node, found: list[dict[str, Any]]) -> None:
    first = found[0]
    kind = first["type"]
    option = _option(first["loc"])
    if kind == "missing":
        for one in found:
            _tell_missing(page, verb, node, one)
        return
    if kind == "extra_forbidden" and isinstance(node, Scalar):
        page.unknown_key(node, (), "E113", Sentence(en=f"in `{option}`", ja=f"`{option}`"))
        return
    if kind in ("duration", "size") and isinstance(node, Scalar):
        tell_unit(page, node, kind)
        return
    reasons = list(dict.fromkeys(reason_of(one) for one in found))
    reason = reasons[0]
    for other in reasons[1:]:
        reason = Sentence(en=f"{reason.en}; or {other.en}", ja=f"{reason.ja}、または{other.ja}")
    if option:
        message = Sentence(
            en=f"`{option}` does not fit: {reason.en}", ja=f"`{option}` の値が合いません。{reason.ja}"
        )
    else:  # the options do not fit each other
        message = Sentence(en=f"`{verb.verb}`: {reason.en}", ja=f"`{verb.verb}`：{reason.ja}")
    page.fault("E116", message, node, _choices_fix(first, node))


def _tell_missing(page: Page, verb: type[Verb], node: Node, one: dict[str, Any]) -> None:
    option = str(one["loc"][-1])
    field = options_of(verb).get(option) if len(one["loc"]) == 1 else None
    about = (field.description or "").splitlines() if field else []
    message = Sentence(en=f"`{verb.verb}` needs `{option}`", ja=f"`{verb.verb}` には `{option}` が必要です")
    fix = (
        Sentence(en=f"add `{option}:` — {about[0]}", ja=f"`{option}:` を加えてください。{about[-1]}")
        if about
        else None
    )
    page.fault("E115", message, node, fix)


def tell_unit(page: Page, node: Scalar, kind: str = "duration") -> None:
    """A duration or a size without its unit, with what was probably meant."""
    text = (node.text or "").strip()
    digits = re.match(r"\d+(\.\d+)?", nfkc(text))
    number = digits[0] if digits else "30"
    if kind == "size":
        en, ja, units = "a size needs its unit", "大きさには単位が必要です", [f"{number}KB", f"{number}MB"]
    else:
        en, ja, units = (
            "a duration needs its unit",
            "時間には単位が必要です",
            [f"{number}s", f"{number}m", f"{number}h"],
        )
    fix = Sentence(en=f"write {' or '.join(units)}", ja=f"{'、'.join(units)} のように書いてください")
    page.fault("E117", Sentence(en=f'{en}: "{text}"', ja=f"{ja}（「{text}」）"), node, fix)


def _option(loc: tuple[int | str, ...]) -> str:
    return str(loc[0]) if loc else ""


def reason_of(one: dict[str, Any]) -> Sentence:
    """One of pydantic's errors, in both languages."""
    kind, context = one["type"], one.get("ctx") or {}
    cause = context.get("error")
    for said in (context.get("sentence"), getattr(cause, "reason", None), getattr(cause, "message", None)):
        if isinstance(said, Sentence):
            return said
    if isinstance(context.get("ja"), str):
        return Sentence(en=one["msg"], ja=context["ja"])
    if kind in _REASONS:
        return _REASONS[kind](context)
    return Sentence.same(str(cause) if cause else one["msg"])


def _choices_fix(one: dict[str, Any], node: Node) -> Sentence | None:
    expected = (one.get("ctx") or {}).get("expected")
    if one["type"] not in ("literal_error", "enum") or not isinstance(node, Scalar):
        return None
    words = [word.strip("' ") for word in str(expected).replace(" or ", ", ").split(", ")]
    return did_you_mean(node.text or "", words)


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
