"""Rows of a sheet that are no entries: totals, balances carried, blank rows, footnotes. What is left out is said."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from bofbot.reconcile.intake.cells import Cells
from bofbot.reconcile.intake.columns import Layout
from bofbot.records import Row, Table
from bofbot.words import Sentence

_LONGEST = 24
_JAPANESE = re.compile(
    r".{0,8}合計(?:額|金額)?|.{0,6}(?:小計|総計|累計)"
    r"|(?:総|中|日|月|年|期|当月|前月|今月|年度|部門|得意先|取引先|顧客|支店|科目|頁|ページ|\d+月分?|\d+月度)計"
    r"|(?:前月|前期|前年|前頁|前回|次月|次期|翌月|翌期|期首|期末|月初|月末)(?:より)?(?:繰越|残高)(?:残高|額|金額)?"
    r"|繰越(?:残高|額|金額)?"
)
"""Nobody is called so."""
_WEAK = re.compile(
    r"計|残高|(?:grand|sub|page|report|running|monthly|overall|net|invoice)?[- ]?totals?|sum"
    r"|(?:opening|closing|beginning|ending|starting|previous) balance"
    r"|balance (?:brought|carried) (?:forward|down)|(?:brought|carried) forward"
)
_HINT = re.compile("計|繰越|残高|otal|OTAL|um|UM|alance|ALANCE|orward|ORWARD").search
"""A cheap look before a close one."""


def without_totals(name: str, table: Table, said: list[Sentence]) -> Table:
    """The table without its rows of totals and balances carried, and without headings that stand there again on every page.

    Some words alone are not enough (TOTAL is a name at the pumps too): such a row must be emptier than most, or begin with it."""
    table = _without_headings(name, table, said)
    named = _rows_that_say_total(table)
    if not named:
        return table
    from statistics import median  # slow to import, and few tables hold totals

    full = [list(map(_is_filled, table.column(column))) for column in table.columns]
    filled = list(map(sum, zip(*full, strict=True)))
    first = {at: next(c for c, cells in zip(table.columns, full, strict=True) if cells[at]) for at in named}
    usual = median(filled)
    dropped = {
        at for at, (column, certain) in named.items() if certain or filled[at] < usual or column == first[at]
    }
    if not dropped:
        return table
    said.append(_said(name, len(dropped), ("total rows", "合計の行")))
    return table.only([at for at in range(len(table)) if at not in dropped])


def _without_headings(name: str, table: Table, said: list[Sentence]) -> Table:
    again = {
        at
        for column in table.columns[:2]
        for at, cell in enumerate(table.column(column))
        if cell == column and _says_headings(table[at], table)
    }
    if not again:
        return table
    said.append(_said(name, len(again), ("rows that repeat the headings", "見出しの繰り返し")))
    return table.only([at for at in range(len(table)) if at not in again])


def _says_headings(row: Row, table: Table) -> bool:
    """Does every filled cell of a row hold the heading of its column?"""
    return all(is_empty(value := row.get(column)) or value == column for column in table.columns)


def _rows_that_say_total(table: Table) -> dict[int, tuple[str, bool]]:
    """Position of each row with a cell that reads like a total → the first such column, and whether it can be nothing else."""
    found: dict[int, tuple[str, bool]] = {}
    for column in table.columns:
        cells = table.column(column)
        texts = cells if all(type(cell) is str for cell in cells) else [_text(cell) for cell in cells]
        totals = {text: how == "certain" for text in set(texts) if _HINT(text) and (how := _total(text))}
        for at, text in enumerate(texts) if totals else ():
            if text in totals:
                found.setdefault(at, (column, totals[text]))
    return found


def _text(value: Any) -> str:
    return value if type(value) is str else ""


@lru_cache(maxsize=4096)
def _total(text: str) -> str:
    """`certain`, `likely`, or empty."""
    if len(text) > _LONGEST:
        return ""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    plain = re.sub(r"\(.*\)$", "", plain.strip("*＊:：【】[]<>-=ー ")).strip(" :")
    for known, how in ((_JAPANESE, "certain"), (_WEAK, "likely")):
        if known.fullmatch(plain) or known.fullmatch("".join(plain.split())):
            return how
    return ""


def kept_rows(name: str, cells: Cells, layout: Layout, said: list[Sentence]) -> Sequence[int]:
    """Rows that carry an amount. A side that names its incoming (or outgoing) amounts alone means those rows alone."""
    count, columns = len(cells), cells.table.columns
    paid = [cells[c] for c in (layout.amount, layout.money_in, layout.money_out) if c]
    empty = [list(map(is_empty, column)) for column in paid]
    unpaid = [row for row, blank in enumerate(map(all, zip(*empty, strict=True))) if blank]
    others = [cells[column] for column in columns] if unpaid else []
    filled = {row: sum(not is_empty(column[row]) for column in others) for row in unpaid}
    blank = {row for row in unpaid if not filled[row]}
    notes = {row for row in unpaid if filled[row] == 1 and len(columns) > 2}
    nothing = set(unpaid) - blank - notes if not layout.amount else set()
    what = layout.money_in or layout.money_out
    if layout.money_in and layout.money_out:
        what = f"{layout.money_in} / {layout.money_out}"
    for rows, words in (
        (blank, ("blank rows", "空の行")),
        (notes, ("rows with nothing but a note", "注記だけの行")),
        (nothing, (f"rows without {what}", f"{what} のない行")),
    ):
        if rows:
            said.append(_said(name, len(rows), words))
    dropped = blank | notes | nothing
    return [row for row in range(count) if row not in dropped] if dropped else range(count)


def is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _is_filled(value: Any) -> bool:
    return not is_empty(value)


def _said(name: str, count: int, words: tuple[str, str]) -> Sentence:
    return Sentence(
        en=f"{name}: {count} {words[0]} left out", ja=f"{name}：{words[1]} {count} 行を除きました"
    )
