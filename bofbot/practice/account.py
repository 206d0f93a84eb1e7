"""The practice company's money: its customers' invoices and its bank account, of one piece so that they reconcile.

Nearly every invoice that fell due in the practice month was paid as it stands; some customers deducted the transfer
fee, one rounded, one paid twice, some have not paid. `truth()` says which, for tests and for teachers.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

BANK = "練習銀行"
BRANCH = "本店営業部"
ACCOUNT = "1234567"
HOLDER = "カ）レンシユウシヨウジ"
MONTHS = ("2026-08", "2026-09", "2026-10")
FIRST_OPENING = 4_218_330
"""Balance of the account before the first of MONTHS, in yen."""


@dataclass(frozen=True, slots=True)
class Invoice:
    """One invoice to a customer, due in the practice month."""

    number: str
    customer: str
    kana: str
    """The name as banks write it: large kana, the company's form cut short."""
    reading: str
    """The name as the ledger reads it (フリガナ)."""
    amount: int
    due: date
    paid: date | None
    short: int = 0
    """Yen the customer paid less: a transfer fee, or a rounding."""


@dataclass(frozen=True, slots=True)
class BankLine:
    """One line of the account: `content` names the other party as the bank writes it; one of the amounts is 0."""

    day: date
    kind: str
    content: str
    paid_out: int
    paid_in: int
    balance: int = 0


@dataclass(frozen=True, slots=True)
class BankMonth:
    """One month of the account. `closing` is `opening` plus all that came in less all that went out."""

    month: str
    opening: int
    lines: tuple[BankLine, ...]
    account: str = ACCOUNT
    first: date | None = None
    """The days that were asked for; None: the whole month."""
    last: date | None = None

    @property
    def closing(self) -> int:
        return self.opening + self.paid_in - self.paid_out

    @property
    def paid_in(self) -> int:
        return sum(line.paid_in for line in self.lines)

    @property
    def paid_out(self) -> int:
        return sum(line.paid_out for line in self.lines)

    @property
    def first_day(self) -> date:
        return self.first or date.fromisoformat(f"{self.month}-01")

    @property
    def last_day(self) -> date:
        if self.last is not None:
            return self.last
        return (self.first_day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _day(day: int) -> date:
    return date(2026, 10, day)


_CUSTOMERS = (
    # name, as the bank writes it, as the ledger reads it
    ("株式会社青葉商店", "カ）アオバシヨウテン", "アオバショウテン"),
    ("山手物産株式会社", "ヤマテブツサン（カ", "ヤマテブッサン"),
    ("有限会社きりしま工業", "ユ）キリシマコウギヨウ", "キリシマコウギョウ"),
    ("株式会社東海フーズ", "カ）トウカイフーズ", "トウカイフーズ"),
    ("北斗システム株式会社", "ホクトシステム（カ", "ホクトシステム"),
    ("株式会社ミナミ印刷", "カ）ミナミインサツ", "ミナミインサツ"),
    ("合同会社ひだまり", "ド）ヒダマリ", "ヒダマリ"),
    ("株式会社大空運輸", "カ）オオゾラウンユ", "オオゾラウンユ"),
    ("医療法人社団さつき会", "イ）サツキカイ", "サツキカイ"),
    ("株式会社藤川製作所", "カ）フジカワセイサクシヨ", "フジカワセイサクショ"),
    ("丸福水産株式会社", "マルフクスイサン（カ", "マルフクスイサン"),
    ("株式会社レモンデザイン", "カ）レモンデザイン", "レモンデザイン"),
    ("白浜観光株式会社", "シラハマカンコウ（カ", "シラハマカンコウ"),
    ("株式会社ことり書房", "カ）コトリシヨボウ", "コトリショボウ"),
    ("一般社団法人港まちづくり協会", "シヤ）ミナトマチヅクリキヨウカイ", "ミナトマチヅクリキョウカイ"),
    ("株式会社銀河テクノ", "カ）ギンガテクノ", "ギンガテクノ"),
    ("小野寺建設株式会社", "オノデラケンセツ（カ", "オノデラケンセツ"),
    ("株式会社花はな園芸", "カ）ハナハナエンゲイ", "ハナハナエンゲイ"),
)

_INVOICES: tuple[tuple[int, int, int, int | None, int], ...] = (
    # customer, amount, due day, paid day (None: not yet), yen paid less
    (0, 132_000, 9, 9, 0),
    (1, 286_000, 9, 9, 0),
    (2, 74_800, 9, 8, 0),
    (3, 418_550, 15, 15, 0),
    (4, 1_320_000, 20, 20, 0),
    (5, 56_320, 20, 20, 660),
    (6, 33_000, 20, 19, 0),
    (7, 197_450, 20, 20, 0),
    (8, 642_400, 23, 23, 0),
    (9, 880_000, 30, 30, 0),
    (10, 151_261, 30, 30, 1),
    (11, 96_800, 30, 30, 440),
    (12, 275_000, 30, 30, 0),
    (13, 48_400, 30, 30, 0),
    (14, 363_000, 30, None, 0),
    (15, 2_145_000, 30, 30, 0),
    (16, 759_000, 30, 30, 880),
    (17, 22_550, 30, 28, 0),
    (0, 148_500, 30, 30, 0),
    (1, 310_200, 30, 30, 0),
    (3, 402_930, 30, None, 0),
    (4, 660_000, 30, 30, 0),
    (7, 205_370, 30, 30, 0),
    (9, 118_800, 30, None, 0),
)
_PAID_TWICE = "INV-2609-013"

INVOICES = tuple(
    Invoice(
        f"INV-2609-{place:03d}",
        *_CUSTOMERS[customer],
        amount,
        _day(due),
        None if paid is None else _day(paid),
        short,
    )
    for place, (customer, amount, due, paid, short) in enumerate(_INVOICES, start=1)
)

_OCTOBER_OTHERS = (
    # what no invoice explains: day, kind, content, out, in
    (1, "振替", "ヤチン　ヒカリビル", 385_000, 0),
    (2, "カード", "ＲＣカード", 126_340, 0),
    (5, "ＡＴＭ", "現金", 100_000, 0),
    (9, "手数料", "振込手数料", 1_320, 0),
    (13, "振替", "キタノデンリヨク", 48_912, 0),
    (13, "納税", "ゲンセンシヨトクゼイ", 214_600, 0),
    (15, "振替", "アオゾラツウシン", 37_488, 0),
    (16, "振込", "コクゼイカンプキン", 0, 58_700),
    (19, "振込", "マルナカシヨウジ（カ", 514_800, 0),
    (20, "手数料", "振込手数料", 660, 0),
    (21, "振替", "スイドウキヨク", 9_846, 0),
    (23, "給与", "キユウヨ　１０ガツブン", 2_463_780, 0),
    (26, "振込", "カ）タケダシザイ", 172_480, 0),
    (27, "ＡＴＭ", "現金", 0, 45_000),
    (30, "振込", "サクラセイミツ（カ", 693_000, 0),
    (30, "振替", "シヤカイホケンリヨウ", 402_118, 0),
    (30, "手数料", "振込手数料", 1_980, 0),
    (30, "利息", "ヨキンリソク", 0, 37),
)


@cache
def bank_month(month: str) -> BankMonth:
    """The account in one of MONTHS; its opening is the closing of the month before. Raises KeyError for another month."""
    if month not in MONTHS:
        raise KeyError(month)
    place = MONTHS.index(month)
    opening = bank_month(MONTHS[place - 1]).closing if place else FIRST_OPENING
    lines = _october() if month == "2026-10" else _earlier(month)
    balance, run = opening, []
    for line in sorted(lines, key=lambda line: line.day):
        balance += line.paid_in - line.paid_out
        run.append(BankLine(line.day, line.kind, line.content, line.paid_out, line.paid_in, balance))
    return BankMonth(month, opening, tuple(run))


def _october() -> list[BankLine]:
    paid = [
        BankLine(invoice.paid, "振込", invoice.kana, 0, invoice.amount - invoice.short)
        for invoice in INVOICES
        if invoice.paid
    ]
    again = [
        BankLine(_day(29), "振込", invoice.kana, 0, invoice.amount)
        for invoice in INVOICES
        if invoice.number == _PAID_TWICE
    ]
    others = [
        BankLine(_day(day), kind, content, out, into) for day, kind, content, out, into in _OCTOBER_OTHERS
    ]
    return [*paid, *others, *again]


def _earlier(month: str) -> list[BankLine]:
    """A month before the practice month: the same people, other amounts, the same on every machine."""
    chance = random.Random(month)  # noqa: S311 invents figures
    year, number = (int(part) for part in month.split("-"))
    credits = [
        BankLine(
            _working(date(year, number, chance.choice((8, 10, 15, 20, 25, 28)))),
            "振込",
            kana,
            0,
            chance.randrange(20, 900) * 1_100,
        )
        for _, kana, _ in chance.sample(_CUSTOMERS, 14)
    ]
    debits = [
        BankLine(
            _working(date(year, number, min(day, 28))),
            kind,
            content.replace("１０ガツ", "トウゲツ"),
            out + chance.randrange(90) * 10,
            0,
        )
        for day, kind, content, out, _ in _OCTOBER_OTHERS
        if out
    ]
    return [*credits, *debits]


def _working(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= 5 else 0)


def truth() -> dict[str, Any]:
    """How invoices and account truly belong together: plain JSON values, dates as ISO text, amounts in yen."""
    lines = bank_month("2026-10").lines
    paid = [
        {
            "invoice": invoice.number,
            "amount": invoice.amount,
            "paid": invoice.amount - invoice.short,
            "day": invoice.paid.isoformat(),
            "kana": invoice.kana,
            "short": invoice.short,
        }
        for invoice in INVOICES
        if invoice.paid
    ]
    twice = next(invoice for invoice in INVOICES if invoice.number == _PAID_TWICE)
    strangers = [
        line for line in lines if line.paid_in and line.content not in {invoice.kana for invoice in INVOICES}
    ]
    return {
        "month": "2026-10",
        "paid": paid,
        "unpaid": [invoice.number for invoice in INVOICES if not invoice.paid],
        "paid_twice": {"invoice": twice.number, "amount": twice.amount, "kana": twice.kana},
        "no_invoice": [
            {"day": line.day.isoformat(), "amount": line.paid_in, "content": line.content}
            for line in strangers
        ],
    }
