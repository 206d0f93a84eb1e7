"""Made months of receivables: parties, fees, lumps across months, instalments, set-offs, withholding, duplicates, cut kana."""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from bofbot.records import Table
from tests.reconcile.tables import table

HEADS = (
    "ニッシン",
    "ヤマト",
    "アサヒ",
    "キムラ",
    "フジ",
    "サクラ",
    "ミナト",
    "ツバサ",
    "ホクト",
    "アオゾラ",
    "スズキ",
    "ワカバ",
)
TAILS = (
    "デンキ",
    "システム",
    "サンギヨウ",
    "シヨクヒン",
    "ケンセツ",
    "インサツ",
    "ウンユ",
    "ホールデイングス",
    "セイサクシヨ",
)
FORMS = (("株式会社", "ｶ)", "(ｶ"), ("有限会社", "ﾕ)", "(ﾕ"), ("合同会社", "ﾄﾞ)", "(ﾄﾞ"))
ROUND = (11_000, 22_000, 33_000, 55_000, 110_000, 220_000)
FEES = (110, 165, 220, 330, 440, 550, 660, 770, 880)
_NARROW = {unicodedata.normalize("NFKC", chr(code)): chr(code) for code in range(0xFF66, 0xFF9E)} | {
    "ー": "-"
}
_NARROW |= {"\u3099": "ﾞ", "\u309a": "ﾟ"}

Party = tuple[str, int, bool, int]
"""Kana, form, whether the form stands in front, usual fee."""
Group = tuple[tuple[str, ...], tuple[str, ...]]


def narrow(kana: str) -> str:
    """Half-width, as banks write."""
    return "".join(_NARROW.get(letter, letter) for letter in unicodedata.normalize("NFD", kana))


@dataclass
class Month:
    """One made pair of a bank and a ledger, with its truth."""

    seed: int
    invoices: int = 300
    parties: int = 60
    common: float = 0.4
    """Share of round amounts."""
    cut: int = 30
    turned: bool = False
    """The ledger writes the opposite sign."""
    truth: set[Group] = field(default_factory=set)

    def sides(self) -> tuple[Table, Table]:
        """Bank and ledger, shuffled."""
        self._dice = dice = random.Random(self.seed)
        self._paid: list[dict[str, Any]] = []
        self._owed: list[dict[str, Any]] = []
        names: set[Party] = set()
        while len(names) < self.parties:
            fee = dice.choice(FEES) if dice.random() < 0.4 else 0
            names.add(
                (
                    dice.choice(HEADS) + dice.choice(HEADS) + dice.choice(TAILS),
                    dice.randrange(3),
                    dice.random() < 0.5,
                    fee,
                )
            )
        ordered = sorted(names)
        while len(self._owed) < self.invoices:
            self._deal(dice.choice(ordered))
        for _ in range(self.invoices // 40):
            self._pay("ﾘｿｸ", date(2026, 1, 5) + timedelta(days=dice.randrange(120)), dice.randrange(10, 9000))
        dice.shuffle(self._paid)
        dice.shuffle(self._owed)
        return table(self._paid, "bank.csv"), table(self._owed, "ledger.csv")

    def _deal(self, party: Party) -> None:
        """One thing that happens between a customer and the office."""
        dice = self._dice
        due = date(2026, 1, 5) + timedelta(days=dice.choice((5, 15, 20, 26)) + 30 * dice.randrange(4))
        paid_on = due + timedelta(days=dice.choice((-2, 0, 0, 0, 1, 3)))
        amount, what = self._amount(), dice.random()
        name = self._bank_name(party)
        if what < 0.08:
            self._bill(party, due, amount)
        elif what < 0.14:
            months = dice.random() < 0.4
            several = [
                (self._amount(), due - timedelta(days=30 * k * months)) for k in range(dice.randint(2, 4))
            ]
            ids = [self._bill(party, day, part) for part, day in several]
            self._true([self._pay(name, paid_on, sum(part for part, _ in several) - party[3])], ids)
        elif what < 0.17:
            first = dice.randrange(1000, amount - 1000)
            late = paid_on + timedelta(days=dice.randint(1, 9))
            paid = [self._pay(name, paid_on, first), self._pay(name, late, amount - first)]
            self._true(paid, [self._bill(party, due, amount)])
        elif what < 0.22:
            taken_off = dice.choice(
                (amount * 3 // 10, dice.randrange(1000, amount // 2), amount * 1021 // 10_000)
            )
            self._true([self._pay(name, paid_on, amount - taken_off)], [self._bill(party, due, amount)])
        else:
            off = party[3] if dice.random() < 0.9 else 0
            cent = dice.choice((-1, 1)) if dice.random() < 0.04 else 0
            self._true([self._pay(name, paid_on, amount - off + cent)], [self._bill(party, due, amount)])
            if dice.random() < 0.01:
                self._pay(name, paid_on + timedelta(days=dice.randint(0, 6)), amount - off + cent)

    def _amount(self) -> int:
        return (
            self._dice.choice(ROUND)
            if self._dice.random() < self.common
            else self._dice.randrange(5000, 900_000)
        )

    def _bank_name(self, party: Party) -> str:
        kana, form, front, _ = party
        _, before, behind = FORMS[form]
        return (
            self._dice.choice(("", "ﾌﾘｺﾐ "))
            + (before + narrow(kana) if front else narrow(kana) + behind)[: self.cut]
        )

    def _bill(self, party: Party, due: date, amount: int) -> str:
        number = f"I{len(self._owed):05}"
        kana, form, front, _ = party
        name = FORMS[form][0] + kana if front else kana + FORMS[form][0]
        signed = -amount if self.turned else amount
        self._owed.append(
            {
                "請求番号": number,
                "得意先": name,
                "フリガナ": kana,
                "入金予定日": due.isoformat(),
                "請求額": str(signed),
            }
        )
        return number

    def _pay(self, name: str, day: date, amount: int) -> str:
        number = f"B{len(self._paid):05}"
        self._paid.append(
            {"取引番号": number, "取引日": day.isoformat(), "摘要": name, "入金額": str(amount)}
        )
        return number

    def _true(self, paid: list[str], owed: list[str]) -> None:
        self.truth.add((tuple(sorted(paid)), tuple(sorted(owed))))
