"""How a value is refused: a ValueError that says, in both languages, what was found and what is expected."""

from __future__ import annotations

from decimal import Decimal
from math import isfinite
from typing import Any

from bofbot.words import Sentence


class BadValue(ValueError):
    """A value cannot be read as what it should be. `reason` says why to people, in both languages."""

    def __init__(self, reason: Sentence) -> None:
        self.reason = reason
        super().__init__(reason.en)

    @property
    def message(self) -> Sentence:
        """The reason, under the name that every error of bofbot has."""
        return self.reason


def refuse(raw: Any, expected: Sentence, why: Sentence | None = None) -> BadValue:
    """`"12/13/2026" is not a date: …; expected: e.g. 2026-11-22`, ready to be raised."""
    shown = shown_raw(raw)
    en = f"{shown[0]} cannot be read as {expected.en}" + (f": {why.en}" if why else "")
    ja = f"{shown[1]}は{expected.ja}として読めません" + (f"（{why.ja}）" if why else "")
    return BadValue(Sentence(en=en, ja=ja))


def shown_raw(raw: Any) -> tuple[str, str]:
    """How a refused value is quoted, in English and in Japanese."""
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return "an empty value", "空の値"
    if (
        isinstance(raw, int) and abs(raw) > 10**60
    ):  # Python refuses to write out an int of thousands of digits
        return "a huge number", "非常に大きな数"
    text = raw if isinstance(raw, str) else f"{raw}"
    text = text if len(text) <= 60 else text[:59] + "…"
    return f'"{text}"', f"「{text}」"


def is_finite(number: int | float | Decimal) -> bool:
    """Whether a number is one: not NaN, not infinite. (Comparing a signalling NaN raises; asking it does not.)"""
    return number.is_finite() if isinstance(number, Decimal) else isinstance(number, int) or isfinite(number)
