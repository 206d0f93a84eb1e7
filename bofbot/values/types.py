"""The types of inputs and columns, one table: each reads a raw value, typed text or a cell's own value, or refuses it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from bofbot.values.amounts import read_amount, read_yen
from bofbot.values.bad_value import BadValue as BadValue
from bofbot.values.bad_value import is_finite, refuse
from bofbot.values.dates import read_date, read_datetime, read_month, read_time
from bofbot.values.text import find_name, nearest, nfkc
from bofbot.words import Sentence

_CODE = Sentence(en="a code (kept as it is typed, e.g. 0012345)", ja="コード（入力どおりの文字、例 0012345）")
_INTEGER = Sentence(en="a whole number (e.g. 12)", ja="整数（例 12）")
_NUMBER = Sentence(en="a number (e.g. 12.5)", ja="数値（例 12.5）")
_BOOL = Sentence(en="yes or no (true / false)", ja="はい・いいえ（true / false）")
_FILE = Sentence(en="the path of a file", ja="ファイルのパス")
_SECRET = Sentence(en="a secret", ja="秘密の値")

_YES = {"true", "yes", "on", "1", "はい", "○", "〇", "✓"}
_NO = {"false", "no", "off", "0", "いいえ", "×", "✕"}


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a type may need besides the raw value."""

    choices: Sequence[str] = ()
    date_1904: bool = False
    today: date | None = None
    width: int = 0


@dataclass(frozen=True, slots=True)
class ValueType:
    """A type: what it is called in both languages, an example, and how it reads."""

    name: str
    meaning: Sentence
    example: str
    read: Callable[[Any, _Reading], Any]


def read_value(
    type_name: str,
    raw: Any,
    *,
    choices: Sequence[str] = (),
    date_1904: bool = False,
    today: date | None = None,
) -> Any:
    """The typed value that `raw` means.

    text code choice file secret → str (wrap a secret yourself) · integer → int · number yen → Decimal · date → date ·
    month → Month (a date that shows as 2026-10) · datetime → datetime · time → time · bool → bool. `code(7)` pads with
    zeros to seven digits. Blank is "" for text and refused for the rest: ask `is_blank` first where a cell may be empty.
    Raises BadValue (a ValueError whose `reason` is a Sentence); KeyError for a type that does not exist.
    """
    name, width = parse_type(type_name)
    if is_blank(raw) and name != "text":
        raise BadValue(
            Sentence(
                en=f"the value is empty; {_a(name)} is expected",
                ja=f"値が空です。{TYPES[name].meaning.ja}を入れてください",
            )
        )
    return TYPES[name].read(raw, _Reading(choices, date_1904, today, width))


def parse_type(type_name: str) -> tuple[str, int]:
    """`yen` → ("yen", 0), `code(7)` → ("code", 7). Raises KeyError when there is no such type."""
    found = re.fullmatch(r"code\((\d{1,2})\)", type_name)
    if found and int(found[1]):
        return "code", int(found[1])
    if type_name not in TYPES:
        raise KeyError(type_name)
    return type_name, 0


def is_type(type_name: str) -> bool:
    """Whether there is such a type."""
    return type_name in TYPES or re.fullmatch(r"code\([1-9]\d?\)", type_name) is not None


def no_such_type(type_name: str) -> Sentence:
    """What is said of a name that is no type, with the nearest one."""
    near = nearest(type_name, TYPES, 1)
    known = ", ".join(TYPES)
    return Sentence(
        en=f'there is no type "{type_name}"; ' + (f"did you mean {near[0]}?" if near else f"known: {known}"),
        ja=f"「{type_name}」という型はありません（"
        + (f"{near[0]} のことですか？" if near else f"使える型：{known}")
        + "）",
    )


def is_blank(raw: Any) -> bool:
    """Whether a cell or an input holds nothing: None, or text of spaces only."""
    return raw is None or (isinstance(raw, str) and not raw.strip())


def as_text(value: Any) -> str:
    """A value as it is typed into a form: no exponent, no `.0` after whole floats, ISO dates, true/false."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        value = read_amount(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return (
            value.isoformat(sep=" ", timespec="seconds")
            if value.time() != time()
            else value.date().isoformat()
        )
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def _a(name: str) -> str:
    return TYPES[name].meaning.en


def _read_code(raw: Any, reading: _Reading) -> str:
    code = _code_text(raw)
    if not reading.width:
        return code
    if code.isascii() and code.isdigit():
        code = code.rjust(reading.width, "0")
    if len(code) != reading.width:
        n = reading.width
        raise refuse(raw, _CODE, Sentence(en=f"it should have {n} characters", ja=f"{n}文字のはずです"))
    return code


def _code_text(raw: Any) -> str:
    if isinstance(raw, date | time):
        why = Sentence(
            en="Excel has turned it into a date; format the column as text",
            ja="Excelが日付に変えています。列の書式を文字列にしてください",
        )
        raise refuse(raw, _CODE, why)
    if isinstance(raw, bool):
        raise refuse(raw, _CODE)
    if isinstance(raw, float | Decimal | int):
        if not is_finite(raw) or raw != int(raw) or raw < 0:
            raise refuse(
                raw,
                _CODE,
                Sentence(en="it is a number with a fraction or a sign", ja="小数か符号のついた数値です"),
            )
        if isinstance(raw, float) and raw >= 1e15:
            why = Sentence(
                en="Excel keeps 15 digits only, the rest is lost; format the column as text",
                ja="Excelは15桁までしか保持しません。列の書式を文字列にしてください",
            )
            raise refuse(raw, _CODE, why)
        return str(int(raw))
    return str(raw).strip()


def _read_integer(raw: Any, reading: _Reading) -> int:
    number = read_amount(raw, _INTEGER)
    if number != number.to_integral_value():
        raise refuse(raw, _INTEGER, Sentence(en="it has a fraction", ja="小数があります"))
    return int(number)


def _read_bool(raw: Any, reading: _Reading) -> bool:
    if isinstance(raw, bool):
        return raw
    word = nfkc(as_text(raw)).strip().casefold()
    if word in _YES or word in _NO:
        return word in _YES
    raise refuse(raw, _BOOL)


def _read_choice(raw: Any, reading: _Reading) -> str:
    text = as_text(raw).strip()
    found = find_name(text, reading.choices)
    if found is not None:
        return found
    near = nearest(text, reading.choices, 1)
    listed = ", ".join(reading.choices[:12]) + (" …" if len(reading.choices) > 12 else "")
    en, ja = f'"{text}" is none of: {listed}', f"「{text}」は選択肢にありません（{listed}）"
    if near:
        en, ja = en + f"; did you mean {near[0]}?", ja + f"。「{near[0]}」ではありませんか"
    raise BadValue(Sentence(en=en, ja=ja))


def _read_file(raw: Any, reading: _Reading) -> str:
    text = str(raw)
    if "\0" in text:
        raise refuse(raw, _FILE)
    return text


def _read_secret(raw: Any, reading: _Reading) -> str:
    if not isinstance(raw, str):  # never quoted in a message
        raise BadValue(Sentence(en="a secret must be text", ja="秘密の値は文字で入れてください"))
    return raw


TYPES: dict[str, ValueType] = {
    kind.name: kind
    for kind in (
        ValueType("text", Sentence(en="any text", ja="文字"), "東京支店", lambda raw, reading: as_text(raw)),
        ValueType("code", _CODE, "0012345", _read_code),
        ValueType("integer", _INTEGER, "12", _read_integer),
        ValueType("number", _NUMBER, "12.5", lambda raw, reading: read_amount(raw, _NUMBER)),
        ValueType(
            "yen",
            Sentence(en="an amount of whole yen", ja="円単位の金額"),
            "¥1,234",
            lambda raw, reading: read_yen(raw),
        ),
        ValueType(
            "date",
            Sentence(en="a date", ja="日付"),
            "2026-11-22",
            lambda raw, reading: read_date(raw, reading.today, date_1904=reading.date_1904),
        ),
        ValueType(
            "month",
            Sentence(en="a month", ja="年月"),
            "2026-10",
            lambda raw, reading: read_month(raw, date_1904=reading.date_1904),
        ),
        ValueType(
            "datetime",
            Sentence(en="a date and time", ja="日時"),
            "2026-11-22 09:30",
            lambda raw, reading: read_datetime(raw, date_1904=reading.date_1904),
        ),
        ValueType(
            "time", Sentence(en="a time of day", ja="時刻"), "09:30", lambda raw, reading: read_time(raw)
        ),
        ValueType("bool", _BOOL, "true", _read_bool),
        ValueType("file", _FILE, "data/経費.xlsx", _read_file),
        ValueType("choice", Sentence(en="one of the choices", ja="選択肢の一つ"), "交通費", _read_choice),
        ValueType("secret", _SECRET, "", _read_secret),
    )
}
