"""Changes one label in a robot's text where it stands: quotes, comments and layout stay as a person wrote them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from bofbot.errors import Place
from bofbot.language.findings import Findings, Source
from bofbot.language.yaml_text import Mapping, Node, Scalar, Sequence, Unreadable, read_tree


class Unchangeable(Exception):
    """The label cannot be changed there by a machine; `why` is one of `gone`, `taken`, `computed`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def reword(text: str, place: Place, verb: str, old: str, new: str) -> tuple[str, Place]:
    """The text with `old` reworded to `new` in the step of `verb` at `place`, and where that is.

    `old` is a key under the verb (`fill: {金額: …}`) or its whole value (`click: 検索`). When the step has moved since, the
    only step of that verb with that label is meant. Raises Unchangeable."""
    if "${" in new:
        raise Unchangeable("computed")
    bare = text.removeprefix("\ufeff")
    source = Source(place.file, bare)
    tree = _tree(source)
    found = [(step, scalar) for step, scalar in _labels(tree, verb) if scalar.text == old]
    here = [pair for pair in found if pair[0].keys[verb].start.line + 1 == place.line]
    if len(chosen := here or found) != 1:
        raise Unchangeable("gone")
    step, scalar = chosen[0]
    value = step.values[verb]
    if isinstance(value, Mapping) and new in value.keys:
        raise Unchangeable("taken")
    start, end = scalar.start.index, scalar.end.index
    for written in _ways(new, bare[start:end]):
        changed = bare[:start] + written + bare[end:]
        if _said(_tree_or_none(Source(place.file, changed))) == _said(tree, scalar, new):
            return text[: len(text) - len(bare)] + changed, source.place_at(start)
    raise Unchangeable("computed")


def _tree(source: Source) -> Node | None:
    try:
        return read_tree(source, Findings())
    except Unreadable:
        raise Unchangeable("gone") from None


def _tree_or_none(source: Source) -> Node | None:
    try:
        return read_tree(source, Findings())
    except Unreadable:
        return None


def _labels(node: Node | None, verb: str) -> Iterator[tuple[Mapping, Scalar]]:
    """Every label of every step of a verb, with its step."""
    if isinstance(node, Sequence):
        for item in node.items:
            yield from _labels(item, verb)
    if isinstance(node, Mapping):
        value = node.values.get(verb)
        if isinstance(value, Mapping):
            yield from ((node, key) for key in value.keys.values())
        elif isinstance(value, Scalar):
            yield node, value
        for inner in node.values.values():
            yield from _labels(inner, verb)


_BARE = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`~][^\n\r#:\[\]{},]*(?<!\s)")
_NO_TEXT = frozenset({"true", "false", "yes", "no", "on", "off", "null"})


def _ways(words: str, before: str) -> Iterator[str]:
    """How the words may be written, best as what stood there before was written."""
    single, double = "'" + words.replace("'", "''") + "'", json.dumps(words, ensure_ascii=False)
    if before.startswith('"'):
        yield double
    elif before.startswith("'"):
        yield single
    elif _BARE.fullmatch(words) and words.lower() not in _NO_TEXT:
        yield words
    yield double


def _said(node: Node | None, scalar: Scalar | None = None, words: str = "") -> object:
    """What the tree says, with one scalar reworded: to be compared with another tree."""
    if isinstance(node, Scalar):
        return words if node is scalar else node.text
    if isinstance(node, Sequence):
        return [_said(item, scalar, words) for item in node.items]
    if isinstance(node, Mapping):
        return [
            (words if node.keys[key] is scalar else key, _said(value, scalar, words))
            for key, value in node.values.items()
        ]
    return None
