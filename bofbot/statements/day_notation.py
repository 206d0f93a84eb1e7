"""How one column writes days: found out from the whole column, never from one value."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bofbot.statements.model import Refused
from bofbot.words import Sentence

_ERAS = {
    "令和": 2018,
    "R": 2018,
    "令": 2018,
    "平成": 1988,
    "H": 1988,
    "平": 1988,
    "昭和": 1925,
    "S": 1925,
    "昭": 1925,
}
_MONTHS = {
    name: number + 1
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    )
}
_ERA = re.compile(
    r"(令和|平成|昭和|[RHS令平昭])\s*(\d{1,2}|元)\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*日?", re.I
)
_YEAR_FIRST = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s*[(][^()]{1,3}[)])?(?:[T ,].*)?",
    re.ASCII | re.S,
)
_YEAR_FIRST_JA = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日?.*", re.S)
_EIGHT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?:[ T]?\d{4,6}.*)?", re.ASCII)
_PARTS = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d{2})(?:[T ,].*)?", re.ASCII | re.S)
_SIX = re.compile(r"\d{6}", re.ASCII)
_NAMED = re.compile(r"(\d{1,2})[-/. ]*([A-Za-z]{3})[a-z]*\.?[-/., ]*(\d{4}|\d{2})(?:[ ,].*)?", re.ASCII)
_MONTH_NAMED = re.compile(r"([A-Za-z]{3})[a-z]*\.? (\d{1,2}),? +(\d{4})(?:[ ,].*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class DateNotation:
    """How a column writes its days."""

    read: Callable[[str], date | None]
    settled: bool = True
    """False when days and months could be swapped throughout the column."""


def date_notation(
    texts: Sequence[str], written_as: str = "", today: date | None = None, year_first: bool = False
) -> DateNotation:
    """The notation that reads every value of a column which is a date at all. `year_first`: 260403 is a day, too."""
    if written_as:
        return DateNotation(_cached(lambda text: _by_format(text, written_as)))
    distinct = list(dict.fromkeys(text for text in texts if text))
    plainly = _cached(unambiguous_date)
    century = today or date.today()  # noqa: DTZ011 - a day of the calendar, for two-digit years only
    if year_first and any(_SIX.fullmatch(text) for text in distinct):
        return DateNotation(_cached(lambda text: unambiguous_date(text) or _six(text, century)))
    short = [text for text in distinct if plainly(text) is None and _PARTS.fullmatch(_narrow(text))]
    if not short:
        return DateNotation(plainly)
    readings = [reading for reading in ("dmy", "mdy", "ymd") if _reads_all(reading, short, century)]
    if not readings:
        return DateNotation(_cached(lambda text: unambiguous_date(text) or _short(text, "dmy", century)))
    chosen, settled = _choose(readings, short, century)
    return DateNotation(
        _cached(lambda text: unambiguous_date(text) or _short(text, chosen, century)), settled
    )


class _Readings(dict[str, date | None]):
    """Each text is read once: a column of days holds few that differ."""

    def __init__(self, read: Callable[[str], date | None]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, text: str) -> date | None:
        found = self[text] = self._read(text)
        return found


def _cached(read: Callable[[str], date | None]) -> Callable[[str], date | None]:
    return _Readings(read).__getitem__


def _reads_all(reading: str, texts: list[str], today: date) -> bool:
    return all(_short(text, reading, today) is not None for text in texts)


def _choose(readings: list[str], texts: list[str], today: date) -> tuple[str, bool]:
    """The likeliest reading, and whether the column settles it: dots are day first; else the only one in order."""
    if len(readings) == 1:
        return readings[0], readings[0] != "ymd"
    if all("." in text for text in texts):
        return "dmy", True
    in_order = [
        reading for reading in readings if _in_order([_short(text, reading, today) for text in texts])
    ]
    if len(texts) > 2 and len(in_order) == 1:
        return in_order[0], True
    return min(readings, key=lambda reading: _span([_short(text, reading, today) for text in texts])), False


def _in_order(days: list[date | None]) -> bool:
    known = [day for day in days if day]
    return known == sorted(known) or known == sorted(known, reverse=True)


def _span(days: list[date | None]) -> int:
    known = [day for day in days if day]
    return (max(known) - min(known)).days


def _narrow(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def unambiguous_date(text: str) -> date | None:
    """A date that can be read in one way only: year first, eight digits, a named month, a Japanese era."""
    written = text.strip()
    if len(written) == 10 and written[4] == written[7] == "-":
        return _iso_date(written)
    if not written.isascii():
        written = _narrow(written)
    try:
        if (
            found := _YEAR_FIRST.fullmatch(written)
            or _EIGHT.fullmatch(written)
            or _YEAR_FIRST_JA.fullmatch(written)
        ):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _NAMED.fullmatch(written):
            return date(_year(found[3]), _MONTHS[found[2].lower()], int(found[1]))
        if found := _MONTH_NAMED.fullmatch(written):
            return date(int(found[3]), _MONTHS[found[1].lower()], int(found[2]))
        if found := _ERA.match(written):
            first = _ERAS[found[1].upper() if found[1].isascii() else found[1]]
            return date(first + (1 if found[2] == "元" else int(found[2])), int(found[3]), int(found[4]))
    except (ValueError, KeyError):
        return None
    return None


def _iso_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _six(text: str, today: date) -> date | None:
    """260403, as Japanese card companies write the 3rd of April 2026."""
    if not _SIX.fullmatch(text):
        return None
    try:
        return _two_digit_year_first(int(text[:2]), int(text[2:4]), int(text[4:]), today)
    except ValueError:
        return None


def _short(text: str, reading: str, today: date) -> date | None:
    found = _PARTS.fullmatch(_narrow(text))
    if not found:
        return None
    first, second, last = int(found[1]), int(found[3]), found[4]
    try:
        if reading == "ymd":
            return _two_digit_year_first(first, second, int(last), today) if len(last) == 2 else None
        year = _year(last, today)
        return date(year, second, first) if reading == "dmy" else date(year, first, second)
    except ValueError:
        return None


def _two_digit_year_first(year: int, month: int, day: int, today: date) -> date | None:
    """26/09/01 and 08/09/01: a western year, or one of 令和, whichever lies nearer to today and not after it."""
    readings = [date(2000 + year, month, day), date(2018 + year, month, day)]
    known = [reading for reading in readings if reading.year <= today.year + 1]
    return min(known, key=lambda reading: abs((today - reading).days), default=None)


def _year(text: str, today: date | None = None) -> int:
    if len(text) == 4:
        return int(text)
    year = 2000 + int(text)
    return year - 100 if year > (today.year if today else 2068) + 20 else year


def _by_format(text: str, written_as: str) -> date | None:
    try:
        return datetime.strptime(text.strip(), written_as).date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None


def bad_date(text: str, line: int) -> Refused:
    return Refused(
        "bad-date",
        Sentence(en=f"This is not a date: {text[:40]}", ja=f"日付として読めません：{text[:40]}"),
        line=line,
    )
