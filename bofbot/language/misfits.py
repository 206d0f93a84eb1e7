"""What pydantic found wrong with a step's options, told under the exact token and in both languages."""

from __future__ import annotations

import re
from typing import Any

from pydantic import ValidationError

from bofbot.action import Verb
from bofbot.language.findings import did_you_mean
from bofbot.language.meanings import meaning_of
from bofbot.language.page import Page
from bofbot.language.yaml_text import Mapping, Node, Scalar, Sequence
from bofbot.values.misfits import reason_of
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
    about = meaning_of(verb, option).splitlines() if len(one["loc"]) == 1 else []
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


def _choices_fix(one: dict[str, Any], node: Node) -> Sentence | None:
    expected = (one.get("ctx") or {}).get("expected")
    if one["type"] not in ("literal_error", "enum") or not isinstance(node, Scalar):
        return None
    words = [word.strip("' ") for word in str(expected).replace(" or ", ", ").split(", ")]
    return did_you_mean(node.text or "", words)
