"""YAML text → a tree of texts, lists and mappings that know their places. The only door to `yaml`; strict, and nothing re-typed.

libyaml composes the tree (about the cost of `CSafeLoader`), the rest is ours: every scalar stays the text that was typed,
and duplicate keys, anchors, tags, tabs, several documents, too much text and too much depth are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml
from yaml.cyaml import CParser  # type: ignore[attr-defined]

from bofbot.errors import Place
from bofbot.language.findings import Findings, Source
from bofbot.language.yaml_faults import explain_syntax
from bofbot.words import Sentence

LARGEST = 1_000_000
"""Characters of one file."""
DEEPEST = 32

_SPECIAL = re.compile(r"(?m)(?:^|[\s\[{,])[&*!][^\s,\[\]{}]|(?:^|[\s\[{,])! |^%")
_LONG_LINE = 600


class Scalar:
    """Text, as it was typed. `text` is None where nothing was written after the colon."""

    __slots__ = ("end", "start", "style", "text")

    def __init__(self, text: str | None, start: Any, end: Any, style: str) -> None:
        self.text, self.start, self.end, self.style = text, start, end, style

    @property
    def plain(self) -> bool:
        return self.style in ("", ":")


class Sequence:
    """A list."""

    __slots__ = ("end", "items", "start")

    def __init__(self, items: list[Node], start: Any, end: Any) -> None:
        self.items, self.start, self.end = items, start, end


class Mapping:
    """Keys and values, in the order they stand."""

    __slots__ = ("end", "keys", "start", "values")

    def __init__(self, start: Any, end: Any) -> None:
        self.keys: dict[str, Scalar] = {}
        self.values: dict[str, Node] = {}
        self.start, self.end = start, end

    def items(self) -> Iterator[tuple[str, Node]]:
        return iter(self.values.items())


Node = Scalar | Sequence | Mapping


class Unreadable(Exception):
    """The text is no YAML that a robot may be written in; the finding says why."""


def read_tree(source: Source, findings: Findings) -> Node | None:
    """The tree of a text; None for an empty one. Raises Unreadable after adding a finding."""
    if len(source.text) > LARGEST:
        _refuse(source, findings, "E108", _TOO_LARGE, Place(source.file, 1, 1))
    _inspect(source, findings)
    try:
        composed = _Composer(source.text).get_single_node()
    except yaml.YAMLError as error:
        explain_syntax(source, findings, error)
        raise Unreadable from error
    except UnicodeEncodeError as error:
        _refuse(source, findings, "E101", _NOT_TEXT, source.place_at(error.start), cause=error)
    return None if composed is None else _Builder(source, findings).build(composed, 1)


def place_of(source: Source, node: Node) -> Place:
    return Place(source.file, node.start.line + 1, node.start.column + 1)


def length_of(node: Node) -> int:
    """Characters to underline: the whole scalar when it ends on its line, else up to the end of that line."""
    if node.end.line == node.start.line:
        return max(int(node.end.column) - int(node.start.column), 1)
    return 1 if not isinstance(node, Scalar) else max(len(node.text or "") if node.plain else 1, 1)


def locate(source: Source, scalar: Scalar, offset: int, length: int) -> tuple[Place, int]:
    """The place of `text[offset:offset + length]` of a scalar, whatever quotes and folds stand between."""
    raw = source.text[scalar.start.index : scalar.end.index]
    fragment = (scalar.text or "")[offset : offset + length]
    shift = 0 if scalar.plain else 1
    if (
        raw[shift : shift + offset + length] == (scalar.text or "")[: offset + length]
        and "\n" not in raw[: offset + 1]
    ):
        return Place(source.file, scalar.start.line + 1, scalar.start.column + 1 + shift + offset), length
    first_line = fragment.split("\n")[0]
    nth = (scalar.text or "")[:offset].count(first_line) if first_line else 0
    found = -1
    for _ in range(nth + 1):
        found = raw.find(first_line, found + 1)
    if not first_line or found < 0:
        return place_of(source, scalar), length_of(scalar)
    return source.place_at(scalar.start.index + found), len(first_line)


class _Composer(CParser):
    """libyaml's composer, told that no scalar has a type of its own."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> str:
        return ""

    def descend_resolver(self, parent: Any, index: Any) -> None:
        pass

    def ascend_resolver(self) -> None:
        pass


class _Builder:
    """yaml's nodes → ours; refuses equal keys, complex keys and depth."""

    def __init__(self, source: Source, findings: Findings) -> None:
        self._source, self._findings = source, findings

    def build(self, node: Any, depth: int) -> Node:
        start = node.start_mark
        if depth > DEEPEST:
            _refuse(self._source, self._findings, "E108", _TOO_DEEP, self._place(start))
        kind = node.id
        if kind == "scalar":
            style = node.style or ""
            return Scalar(node.value if node.value or style else None, start, node.end_mark, style)
        if kind == "sequence":
            return Sequence([self.build(item, depth + 1) for item in node.value], start, node.end_mark)
        built = Mapping(start, node.end_mark)
        for key_node, value_node in node.value:
            if key_node.id != "scalar":
                self._refuse_key(key_node)
            key = key_node.value
            if key in built.keys:
                self._tell_twice(key, built.keys[key], key_node)
                continue
            if key == "<<" and not key_node.style:
                _refuse(
                    self._source, self._findings, "E105", _NO_ANCHORS, self._place(key_node.start_mark), 2
                )
            built.keys[key] = Scalar(key, key_node.start_mark, key_node.end_mark, key_node.style or "")
            built.values[key] = self.build(value_node, depth + 1)
        return built

    def _place(self, mark: Any) -> Place:
        return Place(self._source.file, mark.line + 1, mark.column + 1)

    def _refuse_key(self, node: Any) -> None:
        at = node.start_mark
        raw = self._source.text[at.index - 1 : at.index + 80]
        if found := re.match(r"\{\{\s*([^{}\n]*?)\s*\}\}", raw):
            place = Place(self._source.file, at.line + 1, at.column)
            _refuse(
                self._source, self._findings, "E132", _JINJA, place, len(found[0]), fix=jinja_fix(found[1])
            )
        _refuse(self._source, self._findings, "E102", _KEY_IS_TEXT, self._place(at))

    def _tell_twice(self, key: str, first: Scalar, again: Any) -> None:
        place = place_of(self._source, first)
        self._findings.add(
            self._source,
            "E104",
            Sentence(en=f'the key "{key}" stands here twice', ja=f"キー「{key}」が二度書かれています"),
            self._place(again.start_mark),
            len(key),
            fix=Sentence(en="remove one of the two", ja="どちらか一方を消してください"),
            also=((place, self._source.line(place.line), Sentence(en="the first one", ja="一つ目")),),
        )


def jinja_fix(inner: str) -> Sentence:
    return Sentence(en=f'write "${{{inner}}}"', ja=f'"${{{inner}}}" と書いてください')


def _inspect(source: Source, findings: Findings) -> None:
    """Look at the stream of events where anchors, tags, directives or a dangerous depth may hide (rarely)."""
    text = source.text
    deep = text.count("[") + text.count("{") > 400 or max(map(len, source.lines)) > _LONG_LINE
    special = any(mark in text for mark in "&*!%") and _SPECIAL.search(text)
    if not deep and not special:
        return
    parser, depth = CParser(text), 0
    try:
        while True:
            event: Any = parser.get_event()
            kind = type(event).__name__
            depth += kind.endswith(("MappingStartEvent", "SequenceStartEvent"))
            depth -= kind.endswith(("MappingEndEvent", "SequenceEndEvent"))
            mark = event.start_mark
            place = Place(source.file, mark.line + 1, mark.column + 1)
            if depth > DEEPEST:
                _refuse(source, findings, "E108", _TOO_DEEP, place)
            if getattr(event, "anchor", None):
                _refuse(source, findings, "E105", _NO_ANCHORS, place, len(event.anchor) + 1, fix=_USE_A_PART)
            if getattr(event, "tag", None):
                _refuse(source, findings, "E106", _NO_TAGS, place, fix=_QUOTE_IT)
            if getattr(event, "version", None) or getattr(event, "tags", None):
                _refuse(source, findings, "E107", _NO_DIRECTIVES, place)
            if kind == "StreamEndEvent":
                return
    except (yaml.YAMLError, UnicodeEncodeError):
        return  # told with more care when the text is composed


def _refuse(
    source: Source,
    findings: Findings,
    code: str,
    message: Sentence,
    place: Place,
    length: int = 1,
    *,
    fix: Sentence | None = None,
    cause: Exception | None = None,
) -> None:
    findings.add(source, code, message, place, length, fix=fix)
    raise Unreadable from cause


_TOO_LARGE = Sentence(
    en="the file has more than 1 MB; this is no robot",
    ja="ファイルが1MBを超えています。ロボットの定義ではありません",
)
_TOO_DEEP = Sentence(en=f"more than {DEEPEST} levels deep", ja=f"入れ子が{DEEPEST}段を超えています")
_NOT_TEXT = Sentence(en="the file is not UTF-8 text", ja="ファイルがUTF-8の文字ではありません")
_NO_ANCHORS = Sentence(
    en="anchors (&), aliases (*) and merge keys (<<) are not used in robots",
    ja="アンカー（&）、エイリアス（*）、マージキー（<<）はロボットでは使えません",
)
_USE_A_PART = Sentence(
    en="repeat the text, or put shared steps into a part: `use: parts/….yaml`; a value that begins with & or * needs quotes",
    ja="同じ内容を書くか、共通の手順は部品にしてください（`use: parts/….yaml`）。& や * で始まる値は引用符で囲んでください",
)
_NO_TAGS = Sentence(en="tags (!) are not used in robots", ja="タグ（!）はロボットでは使えません")
_QUOTE_IT = Sentence(
    en="put a value that begins with ! in quotes; types come from the verb, not from YAML",
    ja="! で始まる値は引用符で囲んでください。型は動詞が決めます",
)
_NO_DIRECTIVES = Sentence(
    en="directives (%) are not used in robots", ja="ディレクティブ（%）はロボットでは使えません"
)
_JINJA = Sentence(en="`{{ … }}` computes nothing here", ja="`{{ … }}` は計算されません")
_KEY_IS_TEXT = Sentence(en="a key must be plain text", ja="キーは文字でなければなりません")
