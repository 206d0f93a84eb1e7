"""The five fields of cron, for those who know them: minute, hour, day of the month, month, weekday."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

from bofbot.schedule.bad_sentence import BadSentence
from bofbot.schedule.rules import Days
from bofbot.values.text import nfkc
from bofbot.words import Sentence

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


@dataclass(frozen=True, slots=True)
class _Field:
    name: Sentence
    low: int
    high: int
    words: tuple[str, ...] = ()


_FIELDS = (
    _Field(Sentence(en="minute", ja="分"), 0, 59),
    _Field(Sentence(en="hour", ja="時"), 0, 23),
    _Field(Sentence(en="day of the month", ja="日"), 1, 31),
    _Field(Sentence(en="month", ja="月"), 1, 12, _MONTHS),
    _Field(Sentence(en="weekday", ja="曜日"), 0, 7, _WEEKDAYS),
)
_LOOKS = re.compile(r"\s*[\d*][\d*/,\-]*(?:\s+\S+){4}\s*")
_PART = re.compile(r"(?P<star>\*)(?:/(?P<step>\d+))?|(?P<from>\w+)(?:-(?P<to>\w+))?(?:/(?P<by>\d+))?")


def looks_like_cron(text: str) -> bool:
    """Whether somebody meant five fields: they begin with digits and marks only, and there are five of them."""
    return bool(_LOOKS.fullmatch(nfkc(text))) and ":" not in nfkc(text)


def read_cron(text: str) -> tuple[Days, tuple[time, ...], bool]:
    """Days, times, and whether minutes count rather than hours (the hour is `*`). Raises BadSentence under the field."""
    words = list(re.finditer(r"\S+", text))
    minutes, hours, numbers, months, weekdays = (
        _values(word, field) for word, field in zip(words, _FIELDS, strict=True)
    )
    days = Days(
        "cron",
        numbers=() if _is_star(words[2]) else tuple(sorted(numbers)),
        weekdays=frozenset() if _is_star(words[4]) else frozenset((n - 1) % 7 for n in weekdays),
        months=frozenset() if _is_star(words[3]) else months,
    )
    times = tuple(time(hour, minute) for hour in sorted(hours) for minute in sorted(minutes))
    return days, times, nfkc(words[1].group()).startswith("*")


def _is_star(word: re.Match[str]) -> bool:
    return nfkc(word.group()) == "*"


def _values(word: re.Match[str], field: _Field) -> frozenset[int]:
    found: set[int] = set()
    offset = word.start()
    for part in word.group().split(","):
        found.update(_of_part(part, field, offset))
        offset += len(part) + 1
    return frozenset(found)


def _of_part(typed: str, field: _Field, offset: int) -> range:
    part = _PART.fullmatch(nfkc(typed).lower())
    if part is None:
        raise _bad(typed, field, offset)
    step = int(part["step"] or part["by"] or 1)
    if step == 0:
        raise _bad(typed, field, offset)
    if part["star"]:
        return range(field.low, field.high + (field.high != 7), step)
    low = _number(part["from"], typed, field, offset)
    high = _number(part["to"], typed, field, offset) if part["to"] else field.high if part["by"] else low
    if high < low:
        raise _bad(typed, field, offset)
    return range(low, high + 1, step)


def _number(word: str, typed: str, field: _Field, offset: int) -> int:
    if word in field.words:
        return field.words.index(word) + (field.low if field.high != 7 else 0)
    if not word.isdecimal() or not field.low <= int(word) <= field.high:
        raise _bad(typed, field, offset)
    return int(word)


def _bad(typed: str, field: _Field, offset: int) -> BadSentence:
    names = f", {field.words[0]}–{field.words[-1]}" if field.words else ""
    return BadSentence(
        offset,
        len(typed),
        Sentence(en=f'"{typed}" is no {field.name.en} of cron', ja=f"「{typed}」は cron の「{field.name.ja}」として読めません"),
        Sentence(
            en=f"the {field.name.en} is {field.low}–{field.high}{names}, *, */5, 1-5 or 1,3",
            ja=f"「{field.name.ja}」には {field.low}〜{field.high}{names}、*、*/5、1-5、1,3 のように書きます",
        ),
    )  # fmt: skip
