"""Points in words: what spoke for a match and how much, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bofbot.reconcile import kinds as relation
from bofbot.reconcile.kinds import DRIFT, EXACT, FEE, FEE_ROUNDED, FREE, HUNDREDTHS, NEAR, ROUNDED, TAXED
from bofbot.reconcile.model import Match, Point
from bofbot.words import Language, Sentence

if TYPE_CHECKING:
    from bofbot.reconcile.matching import Matching

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


def points_of(matching: Matching, edge: int) -> tuple[Point, ...]:
    """The evidence for one candidate, the strongest first."""
    pairs = matching.pairs
    group = edge - len(pairs)
    if group >= 0:
        found = matching.groups.points[group]
        return tuple(Point(value / HUNDREDTHS, _OTHERS.get(kind, _lag(None))) for kind, value in found)
    said = []
    for kind, value in matching.parts[edge]:
        if kind == "amount":
            reason = _AMOUNTS[int(pairs.way[edge])]
        elif kind == "days":
            reason = _lag(int(pairs.lag[edge]))
        elif kind == "name":
            reason = _NAMES[int(pairs.relation[edge])]
        elif kind == "form":
            reason = _FORMS[value > 0]
        elif int(pairs.referred[edge]) < 0:
            reason = Sentence(en="another reference is named", ja="別の照合番号の記載")
        else:
            reason = _OTHERS[kind]
        said.append(Point(value / HUNDREDTHS, reason))
    return tuple(said)


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
    points = joint.join(f"{point.reason.said_in(language)} {point.value:+.1f}" for point in match.evidence)
    return stop.join(part for part in (points, match.why.said_in(language)) if part)
