"""Names of two sides against each other, on distinct texts: same, cut, a word left out, alike, or different, and how rare."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from rapidfuzz import fuzz

from bofbot.reconcile.arrays import Ints
from bofbot.reconcile.folding import core, fold, loose_cores
from bofbot.reconcile.kinds import ALIKE, CUT, NONE, OTHER, SAME, STEM, WORD
from bofbot.words import Sentence

if TYPE_CHECKING:
    from bofbot.reconcile.intake import Side

_FIELDS = (("kanas", "フリガナ"), ("parties", "名称"), ("texts", "摘要"))


@dataclass(frozen=True, slots=True)
class Names:
    """The names both sides are compared by. Codes index `left` and `right`; −1 means no name."""

    left: tuple[str, ...]
    right: tuple[str, ...]
    left_codes: Ints
    right_codes: Ints
    left_words: tuple[tuple[str, ...], ...]
    right_words: tuple[tuple[str, ...], ...]
    left_blocks: Ints
    """Per row: a number for the beginning of its name, equal on both sides; −1 when it has none there."""
    right_blocks: Ints
    alias_blocks: Ints
    """Per left row: the beginning of the name it stands for, by a decision; −1 when there is none."""
    sentence: Sentence | None = None
    aliases: Mapping[str, frozenset[str]] = field(default_factory=dict)
    fields: tuple[str, str] = ("", "")
    """Which column of each side is compared: `texts`, `parties` or `kanas`."""
    _sorted: tuple[str, ...] = ()
    _rows_before: tuple[int, ...] = ()
    _known: dict[int, tuple[int, int]] = field(default_factory=dict)
    _counted: dict[tuple[str, bool], int] = field(default_factory=dict)

    @property
    def usable(self) -> bool:
        return bool(self.left) and bool(self.right)

    def relation(self, left_code: int, right_code: int) -> tuple[int, int]:
        """What `relate` says, remembered."""
        key = left_code * (len(self.right) + 1) + right_code
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self.relate(left_code, right_code)
        return found

    def relate(self, left_code: int, right_code: int) -> tuple[int, int]:
        """The relation of two distinct names, and how many right rows bear a name that would look as near by chance."""
        if left_code < 0 or right_code < 0:
            return NONE, 0
        one, other = self.left[left_code], self.right[right_code]
        if one == other or other in self.aliases.get(one, ()):
            return SAME, self._beginning_with(other, whole=True)
        same = _common(one, other)
        shortest = 2 if one.isascii() else 4
        if same >= shortest:
            begun = self._beginning_with(one[:same])
            if same == min(len(one), len(other)):
                return CUT, begun
            if _one_contains_other(self.left_words[left_code], self.right_words[right_code]):
                return WORD, begun
        if len(one) >= 5 and len(other) >= 5 and fuzz.ratio(one, other, score_cutoff=86):
            return ALIKE, self._beginning_with(other, whole=True) + len(self.right_codes) // 4000 + 1
        if same >= 4 or _whole_words(self.left_words[left_code], self.right_words[right_code]) >= shortest:
            return STEM, begun
        return OTHER, 0

    def _beginning_with(self, text: str, whole: bool = False) -> int:
        key = (text, whole)
        if key in self._counted:
            return self._counted[key]
        low = bisect_left(self._sorted, text)
        high = bisect_left(self._sorted, text + ("\0" if whole else "\U0010ffff"))
        found = self._counted[key] = self._rows_before[high] - self._rows_before[low]
        return found


def likeness(one: str, other: str) -> float:
    """0 … 1: 1 when equal or one is the beginning (at least 4 characters) of the other, else by letters."""
    if one == other:
        return 1.0
    same = _common(one, other)
    if same == min(len(one), len(other)) and same >= 4:
        return 1.0
    return _likeness(one, other)


def _likeness(one: str, other: str) -> float:
    return fuzz.ratio(one, other) / 100.0


def _common(one: str, other: str) -> int:
    if one[:4] == other[:4] and (one.startswith(other) or other.startswith(one)):
        return min(len(one), len(other))
    for position, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return position
    return min(len(one), len(other))


def _whole_words(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """Letters of the leading words that both have whole."""
    letters = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        letters += len(a)
    return letters


def _one_contains_other(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Do all words of one stand, in order, in the other? The last word of either may be cut."""
    short, long = (one, other) if len(one) <= len(other) else (other, one)
    if len(long) == 1:
        return False
    at = 0
    for position, word in enumerate(long):
        wanted = short[at] if at < len(short) else None
        if wanted is None:
            break
        last = position == len(long) - 1 or at == len(short) - 1
        if word == wanted or (last and (word.startswith(wanted) or wanted.startswith(word))):
            at += 1
    return at == len(short)


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
    counted = Counter(right_codes.tolist())
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
