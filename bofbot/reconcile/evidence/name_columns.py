"""Which columns of two sides name the party, and their distinct names with a code each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from bofbot.reconcile.arrays import Ints
from bofbot.reconcile.evidence.folding import core, fold, loose_cores
from bofbot.reconcile.evidence.names import Names
from bofbot.reconcile.intake.sides import Side
from bofbot.words import Sentence

_FIELDS = (("kanas", "フリガナ"), ("parties", "名称"), ("texts", "摘要"))


def compare_names(left: Side, right: Side, aliases: Mapping[str, frozenset[str]] | None = None) -> Names:
    """Choose which column of each side names the party (the pair that meets most often), and index its distinct texts."""
    columns = _choose(left, right, aliases or {})
    if columns is None:
        none = np.full(len(left), -1, dtype=np.int64)
        nobody = np.full(len(right), -1, dtype=np.int64)
        return Names((), (), none, nobody, (), (), none, nobody, none)
    (left_field, _left_word), (right_field, _right_word) = columns
    left_texts: tuple[str, ...] = getattr(left, left_field)
    right_texts: tuple[str, ...] = getattr(right, right_field)
    right_names, right_codes, right_words = _index(right_texts, {})
    known = set(right_names)
    starts = {name[:4] for name in right_names}
    left_names, left_codes, left_words = _index(left_texts, _readings(left_texts, known, starts))
    left_blocks, right_blocks = _blocks(left_names, left_codes, right_names, right_codes)
    counted = np.bincount(right_codes[right_codes >= 0], minlength=len(right_names)).tolist()
    order = sorted(range(len(right_names)), key=right_names.__getitem__)
    before = [0]
    for code in order:
        before.append(before[-1] + counted[code])
    aliases = aliases or {}
    alias_blocks = _alias_blocks(left_names, left_codes, right_names, right_codes, right_blocks, aliases)
    heading = (getattr(left.layout, _layout(left_field)), getattr(right.layout, _layout(right_field)))
    return Names(
        left_names, right_names, left_codes, right_codes, left_words, right_words, left_blocks, right_blocks, alias_blocks,
        Sentence(
            en=f"names are compared: {left.name} {heading[0]} with {right.name} {heading[1]}",
            ja=f"名義は {left.name}「{heading[0]}」と {right.name}「{heading[1]}」で比べます",
        ),
        aliases, (left_field, right_field), tuple(right_names[code] for code in order), tuple(before),
    )  # fmt: skip


def _alias_blocks(
    left: Sequence[str], left_codes: Ints, right: Sequence[str], right_codes: Ints, blocks: Ints,
    aliases: Mapping[str, frozenset[str]],
) -> Ints:  # fmt: skip
    """Per left row the block of the (first) right name that people said it stands for."""
    of_name = {
        right[int(code)]: int(block) for code, block in zip(right_codes, blocks, strict=True) if code >= 0
    }
    found = [
        min((of_name[name] for name in sorted(aliases.get(one, ())) if name in of_name), default=-1)
        for one in left
    ]
    return np.array([*found, -1], dtype=np.int64)[left_codes]


def _layout(column: str) -> str:
    return {"kanas": "kana", "parties": "party", "texts": "text"}[column]


def _choose(
    left: Side, right: Side, aliases: Mapping[str, frozenset[str]]
) -> tuple[tuple[str, str], tuple[str, str]] | None:
    best: tuple[float, int, Any] | None = None
    rank = 0
    for one in _FIELDS:
        for other in _FIELDS:
            rank -= 1
            a, b = getattr(left, one[0]), getattr(right, other[0])
            if a and b:
                found = (_meeting(a, b, aliases), rank, (one, other))
                best = max(best, found) if best else found
    return best[2] if best and best[0] > 0 else None


def _meeting(left: Sequence[str], right: Sequence[str], aliases: Mapping[str, frozenset[str]]) -> float:
    """Share of (sampled) left texts whose name, or its beginning, is known on the right."""
    known = {core(text) for text in set(right)}
    starts = {name[:6] for name in known if len(name) >= 2}
    distinct = sorted(set(left))
    sample = distinct[:: max(1, len(distinct) // 500)]
    names = [core(text) for text in sample if text]
    hits = sum(
        1.0 if name in known or known & aliases.get(name, frozenset()) else 0.5 if name[:6] in starts else 0.0
        for name in names
        if name
    )
    return hits / max(1, len(names))


def _readings(texts: Sequence[str], known: set[str], starts: set[str]) -> dict[str, str]:
    """Texts whose form word lost its bracket, read so that the name is one the other side knows."""
    found: dict[str, str] = {}
    for text in set(texts):
        name = core(text)
        if not name or name in known or text.isascii():
            continue
        for reading in loose_cores(text):
            if reading in known:
                found[text] = reading
                break
        else:
            if name[:4] not in starts:
                usable = [r for r in loose_cores(text) if r[:4] in starts and len(r) >= 4]
                if usable:
                    found[text] = usable[0]
    return found


def _index(
    texts: Sequence[str], readings: Mapping[str, str]
) -> tuple[tuple[str, ...], Ints, tuple[tuple[str, ...], ...]]:
    codes: dict[str, int] = {}
    words: list[tuple[str, ...]] = []
    of_text: dict[str, int] = {"": -1}
    for text in texts:
        if text not in of_text:
            name = readings.get(text) or core(text)
            if not name:
                of_text[text] = -1
                continue
            if name not in codes:
                codes[name] = len(words)
                words.append(
                    tuple(w for w in (fold(part) for part in text.split()) if w)
                    if name.isascii()
                    else (name,)
                )
            of_text[text] = codes[name]
    return tuple(codes), np.array([of_text[text] for text in texts], dtype=np.int64), tuple(words)


def _blocks(
    left: Sequence[str], left_codes: Ints, right: Sequence[str], right_codes: Ints
) -> tuple[Ints, Ints]:
    numbers: dict[str, int] = {}
    for name in right:
        numbers.setdefault(_start(name), len(numbers))
    left_of = np.array([numbers.get(_start(name), -1) for name in left] + [-1], dtype=np.int64)
    right_of = np.array([numbers[_start(name)] for name in right] + [-1], dtype=np.int64)
    return left_of[left_codes], right_of[right_codes]


def _start(name: str) -> str:
    return name[:2] if name.isascii() else name[:4]
