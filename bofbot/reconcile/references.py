"""References: which rows of the right side the free text of the left side names."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

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
        named = [(*known, *_whole(own)) for known, own in zip(named, side.ids, strict=True)]
    texts = [
        (*(row if side.refs else ()), *((own,) if side.layout.id else ()))
        for row, own in zip(side.refs or named, side.ids, strict=True)
    ]
    numbers = [_numbers_of(row) for row in texts]
    often = Counter(number for row in numbers for number in set(row))
    return [
        (*known, *(number for number in row if often[number] == 1))
        for known, row in zip(named, numbers, strict=True)
    ]


def _whole(text: str) -> tuple[str, ...]:
    plain = text.upper() if text.isascii() and text.isalnum() else fold(text)
    return (plain,) if len(plain) >= 4 and any(c.isdigit() for c in plain) else ()


_ENDING = re.compile(r"(?:^|[^0-9])0*([1-9]\d{0,9})$")
_NUMBERED = re.compile(
    r"(?:請求書?(?:番号|NO)?|伝票(?:番号|NO)?|注文(?:番号|NO)?|セイキユウ(?:シヨ)?(?:NO)?|#"
    r"|(?<![A-Z0-9])(?:INV(?:OICE)?(?:NO|NUMBER)?|NO|BILL|ORDER|REF|RECHNUNG|R[NGE]))"
    r"[-.:#=_]*((?:[0-9]+[,/&+、・])*[0-9]+)(?![0-9]*-[0-9])"
)
_KANA = re.compile(r"[\u30a1-\u30fa\u30fc\uff66-\uff9f]+")


def _numbers_of(texts: Sequence[str]) -> tuple[str, ...]:
    """The number a document ends in, for those who write `請求書12` for INV-0012."""
    found = (_ENDING.search(unicodedata.normalize("NFKC", text).strip()) for text in texts if len(text) <= 24)
    return tuple(f"#{match[1]}" for match in found if match)


@lru_cache(maxsize=65536)
def _numbers_said(text: str) -> tuple[str, ...]:
    """Numbers a free text calls numbers of documents: `請求書12`, `№12`, `Inv. No. 12, 13`."""
    plain = _KANA.sub(lambda name: _plain_kana(name[0]), unicodedata.normalize("NFKC", text).upper())
    plain = re.sub(r"\b(?:AND|UND)\b|と", "&", re.sub(r"(?<=[A-Z])\.", "", plain))
    plain = re.sub(r"(?<=[A-Z書号.#])\s+(?=[0-9#]|NO\b)", "", plain)
    plain = re.sub(r"\s*([,/&+、・:#])\s*", r"\1", plain)
    return tuple(
        f"#{number.lstrip('0')}"
        for match in _NUMBERED.finditer(plain)
        for number in re.findall(r"[0-9]+", match[1])
        if number.strip("0")
    )


def _said_by(side: Side) -> list[tuple[str, ...]]:
    said: list[tuple[str, ...]] = []
    for row in range(len(side)):
        texts = [side.texts[row]] if side.texts else []
        if side.refs:
            texts += side.refs[row]
        found: list[str] = []
        for text in texts:
            found += tokens(text)
            found += _numbers_said(text)
            found += _whole(text) if side.refs else ()
        said.append(tuple(dict.fromkeys(found)))
    return said


def _plain_kana(word: str) -> str:
    return unicodedata.normalize("NFKC", fold(word))
