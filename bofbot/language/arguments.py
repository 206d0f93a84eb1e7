"""What functions of expressions share: how arguments are read, how a wrong one is refused, how large a result may be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from bofbot.secret import Secret
from bofbot.values.amounts import read_amount
from bofbot.words import Sentence

LARGEST_TEXT = 1_000_000
LARGEST_LIST = 1_000_000


class BadCall(Exception):
    """A value does not fit; `message` says why. The evaluation adds place and expression."""

    def __init__(self, message: Sentence) -> None:
        self.message = message
        super().__init__(message.en)


def kind_word(value: Any) -> Sentence:
    """What a value is called in a message."""
    for kinds, en, ja in _KINDS:
        if isinstance(value, kinds):
            return Sentence(en=en, ja=ja)
    return (
        Sentence(en="an empty value", ja="空の値")
        if value is None
        else Sentence(en="this value", ja="この値")
    )


_KINDS: tuple[tuple[Any, str, str], ...] = (
    (bool, "true/false", "真偽値"),
    ((int, float, Decimal), "a number", "数値"),
    (str, "text", "文字"),
    (datetime, "a date and time", "日時"),
    (date, "a date", "日付"),
    (time, "a time", "時刻"),
    (Secret, "a secret", "秘密の値"),
    (Mapping, "a record", "レコード"),
    (Sequence, "a list", "一覧"),
)


def as_number(value: Any) -> Decimal:
    """A number, exactly. Raises BadCall for anything else, numbers in text included."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        what = kind_word(value)
        raise BadCall(
            Sentence(en=f"a number is needed, not {what.en}", ja=f"数値が必要ですが、{what.ja}です")
        )
    return read_amount(value)


def as_whole(value: Any, least: int, most: int) -> int:
    """A whole number within limits."""
    number = as_number(value)
    if number != number.to_integral_value() or not least <= number <= most:
        said = f"{number:f}" if abs(number) < 10**12 else "…"
        raise BadCall(
            Sentence(
                en=f"a whole number from {least} to {most} is needed, not {said}",
                ja=f"{least}から{most}までの整数が必要です（{said}）",
            )
        )
    return int(number)


def as_string(value: Any) -> str:
    if isinstance(value, str):
        return value
    what = kind_word(value)
    raise BadCall(
        Sentence(
            en=f"text is needed, not {what.en}; text(…) makes text of it",
            ja=f"文字が必要ですが、{what.ja}です。text(…) で文字にできます",
        )
    )


def as_list(value: Any) -> Sequence[Any]:
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return value
    what = kind_word(value)
    raise BadCall(
        Sentence(en=f"rows or a list are needed, not {what.en}", ja=f"行か一覧が必要ですが、{what.ja}です")
    )


def within_bounds(value: Any) -> Any:
    """The value; refused when it is larger than anything a robot may mean."""
    if isinstance(value, str) and len(value) > LARGEST_TEXT:
        raise too_large()
    if isinstance(value, list) and len(value) > LARGEST_LIST:
        raise too_large()
    return value


def too_large() -> BadCall:
    return BadCall(Sentence(en="the result is too large", ja="結果が大きすぎます"))
