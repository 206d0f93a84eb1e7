"""The words of a schedule, in Japanese and English, each with its place in what was typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bofbot.values.text import nfkc


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is a key of the table below, or `unknown`; `start` and `end` count characters of the text as it was typed."""

    kind: str
    text: str
    start: int
    end: int
    found: re.Match[str]

    @property
    def length(self) -> int:
        return self.end - self.start


TIME = r"(?:(?:午前|午後|朝|夕方|夜|am\s?|pm\s?)?\d{1,2}(?::\d{1,2}(?!\d)|時(?:\d{1,2}分|半)?)(?:\s?[ap]\.?m\b\.?)?|\d{1,2}\s?[ap]\.?m\b\.?|正午|noon\b|midnight\b)"
"""A time of day, written in one of the ways that offices write it."""

_JA_DAY = r"[月火水木金土日](?:曜日|曜)?"
_EN_DAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?s?\b"
_EN_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b"
ORDINALS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "tenth": 10,
}
_NTH = rf"(?:\d{{1,3}}(?:st|nd|rd|th)|{'|'.join(ORDINALS)})"
_OPEN_DAY = r"(?:business|working)[\s-]?days?\b"
_OFF = r"(?:土日祝日?|祝休日|休業日|休日|祝日|休み|土日)(?:なら|のときは?|の時は?|の場合は?|は)"

_KINDS: tuple[tuple[str, str], ...] = (
    ("shift", rf"{_OFF}(?P<ja>前営業日|前日|前倒し|翌営業日|翌日|後ろ倒し|休む|休み|中止|実行しない|なし)(?:に)?"),
    ("shift", rf"(?:or |else )?(?:if (?:it is )?(?:a holiday|closed),? )?(?:the )?(?P<en>previous|preceding|next|following) {_OPEN_DAY}"),
    ("shift", r"(?:if (?:it is )?a holiday,? )?(?P<skip>skip(?:ped|ping)?)(?: on)? holidays?\b|(?P<except>except(?: on)? holidays)\b"),
    ("range", rf"(?:from |between )?(?P<from>{TIME})\s*(?:から|[〜~–-]|to|and|until)\s*(?P<to>{TIME})(?:まで)?"),
    ("interval", r"(?P<n>\d+)\s*(?P<ja>分|時間)\s*(?:ごと|毎|おき)(?:に)?|(?P<each>毎時|毎分)"),
    ("interval", r"every\s+(?P<m>\d+)?\s*(?P<en>minutes?|mins?|hours?|hrs?)\b|(?P<hourly>hourly)\b"),
    ("month_business", r"(?:月末)?最終営業日の(?P<before>\d{1,2})営業日前"),
    ("month_business", rf"(?P<ebefore>\d{{1,2}}) {_OPEN_DAY} before (?:the )?last {_OPEN_DAY}"),
    ("month_business", rf"(?P<last>(?:月末)?の?最終営業日|月?末営業日|last {_OPEN_DAY})"),
    ("month_business", r"第\s?(?P<n>\d{1,3}|[一二三四五六七八九十]{1,3})\s?営業日|(?P<m>\d{1,3})営業日目"),
    ("month_business", rf"(?P<nth>{_NTH}) {_OPEN_DAY}"),
    ("business", rf"毎営業日|営業日(?:ごと|毎)?に?|平日|(?:(?:every|each) )?(?:weekdays?\b|{_OPEN_DAY})"),
    ("nth_weekdays", rf"第\s?(?P<n>\d{{1,2}}|[一二三四五])\s?(?P<day>{_JA_DAY})|最終(?P<last>{_JA_DAY})"),
    ("nth_weekdays", rf"(?P<nth>{_NTH}|last) (?P<eday>{_EN_DAY})"),
    ("weekdays", rf"(?P<first>{_JA_DAY})(?:から|[〜~-])(?P<until>{_JA_DAY})(?:まで)?"),
    ("weekdays", rf"(?:every )?(?P<efirst>{_EN_DAY})\s?(?:-|–|to|through)\s?(?P<euntil>{_EN_DAY})"),
    ("weekdays", rf"毎週(?:の)?(?P<list>{_JA_DAY}(?:\s?[・,、と/]?\s?{_JA_DAY})*)"),
    ("weekdays", rf"(?P<one>[月火水木金土日](?:曜日|曜))|(?:every )?(?P<eone>{_EN_DAY})"),
    ("gotobi", r"五・?十日|ごとおび|ゴトー?日|5[・.,]\s?10日|gotobi\b"),
    ("daily", r"毎日|日次|daily\b|every ?day\b"),
    ("month", rf"(?P<n>\d{{1,2}})月|(?:in )?(?P<en>{_EN_MONTH})"),
    ("quarter", r"四半期(?:末月?)?|毎四半期|quarterly\b|(?:of )?(?:every|each) quarter\b"),
    ("last_day", r"(?:毎月)?(?:月末日?|末日|月の最終日)|last day(?: of the month)?\b|month[ -]end\b|end of (?:the |every |each )?month\b"),
    ("day", rf"(?P<n>\d{{1,3}})日|(?:the )?(?P<nth>{_NTH})(?: day)?\b"),
    ("time", TIME),
    ("monthly", r"毎月|月次|monthly\b|(?:of )?(?:every|each|the|a) month\b"),
    ("weekly", r"毎週|週次|weekly\b|(?:every|each) week\b"),
    ("yearly", r"毎年|年次|yearly\b|annually\b|(?:every|each) year\b"),
    ("noise", r"[\s,、。・()\[\]「」]+|の|に|は|と|時点で|at\b|on\b|of\b|the\b|and\b|in\b|every\b|each\b"),
)  # fmt: skip
_TABLE = [(kind, re.compile(pattern)) for kind, pattern in _KINDS]
_ASCII_WORD = re.compile(r"[a-z0-9:]+")

VOCABULARY = (
    "毎日", "平日", "営業日", "毎営業日", "毎週", "毎月", "毎年", "月曜", "火曜", "水曜", "木曜", "金曜", "土曜", "日曜", "第3営業日",
    "最終営業日", "月末最終営業日", "月末", "末日", "五十日", "四半期", "15分ごと", "休みなら前日", "休みなら翌日", "休みなら前営業日",
    "休みなら翌営業日", "休みなら休む", "第2火曜", "25日", "every", "daily", "weekday", "weekdays", "monthly", "weekly", "yearly", "monday",
    "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "minutes", "hours", "last", "first", "business day",
    "last business day", "previous business day", "next business day", "skip holidays", "quarterly", "month", "noon", "midnight",
)  # fmt: skip


def scan(text: str) -> list[Token]:
    """The words of a sentence in order, noise left out. Whatever nobody knows is one token of kind `unknown`."""
    plain, places = _plain(text)
    tokens: list[Token] = []
    at = 0
    while at < len(plain):
        kind, found = _known_at(plain, at) or ("unknown", _unknown_at(plain, at))
        if kind != "noise":
            start, end = places[found.start()], places[found.end() - 1] + 1
            tokens.append(Token(kind, text[start:end], start, end, found))
        at = found.end()
    return tokens


def _plain(text: str) -> tuple[str, list[int]]:
    """Half width and lower case, with the place in `text` of each character."""
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for letter in nfkc(character).lower():
            letters.append("〜" if letter == "～" else letter)
            places.append(place)
    return "".join(letters), places


def _known_at(plain: str, at: int) -> tuple[str, re.Match[str]] | None:
    inside_word = at > 0 and plain[at - 1].isascii() and plain[at - 1].isalpha()
    if inside_word and plain[at].isascii() and plain[at].isalpha():
        return None
    for kind, pattern in _TABLE:
        found = pattern.match(plain, at)
        if found and found.end() > at:
            return kind, found
    return None


def _unknown_at(plain: str, at: int) -> re.Match[str]:
    end = next(iter(_ends(plain, at)), len(plain))
    found = re.compile(f"(?s).{{{end - at}}}").match(plain, at)
    assert found is not None
    return found


def _ends(plain: str, at: int) -> Iterator[int]:
    word = _ASCII_WORD.match(plain, at)
    for end in range(word.end() if word else at + 1, len(plain)):
        if plain[end].isspace() or _known_at(plain, end):
            yield end
