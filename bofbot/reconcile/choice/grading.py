"""From points to grades: what may be confirmed without a person, what is suggested, what is ambiguous, and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from bofbot.reconcile.model import Auto, Decide, Grade
from bofbot.reconcile.sums.accidents import LIKELY
from bofbot.words import Sentence

AMBIGUOUS_BELOW = 1.0
"""Points: an answer that is not even twice as likely as another is no answer."""
AS_GOOD = 0.5
"""Points: the same where the rule vouches for what it finds (`auto: true`)."""


@dataclass(frozen=True, slots=True)
class Doubts:
    """What speaks against a match beside its margin."""

    sums: int = 1
    """How many sets of rows reach the same total; 1: it is unique."""
    accidents: float = 0.0
    """How many sums like this one would be found by accident."""
    interchangeable: bool = False
    stranger: bool = False
    """The names differ and no reference speaks for it."""
    contradicted: bool = False
    """Both rows bear a number and it is not the same."""
    torn: bool = False
    """A sum and a single row fit to the yen, and hardly differ in points."""
    elsewhere: bool = False
    """A number speaks for it, but the name is that of another known party."""
    far: int = 0
    """Days apart, when that is unusual and no reference speaks for it."""

    def among_equals(self) -> Doubts:
        """The same, and other rows would do as well."""
        return replace(self, interchangeable=True)


NONE = Doubts()


def grade_of(
    margin: float, rivalled: bool, doubts: Doubts, auto: Auto, amount: Decimal, decide: Decide
) -> tuple[Grade, Sentence]:
    """The grade of a match and the reason for it; `rivalled`: something else could be done with its rows."""
    if doubts.sums > 1:
        grade: Grade = "suggested" if margin >= decide.confirm_margin else "ambiguous"
        return grade, Sentence(
            en=f"{doubts.sums} sets of rows give this total; a person decides",
            ja=f"同じ合計になる組み合わせが {doubts.sums} 通りあるため、確認が必要です",
        )
    if rivalled and margin < (AS_GOOD if auto == "yes" else AMBIGUOUS_BELOW):
        return "ambiguous", Sentence(
            en="another row fits just as well", ja="同じくらい合う行がほかにあります"
        )
    if doubts.interchangeable:
        return "ambiguous", Sentence(
            en="interchangeable rows: same party, amount and date; taken in the order of their numbers",
            ja="取引先・金額・日付が同じ行があり、番号順に割り当てました（入替可）",
        )
    waits = (_waits(doubts) if doubts != NONE else None) or _held_back(auto, amount, decide)
    if waits:
        return "suggested", waits
    if auto == "yes" or margin >= decide.confirm_margin:
        return "confirmed", _ahead(f"{margin:.1f}")
    if rivalled:
        return "suggested", Sentence(
            en=f"only {margin:.1f} points ahead of another candidate",
            ja=f"次の候補との差が {margin:.1f} 点しかありません",
        )
    return "suggested", Sentence(
        en=f"the evidence is thin ({margin:.1f} points)", ja=f"根拠が十分ではありません（{margin:.1f} 点）"
    )


@lru_cache(maxsize=4096)
def _ahead(margin: str) -> Sentence:
    return Sentence(
        en=f"{margin} points ahead of any other use of these rows", ja=f"ほかの候補より {margin} 点上です"
    )


def _waits(doubts: Doubts) -> Sentence | None:
    """Why a match waits for a person however many points it has."""
    if doubts.stranger:
        return Sentence(
            en="the payer has another name; a person confirms once, and it is remembered",
            ja="名義が異なるため確認が必要です（一度確認すれば次回から記憶します）",
        )
    if doubts.contradicted:
        return Sentence(
            en="both rows have a number of their own, and the numbers differ",
            ja="双方に番号があり、番号が一致しません",
        )
    if doubts.elsewhere:
        return Sentence(
            en="the number names one party, the name is that of another",
            ja="番号と名義が別の取引先を示しているため、確認が必要です",
        )
    if doubts.torn:
        return Sentence(
            en="the same rows fit as a sum and one by one; a person decides",
            ja="1件ずつでも合算でも金額が一致するため、確認が必要です",
        )
    if doubts.accidents >= LIKELY:
        return Sentence(
            en=f"sums like this come about by accident ({doubts.accidents:.1f} expected among these rows)",
            ja=f"この範囲の行では偶然でも合計が一致し得るため（見込み {doubts.accidents:.1f} 通り）、確認が必要です",
        )
    if doubts.far:
        return Sentence(
            en=f"the dates lie {abs(doubts.far)} days apart, which is unusual here; it may belong to another month",
            ja=f"日付が {abs(doubts.far)} 日離れています。別の月の分かもしれないため確認が必要です",
        )
    return None


def _held_back(auto: Auto, amount: Decimal, decide: Decide) -> Sentence | None:
    """Why the rules of the office leave a match to a person."""
    if auto == "never":
        return Sentence(en="this rule only suggests", ja="このルールは提案のみです")
    if decide.max_auto_amount is not None and abs(amount) > decide.max_auto_amount:
        return Sentence(
            en=f"above {decide.max_auto_amount:,}: a person confirms",
            ja=f"{decide.max_auto_amount:,} を超えるため確認が必要です",
        )
    return None
