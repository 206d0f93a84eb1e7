"""A file while it is read: its text, its places, and how its nodes become plain values with `${…}` parsed."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable
from typing import Any

from bofbot.action import Computed
from bofbot.errors import Place
from bofbot.language.expressions import ExpressionFault, Template, parse
from bofbot.language.findings import Findings, Source, did_you_mean
from bofbot.language.yaml_faults import FULL_WIDTH, add_full_width, tell_full_width
from bofbot.language.yaml_text import Mapping, Node, Scalar, Sequence, jinja_fix, length_of, locate, place_of
from bofbot.values.text import nfkc
from bofbot.words import Sentence

RESERVED = frozenset({"inputs", "secrets", "run", "done", "index", "true", "false", "none"})
"""Names that expressions know already."""

_WIDE = re.compile("＄[{｛]|\\$｛")
_WIDE_EXPRESSION = Sentence(
    en="`＄{` is full-width: nothing would be computed", ja="「＄{」が全角のため、計算されません"
)
_WIDE_FIX = Sentence(en="write ${…} in half-width", ja="${…} を半角で書いてください")


class Page:
    """One file and what is found wrong in it."""

    def __init__(self, source: Source, findings: Findings) -> None:
        self.source = source
        self.findings = findings

    def place(self, node: Node) -> Place:
        return place_of(self.source, node)

    def fault(
        self,
        code: str,
        message: Sentence,
        node: Node,
        fix: Sentence | None = None,
        *,
        severity: str = "error",
    ) -> None:
        """Add a finding under the whole token of a node."""
        place = place_of(self.source, node)
        self.findings.add(self.source, code, message, place, length_of(node), fix=fix, severity=severity)

    # Values -----------------------------------------------------------------------------------------------------

    def value(self, node: Node) -> Any:
        """Text, Computed, or lists and dicts of them. What is wrong is added; in its place stands a Computed that
        fits everywhere, so that one mistake is told once."""
        if isinstance(node, Scalar):
            return self.scalar(node)
        if isinstance(node, Sequence):
            return [self.value(item) for item in node.items]
        for key, key_node in node.keys.items():
            if "${" in key or not key:
                self.fault("E134", _KEY_NOT_COMPUTED, key_node, _KEY_FIX)
        return {key: self.value(inner) for key, inner in node.values.items()}

    def scalar(self, node: Scalar) -> str | Computed:
        text = node.text
        if text is None:
            self.fault("E118", _EMPTY, node, _EMPTY_FIX)
            return self._broken(node)
        if not text.isascii() and node.plain and not self._plain_text(node, text):
            return self._broken(node)
        if wide := _WIDE.search(text):
            place, length = locate(self.source, node, wide.start(), 2)
            self.findings.add(self.source, "E109", _WIDE_EXPRESSION, place, length, fix=_WIDE_FIX)
            return self._broken(node)
        if "{{" in text and "${{" not in text and (found := _jinja(text)):
            place, length = locate(self.source, node, found[0], found[1])
            self.findings.add(self.source, "E132", _JINJA, place, length, fix=jinja_fix(found[2]))
            return self._broken(node)
        return self._computed(node, text) if "${" in text else text

    def literals(self, node: Node | None, key: str) -> tuple[str, ...]:
        """The texts of a list under `key`; what is no text is left out after adding a finding."""
        listed = self.sequence(node, quoted(key)) if node is not None else None
        texts = [self.literal(item, quoted(key)) for item in listed.items] if listed else []
        return tuple(text for text in texts if text is not None)

    def literal(self, node: Node, what: Sentence) -> str | None:
        """Text that is known before the run; None after adding a finding."""
        if not isinstance(node, Scalar):
            self.fault("E119", Sentence(en=f"{what.en} is a text", ja=f"{what.ja}は文字で書きます"), node)
            return None
        value = self.scalar(node)
        if isinstance(value, str):
            return value
        if (
            value.source != ""
            and "${" in value.source
            and (node.text or "").count("${")
            and not _is_broken(value)
        ):
            message = Sentence(
                en=f"{what.en} must be known before the run",
                ja=f"{what.ja}は実行前に決まっている必要があります",
            )
            self.fault("E135", message, node, Sentence(en="write it out", ja="値をそのまま書いてください"))
        return None

    def name(self, node: Node, what: Sentence, *, taken: Iterable[str] = RESERVED) -> str:
        """An identifier for expressions, NFKC; "" after adding a finding."""
        text = self.literal(node, what)
        if text is None:
            return ""
        plain = nfkc(text)
        if why := why_no_name(plain, taken):
            self.fault(
                "E124",
                Sentence(
                    en=f'"{text}" cannot be a name: {why.en}', ja=f"「{text}」は名前にできません（{why.ja}）"
                ),
                node,
            )
            return ""
        return plain

    def mapping(self, node: Node, what: Sentence) -> Mapping | None:
        if isinstance(node, Mapping):
            return node
        self._wrong_shape(node, what, _A_MAPPING)
        return None

    def sequence(self, node: Node, what: Sentence) -> Sequence | None:
        if isinstance(node, Sequence):
            return node
        self._wrong_shape(node, what, _A_LIST)
        return None

    def unknown_key(self, key_node: Scalar, known: Iterable[str], code: str, where: Sentence) -> None:
        """A key that nobody knows: full-width marks first, then did-you-mean."""
        key = key_node.text or ""
        if self.full_width_in(key_node):
            return
        message = Sentence(en=f'"{key}" is unknown {where.en}', ja=f"{where.ja}に「{key}」はありません")
        self.fault(code, message, key_node, did_you_mean(key, known, listed="known", listed_ja="使えるもの"))

    def full_width_in(self, node: Scalar) -> bool:
        """Add a finding when a full-width mark keeps this text from being what it was meant to be."""
        text = node.text or ""
        if not node.plain or text.isascii():
            return False
        for offset, character in enumerate(text):
            if character in FULL_WIDTH and character != "－":
                place, _ = locate(self.source, node, offset, 1)
                add_full_width(self.source, self.findings, place, character)
                return True
        return False

    def _plain_text(self, node: Scalar, text: str) -> bool:
        """Whether unquoted text is free of marks that were meant for YAML."""
        offset = 0 if text[0] in FULL_WIDTH and text[0] not in "：－" else text.find(" ＃") + 1
        if offset == 0 and text[0] not in FULL_WIDTH:
            return True
        if text[0] in "：－" and offset == 0:
            return True
        place, _ = locate(self.source, node, offset, 1)
        add_full_width(self.source, self.findings, place, text[offset])
        return False

    def _computed(self, node: Scalar, text: str) -> Computed | str:
        def where(offset: int, length: int) -> Place:
            return locate(self.source, node, offset, length)[0]

        try:
            template = parse(text, self.place(node), where)
        except ExpressionFault as fault:
            place, length = locate(self.source, node, fault.offset, fault.length)
            self.findings.add(self.source, fault.code, fault.message, place, length, fix=fault.fix)
            return self._broken(node)
        assert isinstance(template, Template)
        if all(isinstance(part, str) for part in template.parts):
            return "".join(part for part in template.parts if isinstance(part, str))
        return template

    def _broken(self, node: Scalar) -> Computed:
        return Template(node.text or "", (), self.place(node))

    def _wrong_shape(self, node: Node, what: Sentence, shape: Sentence) -> None:
        if isinstance(node, Scalar) and node.text is not None and self.full_width_in(node):
            return
        line = self.place(node).line  # `-　click: …` is a mapping, and was meant to be a list
        if tell_full_width(self.source, self.findings, range(line, line + 1)):
            return
        self.fault("E119", Sentence(en=f"{what.en} {shape.en}", ja=f"{what.ja}{shape.ja}"), node)


def why_no_name(name: str, taken: Iterable[str] = RESERVED) -> Sentence | None:
    """Why a text cannot be a name in expressions; None when it can."""
    if name in taken:
        return Sentence(en="it has a meaning already", ja="すでに意味のある名前です")
    if name.startswith("__"):
        return Sentence(en="it begins with __", ja="__ で始まっています")
    if not name.isidentifier() or keyword.iskeyword(name):
        return Sentence(
            en="names have letters, digits and _, no spaces or hyphens, and no digit in front",
            ja="名前に使えるのは文字・数字・_ で、空白やハイフンは使えず、数字では始められません",
        )
    return None


def quoted(key: str) -> Sentence:
    """A key as messages name it."""
    return Sentence.same(f"`{key}`")


def _is_broken(value: Computed) -> bool:
    return isinstance(value, Template) and not value.parts


def _jinja(text: str) -> tuple[int, int, str] | None:
    start = text.find("{{")
    end = text.find("}}", start)
    if start < 0 or end < 0:
        return None
    return start, end + 2 - start, text[start + 2 : end].strip()


_EMPTY = Sentence(en="there is no value here", ja="値がありません")
_EMPTY_FIX = Sentence(
    en='write a value, or "" for an empty text', ja='値を書いてください。空の文字なら "" と書きます'
)
_JINJA = Sentence(en="`{{ … }}` computes nothing here", ja="`{{ … }}` は計算されません")
_KEY_FIX = Sentence(
    en="labels that only the run knows stand in one expression for all: `fill: ${record(label, value)}`, `fill: ${row}`",
    ja="実行時に決まる項目名は、全体を一つの式で `fill: ${record(項目名, 値)}`、`fill: ${row}` のように書いてください",
)
_KEY_NOT_COMPUTED = Sentence(
    en="a key is literal text; it cannot be empty or computed",
    ja="キーには文字をそのまま書きます。空にしたり計算したりできません",
)
_A_MAPPING = Sentence(en="is a mapping: `key: value` lines", ja="には「キー: 値」の形で書きます")
_A_LIST = Sentence(en="is a list: lines that begin with `- `", ja="には「- 」で始まる行を並べます")
