"""Which columns of two sides name the party, and their distinct names with a code each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from bofbot.reconcile.arrays import Ints
from bofbot.reconcile.evidence.folding import core, fold, loose_cores
from bofbot.reconcile.evidence.names import Names
from bofbot.reconcile.evidence.openings import without_openings
from bofbot.reconcile.evidence.readings import learned
from bofbot.reconcile.fees import COMMON, FOR_GOOD, fee_table, in_units
from bofbot.reconcile.intake.sides import Side
from bofbot.words import Sentence

_FIELDS = ("kanas", "parties", "texts")
_IDEOGRAPH = re.compile(r"[\u3400-\u9fff]").search
HARDLY = 0.5
"""When fewer names than this meet, the sides write them differently."""


def compare_names(left: Side, right: Side, aliases: Mapping[str, frozenset[str]] | None = None) -> Names:
    """Choose which column of each side names the party (the pair that meets most often), and index its distinct texts.

    Where hardly any name is written alike on both sides, who pays in which name is learned from their amounts."""
    aliases = dict(aliases or {})
    texts = _texts_of(left, right), _texts_of(right, left)
    share, columns = _choose(texts, aliases)
    readings: Mapping[str, str] = {}
    if share < HARDLY:
        columns = columns or _foremost(texts)
        readings = _learned(left, right, texts, columns)
        for name, stands_for in readings.items():
            aliases.setdefault(name, frozenset((stands_for,)))
    if columns is None or (share <= 0 and not readings):
        return _nameless(len(left), len(right))
    left_field, right_field = columns
    left_texts, right_texts = texts[0][left_field], texts[1][right_field]
    right_names, right_codes, right_words = _index(right_texts, {})
    known = set(right_names)
    starts = {name[:4] for name in right_names}
    left_names, left_codes, left_words = _index(left_texts, _readings(left_texts, known, starts))
    left_codes = _told(left_names, left_codes, right_names, aliases) if readings else left_codes
    left_blocks, right_blocks = _blocks(left_names, left_codes, right_names, right_codes)
    counted = np.bincount(right_codes[right_codes >= 0], minlength=len(right_names)).tolist()
    order = sorted(range(len(right_names)), key=right_names.__getitem__)
    before = [0]
    for code in order:
        before.append(before[-1] + counted[code])
    alias_blocks = _alias_blocks(left_names, left_codes, right_names, right_codes, right_blocks, aliases)
    return Names(
        left_names, right_names, left_codes, right_codes, left_words, right_words, left_blocks, right_blocks, alias_blocks,
        _said(left, right, columns, readings),
        aliases, columns, tuple(right_names[code] for code in order), tuple(before),
    )  # fmt: skip


def _nameless(left: int, right: int) -> Names:
    none, nobody = np.full(left, -1, dtype=np.int64), np.full(right, -1, dtype=np.int64)
    return Names((), (), none, nobody, (), (), none, nobody, none)


def _said(left: Side, right: Side, columns: tuple[str, str], readings: Mapping[str, str]) -> Sentence:
    one, other = getattr(left.layout, _layout(columns[0])), getattr(right.layout, _layout(columns[1]))
    en = f"names are compared: {left.name} {one} with {right.name} {other}"
    ja = f"名義は {left.name}「{one}」と {right.name}「{other}」で比べます"
    if readings:
        en += f"; {len(readings)} payers whose name is written differently there were recognised by several amounts that nobody else has"
        ja += f"。表記が異なる支払人 {len(readings)} 名は、ほかにない金額が複数一致したため対応づけました"
    return Sentence(en=en, ja=ja)


def _foremost(
    texts: tuple[Mapping[str, Sequence[str]], Mapping[str, Sequence[str]]],
) -> tuple[str, str] | None:
    """The columns most likely to name the party when no two of them meet."""
    first = [
        next((name for name in ("parties", "kanas", "texts") if side[name] and any(side[name])), "")
        for side in texts
    ]
    return (first[0], first[1]) if all(first) else None


def _learned(
    left: Side,
    right: Side,
    texts: tuple[Mapping[str, Sequence[str]], Mapping[str, Sequence[str]]],
    columns: tuple[str, str] | None,
) -> Mapping[str, str]:
    """Readings of the names that the other side does not know as they are."""
    if columns is None:
        return {}
    mine = [core(text) if text else "" for text in texts[0][columns[0]]]
    theirs = [core(text) if text else "" for text in texts[1][columns[1]]]
    both = set(mine) & set(theirs)
    names = tuple(["" if name in both else name for name in column] for column in (mine, theirs))
    fees: tuple[int, ...] = ()
    if not all(name.isascii() for name in {*mine, *theirs}):
        fees, _ = in_units(fee_table(COMMON), left.places, (FOR_GOOD, FOR_GOOD))
    return learned(left, right, (names[0], names[1]), fees)


def _told(
    left: Sequence[str], codes: Ints, right: Sequence[str], aliases: Mapping[str, frozenset[str]]
) -> Ints:
    """The codes of left rows, −1 where a name in kana says nothing beside names in kanji, as nobody knows its reading."""
    written = sum(map(bool, map(_IDEOGRAPH, right))) * 2 > len(right)
    known = set(right) | {_start(name) for name in right}
    silent = [
        name not in aliases and not {name, _start(name)} & known and not (_IDEOGRAPH(name) and written)
        for name in left
    ]
    return np.where(np.array([*(written and one for one in silent), False])[codes], -1, codes)


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


def _texts_of(side: Side, other: Side) -> dict[str, Sequence[str]]:
    """The columns of a side that may name the party; free text without the words a bank puts before every name."""
    found: dict[str, Sequence[str]] = {"kanas": side.kanas, "parties": side.parties, "texts": side.texts}
    names = [name for column in (other.kanas, other.parties, other.texts) for name in set(column)]
    return {**found, "texts": without_openings(side.texts, names)}


def _choose(
    texts: tuple[Mapping[str, Sequence[str]], Mapping[str, Sequence[str]]],
    aliases: Mapping[str, frozenset[str]],
) -> tuple[float, tuple[str, str] | None]:
    """The pair of columns that meets most often, and the share of names that meet."""
    best: tuple[float, int, tuple[str, str]] | None = None
    rank = 0
    for one in _FIELDS:
        for other in _FIELDS:
            rank -= 1
            a, b = texts[0][one], texts[1][other]
            if a and b:
                found = (_meeting(a, b, aliases), rank, (one, other))
                best = max(best, found) if best else found
    return (best[0], best[2]) if best and best[0] > 0 else (0.0, None)


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
