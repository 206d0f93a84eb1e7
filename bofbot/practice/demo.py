"""What the demo promised and what the portal's book says came of it: the last word of `bofbot demo`."""

from __future__ import annotations

from dataclasses import dataclass

from bofbot.practice.book import Book
from bofbot.practice.expenses import EXPENSES, REFUSED
from bofbot.words import Sentence


@dataclass(frozen=True, slots=True)
class Settled:
    """The claims of the demo against the book of effects."""

    booked: tuple[str, ...]
    """Numbers of claims that stand in the book, each once."""
    twice: tuple[str, ...]
    missing: tuple[str, ...]
    """Claims that should stand in the book and do not."""
    refused: bool
    """The one claim above its budget stayed out of the book."""

    @property
    def as_designed(self) -> bool:
        """Every claim was booked once, the one above its budget not at all."""
        return self.refused and not self.twice and not self.missing

    def sentences(self) -> tuple[Sentence, ...]:
        """What a person should know, in this order: what was booked, what was set aside and why, what went wrong."""
        told = [
            Sentence(
                en=f"The portal's own book: {len(self.booked)} of {len(EXPENSES)} claims booked, {len(self.twice)} of them twice.",
                ja=f"ポータル側の記録：{len(EXPENSES)} 件中 {len(self.booked)} 件を登録、二重登録 {len(self.twice)} 件。",
            )
        ]
        if self.refused:
            told.append(
                Sentence(
                    en=f"{REFUSED} was set aside on purpose: the portal refuses it, it is above the budget. "
                    "Its picture stands in the report.",
                    ja=f"{REFUSED} は予算超過のためポータルが受け付けず、保留にしました（想定どおり）。画面の記録はレポートにあります。",
                )
            )
        if self.missing:
            told.append(
                Sentence(
                    en=f"Not booked: {', '.join(self.missing)}",
                    ja=f"登録されていない申請：{'、'.join(self.missing)}",
                )
            )
        if self.twice:
            told.append(
                Sentence(
                    en=f"Booked twice: {', '.join(self.twice)}",
                    ja=f"二重に登録された申請：{'、'.join(self.twice)}",
                )
            )
        return tuple(told)


def settle(book: Book) -> Settled:
    """Compare the book of effects with the claims that the demo's workbook holds."""
    times = {expense.number: book.count("claims", expense.number) for expense in EXPENSES}
    return Settled(
        booked=tuple(number for number, count in times.items() if count),
        twice=tuple(number for number, count in times.items() if count > 1),
        missing=tuple(number for number, count in times.items() if not count and number != REFUSED),
        refused=not times[REFUSED],
    )
