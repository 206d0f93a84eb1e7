"""Functions over text."""

from __future__ import annotations

import re
from datetime import date, time
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from bofbot.language.arguments import (
    LARGEST_TEXT,
    BadCall,
    as_list,
    as_number,
    as_string,
    as_whole,
    kind_word,
    too_large,
)
from bofbot.secret import Secret
from bofbot.values.amounts import read_amount
from bofbot.values.text import nfkc
from bofbot.values.types import as_text
from bofbot.words import Sentence

_NUMBER_PATTERN = re.compile(r"(0\d{1,2})?(,)?(?:\.(\d{1,2}))?(%)?")
_DATE_PATTERN = re.compile(r"(?:[^%]|%[YmdHMSy%])*")

_LONGEST_FOLDED = 50_000


def text(run: Any, value: Any) -> str:
    return _flat(value)


def number(run: Any, value: Any) -> Decimal:
    return read_amount(value)


def format_value(run: Any, value: Any, pattern: Any) -> str:
    wanted = as_string(pattern)
    if len(wanted) > 100:
        raise too_large()
    if isinstance(value, date | time):
        if not _DATE_PATTERN.fullmatch(wanted):
            raise BadCall(
                Sentence(
                    en="a date's pattern uses %Y %y %m %d %H %M %S",
                    ja="日付の書式は %Y %y %m %d %H %M %S です",
                )
            )
        return _strftime(value, wanted)
    found = _NUMBER_PATTERN.fullmatch(wanted)
    if not found:
        raise BadCall(
            Sentence(
                en='a number\'s pattern is like ",", ",.2", ".1%" or "05"',
                ja="数値の書式は「,」「,.2」「.1%」「05」のように書きます",
            )
        )
    zeros, comma, digits, percent = found.groups()
    amount = as_number(value) * (100 if percent else 1)
    if digits is not None or percent:
        amount = amount.quantize(Decimal(1).scaleb(-int(digits or 0)), rounding=ROUND_HALF_UP)
    spec = f"{zeros or ''}{comma or ''}f"
    return f"{amount:{spec}}" + (percent or "")


def _strftime(value: date | time, pattern: str) -> str:
    """Only the listed codes, done here: strftime's others depend on the machine (and %Y of the year 5 too)."""
    parts = {
        "Y": f"{getattr(value, 'year', 0):04}",
        "y": f"{getattr(value, 'year', 0) % 100:02}",
        "m": f"{getattr(value, 'month', 0):02}",
        "d": f"{getattr(value, 'day', 0):02}",
        "H": f"{getattr(value, 'hour', 0):02}",
        "M": f"{getattr(value, 'minute', 0):02}",
        "S": f"{getattr(value, 'second', 0):02}",
        "%": "%",
    }
    return re.sub("%(.)", lambda code: parts[code[1]], pattern)


def upper(run: Any, value: Any) -> str:
    return as_string(value).upper()


def lower(run: Any, value: Any) -> str:
    return as_string(value).lower()


def normal(run: Any, value: Any) -> str:
    text = as_string(value)
    if len(text) > _LONGEST_FOLDED:
        raise too_large()  # one character may become eighteen
    return nfkc(text)


def trim(run: Any, value: Any) -> str:
    return as_string(value).strip()


def replace(run: Any, value: Any, old: Any, new: Any) -> str:
    whole, before, after = as_string(value), as_string(old), as_string(new)
    if not before:
        raise BadCall(
            Sentence(en="nothing to replace: the second text is empty", ja="置き換える文字が空です")
        )
    if len(whole) + whole.count(before) * (len(after) - len(before)) > LARGEST_TEXT:
        raise too_large()
    return whole.replace(before, after)


def contains(run: Any, value: Any, part: Any) -> bool:
    return as_string(part) in as_string(value)


def starts_with(run: Any, value: Any, part: Any) -> bool:
    return as_string(value).startswith(as_string(part))


def ends_with(run: Any, value: Any, part: Any) -> bool:
    return as_string(value).endswith(as_string(part))


def left(run: Any, value: Any, count: Any) -> str:
    return as_string(value)[: as_whole(count, 0, LARGEST_TEXT)]


def right(run: Any, value: Any, count: Any) -> str:
    wanted = as_whole(count, 0, LARGEST_TEXT)
    return as_string(value)[-wanted:] if wanted else ""


def pad(run: Any, value: Any, width: Any) -> str:
    return _flat(value).rjust(as_whole(width, 0, 100), "0")


def split(run: Any, value: Any, separator: Any) -> list[str]:
    by = as_string(separator)
    if not by:
        raise BadCall(Sentence(en="the separator is empty", ja="区切り文字が空です"))
    return as_string(value).split(by)


def join(run: Any, values: Any, separator: Any = "、") -> str:
    by, found = as_string(separator), as_list(values)
    if len(by) * len(found) > LARGEST_TEXT:
        raise too_large()
    parts = [value if type(value) is str else _flat(value) for value in found]
    if sum(map(len, parts)) + len(by) * len(parts) > LARGEST_TEXT:
        raise too_large()
    return by.join(parts)


def _flat(value: Any) -> str:
    if value is None or (
        isinstance(value, str | bool | int | float | Decimal | date | time) and not isinstance(value, Secret)
    ):
        return as_text(value)
    what = kind_word(value)
    raise BadCall(Sentence(en=f"{what.en} is no single value", ja=f"{what.ja}は単独の値ではありません"))
