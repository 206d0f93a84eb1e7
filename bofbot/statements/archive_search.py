"""What an archive is asked: conditions of which every one must hold for one and the same dealing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bofbot.statements.archive_index import scaled
from bofbot.statements.archive_record import plain_name


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for; everything given must hold for one and the same dealing."""

    day_from: date | None = None
    day_to: date | None = None
    amount_from: Decimal | None = None
    amount_to: Decimal | None = None
    """Amounts are compared without their sign: a payment of 1,000 is found by 1000."""
    counterparty: str = ""
    text: str = ""
    """Words of the document (full text)."""
    all_versions: bool = False
    limit: int = 1000

    def conditions(self) -> tuple[list[str], list[object]]:
        """Conditions in SQL, and the values for their question marks."""
        return _conditions(self)


def _conditions(wanted: Search) -> tuple[list[str], list[object]]:
    conditions: list[str] = []
    values: list[object] = []
    if wanted.day_from or wanted.day_to:
        conditions.append("keys.day BETWEEN ? AND ?")
        values += [(wanted.day_from or date.min).isoformat(), (wanted.day_to or date.max).isoformat()]
    if wanted.amount_from is not None or wanted.amount_to is not None:
        low = scaled(abs(wanted.amount_from)) if wanted.amount_from is not None else 0
        high = scaled(abs(wanted.amount_to)) if wanted.amount_to is not None else 2**62
        conditions.append("(keys.amount BETWEEN ? AND ? OR keys.amount BETWEEN ? AND ?)")
        values += [low, high, -(high or 0), -(low or 0)]
    if wanted.counterparty:
        conditions += _containing("who", plain_name(wanted.counterparty), values)
        conditions.append("instr(keys.who, ?) > 0")
        values.append(plain_name(wanted.counterparty))
    if wanted.text:
        conditions += _containing("text", plain_name(wanted.text), values)
    return conditions, values


_FINDING = {
    ("who", True): "keys.seq IN (SELECT rowid FROM words WHERE who LIKE ?)",
    ("text", True): "keys.seq IN (SELECT rowid FROM words WHERE text LIKE ?)",
    ("text", False): "keys.seq IN (SELECT rowid FROM words WHERE instr(text, ?) > 0)",
}
"""Column, and whether its index of three-letter runs can be used."""


def _containing(column: str, word: str, values: list[object]) -> list[str]:
    """Full text by runs of three letters; shorter words (給与) and those with % or _ are looked for one by one."""
    indexed = len(word) >= 3 and "%" not in word and "_" not in word
    condition = _FINDING.get((column, indexed))
    if condition is None:
        return []
    values.append(f"%{word}%" if indexed else word)
    return [condition]
