"""Rows of a workbook written as lines that remember the types of their cells, so that they are compared as bytes.

Each record is the texts of its cells and, behind them, one letter for the type of each. Records that are equal byte for byte
have equal values; equal texts of other types mean the same (1000 and "1000"), as `compare` has it.
"""

from __future__ import annotations

import csv
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from itertools import islice
from typing import Any

import numpy as np

from bofbot.errors import Cell
from bofbot.reconcile.arrays import Ints
from bofbot.reconcile.comparison.compare_lines import LineTable
from bofbot.reconcile.comparison.lines import PADDING, Lines, NotPlain
from bofbot.records import Row

_BETWEEN = "\x1f"
"""No cell of a workbook holds this: XML has no such character."""
_AT_ONCE = 2_000
_LETTERS = {str: "s", Decimal: "n", date: "d", datetime: "t"}
_ODD = "o"


@dataclass(frozen=True, slots=True)
class TypedTable(LineTable):
    """The rows of a sheet below its headings."""

    row_numbers: Ints
    odd: Mapping[str, Any]
    """Text → value, for types that are rare in cells: truth, times of day, durations."""

    def values(self, places: Ints) -> Iterator[dict[str, Any]]:
        """The cells of some records by their headings, as they were read."""
        names = tuple(self.columns)
        for cells in self.lines.parsed(places):
            letters = cells.pop()
            if letters.count("s") < len(letters):
                cells = [self._value(*typed) for typed in zip(cells, letters, strict=True)]
            yield dict(zip(names, cells, strict=True))

    def numbers(self, places: Ints) -> Ints:
        found: Ints = self.row_numbers[places]
        return found

    def coded(self, names: Sequence[str]) -> Ints:
        """A number for each record's key; blank rows were never written."""
        return self.lines.codes([self.columns[name] for name in names])[0]

    def _value(self, text: str, letter: str) -> Any:
        match letter:
            case "s":
                return text
            case "n":
                return Decimal(text)
            case "d":
                return date.fromisoformat(text)
            case "t":
                return datetime.fromisoformat(text)
        return self.odd[text]


def typed_table(columns: Sequence[str], rows: Iterable[Row], source: Cell) -> TypedTable:
    """The rows, each forgotten once it is written. Raises NotPlain, and whatever reading the rows raises."""
    data = bytearray()
    numbers, odd = array("i"), dict[str, Any]()
    coming = iter(rows)
    while some := list(islice(coming, _AT_ONCE)):
        numbers.extend([row.source.row for row in some])
        out = StringIO()
        writer = csv.writer(out, delimiter=_BETWEEN, lineterminator="\n")
        writer.writerows([_record(row.values_by_column.values(), odd) for row in some])
        try:
            data += out.getvalue().encode()
        except UnicodeEncodeError:
            raise NotPlain from None
    if data.find(0) >= 0:
        raise NotPlain
    data += bytes(PADDING)
    positions = {name: at for at, name in enumerate(columns)}
    return TypedTable(Lines(data, _BETWEEN), positions, source, np.array(numbers, dtype=np.int32), odd)


def _record(values: Iterable[Any], odd: dict[str, Any]) -> list[str]:
    texts, letters = [], ""
    for value in values:
        letter = _LETTERS.get(type(value), _ODD)
        text = value if letter == "s" else str(value)
        if letter == _ODD and odd.setdefault(text, value) != value:
            raise NotPlain
        letters += letter
        texts.append(text)
    texts.append(letters)
    return texts
