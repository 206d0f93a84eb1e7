"""The workbook an accountant keeps: a page for the manager, every match with its reasons, breaks, journal lines, assumptions."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from bofbot.actions.reconciliation.html import is_html, write_html
from bofbot.actions.reconciliation.summary import summary_page
from bofbot.actions.reconciliation.words import GRADES, KINDS, said, sheet_name, side_name
from bofbot.adapters.workbooks.pages import Formula, Link, Look, Page, Styled
from bofbot.adapters.workbooks.reportbook import write_pages
from bofbot.reconcile.model import Break, Entry, Match, Result
from bofbot.reconcile.outcome.carry import CARRIED
from bofbot.reconcile.outcome.explaining import explanation
from bofbot.words import Language

MARKS = ("✓", "×")

_Columns = Mapping[str, tuple[str, str, int, Look]]
"""Key of a column → its heading in both languages ({left} and {right} are the sides' names), width, and look."""

_MATCHES: _Columns = {
    "mark": ("✓", "✓", 4, "mark"), "number": ("no.", "No.", 6, "count"), "grade": ("grade", "判定", 10, ""),
    "left_id": ("{left}: id", "{left}\n番号", 13, "wrap"), "left_date": ("{left}: date", "{left}\n日付", 11, "day"),
    "left_text": ("{left}: text", "{left}\n名義・摘要", 23, "wrap"),
    "left_amount": ("{left}: amount", "{left}\n金額", 13, "money"),
    "right_id": ("{right}: id", "{right}\n番号", 13, "wrap"), "right_date": ("{right}: date", "{right}\n日付", 11, "day"),
    "right_name": ("{right}: name", "{right}\n名称", 23, "wrap"),
    "right_amount": ("{right}: amount", "{right}\n金額", 13, "money"),
    "difference": ("difference", "差額", 10, "money"), "by_kind": ("kinds of difference", "差額の内訳", 16, "wrap"),
    "reasons": ("reasons", "根拠", 44, "wrap"), "others": ("other candidates", "ほかの候補", 26, "wrap"),
    "kind": ("kind", "対応", 7, ""), "rule": ("rule", "ルール", 18, ""), "points": ("points", "点", 8, "points"),
    "ahead": ("ahead by", "次点との差", 10, "points"), "left_cell": ("{left}: cell", "{left}\n元の行", 16, ""),
    "right_cell": ("{right}: cell", "{right}\n元の行", 16, ""), "key": ("key", "key", 10, ""),
}  # fmt: skip
_PRINTED = 15
"""What a person needs on paper ends with the other candidates."""
_BREAKS: _Columns = {
    "side": ("side", "側", 12, ""), "kind": ("kind", "種類", 16, ""), "id": ("id", "番号", 16, ""),
    "date": ("date", "日付", 11, "day"), "amount": ("amount", "金額", 14, "money"), "age": ("age (days)", "経過日数", 9, "count"),
    "name": ("name or text", "名義・摘要", 32, "wrap"), "reason": ("reason", "理由", 44, "wrap"),
    "nearest": ("nearest", "関連", 16, "wrap"), "cell": ("cell", "元の行", 16, ""), "since": ("open since", "繰越元", 11, "day"),
}  # fmt: skip
_JOURNAL: _Columns = {
    "date": ("date", "日付", 11, "day"), "debit": ("debit", "借方", 20, ""), "credit": ("credit", "貸方", 20, ""),
    "amount": ("amount", "金額", 15, "money"), "memo": ("memo", "摘要", 40, "wrap"), "match": ("match no.", "照合No.", 9, "count"),
}  # fmt: skip
_LOOKS: Mapping[str, Look] = {"confirmed": "good", "suggested": "warn", "ambiguous": "bad"}
_ORDER = ("suggested", "ambiguous", "confirmed")
"""What waits for a person stands above what is settled."""
_OLD = 60


def write_report(path: Path, result: Result, language: Language = "ja") -> None:
    """Write the report, whole or not at all: a workbook, or for `.html` a page. Raises as the workbook door does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pages = pages_of(result, language, path.parent)
    if is_html(path):
        write_html(path, f"{result.left_name} / {result.right_name}", pages, language)
    else:
        write_pages(path, pages, language)


def pages_of(result: Result, language: Language, folder: Path) -> list[Page]:
    """The pages, ready for the workbook or for HTML. Links are relative to `folder`."""
    letters = {"matches": _letters(_MATCHES), "breaks": _letters(_BREAKS)}
    return [
        summary_page(result, language, letters),
        _matches(result, language, folder),
        _breaks(result, language, folder),
        _journal(result, language),
        _notes(result, language),
    ]


def _letters(columns: _Columns) -> dict[str, str]:
    return {key: chr(ord("A") + at) for at, key in enumerate(columns)}


def _page(which: str, columns: _Columns, rows: Sequence[Mapping[str, Any]], result: Result, language: Language, **more: Any) -> Page:  # fmt: skip
    """A sheet of one table: rows as values by the keys of their columns."""
    names = {side: side_name(result, side, language) for side in ("left", "right")}
    headings = [said(language, en, ja).format(**names) for en, ja, _, _ in columns.values()]
    cells = [[row.get(key) for key in columns] for row in rows]
    widths, looks = [how[2] for how in columns.values()], [how[3] for how in columns.values()]
    return Page(sheet_name(which, language), [headings, *cells], widths, looks, heading_row=0, **more)


def _matches(result: Result, language: Language, folder: Path) -> Page:
    numbered = sorted(enumerate(result.matches, start=1), key=lambda pair: _ORDER.index(pair[1].grade))
    rows = [
        _match_row(result, match, number, line, language, folder)
        for line, (number, match) in enumerate(numbered, start=2)
    ]
    hidden, choices = [list(_MATCHES).index("key")], {0: MARKS}
    return _page(
        "matches", _MATCHES, rows, result, language,
        hidden_columns=hidden, choices=choices, printed=_PRINTED, kept_columns=3,
    )  # fmt: skip


def _match_row(
    result: Result, match: Match, number: int, line: int, language: Language, folder: Path
) -> dict[str, Any]:
    left, right = [result.left[row] for row in match.left], [result.right[row] for row in match.right]
    letters = _letters(_MATCHES)
    left_date, left_text = _who(left)
    right_date, right_name = _who(right)
    key = {"left": [entry.id for entry in left], "right": [entry.id for entry in right]}
    return {
        "mark": None, "number": number, "grade": Styled(GRADES[match.grade].said_in(language), _LOOKS[match.grade]),
        "left_id": _ids(left), "left_date": left_date, "left_text": left_text, "left_amount": _sum(left),
        "right_id": _ids(right), "right_date": right_date, "right_name": right_name, "right_amount": _sum(right),
        "difference": Formula(f"={letters['left_amount']}{line}-{letters['right_amount']}{line}", match.difference),
        "by_kind": _by_kind(match, language), "reasons": explanation(match, language), "others": _others(result, match),
        "kind": match.kind, "rule": match.rule, "points": match.points, "ahead": match.margin,
        "left_cell": _link(left[0], folder), "right_cell": _link(right[0], folder),
        "key": json.dumps(key, ensure_ascii=False),
    }  # fmt: skip


def _who(entries: Sequence[Entry]) -> tuple[Any, str]:
    """The first date of a match's rows and whom they name, each once."""
    days = [entry.date for entry in entries if entry.date]
    return min(days, default=None), " / ".join(dict.fromkeys(entry.party or entry.text for entry in entries))


def _ids(entries: Sequence[Entry]) -> str:
    return " + ".join(entry.id for entry in entries)


def _sum(entries: Sequence[Entry]) -> Decimal:
    return sum((entry.amount for entry in entries), Decimal(0))


def _by_kind(match: Match, language: Language) -> str:
    from bofbot.reconcile.outcome.differences import WORDS

    return said(language, ", ", "、").join(
        f"{WORDS[part.kind].said_in(language)} {part.amount:,}" for part in match.differences
    )


def _others(result: Result, match: Match) -> str:
    return " / ".join(
        f"{_ids([result.left[r] for r in left])} = {_ids([result.right[r] for r in right])} ({points:.1f})"
        for left, right, points in match.alternatives
    )


def _link(entry: Entry, folder: Path) -> Any:
    source = entry.source
    if source.file == CARRIED:
        return ""
    where = f"{source.sheet}!{source.row}" if source.sheet else f"{Path(source.file).name}:{source.row}"
    if not source.file or Path(source.file).suffix.lower() not in (".xlsx", ".xlsm", ".xls", ".ods"):
        return where
    target = Path(os.path.relpath(source.file, folder)).as_posix()
    return Link(f"external:{target}#'{source.sheet}'!A{source.row}", where)


def _breaks(result: Result, language: Language, folder: Path) -> Page:
    ordered = sorted(result.breaks, key=lambda b: (b.side, b.kind, -(b.age or 0), b.row))
    rows = [_break_row(result, item, language, folder) for item in ordered]
    return _page("breaks", _BREAKS, rows, result, language)


def _break_row(result: Result, item: Break, language: Language, folder: Path) -> dict[str, Any]:
    entry = (result.left if item.side == "left" else result.right)[item.row]
    old = item.age is not None and item.age > _OLD
    return {
        "side": side_name(result, item.side, language),
        "kind": KINDS[item.kind].said_in(language) if item.kind in KINDS else item.kind,
        "id": entry.id, "date": entry.date, "amount": entry.amount, "age": Styled(item.age, "bad") if old else item.age,
        "name": entry.party or entry.text, "reason": item.reason.said_in(language), "nearest": item.nearest,
        "cell": _link(entry, folder), "since": entry.carried_since,
    }  # fmt: skip


def _journal(result: Result, language: Language) -> Page:
    rows = [
        {"date": line.date, "debit": line.debit, "credit": line.credit, "amount": line.amount, "memo": line.memo, "match": line.match + 1}
        for line in result.journal
    ]  # fmt: skip
    return _page("journal", _JOURNAL, rows, result, language)


def _notes(result: Result, language: Language) -> Page:
    rows: list[list[Any]] = [[Styled(said(language, "What was assumed", "前提"), "title")]]
    rows += [[Styled(remark.said_in(language), "wrap")] for remark in result.assumptions]
    rows += [[], [Styled(said(language, "Stages", "処理の段階"), "title")]]
    for stage in result.stages:
        figures = said(language, ", ", "、").join(
            f"{name} = {value}" for name, value in stage.figures.items()
        )
        rows.append([Styled(stage.sentence.said_in(language), "wrap"), Styled(figures, "wrap")])
    return Page(sheet_name("notes", language), rows, (90, 50))
