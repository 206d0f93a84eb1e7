"""Dates, months and times as offices write them: ISO, slashes, Japanese eras, Excel serials. Nothing is guessed.

Source: Excel's 1900 calendar holds a day that never was, 29 February 1900 (serial 60), kept from Lotus 1-2-3; its 1904 calendar starts with serial 0.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Self

from bofbot.values.bad_value import BadValue, is_finite, refuse
from bofbot.values.eras import ERAS, era_name
from bofbot.values.text import nfkc
from bofbot.words import Sentence

DATE = Sentence(
    en="a date (e.g. 2026-11-22, 2026/11/22, 令和8年11月22日)",
    ja="日付（例 2026-11-22、2026/11/22、令和8年11月22日）",
)
MONTH = Sentence(
    en="a month (e.g. 2026-10, 2026年10月, 令和8年10月)", ja="年月（例 2026-10、2026年10月、令和8年10月）"
)
DATETIME = Sentence(en="a date and time (e.g. 2026-11-22 09:30)", ja="日時（例 2026-11-22 09:30）")
TIME = Sentence(en="a time of day (e.g. 09:30)", ja="時刻（例 09:30）")

_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_YEAR = (
    r"(?:(?P<year>\d{4})|(?P<era>明治|大正|昭和|平成|令和|[明大昭平令MTSHRmtshr])\.?(?P<era_year>\d{1,2}|元))"
)
_MARK = r"\s*(?:年|[-/.])\s*"
_WEEKDAY = r"(?:\s*\((?:[月火水木金土日]|mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?\)|\s*[月火水木金土日]曜日?)?"
_DATE = re.compile(
    rf"{_YEAR}{_MARK}(?P<month>\d{{1,2}})\s*(?:月|[-/.])\s*(?P<day>\d{{1,2}})\s*日?{_WEEKDAY}", re.I
)
_DIGITS = re.compile(r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)")
_NAMED = re.compile(
    r"(?P<day>\d{1,2})[-\s]+(?P<name>[a-z]{3,9})\.?[-\s,]+(?P<year>\d{4})"
    r"|(?P<name2>[a-z]{3,9})\.?\s+(?P<day2>\d{1,2}),?\s+(?P<year2>\d{4})",
    re.I,
)
_MONTH_DAY = re.compile(rf"(?P<month>\d{{1,2}})(?:/|月)(?P<day>\d{{1,2}})日?{_WEEKDAY}", re.I)
_MONTH = re.compile(rf"{_YEAR}{_MARK}(?P<month>\d{{1,2}})\s*月?(?:分|度)?")
_MONTH_DIGITS = re.compile(r"(?P<year>\d{4})(?P<month>\d\d)")
_TIME = re.compile(r"(\d{1,2})(?::|時)(\d{1,2})分?(?::?(\d{1,2})秒?(?:\.(\d{1,6}))?)?|(\d{1,2})時")
_MOMENT = re.compile(r"(.*?\d\s*日?(?:\s*\(.\))?)(?:[Tt]|\s+|(?<=日)\s*)(\d{1,2}[:時].*)")
_ZONE = re.compile(r"(Z|[+-]\d\d:?\d\d)$", re.I)


class Month(date):
    """A month: the date of its first day, but shown as `2026-10`."""

    def isoformat(self) -> str:
        return f"{self.year:04}-{self.month:02}"

    __str__ = isoformat

    def __format__(self, spec: str) -> str:
        return self.strftime(spec) if spec else self.isoformat()

    def __add__(self, days: timedelta) -> Self:
        return date(self.year, self.month, 1) + days  # type: ignore[return-value]  # a day, no longer a month

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        return date(self.year, self.month, 1) - (
            other if isinstance(other, timedelta) else date(other.year, other.month, other.day)
        )


def read_date(raw: Any, today: date | None = None, *, date_1904: bool = False) -> date:
    """The day meant. A date with a time gives its day; `11/22` is read only when `today` is given: the nearest such day.

    Numbers are Excel serials, save eight digits (20261122). Raises BadValue, a ValueError."""
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return date(raw.year, raw.month, raw.day)
    if isinstance(raw, int | float | Decimal) and not isinstance(raw, bool):
        return _date_of_number(raw, date_1904)
    if not isinstance(raw, str) or not raw.strip():
        raise refuse(raw, DATE)
    text = nfkc(raw).strip()
    day = _day(raw, text, today)
    if day is None and (parts := _MOMENT.fullmatch(_ZONE.sub("", text).strip())) and _is_time(parts[2]):
        day = _day(raw, parts[1], today)
    if day is None:
        raise refuse(raw, DATE, _why_no_date(text))
    return day


def read_month(raw: Any, *, date_1904: bool = False) -> Month:
    """The month meant: `2026-10`, `2026年10月`, `令和8年10月`, `202610`, or the first day of a month. Raises BadValue."""
    if isinstance(raw, str):
        text = nfkc(raw).strip()
        found = _MONTH.fullmatch(text) or _MONTH_DIGITS.fullmatch(text)
        if found:
            return _month(raw, found)
    elif isinstance(raw, int) and not isinstance(raw, bool) and 190001 <= raw <= 299912:
        return read_month(str(raw))
    try:
        day_meant = read_date(raw, date_1904=date_1904)
    except BadValue:
        raise refuse(raw, MONTH) from None
    if day_meant.day != 1:
        why = Sentence(en="it is a day, and not the first of its month", ja="月の初日ではない日付です")
        raise refuse(raw, MONTH, why)
    return Month(day_meant.year, day_meant.month, 1)


def read_datetime(raw: Any, *, date_1904: bool = False) -> datetime:
    """The moment meant; it carries a zone only when the text does. A date alone is midnight. Raises BadValue."""
    if isinstance(raw, datetime):
        return raw
    if isinstance(raw, date):
        return datetime(raw.year, raw.month, raw.day)  # noqa: DTZ001 - as written, without a zone
    if isinstance(raw, int | float | Decimal) and not isinstance(raw, bool):
        day = _date_of_number(raw, date_1904)
        return datetime.combine(day, time()) + timedelta(seconds=round(float(raw) % 1 * 86400))
    if not isinstance(raw, str) or not raw.strip():
        raise refuse(raw, DATETIME)
    text = nfkc(raw).strip()
    zone = _ZONE.search(text) if re.search(r":\d\d", text) else None
    plain = text[: zone.start()].strip() if zone else text
    parts = _MOMENT.fullmatch(plain)
    try:
        if (found := _day(raw, parts[1] if parts else plain, None)) is None:
            raise refuse(raw, DATETIME)
        moment = datetime.combine(found, read_time(parts[2]) if parts else time())
        return (
            datetime.fromisoformat(moment.isoformat() + zone[0].upper().replace("Z", "+00:00"))
            if zone
            else moment
        )
    except ValueError:
        raise refuse(raw, DATETIME) from None


def read_time(raw: Any) -> time:
    """The time of day meant: `9:30`, `09:30:00`, `9時30分`, a fraction of a day from Excel. Raises BadValue."""
    if isinstance(raw, datetime):
        return raw.time()
    if isinstance(raw, time):
        return raw
    if (
        isinstance(raw, float | Decimal | int)
        and not isinstance(raw, bool)
        and is_finite(raw)
        and 0 <= raw < 1
    ):
        seconds = round(float(raw) * 86400) % 86400
        return time(seconds // 3600, seconds // 60 % 60, seconds % 60)
    found = _TIME.fullmatch(nfkc(raw).strip()) if isinstance(raw, str) else None
    if found:
        hour, minute, second = (int(part or 0) for part in (found[1] or found[5], found[2], found[3]))
        try:
            return time(hour, minute, second, int((found[4] or "0").ljust(6, "0")))
        except ValueError:
            pass
    raise refuse(raw, TIME)


def _is_time(text: str) -> bool:
    try:
        read_time(text)
    except BadValue:
        return False
    return True


def _day(raw: Any, text: str, today: date | None) -> date | None:
    """The day that text without a time means; None when it has no known form."""
    if found := _DATE.fullmatch(text) or _DIGITS.fullmatch(text):
        return _build(
            raw, _year_of(found), int(found["month"]), int(found["day"]), found.groupdict().get("era"), DATE
        )
    if (named := _NAMED.fullmatch(text)) and (named["name"] or named["name2"])[:3].lower() in _MONTH_NAMES:
        month = _MONTH_NAMES.index((named["name"] or named["name2"])[:3].lower()) + 1
        return _build(
            raw, int(named["year"] or named["year2"]), month, int(named["day"] or named["day2"]), None, DATE
        )
    if today and (short := _MONTH_DAY.fullmatch(text)):
        return _nearest_year(raw, int(short["month"]), int(short["day"]), today)
    return None


def _year_of(found: re.Match[str]) -> int:
    parts = found.groupdict()
    if parts["year"]:
        return int(parts["year"])
    years = 1 if parts["era_year"] == "元" else int(parts["era_year"])
    return ERAS[era_name(parts["era"])].year - 1 + years


def _month(raw: Any, found: re.Match[str]) -> Month:
    era, year, month = found.groupdict().get("era"), _year_of(found), int(found["month"])
    start = ERAS[era_name(era)] if era else None
    first = (
        start.day if start and (start.year, start.month) == (year, month) else 1
    )  # 昭和64年1月 begins later
    _build(raw, year, month, first, era, MONTH)
    return Month(year, month, 1)


def _build(raw: Any, year: int, month: int, day: int, era: str | None, expected: Sentence) -> date:
    try:
        built = date(year, month, day)
    except ValueError:
        raise refuse(
            raw, expected, Sentence(en="there is no such day", ja="そのような日はありません")
        ) from None
    if era and built < (start := ERAS[era_name(era)]):
        name = era_name(era)
        raise refuse(
            raw, expected, Sentence(en=f"{name} begins on {start}", ja=f"{name}は{start}に始まります")
        )
    return built  # later than the era's last day is fine: 平成35年 was printed before anybody knew 令和


def _nearest_year(raw: Any, month: int, day: int, today: date) -> date:
    candidates = []
    for year in (today.year - 1, today.year, today.year + 1):
        try:
            candidates.append(date(year, month, day))
        except ValueError:  # 29 February of a common year
            continue
    if not candidates:
        raise refuse(raw, DATE, Sentence(en="there is no such day", ja="そのような日はありません"))
    return min(candidates, key=lambda candidate: abs(candidate - today))


def _date_of_number(raw: int | float | Decimal, date_1904: bool) -> date:
    if not is_finite(raw):
        raise refuse(raw, DATE)
    days = int(raw)
    if days == raw and 19000101 <= days <= 29991231:
        return read_date(str(days))
    first = 0 if date_1904 else 1
    if not first <= days <= 2958465:
        raise refuse(
            raw, DATE, Sentence(en="no Excel date has this number", ja="Excelの日付の番号の範囲外です")
        )
    if date_1904:
        return date(1904, 1, 1) + timedelta(days=days)
    if days == 60:
        raise refuse(
            raw,
            DATE,
            Sentence(
                en="it is Excel's 1900-02-29, a day that never was", ja="Excelの1900-02-29は実在しない日です"
            ),
        )
    return date(1899, 12, 31 if days < 60 else 30) + timedelta(days=days)


def _why_no_date(text: str) -> Sentence | None:
    if re.fullmatch(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}", text):
        return Sentence(
            en="day and month could be either way round; write the year first",
            ja="月と日の順が決まりません。年から書いてください",
        )
    if re.fullmatch(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{1,2}", text):
        return Sentence(
            en="the year needs four digits, or an era such as R8",
            ja="年は4桁か、R8のような元号で書いてください",
        )
    if re.fullmatch(r"\d{1,2}[/月]\d{1,2}日?", text):
        return Sentence(en="the year is missing", ja="年がありません")
    if re.fullmatch(r"\d{5}(\.\d+)?", text):
        return Sentence(
            en="it looks like an Excel date number kept as text",
            ja="Excelの日付の番号が文字として入っているようです",
        )
    return None
