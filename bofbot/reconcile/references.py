"""References: which rows of the right side the free text of the left side names."""

from __future__ import annotations

import numpy as np

from bofbot.reconcile.arrays import Ints
from bofbot.reconcile.folding import fold, tokens
from bofbot.reconcile.intake import Side
from bofbot.reconcile.joins import Sorted


class References:
    """Which tokens of the left side's free text are references of which right rows (and the other way round)."""

    def __init__(self, left: Side, right: Side) -> None:

        self._rows = len(right)
        numbers: dict[str, int] = {}
        right_rows: list[int] = []
        right_tokens: list[int] = []
        for row, known in enumerate(_refs_of(right)):
            for token in known:
                right_rows.append(row)
                right_tokens.append(numbers.setdefault(token, len(numbers)))
        left_rows: list[int] = []
        left_tokens: list[int] = []
        for row, said in enumerate(_said_by(left)):
            for token in said:
                if token in numbers:
                    left_rows.append(row)
                    left_tokens.append(numbers[token])
        self._left_rows = np.array(left_rows, dtype=np.int64)
        index = Sorted(np.array(right_tokens, dtype=np.int64), np.zeros(len(right_tokens), dtype=np.int64))
        zero = np.zeros(len(left_rows), dtype=np.int64)
        asked, hit = index.pairs(np.array(left_tokens, dtype=np.int64), zero, zero)
        one = self._left_rows[asked]
        other = np.array(right_rows, dtype=np.int64)[hit] if len(right_rows) else hit
        self._linked = np.unique(one * (self._rows + 1) + other)
        self.speaks = np.zeros(len(left), dtype=bool)
        self.speaks[one] = True

    def pairs(self) -> tuple[Ints, Ints]:
        """All (left row, right row) of which the left names the right."""
        return self._linked // (self._rows + 1), self._linked % (self._rows + 1)

    def seen(self, one: Ints, other: Ints) -> Ints:
        """Per pair: 1 named, −1 another row is named, 0 nothing is."""

        hit = np.isin(one * (self._rows + 1) + other, self._linked)
        return np.where(hit, 1, np.where(self.speaks[one], -1, 0))


def _refs_of(side: Side) -> list[tuple[str, ...]]:
    """Tokens by which a right row may be named: its reference columns and its id."""
    if side.refs:
        named = [tuple(t for part in row for t in _whole(part)) for row in side.refs]
    else:
        named = [()] * len(side)
    if side.layout.id:
        return [(*known, *_whole(own)) for known, own in zip(named, side.ids, strict=True)]
    return named


def _whole(text: str) -> tuple[str, ...]:
    plain = text.upper() if text.isascii() and text.isalnum() else fold(text)
    return (plain,) if len(plain) >= 4 and any(c.isdigit() for c in plain) else ()


def _said_by(side: Side) -> list[tuple[str, ...]]:
    said: list[tuple[str, ...]] = []
    for row in range(len(side)):
        texts = [side.texts[row]] if side.texts else []
        if side.refs:
            texts += side.refs[row]
        found: list[str] = []
        for text in texts:
            found += tokens(text)
            found += _whole(text) if side.refs else ()
        said.append(tuple(dict.fromkeys(found)))
    return said
