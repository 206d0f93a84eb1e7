"""Company forms as evidence: ヤマト商事株式会社 and 合同会社ヤマト商事 are two companies, and banks write which one paid.

`ﾔﾏﾄｼﾖｳｼﾞ(ｶ` is 株式会社 behind the name, `ﾄﾞ)ﾔﾏﾄｼﾖｳｼﾞ` 合同会社 before it. A side that does not write forms says nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from bofbot.reconcile.arrays import Floats, Ints
from bofbot.reconcile.evidence.folding import form_of
from bofbot.reconcile.intake.sides import Side

SAME, MOVED, DIFFERENT = 0.9, 0.06, 0.04
"""How often true pairs bear the same form in the same place, in the other place, another form: people mix the places up
now and then, other forms hardly ever."""
_SEEN = 20.0
"""So many rows of experience elsewhere are added, all forms alike."""


@dataclass(frozen=True, slots=True)
class Forms:
    """Per row: form × 2 + place (0 before the name, 1 behind it); −1 where none is written."""

    left: Ints
    right: Ints

    def points(self, one: Ints, other: Ints) -> Floats:
        """Points of pairs of rows: factors of two by which the forms speak for a pair; 0 where a side is silent."""
        mine, theirs = self.left[one], self.right[other]
        written = self.right[self.right >= 0]
        kinds = int(max(self.left.max(initial=1), self.right.max(initial=1))) + 2
        counts = np.bincount(written, minlength=kinds) + _SEEN / kinds
        share = counts / counts.sum()
        exact = share[np.maximum(mine, 0)]
        moved = share[np.maximum(mine, 0) ^ 1]
        told = np.where(
            mine == theirs,
            SAME / exact,
            np.where(
                mine // 2 == theirs // 2, MOVED / moved, DIFFERENT / np.maximum(1.0 - exact - moved, 0.05)
            ),
        )
        found: Floats = np.where((mine >= 0) & (theirs >= 0), np.log2(told), 0.0)
        return found

    def contradict(self, left: int, right: int) -> bool:
        """Do both rows bear a form, and not the same?"""
        mine, theirs = int(self.left[left]), int(self.right[right])
        return mine >= 0 and theirs >= 0 and mine // 2 != theirs // 2


@lru_cache(maxsize=8)
def _nothing(rows: int) -> Ints:
    return np.full(rows, -1, dtype=np.int64)


def forms_of(left: Side, right: Side) -> Forms:
    """The forms both sides write."""
    numbers: dict[str, int] = {}
    return Forms(_codes(left, numbers), _codes(right, numbers))


def _codes(side: Side, numbers: dict[str, int]) -> Ints:
    codes = _nothing(len(side))
    for column in (side.parties, side.kanas, side.texts):
        if column:
            codes = np.where(codes >= 0, codes, _of(column, numbers))
    return codes


def _of(column: Sequence[str], numbers: dict[str, int]) -> Ints:
    known: dict[str, int] = {}
    for text in column:
        if text not in known:
            form = form_of(text)
            known[text] = numbers.setdefault(form[0], len(numbers)) * 2 + form[1] if form else -1
    return np.array([known[text] for text in column], dtype=np.int64)
