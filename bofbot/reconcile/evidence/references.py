"""References: which rows of the right side the free text of the left side names."""

from __future__ import annotations

import re
import unicodedata
from array import array
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
        left_rows, said, numbers = _said_by(left)
        right_rows, named = _named_by(right, numbers)
        del numbers  # millions of texts
        one, other, self.common = _met(left_rows, said, right_rows, named, len(left))
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


def _named_by(side: Side, wanted: Mapping[str, int]) -> tuple[Ints, Ints]:
    """Right rows and the wanted tokens by which they may be named: reference columns, the id, and the number each ends in
    where no other row ends so."""
    rows, tokens_ = array("q"), array("q")
    columns = [*side.refs.columns, *((side.ids,) if side.layout.id else ())] if wanted else []
    for column in columns:
        for row, text in enumerate(column):
            number = wanted.get(folded(text))
            if number is not None and _whole(text):
                rows.append(row)
                tokens_.append(number)
    if any(token[0] == "#" for token in wanted):
        ending: dict[str, int] = {}
        for row, texts in enumerate(zip(*columns, strict=True)):
            for text in {*_numbers_of(texts)}:
                if text in wanted:
                    ending[text] = row if text not in ending else -1
        for text, row in ending.items():
            if row >= 0:
                rows.append(row)
                tokens_.append(wanted[text])
    return np.array(rows, dtype=np.int64), np.array(tokens_, dtype=np.int64)


def folded(text: str) -> str:
    """The text folded; one without Japanese is not remembered, for numbers hardly ever come twice."""
    if not text.isascii():
        return fold(text)
    return text.upper() if text.isalnum() else fold.__wrapped__(text)


def _whole(text: str) -> tuple[str, ...]:
    plain = folded(text)
    digit = _ASCII_DIGIT(plain) if plain.isascii() else any(c.isdigit() for c in plain)
    return (plain,) if len(plain) >= 4 and digit else ()


_ENDING = re.compile(r"(?:^|[^0-9])0*([1-9]\d{0,9})$")
_NUMBERED = re.compile(
    r"(?:請求書?(?:番号|NO)?|伝票(?:番号|NO)?|注文(?:番号|NO)?|セイキユウ(?:シヨ)?(?:NO)?|#"
    r"|(?<![A-Z0-9])(?:INV(?:OICE)?(?:NO|NUMBER)?|NO|BILL|ORDER|REF|RECHNUNG|R[NGE]))"
    r"[-.:#=_]*((?:[0-9]+[,/&+、・])*[0-9]+)(?![0-9]*-[0-9])"
)
_BARE = re.compile(r"(?!AND-|UND-)[A-Z]*-?[0-9]+").fullmatch
"""A number with at most a word before it: nothing to smooth out."""
_ASCII_DIGIT = re.compile("[0-9]").search
_KANA = re.compile(r"[\u30a1-\u30fa\u30fc\uff66-\uff9f]+")


def _numbers_of(texts: Sequence[str]) -> tuple[str, ...]:
    """The number a document ends in, for those who write `請求書12` for INV-0012."""
    plain = (
        text if text.isascii() else unicodedata.normalize("NFKC", text) for text in texts if len(text) <= 24
    )
    found = [_ENDING.search(text.strip()) for text in plain]
    return tuple(f"#{match[1]}" for match in found if match)


def _numbers_said(text: str) -> tuple[str, ...]:
    """Numbers a free text calls numbers of documents: `請求書12`, `№12`, `Inv. No. 12, 13`."""
    plain = text.upper()
    if not text.isascii():
        plain = _KANA.sub(lambda name: _plain_kana(name[0]), unicodedata.normalize("NFKC", text).upper())
    if not _BARE(plain):
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


def _said_by(side: Side) -> tuple[Ints, Ints, dict[str, int]]:
    """Left rows and the tokens that stand in their texts, and the number of each token."""
    rows, said = array("q"), array("q")
    numbers: dict[str, int] = {}
    for column in (*((side.texts,) if side.texts else ()), *side.refs.columns):
        known: dict[str, tuple[int, ...]] = {}
        repeats = len(set(column)) * 2 < len(column)
        for row, text in enumerate(column):
            found = known.get(text)
            if found is None:
                tokens_ = _tokens_of(text, bool(side.refs)) if _DIGIT(text) else ()
                found = tuple(numbers.setdefault(token, len(numbers)) for token in tokens_)
                if repeats:
                    known[text] = found
            if found:
                rows.extend([row] * len(found))
                said.extend(found)
    return np.array(rows, dtype=np.int64), np.array(said, dtype=np.int64), numbers


def _tokens_of(text: str, whole: bool) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys((*tokens.__wrapped__(text), *_numbers_said(text), *(_whole(text) if whole else ())))
    )


def _plain_kana(word: str) -> str:
    return unicodedata.normalize("NFKC", fold(word))
