"""Words that a bank puts before every name (`ACH CREDIT`, `WIRE FROM`, `IB振込`): found by how often they open a text, and taken off.

The other side tells what is a name: a word that opens one of its names is never taken off."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence

LEAST, SHARE = 3, 0.1
"""A word opens so many of the different texts, and such a share of them, before it is no part of a name."""
_ROUNDS = 4
"""Words that may stand before a name, one after the other."""


def without_openings(texts: Sequence[str], names: Sequence[str]) -> Sequence[str]:
    """The texts, each without the words that open many of them and none of the other side's names."""
    kept = {text: text for text in texts}
    known = {_first(name) for name in set(names)}
    for _ in range(_ROUNDS):
        often = Counter(_first(text) for text in kept.values() if " " in _plain(text))
        least = max(LEAST, SHARE * len(kept))
        openings = {word for word, times in often.items() if times >= least and word not in known}
        if not openings:
            break
        for text, rest in kept.items():
            plain = _plain(rest)
            if " " in plain and _first(plain) in openings:
                kept[text] = rest.split(maxsplit=1)[1]
    return [kept[text] for text in texts]


def _plain(text: str) -> str:
    """One kind of space, none at the ends; str.split knows the wide space too."""
    return " ".join(text.split())


def _first(text: str) -> str:
    word = (text.split(maxsplit=1) or [""])[0]
    return word.upper() if word.isascii() else unicodedata.normalize("NFKC", word).upper()
