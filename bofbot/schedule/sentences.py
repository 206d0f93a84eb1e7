"""A sentence in Japanese or English, or five fields of cron → a rule: `毎月 第3営業日 09:00`, `last business day 18:00`."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from bofbot.schedule.bad_sentence import BadSentence
from bofbot.schedule.calendars import JAPAN, Calendar
from bofbot.schedule.cron import looks_like_cron, read_cron
from bofbot.schedule.readings import days_of, interval_of, range_of, shift_of, time_of
from bofbot.schedule.rules import TOKYO, Days, Rule, upcoming
from bofbot.schedule.tokens import VOCABULARY, Token, scan
from bofbot.schedule.triggers import read_trigger
from bofbot.values.text import nearest
from bofbot.words import Sentence

_LONGEST = 200
_DAYS = ("month_business", "business", "nth_weekdays", "weekdays", "gotobi", "daily", "last_day", "day")
_ADDS_UP = {"month_days", "month_business", "weekdays"}
"""Kinds that may stand twice: `5日と20日`, `monday and thursday`."""
_MONTHS_ONLY = frozenset({"month_days", "month_business", "nth_weekdays"})
_EVER = datetime(2020, 1, 1, tzinfo=UTC)


def read_sentence(text: str, zone: ZoneInfo = TOKYO, calendar: Calendar = JAPAN) -> Rule:
    """The rule of a sentence; full and half width are the same. Raises BadSentence with the place of the wrong word."""
    if len(text) > _LONGEST:
        raise BadSentence(
            _LONGEST, 1, Sentence(en="a schedule is one short sentence", ja="予定は短い一文で書きます")
        )
    if trigger := read_trigger(text):
        return Rule(text.strip(), Days("daily"), (), zone, calendar, trigger=trigger)
    if looks_like_cron(text):
        days, times, elapsed = read_cron(text)
    else:
        days, times, elapsed = _read_words(text)
    rule = Rule(text.strip(), days, times, zone, calendar, elapsed)
    if days.kind in ("cron", "nth_weekdays", "month_business") and not upcoming(rule, _EVER, 1):
        raise BadSentence(
            0,
            len(text),
            Sentence(en="there is no such day in any month", ja="該当する日がありません"),
            _examples(text),
        )
    return rule


def _read_words(text: str) -> tuple[Days, tuple[time, ...], bool]:
    tokens = scan(text)
    for token in tokens:
        if token.kind == "unknown":
            raise _unknown(token, text)
    times, elapsed = _times(tokens, text)
    return _days(tokens, text), times, elapsed


def _days(tokens: list[Token], text: str) -> Days:
    days: Days | None = None
    for token in tokens:
        if token.kind in _DAYS:
            days = _added(days, days_of(token), token)
    days = days or _days_left_out(tokens, text)
    if months := _months(tokens, days):
        days = replace(days, months=months)
    shifts = [token for token in tokens if token.kind == "shift"]
    if len(shifts) > 1:
        raise _twice(shifts[1])
    return replace(days, shift=shift_of(shifts[0])) if shifts else days


def _added(days: Days | None, more: Days, token: Token) -> Days:
    if days is None:
        return more
    if days.kind != more.kind or days.kind not in _ADDS_UP:
        raise BadSentence(
            token.start,
            token.length,
            Sentence(
                en=f'"{token.text}" is a second kind of day in one sentence',
                ja=f"一つの文に日の指定が二種類あります（「{token.text}」）",
            ),
            Sentence(en="make it two schedules", ja="二つの予定に分けてください"),
        )
    numbers = tuple(dict.fromkeys((*days.numbers, *more.numbers)))
    return replace(days, numbers=numbers, weekdays=days.weekdays | more.weekdays)


def _days_left_out(tokens: list[Token], text: str) -> Days:
    """An interval alone plays every day; everything else must say its days."""
    for token in tokens:
        if token.kind in ("monthly", "weekly", "yearly", "month", "quarter"):
            weekly = token.kind == "weekly"
            raise BadSentence(
                token.start,
                token.length,
                Sentence(en=f'which day after "{token.text}"?', ja=f"「{token.text}」のどの日かが書かれていません"),
                Sentence(en="e.g. every monday 8:30", ja="例：毎週月曜 8:30")
                if weekly
                else Sentence(en="e.g. 25th, 3rd business day, last business day", ja="例：25日、第3営業日、最終営業日"),
            )  # fmt: skip
    if any(token.kind == "interval" for token in tokens):
        return Days("daily")
    start = tokens[0].start if tokens else 0
    raise BadSentence(
        start,
        max(len(text.strip()), 1),
        Sentence(en="on which days?", ja="いつの日かが書かれていません"),
        _examples(text),
    )


def _months(tokens: list[Token], days: Days) -> frozenset[int]:
    found: set[int] = set()
    for token in tokens:
        if token.kind == "quarter":
            found |= {3, 6, 9, 12}
        if token.kind == "month":
            found.add(_month(token))
        wrong_word = (token.kind == "weekly" and days.kind in _MONTHS_ONLY) or (
            token.kind in ("monthly", "yearly", "quarter") and days.kind not in (*_MONTHS_ONLY, "business")
        )
        if wrong_word:
            raise BadSentence(
                token.start,
                token.length,
                Sentence(
                    en=f'"{token.text}" does not go with the day',
                    ja=f"「{token.text}」と日の指定が合いません",
                ),
                Sentence(en="leave one of them out", ja="どちらかを消してください"),
            )
    yearly = next((token for token in tokens if token.kind == "yearly"), None)
    if yearly and not found:
        raise BadSentence(
            yearly.start,
            yearly.length,
            Sentence(en="in which month?", ja="何月かが書かれていません"),
            Sentence(en="e.g. every year march 31st 18:00", ja="例：毎年3月31日 18:00"),
        )
    return frozenset(found)


def _month(token: Token) -> int:
    if token.found["en"]:
        return 1 + ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec").index(
            token.found["en"][:3]
        )
    if not 1 <= int(token.found["n"]) <= 12:
        raise BadSentence(
            token.start,
            token.length,
            Sentence(en=f'"{token.text}" is no month', ja=f"「{token.text}」という月はありません"),
        )
    return int(token.found["n"])


def _times(tokens: list[Token], text: str) -> tuple[tuple[time, ...], bool]:
    named = [(token, time_of(token)) for token in tokens if token.kind == "time"]
    intervals = [token for token in tokens if token.kind == "interval"]
    ranges = [token for token in tokens if token.kind == "range"]
    for surplus in (intervals[1:], ranges[1:]):
        if surplus:
            raise _twice(surplus[0])
    if intervals:
        if named:
            token = named[0][0]
            raise BadSentence(
                token.start,
                token.length,
                Sentence(
                    en="a time of day does not go with an interval", ja="「〜ごと」と時刻は一緒に使えません"
                ),
                Sentence(
                    en="from 9:00 to 18:00 limits an interval", ja="9:00〜18:00 と書くと時間帯を限れます"
                ),
            )
        minutes = interval_of(intervals[0])
        first, last = range_of(ranges[0]) if ranges else (0, 1439)
        every = range(first, last + 1, minutes)
        return tuple(time(n // 60, n % 60) for n in every), minutes < 60
    if ranges:
        token = ranges[0]
        raise BadSentence(
            token.start,
            token.length,
            Sentence(en="how often in these hours?", ja="この時間帯に何分ごとかが書かれていません"),
            Sentence(en=f"e.g. every 15 minutes {token.text}", ja=f"例：{token.text} 15分ごと"),
        )
    if not named:
        example = Sentence(en=f"e.g. {text.strip()} 9:00", ja=f"例：{text.strip()} 9:00")
        at_end = Sentence(en="at what time?", ja="時刻が書かれていません")
        raise BadSentence(len(text.rstrip()), 1, at_end, example if text.strip() else _examples(text))
    return tuple(sorted({moment for _, moment in named})), False


def _unknown(token: Token, text: str) -> BadSentence:
    near = nearest(token.text, VOCABULARY)
    fix = _examples(text)
    if near:
        fix = Sentence(en=f"did you mean {' or '.join(near)}?", ja=f"もしかして：{'、'.join(near)}")
    elif token.text.isdecimal():
        fix = Sentence(
            en=f"a time is written {token.text}:00, an interval every {token.text} minutes",
            ja=f"時刻は {token.text}:00、日は {token.text}日、間隔は {token.text}分ごと のように書いてください",
        )
    return BadSentence(
        token.start,
        token.length,
        Sentence(
            en=f'"{token.text}" is no word of a schedule', ja=f"「{token.text}」は予定の言葉として読めません"
        ),
        fix,
    )


def _twice(token: Token) -> BadSentence:
    return BadSentence(
        token.start,
        token.length,
        Sentence(en=f'"{token.text}" says it a second time', ja=f"「{token.text}」は二つ目の指定です"),
        Sentence(en="keep one of them", ja="どちらか一方だけにしてください"),
    )


def _examples(text: str) -> Sentence:
    return Sentence(
        en="e.g. every weekday 8:30 · last business day 18:00 · monthly on the 25th (previous business day) 10:00 · every 15 minutes",
        ja="例：平日 9:00、毎週月曜 8:30、毎月 第3営業日 09:00、毎月25日(休みなら前日) 10:00、月末最終営業日 18:00、15分ごと",
    )
