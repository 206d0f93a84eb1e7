"""Which days an office works: countries, banks, and the company's own days off, one or several together."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from bofbot.values.bad_value import BadValue
from bofbot.values.business_days import countries, public_holidays, weekend_of
from bofbot.values.text import nearest, nfkc
from bofbot.words import Sentence


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days off of all named calendars together; the weekend is that of the first country (Saturday and Sunday without one)."""

    names: tuple[str, ...] = ("japan",)
    countries: tuple[str, ...] = ("JP",)
    bank: bool = False
    """31 December to 3 January are off, as Japanese banks keep them (銀行法施行令 第5条)."""
    own: frozenset[date] = field(default=frozenset(), repr=False)

    def is_business_day(self, day: date) -> bool:
        weekend = weekend_of(self.countries[0]) if self.countries else frozenset({5, 6})
        if day.weekday() in weekend or day in self.own:
            return False
        if self.bank and (day.month, day.day) in _BANK_DAYS:
            return False
        return not any(day in public_holidays(day.year, country) for country in self.countries)

    @property
    def title(self) -> Sentence:
        telling = [name for name in self.names if name != "company" or self.own or len(self.names) == 1]
        said = [_TITLES.get(name, Sentence.same(name.upper())) for name in telling]
        return Sentence(en=" + ".join(one.en for one in said), ja="＋".join(one.ja for one in said))


JAPAN = Calendar()


def named_calendar(names: tuple[str, ...], own: frozenset[date] = frozenset()) -> Calendar:
    """The calendar of some names: `japan`, `bank`, `company` (the days in `own`), `none`, or a country's code with or
    without its part (`us`, `us-ca`, `de-by`). Raises BadValue that offers the nearest."""
    found: list[str] = []
    codes: list[str] = []
    for name in names:
        plain = nfkc(name).strip().casefold()
        plain = _ALSO.get(plain, plain)
        found.append(plain)
        if plain in ("japan", "bank"):
            codes.append("JP")
        elif plain not in ("company", "none"):
            codes.append(_country(name, plain))
    if "none" in found and len(found) > 1:
        raise BadValue(
            Sentence(
                en="`none` stands alone: it is a calendar without holidays",
                ja="`none`（祝日なし）は単独で使います",
            )
        )
    company = own if "company" in found else frozenset()
    return Calendar(tuple(found), tuple(dict.fromkeys(codes)), "bank" in found, company)


def _country(name: str, plain: str) -> str:
    known = countries()
    code, _, part = plain.upper().partition("-")
    if code in known and (not part or part in known[code]):
        return f"{code}-{part}" if part else code
    choices = [
        *_TITLES,
        *(f"{code}-{one}".lower() for one in known.get(code, ())),
        *(one.lower() for one in known),
    ]
    near = nearest(plain, choices) or tuple(_TITLES)
    raise BadValue(
        Sentence(
            en=f'there is no calendar "{name}"; nearest: {", ".join(near)}',
            ja=f"「{name}」というカレンダーはありません。近いもの：{'、'.join(near)}",
        )
    )


_BANK_DAYS = frozenset({(12, 31), (1, 1), (1, 2), (1, 3)})
_ALSO = {
    "日本": "japan", "jp": "japan", "jpn": "japan", "銀行": "bank", "銀行営業日": "bank", "会社": "company", "自社": "company",
    "なし": "none", "無し": "none", "uk": "gb",
}  # fmt: skip
_TITLES = {
    "japan": Sentence(en="Japanese holidays", ja="日本の祝日"),
    "bank": Sentence(en="Japanese bank days", ja="銀行営業日"),
    "company": Sentence(en="the company's days", ja="会社の休日"),
    "none": Sentence(en="no holidays", ja="祝日なし"),
}
