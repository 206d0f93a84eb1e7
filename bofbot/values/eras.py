"""The Japanese eras since 1868: their names, letters and first days.

Source: the era laws and edicts (明治 1868-10-23 … 令和 2019-05-01)."""

from __future__ import annotations

from datetime import date

from bofbot.values.bad_value import refuse
from bofbot.words import Sentence

ERAS: dict[str, date] = {
    "明治": date(1868, 10, 23),
    "大正": date(1912, 7, 30),
    "昭和": date(1926, 12, 25),
    "平成": date(1989, 1, 8),
    "令和": date(2019, 5, 1),
}
_LETTERS = {
    "m": "明治",
    "t": "大正",
    "s": "昭和",
    "h": "平成",
    "r": "令和",
    "明": "明治",
    "大": "大正",
    "昭": "昭和",
    "平": "平成",
    "令": "令和",
}


def era_year(day: date) -> tuple[str, int]:
    """The Japanese era and year of a day: 2026-11-22 → ("令和", 8). Raises BadValue before 1868-10-23."""
    for name, start in reversed(ERAS.items()):
        if day >= start:
            return name, day.year - start.year + 1
    raise refuse(day.isoformat(), Sentence(en="a date of a Japanese era", ja="和暦の日付"))


def era_name(era: str) -> str:
    """The era that a name or a letter of the years means: "R", "r" and "令" → "令和"."""
    return era if era in ERAS else _LETTERS[era.lower()]
