"""Tables without headings: what the values alone prove. Two columns of amounts are not guessed; balances that follow are no guess."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from bofbot.statements.columns import (
    Columns,
    as_text,
    unknown_columns,
    unknown_direction,
    unsigned,
    with_direction,
)
from bofbot.statements.day_notation import date_notation
from bofbot.statements.notation import decimal_mark, read_amount
from bofbot.statements.options import CsvProfile, GridRow
from bofbot.statements.profile_columns import find_columns

_DECIMALS = re.compile(r"[-+]?[\d.,]+[.,]\d\d", re.ASCII)
_LINKS = 2
"""So many balances must follow from the line before, and all of them."""


def columns_of(rows: Sequence[GridRow], profile: CsvProfile | None) -> Columns:
    """The meaning of the columns. Raises Refused `unknown-columns` when neither headings nor values tell."""
    return find_columns(rows, profile) or _card_of_smcc(rows) or _by_values(rows)


_OWNER, _CARD = re.compile(r".*様"), re.compile(r"\d{4}-[\d*＊]{4}-[*＊]{4}-[\d*＊]{4}")


def _card_of_smcc(rows: Sequence[GridRow]) -> Columns | None:
    """三井住友カード: owner, number and card above; day, shop, amount, how, which part, paid this month, note; the total alone."""
    if not rows or len(rows[0][1]) < 3:
        return None
    owner, card = (as_text(cell).strip() for cell in rows[0][1][:2])
    if not (_OWNER.fullmatch(owner) and _CARD.fullmatch(card)):
        return None
    return Columns(body=1, date=0, outgoing=5, text=(1, 6), headings=(owner,), bare_total=True)


def _by_values(rows: Sequence[GridRow]) -> Columns:
    """One column of days, and one of amounts; or several columns of which only one reading makes every balance follow."""
    filled = [sum(cell != "" for cell in cells) for _, cells in rows]
    sample = [cells for (_, cells), full in zip(rows, filled, strict=True) if full * 2 > max(filled)]
    width = max((len(cells) for cells in sample), default=0)
    if len(sample) < 2 or width < 2:
        raise unknown_columns(rows, "date")
    values = [
        [as_text(cells[index]).strip() if index < len(cells) else "" for cells in sample]
        for index in range(width)
    ]
    days = [index for index in range(width) if _all_days(values[index])]
    amounts = [index for index in range(width) if index not in days and _all_amounts(values[index])]
    if any(_all_decimals(values[index]) for index in amounts):  # a cheque's number is no amount
        amounts = [index for index in amounts if not _all_whole(values[index])]
    if not days:
        raise unknown_columns(rows, "date")
    texts = [index for index in range(width) if index not in (*days, *amounts) and any(values[index])]
    longest = max(texts, key=lambda index: sum(map(len, values[index])), default=None)
    text = () if longest is None else (longest,)
    if len(amounts) == 1 and all(values[amounts[0]]):
        columns = with_direction(rows, Columns(body=0, date=days[0], amount=amounts[0], text=text))
        if columns.direction is None and unsigned(sample, amounts[0]):
            _refuse_letters(rows, values)
        return columns
    proved = list(_proved(days[0], amounts, values))
    if len(proved) != 1:
        raise unknown_columns(rows, "amount")
    return replace(Columns(body=0, date=days[0], text=text), **proved[0])  # type: ignore[arg-type]  # numbers of columns


def _refuse_letters(rows: Sequence[GridRow], values: list[list[str]]) -> None:
    """A column of single letters beside amounts without signs may well say which went out (O and I, A and E)."""
    for column in values:
        letters = {value for value in column if len(value) == 1 and value.isalpha()}
        if len(letters) > 1 and sum(value in letters for value in column) * 2 > len(column):
            raise unknown_direction("/".join(sorted(letters)), rows[0][0])


def _proved(date: int, amounts: list[int], values: list[list[str]]) -> Iterator[dict[str, int]]:
    """Every reading of the columns under which all running balances follow, oldest or newest first."""
    if len(amounts) > 5 or len(values[date]) <= _LINKS:
        return
    mark = decimal_mark(text for index in amounts for text in values[index]) or "."
    read = {index: [read_amount(text, mark) if text else None for text in values[index]] for index in amounts}
    whole = [index for index in amounts if None not in read[index]]
    for balance in whole:
        for amount in whole:
            if amount != balance and _follows(read[balance], read[amount]):
                yield {"amount": amount, "balance": balance}
        for incoming in amounts:
            for outgoing in amounts:
                if len({incoming, outgoing, balance}) == 3 and not {incoming, outgoing} <= set(whole):
                    moved = _moved(read[incoming], read[outgoing])
                    if moved is not None and _follows(read[balance], moved):
                        yield {"incoming": incoming, "outgoing": outgoing, "balance": balance}


def _moved(
    incoming: Sequence[Decimal | None], outgoing: Sequence[Decimal | None]
) -> list[Decimal | None] | None:
    """In less out, when every line has exactly one of the two."""
    if any((one is None) == (other is None) for one, other in zip(incoming, outgoing, strict=True)):
        return None
    return [
        one if one is not None else -abs(other or Decimal(0))
        for one, other in zip(incoming, outgoing, strict=True)
    ]


def _follows(balances: Sequence[Decimal | None], amounts: Sequence[Decimal | None]) -> bool:
    known = [(b, a) for b, a in zip(balances, amounts, strict=True) if b is not None and a is not None]
    return any(
        all(later[0] == earlier[0] + later[1] for earlier, later in pairwise(lines))
        for lines in (known, known[::-1])
    )


def _all_days(values: list[str]) -> bool:
    read = date_notation(values).read
    return all(value and read(value) is not None for value in values)


def _all_decimals(values: list[str]) -> bool:
    return all(_DECIMALS.fullmatch(value) for value in values)


def _all_whole(values: list[str]) -> bool:
    """Plain digits, as amounts beside others with cents are not written; and not on every line, like a balance."""
    return not all(values) and all(value.isdigit() for value in values if value)


def _all_amounts(values: list[str]) -> bool:
    mark = decimal_mark(values) or "."
    return any(values) and all(
        not value or (read_amount(value, mark) is not None and len(value) < 20) for value in values
    )
