"""One word of a schedule → what it means: days, a time of day, an interval, a shift."""

from __future__ import annotations

import re
from datetime import time
from typing import cast

from bofbot.schedule.bad_sentence import BadSentence
from bofbot.schedule.rules import Days, Shift
from bofbot.schedule.tokens import ORDINALS, Token
from bofbot.words import Sentence

_JA_WEEKDAYS = "月火水木金土日"
_EN_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_KANJI = {character: number for number, character in enumerate("一二三四五六七八九", 1)}
_GOTOBI = (5, 10, 15, 20, 25, 30)
_MOST_BUSINESS_DAYS = 23


def days_of(token: Token) -> Days:
    """The days that a word names. Raises BadSentence for a number that no month has."""
    match token.kind:
        case "daily" | "business":
            return Days("daily" if token.kind == "daily" else "business")
        case "gotobi":
            return Days("month_days", _GOTOBI)
        case "last_day":
            return Days("month_days", (-1,))
        case "day":
            number = _ordinal(token.found["n"] or token.found["nth"])
            _within(token, number, 31, Sentence(en="a month has at most 31 days", ja="1か月は31日までです"))
            return Days("month_days", (number,))
        case "month_business":
            return Days("month_business", (_business_number(token),))
        case "nth_weekdays":
            return _nth_weekday(token)
        case _:
            return Days("weekdays", weekdays=_weekdays(token))


def time_of(token: Token) -> time:
    """The time of day that a word names. Raises BadSentence for 25:00 and the like."""
    return _time(token.found.group(), token)


def range_of(token: Token) -> tuple[int, int]:
    """First and last minute of the day."""
    first, last = (_time(token.found[name], token) for name in ("from", "to"))
    if last <= first:
        raise BadSentence(
            token.start,
            token.length,
            Sentence(en="these hours end before they begin", ja="終わりの時刻が始まりより前です"),
            Sentence(
                en="hours over midnight need two schedules", ja="日をまたぐ時間帯は二つの予定に分けてください"
            ),
        )
    return first.hour * 60 + first.minute, last.hour * 60 + last.minute


def interval_of(token: Token) -> int:
    """Minutes between two slots, counted from midnight (or from the beginning of the hours)."""
    groups = token.found.groupdict()
    if groups.get("each") or groups.get("hourly"):
        return 1 if groups.get("each") == "毎分" else 60
    number = int(groups.get("n") or groups.get("m") or 1)
    minutes = number * (60 if (groups.get("ja") == "時間" or (groups.get("en") or "").startswith("h")) else 1)
    if not 1 <= minutes < 24 * 60:
        raise BadSentence(
            token.start,
            token.length,
            Sentence(
                en="an interval is at least 1 minute and less than a day",
                ja="間隔は1分以上、24時間未満で書きます",
            ),
            Sentence(en="e.g. every 15 minutes, daily 9:00", ja="例：15分ごと、毎日 9:00"),
        )
    return minutes


def shift_of(token: Token) -> Shift:
    """What becomes of a day that is off."""
    groups = token.found.groupdict()
    ja, en = groups.get("ja") or "", groups.get("en") or ""
    if ja.startswith("前") or en in ("previous", "preceding"):
        return "previous"
    if ja.startswith(("翌", "後")) or en in ("next", "following"):
        return "next"
    return "skip"


def _time(written: str, token: Token) -> time:
    if written in ("正午", "noon"):
        return time(12)
    if written == "midnight":
        return time(0)
    digits = re.search(r"(\d{1,2})(?::(\d{1,2})|時(?:(\d{1,2})分|(半))?)?", written)
    assert digits is not None
    hour = int(digits[1])
    minute = 30 if digits[4] else int(digits[2] or digits[3] or 0)
    afternoon = "午後" in written or bool(re.search(r"p\.?m", written))
    half_day = afternoon or bool(re.search(r"午前|朝|a\.?m", written))
    evening = written.startswith(("夕方", "夜"))
    if evening and 4 <= hour < 12:
        hour += 12
    if (
        (evening and hour <= 12)
        or hour > (12 if half_day else 23)
        or minute > 59
        or (digits[2] and len(digits[2]) == 1)
    ):
        raise BadSentence(
            token.start,
            token.length,
            Sentence(en=f'"{token.text}" is no time of day', ja=f"「{token.text}」は時刻として読めません"),
            Sentence(en="write 0:00 to 23:59", ja="0:00 から 23:59 までで書いてください"),
        )
    if half_day:
        hour = hour % 12 + (12 if afternoon else 0)
    return time(hour, minute)


def _business_number(token: Token) -> int:
    groups = token.found.groupdict()
    if groups.get("last"):
        return -1
    number = _ordinal(
        groups.get("n") or groups.get("m") or groups.get("nth") or groups.get("before") or groups["ebefore"]
    )
    most = Sentence(
        en=f"a month has at most {_MOST_BUSINESS_DAYS} business days",
        ja=f"1か月の営業日は{_MOST_BUSINESS_DAYS}日までです",
    )
    _within(
        token,
        number,
        _MOST_BUSINESS_DAYS - 1 if "before" in groups or "ebefore" in groups else _MOST_BUSINESS_DAYS,
        most,
    )
    return -1 - number if "before" in groups or "ebefore" in groups else number


def _nth_weekday(token: Token) -> Days:
    groups = token.found.groupdict()
    day = groups.get("day") or groups.get("last") or groups["eday"]
    nth = groups.get("n") or groups.get("nth")
    number = -1 if nth in (None, "last") else _ordinal(cast(str, nth))
    if number != -1:
        _within(
            token,
            number,
            5,
            Sentence(en="a month has at most five of a weekday", ja="同じ曜日は月に5回までです"),
        )
    return Days("nth_weekdays", (number,), frozenset({_weekday(day)}))


def _weekdays(token: Token) -> frozenset[int]:
    groups = token.found.groupdict()
    for first, until in (("first", "until"), ("efirst", "euntil")):
        if groups.get(first):
            low, high = _weekday(groups[first]), _weekday(groups[until])
            return frozenset(n % 7 for n in range(low, high + 1 if high >= low else high + 8))
    if groups.get("list"):
        return frozenset(
            _weekday(part) for part in re.findall(r"[月火水木金土日](?:曜日|曜)?", groups["list"])
        )
    return frozenset({_weekday(groups.get("one") or groups["eone"])})


def _weekday(word: str) -> int:
    return _JA_WEEKDAYS.index(word[0]) if word[0] in _JA_WEEKDAYS else _EN_WEEKDAYS.index(word[:3])


def _ordinal(word: str) -> int:
    if word in ORDINALS:
        return ORDINALS[word]
    digits = re.match(r"\d+", word)
    if digits:
        return int(digits[0])
    tens, has_ten, ones = word.rpartition("十")
    return (10 * _KANJI.get(tens, 1) if has_ten else 0) + _KANJI.get(ones, 0)


def _within(token: Token, number: int, most: int, why: Sentence) -> None:
    if not 1 <= number <= most:
        raise BadSentence(token.start, token.length, why)
