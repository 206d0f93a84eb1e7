"""References: which rows of the right side the free text of the left side names."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from bofbot.reconcile.arrays import Ints
from bofbot.reconcile.evidence.crowds import rare_enough
from bofbot.reconcile.evidence.folding import fold, tokens
from bofbot.reconcile.evidence.joins import Sorted
from bofbot.reconcile.intake.sides import Side


class References:
    """Which tokens of the left side's free text are references of which right rows (and the other way round)."""

    def __init__(self, left: Side, right: Side) -> None:

        self._rows = len(right)
        left_rows, said = _said_by(left)
        numbers = {token: number for number, token in enumerate(dict.fromkeys(said))}
        right_rows, named = _named_by(right, numbers)
        spoken = np.array([numbers[token] for token in said], dtype=np.int64)
        one, other, self.common = _met(
            np.array(left_rows, dtype=np.int64),
            spoken,
            np.array(right_rows, dtype=np.int64),
            np.array(named, dtype=np.int64),
            len(left),
        )
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


def _met(left_rows: Ints, said: Ints, right_rows: Ints, named: Ints, rows: int) -> tuple[Ints, Ints, int]:
    """Rows of both sides whose tokens are equal, and how many tokens so many rows bear that they name none."""
    rare = rare_enough(said, named, rows)
    mine, theirs = rare[said], rare[named]
    left_rows, said, right_rows, named = left_rows[mine], said[mine], right_rows[theirs], named[theirs]
    index = Sorted(named, np.zeros(len(named), dtype=np.int64))
    zero = np.zeros(len(said), dtype=np.int64)
    asked, hit = index.pairs(said, zero, zero)
    return left_rows[asked], right_rows[hit], int((~rare).sum())


def _named_by(side: Side, wanted: Mapping[str, int]) -> tuple[list[int], list[int]]:
    """Right rows and the wanted tokens by which they may be named: reference columns, the id, and the number each ends in
    where no other row ends so."""
    rows: list[int] = []
    tokens_: list[int] = []
    if not wanted:
        return rows, tokens_
    columns = [*(zip(*side.refs, strict=True) if side.refs else ()), *((side.ids,) if side.layout.id else ())]
    for column in columns:
        for row, text in enumerate(column):
            number = wanted.get(text.upper() if text.isascii() and text.isalnum() else fold(text))
            if number is not None and _whole(text):
                rows.append(row)
                tokens_.append(number)
    if any(token[0] == "#" for token in wanted):
        ending = [set(_numbers_of(texts)) for texts in zip(*columns, strict=True)]
        often = Counter(number for found in ending for number in found)
        for row, found in enumerate(ending):
            for text in found:
                if often[text] == 1 and text in wanted:
                    rows.append(row)
                    tokens_.append(wanted[text])
    return rows, tokens_


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


_DIGIT = re.compile(
    "[\\d\u00b2\u00b3\u00b9\u2070-\u2089\u2150-\u218f\u2460-\u24ff\u3220-\u33ff\U0001d7ce-\U0001d7ff]"
).search
"""Whatever NFKC turns into a digit; a text without one names nothing."""


def _said_by(side: Side) -> tuple[list[int], list[str]]:
    """Left rows and the tokens that stand in their texts."""
    rows: list[int] = []
    said: list[str] = []
    known: dict[str, tuple[str, ...]] = {}
    columns = [*((side.texts,) if side.texts else ()), *(zip(*side.refs, strict=True) if side.refs else ())]
    for column in columns:
        for row, text in enumerate(column):
            found = known.get(text)
            if found is None:
                found = known[text] = _tokens_of(text, bool(side.refs)) if _DIGIT(text) else ()
            for token in found:
                rows.append(row)
                said.append(token)
    return rows, said


def _tokens_of(text: str, whole: bool) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*tokens(text), *_numbers_said(text), *(_whole(text) if whole else ()))))


def _plain_kana(word: str) -> str:
    return unicodedata.normalize("NFKC", fold(word))
