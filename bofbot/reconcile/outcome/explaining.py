"""Points in words: what spoke for a match and how much, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bofbot.reconcile.evidence import kinds as relation
from bofbot.reconcile.evidence.kinds import (
    DRIFT,
    EXACT,
    FEE,
    FEE_ROUNDED,
    FREE,
    HUNDREDTHS,
    NEAR,
    ROUNDED,
    TAXED,
)
from bofbot.reconcile.model import Match, Point
from bofbot.words import Language, Sentence

if TYPE_CHECKING:
    from bofbot.reconcile.arrays import Ints
    from bofbot.reconcile.choice.matching import Matching

_AMOUNTS = {
    EXACT: Sentence(en="exact amount", ja="金額一致"),
    ROUNDED: Sentence(en="amount but for rounding", ja="端数を除き金額一致"),
    FEE: Sentence(en="amount less a transfer fee", ja="手数料差引で金額一致"),
    FEE_ROUNDED: Sentence(en="amount less a fee and rounding", ja="手数料・端数を除き金額一致"),
    TAXED: Sentence(en="amount less withholding tax", ja="源泉徴収後の金額一致"),
    NEAR: Sentence(en="amount within the tolerance", ja="許容範囲内の金額"),
    DRIFT: Sentence(en="amount near", ja="近い金額"),
    FREE: Sentence(en="another amount", ja="金額は異なる"),
}
_NAMES = {
    relation.SAME: Sentence(en="same name", ja="名義一致"),
    relation.CUT: Sentence(en="same name, cut off", ja="名義一致（途中まで）"),
    relation.WORD: Sentence(en="same name, a word left out", ja="名義一致（語の省略）"),
    relation.ALIKE: Sentence(en="name alike", ja="名義が類似"),
    relation.STEM: Sentence(en="names begin alike", ja="名義の先頭が一致"),
    relation.OTHER: Sentence(en="another name", ja="名義は異なる"),
    relation.NONE: Sentence(en="no name", ja="名義なし"),
}
_FORMS = {
    True: Sentence(en="same company form", ja="法人格一致"),
    False: Sentence(en="another company form", ja="法人格が異なる"),
}
_OTHERS = {
    "reference": Sentence(en="reference named", ja="照合番号の記載"),
    "sum": Sentence(en="the amounts add up", ja="合計額一致"),
    "together": Sentence(en="all of one date", ja="同じ日付のまとまり"),
    "sets": Sentence(en="one of several possible sets", ja="組み合わせの数"),
    "party": Sentence(en="same party", ja="同じ取引先"),
}


class Explained:
    """The evidence of candidates as points; equal evidence is one and the same object."""

    def __init__(self, matching: Matching) -> None:
        self._matching = matching
        self._known: dict[tuple[int, ...], tuple[Point, ...]] = {}
        self._points: dict[tuple[str, int, int], Point] = {}

    def of_group(self, group: int) -> tuple[Point, ...]:
        """The evidence for a group."""
        found = self._matching.groups.points[group]
        return tuple(Point(value / HUNDREDTHS, _OTHERS.get(kind, _lag(None))) for kind, value in found)

    def of_pairs(self, at: Ints) -> Iterator[tuple[Point, ...]]:
        """The evidence for each of these pairs, the strongest first; kinds that say nothing are left out."""
        pairs, scores = self._matching.pairs, self._matching.scores
        columns = (
            scores.amount, scores.days, scores.name, scores.form, scores.reference, pairs.way, pairs.lag, pairs.relation,
            pairs.referred,
        )  # fmt: skip
        for key in zip(*(column[at].tolist() for column in columns), strict=True):
            found = self._known.get(key)
            if found is None:
                found = self._known[key] = self._told(key)
            yield found

    def _told(self, key: tuple[int, ...]) -> tuple[Point, ...]:
        amount, days, name, form, reference, way, lag, related, referred = key
        said = (
            ("amount", amount, way), ("days", days, lag), ("name", name, related), ("form", form, form > 0),
            ("reference", reference, referred < 0),
        )  # fmt: skip
        return tuple(self._point(*one) for one in sorted(said, key=_by_strength) if one[1])

    def _point(self, kind: str, value: int, what: int) -> Point:
        key = (kind, value, what)
        if key not in self._points:
            self._points[key] = Point(value / HUNDREDTHS, _reason(kind, what))
        return self._points[key]


def _by_strength(said: tuple[str, int, int]) -> tuple[int, str]:
    return -abs(said[1]), said[0]


def _reason(kind: str, what: int) -> Sentence:
    if kind == "amount":
        return _AMOUNTS[what]
    if kind == "days":
        return _lag(what)
    if kind == "name":
        return _NAMES[what]
    if kind == "form":
        return _FORMS[bool(what)]
    return Sentence(en="another reference is named", ja="別の照合番号の記載") if what else _OTHERS[kind]


def _lag(days: int | None) -> Sentence:
    if days is None:
        return Sentence(en="dates near", ja="日付が近い")
    if days == 0:
        return Sentence(en="same day", ja="同日")
    return Sentence(
        en=f"{abs(days)} days {'later' if days > 0 else 'earlier'}",
        ja=f"{abs(days)}日{'後' if days > 0 else '前'}",
    )


def explanation(match: Match, language: Language) -> str:
    """`exact amount +6.1, 2 days later +1.3; 4.2 points ahead …`: one line a person reads."""
    joint, stop = ("、", "。") if language == "ja" else (", ", "; ")
    points = joint.join([f"{point.reason.said_in(language)} {point.value:+.1f}" for point in match.evidence])
    return stop.join([part for part in (points, match.why.said_in(language)) if part])
