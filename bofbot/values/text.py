"""Text as Japanese offices type it: full and half width, spaces inside labels, the nearest word, columns on a screen."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_LABEL_ENDS = " :*※"


def nfkc(text: str) -> str:
    """The text in compatibility form: `ｶﾅ` → `カナ`, `１２３` → `123`, `　` → a plain space."""
    return unicodedata.normalize("NFKC", text)


def fold_name(text: str) -> str:
    """The form in which headings and labels are compared: NFKC, case folded, no spaces, no marks at the end.

    `申請 番号＊`, `申請番号：` and `申請番号` fold to the same text. For comparing only, never for showing.
    """
    plain = _INVISIBLE.sub("", nfkc(text)).casefold()
    folded = "".join(plain.split())
    return folded.rstrip(_LABEL_ENDS) or folded


def same_name(one: str, other: str) -> bool:
    """Whether two headings or labels mean the same name."""
    return one == other or fold_name(one) == fold_name(other)


def find_name(name: str, names: Iterable[str]) -> str | None:
    """The one of `names` that is meant by `name`: exactly, else by `fold_name`; None when none or several are."""
    known = tuple(names)
    if name in known:
        return name
    folded = fold_name(name)
    found = [candidate for candidate in known if fold_name(candidate) == folded]
    return found[0] if len(found) == 1 else None


_LONGEST_NAME = 200
"""A longer text is nobody's slip for a name; comparing it would only cost time."""


def nearest(word: str, words: Iterable[str], n: int = 3) -> tuple[str, ...]:
    """At most `n` of `words` that somebody may have meant by `word`, the best first; empty when none is near."""
    if len(word) > _LONGEST_NAME:
        return ()
    wanted = fold_name(word)
    scored = []
    for position, candidate in enumerate(dict.fromkeys(words)):
        score = _likeness(wanted, fold_name(candidate))
        if score >= 0.6:
            scored.append((-score, position, candidate))
    return tuple(candidate for _, _, candidate in sorted(scored)[:n])


def _likeness(wanted: str, candidate: str) -> float:
    if not wanted or not candidate:
        return 0.0
    if wanted == candidate:
        return 1.0
    ratio = SequenceMatcher(None, wanted, candidate, autojunk=False).ratio()
    shorter, longer = sorted((wanted, candidate), key=len)
    if len(shorter) >= 2 and shorter in longer:  # 口座 → 口座番号, row → rows
        ratio = max(ratio, 0.7)
    return ratio


def width(text: str) -> int:
    """Columns the text takes on a terminal: East Asian wide and full-width characters take two."""
    return sum(character_width(character) for character in text)


def character_width(character: str) -> int:
    """0 for combining and invisible characters, 2 for wide ones, else 1. Ambiguous ones count 1, as terminals do."""
    if character.isascii():
        return 1
    if unicodedata.combining(character) or unicodedata.category(character) in ("Cf", "Me", "Mn"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
