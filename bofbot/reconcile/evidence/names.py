"""Names of two sides against each other, on distinct texts: same, cut, a word left out, alike, or different, and how rare."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from bofbot.reconcile.arrays import Flags, Ints
from bofbot.reconcile.evidence.kinds import ALIKE, CUT, NONE, OTHER, SAME, STEM, WORD
from bofbot.words import Sentence

_LETTERS = 24
"""Letters of two names that are compared side by side; what still agrees then is looked at alone."""
_AT_ONCE = 100_000
"""Pairs that are compared side by side."""
_ALIKE = 86
"""Likeness of letters, of 100, from which names may be one name with typing errors."""


class _Known:
    """What was worked out about pairs of names, ascending by pair."""

    def __init__(self) -> None:
        self.pairs: Ints = np.zeros(0, dtype=np.int64)
        self.relation: Ints = np.zeros(0, dtype=np.int64)
        self.alike: Ints = np.zeros(0, dtype=np.int64)

    def lacks(self, pairs: Ints) -> Ints:
        if not len(self.pairs):
            return pairs
        at = np.minimum(np.searchsorted(self.pairs, pairs), len(self.pairs) - 1)
        new: Ints = pairs[self.pairs[at] != pairs]
        return new

    def add(self, pairs: Ints, relation: Ints, alike: Ints) -> None:
        order = np.argsort(np.concatenate([self.pairs, pairs]), kind="stable")
        self.pairs = np.concatenate([self.pairs, pairs])[order]
        self.relation = np.concatenate([self.relation, relation])[order]
        self.alike = np.concatenate([self.alike, alike])[order]


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
    _known: _Known = field(default_factory=_Known)
    _counted: dict[str, int] = field(default_factory=dict)

    @property
    def usable(self) -> bool:
        return bool(self.left) and bool(self.right)

    def related(self, left: Ints, right: Ints) -> tuple[Ints, Ints]:
        """Per pair of codes the relation of the names, and how many right rows bear a name that would look as near by
        chance. Worked out once per distinct pair."""
        if not self.usable or not len(left):
            return np.full(len(left), NONE, dtype=np.int64), np.zeros(len(left), dtype=np.int64)
        width = len(self.right) + 1
        packed, back = np.unique((left + 1) * width + right + 1, return_inverse=True)
        new = self._known.lacks(packed)
        for start in range(0, len(new), _AT_ONCE):
            some = new[start : start + _AT_ONCE]
            self._known.add(some, *self._relate(some // width - 1, some % width - 1))
        at = np.searchsorted(self._known.pairs, packed)[back]
        return self._known.relation[at], self._known.alike[at]

    def near(self, left: Ints, right: Ints, least: float) -> Flags:
        """Per pair of codes: are the names as near as a rule asks?"""
        how, _ = self.related(left, right)
        found: Flags = (how == SAME) | (how == CUT)
        if least <= 0.95:
            found |= how == WORD
        unsure = np.flatnonzero((how == ALIKE) | (how == STEM))
        if least <= 0.5:
            found[unsure] = True
        elif len(unsure):
            width = len(self.right) + 1
            packed, back = np.unique(left[unsure] * width + right[unsure], return_inverse=True)
            likely = self._likeness(packed // width, packed % width) / 100.0
            found[unsure] = (likely >= least)[back]
        return found

    def _relate(self, left: Ints, right: Ints) -> tuple[Ints, Ints]:
        """Relation and rarity of distinct pairs of names."""
        ones, others = [self.left[k] for k in left.tolist()], [self.right[k] for k in right.tolist()]
        size, their_size = (np.array([len(name) for name in names]) for names in (ones, others))
        named = (left >= 0) & (right >= 0)
        same = np.where(named, _common(ones, others, size, their_size), 0)
        ascii_ = np.array([name.isascii() for name in ones])
        shortest = np.where(ascii_, 2, 4)
        rows = np.bincount(self.right_codes[self.right_codes >= 0], minlength=len(self.right))[right]
        equal = named & (same == size) & (size == their_size)
        for at in np.flatnonzero(named & ~equal).tolist() if self.aliases else ():
            equal[at] = others[at] in self.aliases.get(ones[at], ())
        begins = named & ~equal & (same >= shortest)
        cut = begins & (same == np.minimum(size, their_size))
        parted = np.array([len(words) > 1 for words in (*self.left_words, ())])[left]
        parted |= np.array([len(words) > 1 for words in (*self.right_words, ())])[right]
        word = np.zeros(len(left), dtype=bool)
        for at in np.flatnonzero(begins & ~cut & parted).tolist():
            word[at] = _one_contains_other(self.left_words[left[at]], self.right_words[right[at]])
        open_ = named & ~equal & ~cut & ~word
        asked = np.flatnonzero(open_ & (size >= 5) & (their_size >= 5))
        alike = np.zeros(len(left), dtype=bool)
        alike[asked] = self._likeness(left[asked], right[asked], _ALIKE) > 0
        stem = open_ & ~alike & (same >= 4)
        for at in np.flatnonzero(open_ & ~alike & ~stem & parted & begins).tolist():
            stem[at] = _whole_words(self.left_words[left[at]], self.right_words[right[at]]) >= shortest[at]
        relation = np.select(
            [~named, equal, cut, word, alike, stem], [NONE, SAME, CUT, WORD, ALIKE, STEM], OTHER
        ).astype(np.int64)
        rare = np.where(equal, rows, np.where(alike, rows + len(self.right_codes) // 4000 + 1, 0))
        counted = np.flatnonzero(cut | word | stem)
        rare[counted] = self._beginning(ones, same, counted)
        return relation, rare

    def _likeness(self, left: Ints, right: Ints, least: float = 0) -> Ints:
        """Likeness of letters, of 100; 0 when below `least`."""
        from rapidfuzz import fuzz, process

        if not len(left):
            return np.zeros(0)
        ones, others = [self.left[k] for k in left.tolist()], [self.right[k] for k in right.tolist()]
        found: Ints = process.cpdist(ones, others, scorer=fuzz.ratio, score_cutoff=least, dtype=np.float64)
        return found

    def _beginning(self, names: Sequence[str], same: Ints, asked: Ints) -> list[int]:
        """How many right rows bear a name that begins with so many letters of these names."""
        found = []
        for at, letters in zip(asked.tolist(), same[asked].tolist(), strict=True):
            text = names[at][:letters]
            if text not in self._counted:
                low, high = bisect_left(self._sorted, text), bisect_left(self._sorted, text + "\U0010ffff")
                self._counted[text] = self._rows_before[high] - self._rows_before[low]
            found.append(self._counted[text])
        return found


def _common(ones: Sequence[str], others: Sequence[str], size: Ints, their_size: Ints) -> Ints:
    """How many letters each pair of names has in common at the beginning."""
    letters = [
        np.array(names, dtype=f"U{_LETTERS}").view(np.uint32).reshape(len(names), _LETTERS)
        for names in (ones, others)
    ]
    apart = letters[0] != letters[1]
    shorter = np.minimum(size, their_size)
    same: Ints = np.minimum(np.where(apart.any(axis=1), apart.argmax(axis=1), _LETTERS), shorter)
    for at in np.flatnonzero((same == _LETTERS) & (shorter > _LETTERS)).tolist():
        one, other = ones[at], others[at]
        same[at] = next((k for k in range(_LETTERS, shorter[at]) if one[k] != other[k]), shorter[at])
    return same


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
