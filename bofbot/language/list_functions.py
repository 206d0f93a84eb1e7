"""Functions over numbers, rows and lists."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Any

from bofbot.language.arguments import BadCall, as_list, as_number, as_string, as_whole, kind_word
from bofbot.language.likeness import same
from bofbot.records import Row
from bofbot.values.text import find_name, nearest
from bofbot.values.types import is_blank
from bofbot.words import Sentence


def total(run: Any, rows: Any, name: Any = None) -> Decimal:
    amount = Decimal(0)
    for number, value in enumerate(_values(rows, name)):
        if is_blank(value):
            continue
        try:
            amount += as_number(value)
        except BadCall as bad:
            raise BadCall(_row_of(rows, number) + bad.message) from None
    return amount


def length(run: Any, value: Any) -> Decimal:
    if isinstance(value, str | Mapping):
        return Decimal(len(value))
    return Decimal(len(as_list(value)))


def least(run: Any, *values: Any) -> Any:
    return _outermost(values, operator.lt)


def greatest(run: Any, *values: Any) -> Any:
    return _outermost(values, operator.gt)


def rounded(run: Any, number: Any, digits: Any = Decimal(0)) -> Decimal:
    return _quantize(number, digits, ROUND_HALF_UP)


def rounded_down(run: Any, number: Any, digits: Any = Decimal(0)) -> Decimal:
    return _quantize(number, digits, ROUND_DOWN)


def rounded_up(run: Any, number: Any, digits: Any = Decimal(0)) -> Decimal:
    return _quantize(number, digits, ROUND_UP)


def absolute(run: Any, number: Any) -> Decimal:
    return abs(as_number(number))


def column(run: Any, rows: Any, name: Any) -> list[Any]:
    return _values(rows, as_string(name))


def where(run: Any, rows: Any, name: Any, value: Any) -> list[Any]:
    records = as_list(rows)
    cells = _values(records, as_string(name))
    return [record for record, cell in zip(records, cells, strict=True) if same(cell, value)]


def keys(run: Any, record: Any) -> list[Any]:
    if not isinstance(record, Mapping):
        what = kind_word(record)
        raise BadCall(
            Sentence(en=f"a record is needed, not {what.en}", ja=f"レコードが必要ですが、{what.ja}です")
        )
    return list(record)


def record(run: Any, *parts: Any) -> Row:
    """`record("日付", day, "金額", amount)`, or `record(labels, values)` with two lists of one length; a single value
    stands for all labels."""
    if len(parts) == 2 and _listed(parts[0]) and not isinstance(parts[0], Mapping):
        labels = [as_string(label) for label in as_list(parts[0])]
        values = list(as_list(parts[1])) if _listed(parts[1]) else [parts[1]] * len(labels)
    else:
        labels, values = [as_string(label) for label in parts[::2]], list(parts[1::2])
    if len(labels) != len(values):
        raise BadCall(
            Sentence(
                en=f"{len(labels)} labels and {len(values)} values do not pair up",
                ja=f"項目名{len(labels)}個と値{len(values)}個の数が合いません",
            )
        )
    twice = next((label for at, label in enumerate(labels) if label in labels[:at]), None)
    if twice is not None:
        raise BadCall(Sentence(en=f'"{twice}" is named twice', ja=f"「{twice}」が2回あります"))
    return Row(dict(zip(labels, values, strict=True)))


def first(run: Any, values: Any) -> Any:
    listed = as_list(values)
    return listed[0] if listed else None


def last(run: Any, values: Any) -> Any:
    listed = as_list(values)
    return listed[-1] if listed else None


def default(run: Any, value: Any, other: Any) -> Any:
    return other if is_empty(run, value) else value


def is_empty(run: Any, value: Any) -> bool:
    return (
        is_blank(value)
        or (isinstance(value, Mapping | list | tuple) and not value)
        or (_listed(value) and not len(value))
    )


def _listed(value: Any) -> bool:
    return hasattr(value, "__len__") and not isinstance(value, str)


def _row_of(rows: Any, number: int) -> Sentence:
    """Which row is meant: as its file counts, else as the list does."""
    row = rows[number]
    if isinstance(row, Row) and row.source.row:
        return Sentence(en=f"{row.source}: ", ja=f"{row.source}：")
    return Sentence(en=f"row {number + 1}: ", ja=f"{number + 1}行目：")


def _values(rows: Any, name: Any = None) -> list[Any]:
    """The items of a list, or the cells of one column of its rows."""
    listed = as_list(rows)
    if name is None:
        return list(listed)
    wanted, cells = as_string(name), []
    for number, row in enumerate(listed, 1):
        if not isinstance(row, Mapping):
            what = kind_word(row)
            raise BadCall(
                Sentence(
                    en=f"item {number} is {what.en} and has no columns",
                    ja=f"{number}件目は{what.ja}で、列がありません",
                )
            )
        if wanted in row:
            cells.append(row[wanted])
            continue
        meant = find_name(wanted, [key for key in row if isinstance(key, str)])
        if meant is None:
            raise _no_column(wanted, [str(key) for key in row])
        cells.append(row[meant])
    return cells


def _no_column(name: str, known: list[str]) -> BadCall:
    near = nearest(name, known, 1)
    listed = ", ".join(known[:30])
    meant_en, meant_ja = (f" did you mean `{near[0]}`?", f"`{near[0]}` のことですか？") if near else ("", "")
    return BadCall(
        Sentence(
            en=f'no column "{name}";{meant_en} columns: {listed}',
            ja=f"列「{name}」はありません。{meant_ja}あるのは：{listed}",
        )
    )


def _outermost(values: tuple[Any, ...], better: Callable[[Any, Any], Any]) -> Any:
    if len(values) == 2 and isinstance(values[1], str) and _listed(values[0]):
        candidates = _values(values[0], values[1])
    elif len(values) == 1:
        candidates = _values(values[0])
    else:
        candidates = list(values)
    candidates = [value for value in candidates if not is_blank(value)]
    if not candidates:
        return None
    best = _ordered(candidates[0])
    for candidate in map(_ordered, candidates[1:]):
        if type(candidate) is not type(best):
            a, b = kind_word(best), kind_word(candidate)
            raise BadCall(
                Sentence(
                    en=f"{a.en} and {b.en} have no common order", ja=f"{a.ja}と{b.ja}は大小を比べられません"
                )
            )
        best = candidate if better(candidate, best) else best
    return best


def _ordered(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str | date):
        what = kind_word(value)
        raise BadCall(Sentence(en=f"{what.en} has no order", ja=f"{what.ja}は大小を比べられません"))
    return as_number(value) if isinstance(value, int | float) else value


def _quantize(number: Any, digits: Any, rounding: str) -> Decimal:
    places = as_whole(digits, -20, 20)
    rounded = as_number(number).quantize(Decimal(1).scaleb(-places), rounding=rounding)
    return rounded if places >= 0 else rounded.quantize(Decimal(1))
