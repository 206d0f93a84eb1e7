"""Amounts as books, banks and people write them: ¥ and 円, full width, ▲ △ and brackets for minus. Decimal, never float."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from bofbot.values.bad_value import is_finite, refuse
from bofbot.values.text import nfkc
from bofbot.words import Sentence

AMOUNT = Sentence(en="an amount (e.g. 1234, ¥1,234, ▲1,234)", ja="金額（例 1234、¥1,234、▲1,234）")
YEN = Sentence(
    en="an amount of whole yen (e.g. 1234, ¥1,234, ▲1,234)", ja="円単位の金額（例 1234、¥1,234、▲1,234）"
)

_MINUS = "-−‐‑–—▲△ー"  # 'ー' (long vowel) is what the minus key gives while an input method is on
_SIGN = f"[{_MINUS}+]"
_CURRENCY = r"(?:[¥$€£\\]|JPY|USD|EUR|GBP)"
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
_AMOUNT = re.compile(
    rf"金?(?P<sign>{_SIGN})?\s*(?P<currency>{_CURRENCY})?\s*(?P<sign2>{_SIGN})?\s*(?P<number>{_NUMBER})"
    rf"\s*(?P<after>円也?|yen|{_CURRENCY})?\s*(?P<trailing>[-−])?",
    re.IGNORECASE,
)
_FOREIGN = re.compile(r"[$€£]|USD|EUR|GBP", re.IGNORECASE)


def read_amount(raw: Any, expected: Sentence = AMOUNT) -> Decimal:
    """The amount meant, exactly. Brackets, ▲ △ and a minus before or after make it negative. Raises BadValue.

    A float is taken at Excel's own precision of 15 digits. 千円 or 万 is never multiplied out, `¥1,234-` (which means
    1,234 to some and minus to others) and `1.234,56` are refused rather than guessed.
    """
    if isinstance(raw, bool):
        raise refuse(raw, expected)
    if isinstance(raw, Decimal | int | float):
        return _of_number(raw, expected)
    if not isinstance(raw, str) or not raw.strip():
        raise refuse(raw, expected)
    text = nfkc(raw).strip().replace("\N{YEN SIGN}", "¥")
    inner = re.fullmatch(r"\((.*)\)", text) or re.fullmatch(r"(?:¥)\s*\((.*)\)", text)
    found = _AMOUNT.fullmatch(inner[1].strip() if inner else text)
    if not found:
        raise refuse(raw, expected, _why_no_amount(text))
    signs = [
        sign for sign in (found["sign"], found["sign2"], found["trailing"], "-" if inner else None) if sign
    ]
    if len(signs) > 1:
        raise refuse(raw, expected, Sentence(en="it has two signs", ja="符号が二つあります"))
    if found["trailing"] and (found["currency"] or found["after"]):
        why = Sentence(
            en="the dash at the end may or may not mean minus", ja="末尾の「-」が負数かどうか決まりません"
        )
        raise refuse(raw, expected, why)
    amount = Decimal(found["number"].replace(",", ""))
    return _within(raw, -amount if signs and signs[0] != "+" else amount, expected)


def read_yen(raw: Any) -> Decimal:
    """The amount of whole yen meant. Raises BadValue, also for a fraction of a yen or another currency's sign."""
    amount = read_amount(raw, YEN)
    if isinstance(raw, str) and (sign := _FOREIGN.search(nfkc(raw))):
        raise refuse(raw, YEN, Sentence(en=f"{sign[0]} is another currency", ja=f"{sign[0]} は別の通貨です"))
    if amount != amount.to_integral_value():
        raise refuse(raw, YEN, Sentence(en="yen have no fraction", ja="円に小数はありません"))
    return Decimal(int(amount))


def _of_number(raw: Decimal | int | float, expected: Sentence) -> Decimal:
    if not is_finite(raw):
        raise refuse(raw, expected)
    if isinstance(raw, float):
        # Excel stores binary floats and means 15 digits; a 17-digit tail is noise of its own arithmetic.
        return _within(raw, Decimal(f"{raw:.15g}" if abs(raw) < 1e15 else repr(raw)), expected)
    return _within(raw, Decimal(raw), expected)


def _within(raw: Any, number: Decimal, expected: Sentence) -> Decimal:
    """The number without a positive exponent (1E+2 → 100) or a minus on zero; refused when nobody counts so far."""
    exponent = int(number.as_tuple().exponent)
    if number and (number.adjusted() > 24 or exponent < -60):
        raise refuse(raw, expected, Sentence(en="it is out of range", ja="範囲を超えています"))
    if not number:
        return abs(number) if -60 <= exponent <= 0 else Decimal(0)
    return number.quantize(Decimal(1)) if exponent > 0 else number


def _why_no_amount(text: str) -> Sentence | None:
    if re.search(r"[十百千万億兆]", text):
        return Sentence(
            en="千, 万 and the like are not multiplied out; write all digits",
            ja="千円・万円などの単位は換算しません。すべての桁を書いてください",
        )
    if re.search(r"\d,\d", text):
        return Sentence(
            en="the commas do not part groups of three digits", ja="カンマが3桁ごとではありません"
        )
    return None
