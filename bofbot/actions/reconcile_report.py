"""The workbook an accountant keeps: a page for the manager, every match with its reasons, breaks, journal lines, assumptions."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from bofbot.adapters.reportbook import Chart, Formula, Link, Page, Styled, write_pages
from bofbot.reconcile.explaining import explanation
from bofbot.reconcile.model import Break, Entry, Match, Result
from bofbot.words import Language, Sentence

GRADES = {
    "confirmed": Sentence(en="confirmed", ja="確定"),
    "suggested": Sentence(en="suggested", ja="要確認"),
    "ambiguous": Sentence(en="ambiguous", ja="判断不可"),
}
KINDS = {
    "unmatched": Sentence(en="nothing fits", ja="相手なし"),
    "duplicate": Sentence(en="possible duplicate", ja="重複の疑い"),
    "no_party": Sentence(en="unknown name", ja="名義の該当なし"),
    "several_sums": Sentence(en="several sums fit", ja="合算が一意でない"),
    "not_searched": Sentence(en="not searched", ja="未探索"),
    "opposite": Sentence(en="opposite sign", ja="符号が逆"),
}
BUCKETS = ((0, 30), (31, 60), (61, 90), (91, None))
"""Days of age; the last has no end."""
MARKS = ("✓", "×")

_SHEETS = {
    "summary": Sentence(en="Summary", ja="要約"),
    "matches": Sentence(en="Matches", ja="照合"),
    "breaks": Sentence(en="Breaks", ja="未照合"),
    "journal": Sentence(en="Journal", ja="仕訳案"),
    "notes": Sentence(en="Assumptions", ja="前提"),
}
MATCH_HEADINGS = (
    Sentence(en="✓", ja="✓"), Sentence(en="no.", ja="No."), Sentence(en="grade", ja="判定"), Sentence(en="kind", ja="対応"),
    Sentence(en="rule", ja="ルール"), Sentence(en="left", ja="左"), Sentence(en="right", ja="右"),
    Sentence(en="left amount", ja="左の金額"), Sentence(en="right amount", ja="右の金額"),
    Sentence(en="difference", ja="差額"), Sentence(en="difference by kind", ja="差額の内訳"),
    Sentence(en="points", ja="点"), Sentence(en="ahead by", ja="次点との差"), Sentence(en="reasons", ja="根拠"),
    Sentence(en="other candidates", ja="ほかの候補"), Sentence(en="left cell", ja="左の行"), Sentence(en="right cell", ja="右の行"),
    Sentence(en="left date", ja="左の日付"), Sentence(en="left text", ja="左の名義・摘要"),
    Sentence(en="right date", ja="右の日付"), Sentence(en="right name", ja="右の名称"),
    Sentence(en="key", ja="key"),
)  # fmt: skip
_AMOUNT, _GRADE = 7, 2


def write_report(path: Path, result: Result, language: Language = "ja") -> None:
    """Write the report, whole or not at all. Raises as the workbook door does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_pages(path, pages_of(result, language, path.parent))


def pages_of(result: Result, language: Language, folder: Path) -> list[Page]:
    """The pages, ready for the workbook or for HTML. Links are relative to `folder`."""
    matches = _matches(result, language, folder)
    breaks = _breaks(result, language, folder)
    return [_summary(result, language), matches, breaks, _journal(result, language), _notes(result, language)]


def sheet_name(which: str, language: Language) -> str:
    return _SHEETS[which].said_in(language)


def _t(language: Language, en: str, ja: str) -> str:
    return ja if language == "ja" else en


def _summary(result: Result, language: Language) -> Page:
    names = (result.left_name, result.right_name)
    rows: list[list[Any]] = [
        [Styled(_t(language, f"Reconciliation: {names[0]} and {names[1]}", f"突合結果　{names[0]} と {names[1]}"), "title")],
        [Styled(_t(language, f"as of {result.as_of}", f"基準日 {result.as_of}") if result.as_of else "", "note")],
        [],
        [Styled(h, "heading") for h in ("", _t(language, "total", "合計"), *(s.said_in(language) for s in GRADES.values()), _t(language, "open", "未照合"), _t(language, "check", "検算"))],
    ]  # fmt: skip
    many = len(result.totals) > 1
    for side, name in (("left", names[0]), ("right", names[1])):
        entries: Sequence[Entry] = getattr(result, side)
        total = sum((entry.amount for entry in entries), Decimal(0))
        line = len(rows) + 1
        graded = [Formula(_graded(language, side, grade), _sum_of(result, side, grade)) for grade in GRADES]
        still = Formula(
            _opened(language, side), sum((b.amount for b in result.breaks if b.side == side), Decimal(0))
        )
        check = Formula(f'=IF(ROUND(B{line}-SUM(C{line}:F{line}),4)=0,"OK","NG")', "OK", "good")
        rows.append([name, Styled(total, "strong_money"), *graded, still, check])
    if many:
        rows.append([Styled(_t(language, "several currencies are added up here; see below by currency", "複数通貨の単純合計です。通貨別は下表を参照してください"), "note")])  # fmt: skip
        rows += [[f"{t.currency or '—'}　{name}", *[Styled(v, "money") for v in values]] for t in result.totals for name, values in ((names[0], (t.left_total, t.left_matched, t.left_open)), (names[1], (t.right_total, t.right_matched, t.right_open)))]  # fmt: skip
    sheet = sheet_name("matches", language)
    rows.append([_t(language, "difference of matches", "照合済みの差額"), Formula(f"=SUM('{sheet}'!J2:J{len(result.matches) + 1})", sum((m.difference for m in result.matches), start=Decimal(0)))])  # fmt: skip
    rows += [[], [Styled(h, "heading") for h in (_t(language, "rows", "件数"), *(s.said_in(language) for s in GRADES.values()), _t(language, "open", "未照合"))]]  # fmt: skip
    for side, name in (("left", names[0]), ("right", names[1])):
        counts = [sum(len(getattr(m, side)) for m in result.matches if m.grade == grade) for grade in GRADES]
        rows.append([name, *counts, sum(b.side == side for b in result.breaks)])
    rows += [
        [],
        [
            Styled(_t(language, "age of open rows", "未照合の経過日数"), "heading"),
            Styled(names[0], "heading"),
            Styled(names[1], "heading"),
        ],
    ]
    first = len(rows)
    for low, high in BUCKETS:
        label = _t(
            language,
            f"{low}–{high} days" if high else f"{low} days and more",
            f"{low}〜{high}日" if high else f"{low}日以上",
        )
        rows.append([label, *(_aged(result, side, low, high) for side in ("left", "right"))])
    last = len(rows) - 1
    rows += [
        [],
        [
            Styled(_t(language, "kind of break", "未照合の種類"), "heading"),
            Styled(names[0], "heading"),
            Styled(names[1], "heading"),
        ],
    ]
    for kind, said in KINDS.items():
        if not any(item.kind == kind for item in result.breaks):
            continue
        rows.append(
            [
                said.said_in(language),
                *(
                    sum(b.kind == kind and b.side == side for b in result.breaks)
                    for side in ("left", "right")
                ),
            ]
        )
    chart = Chart(
        _t(language, "Open rows by age", "未照合の件数（経過日数別）"), "I4", (first, last, 0), (1, 2)
    )
    return Page(sheet_name("summary", language), rows, (26, 18, 18, 18, 18, 18, 10), charts=(chart,))


def _graded(language: Language, side: str, grade: str) -> str:
    sheet = sheet_name("matches", language)
    column = "H" if side == "left" else "I"
    return f"=SUMIFS('{sheet}'!${column}:${column},'{sheet}'!$C:$C,\"{GRADES[grade].said_in(language)}\")"


def _opened(language: Language, side: str) -> str:
    sheet = sheet_name("breaks", language)
    return f"=SUMIFS('{sheet}'!$E:$E,'{sheet}'!$A:$A,\"{_side_word(side, language)}\")"


def _side_word(side: str, language: Language) -> str:
    return _t(language, side, "左" if side == "left" else "右")


def _sum_of(result: Result, side: str, grade: str) -> Any:
    entries: Sequence[Entry] = getattr(result, side)
    return sum(
        (entries[row].amount for m in result.matches if m.grade == grade for row in getattr(m, side)),
        Decimal(0),
    )


def _aged(result: Result, side: str, low: int, high: int | None) -> int:
    return sum(
        b.side == side and b.age is not None and max(b.age, 0) >= low and (high is None or b.age <= high)
        for b in result.breaks
    )


def _matches(result: Result, language: Language, folder: Path) -> Page:
    rows: list[list[Any]] = [[heading.said_in(language) for heading in MATCH_HEADINGS]]
    looks = {"confirmed": "good", "suggested": "warn", "ambiguous": "bad"}
    for number, match in enumerate(result.matches, start=1):
        left, right = (
            [side[row] for row in rows_]
            for side, rows_ in ((result.left, match.left), (result.right, match.right))
        )
        line = len(rows) + 1
        rows.append(
            [
                Styled("", "mark"), number, Styled(GRADES[match.grade].said_in(language), looks[match.grade]),  # type: ignore[arg-type]
                match.kind, match.rule, _ids(left), _ids(right),
                Styled(sum((e.amount for e in left), Decimal(0)), "money"),
                Styled(sum((e.amount for e in right), Decimal(0)), "money"),
                Formula(f"=H{line}-I{line}", match.difference), _by_kind(match, language), match.points, match.margin,
                explanation(match, language), _others(result, match), _link(left[0], folder), _link(right[0], folder),
                *_who(left), *_who(right),
                json.dumps({"left": [e.id for e in left], "right": [e.id for e in right]}, ensure_ascii=False),
            ]
        )  # fmt: skip
    widths = (4, 6, 9, 7, 16, 22, 22, 14, 14, 10, 22, 7, 9, 60, 30, 16, 16, 12, 30, 12, 26, 10)
    return Page(
        sheet_name("matches", language), rows, widths, heading_row=0, hidden_columns=(21,), choices={0: MARKS}
    )


def _who(entries: Sequence[Entry]) -> tuple[Any, str]:
    """The first date of a match's rows and whom they name, each once."""
    days = [entry.date for entry in entries if entry.date]
    return min(days, default=None), " / ".join(dict.fromkeys(entry.party or entry.text for entry in entries))


def _ids(entries: Sequence[Entry]) -> str:
    return " + ".join(entry.id for entry in entries)


def _by_kind(match: Match, language: Language) -> str:
    from bofbot.reconcile.differences import WORDS

    return "、".join(f"{WORDS[part.kind].said_in(language)} {part.amount:,}" for part in match.differences)


def _others(result: Result, match: Match) -> str:
    return " / ".join(
        f"{_ids([result.left[r] for r in left])} = {_ids([result.right[r] for r in right])} ({points:.1f})"
        for left, right, points in match.alternatives
    )


def _link(entry: Entry, folder: Path) -> Any:
    source = entry.source
    where = f"{source.sheet}!{source.row}" if source.sheet else f"{Path(source.file).name}:{source.row}"
    if not source.file or Path(source.file).suffix.lower() not in (".xlsx", ".xlsm", ".xls", ".ods"):
        return where
    target = _relative(Path(source.file), folder)
    return Link(f"external:{target}#'{source.sheet}'!A{source.row}", where)


def _relative(file: Path, folder: Path) -> str:
    import os

    return Path(os.path.relpath(file, folder)).as_posix()


def _breaks(result: Result, language: Language, folder: Path) -> Page:
    headings = (("side", "側"), ("kind", "種類"), ("id", "番号"), ("date", "日付"), ("amount", "金額"), ("age (days)", "経過日数"), ("name or text", "名義・摘要"), ("reason", "理由"), ("nearest", "関連"), ("cell", "元の行"), ("open since", "繰越元"))  # fmt: skip
    rows: list[list[Any]] = [[_t(language, en, ja) for en, ja in headings]]
    ordered = sorted(result.breaks, key=lambda b: (b.side, b.kind, -(b.age or 0), b.row))
    for item in ordered:
        rows.append(_break_row(result, item, language, folder))
    return Page(
        sheet_name("breaks", language), rows, (7, 16, 16, 12, 14, 10, 34, 44, 16, 16, 12), heading_row=0
    )


def _break_row(result: Result, item: Break, language: Language, folder: Path) -> list[Any]:
    entry = (result.left if item.side == "left" else result.right)[item.row]
    old = item.age is not None and item.age > 60
    return [
        _side_word(item.side, language), KINDS[item.kind].said_in(language) if item.kind in KINDS else item.kind, entry.id, entry.date, Styled(entry.amount, "money"),
        Styled(item.age, "bad" if old else ""), entry.party or entry.text, item.reason.said_in(language), item.nearest,
        _link(entry, folder), entry.carried_since,
    ]  # fmt: skip


def _journal(result: Result, language: Language) -> Page:
    headings = (
        ("date", "日付"),
        ("debit", "借方"),
        ("credit", "貸方"),
        ("amount", "金額"),
        ("memo", "摘要"),
        ("match no.", "照合No."),
    )
    rows: list[list[Any]] = [[_t(language, en, ja) for en, ja in headings]]
    rows += [
        [j.date, j.debit, j.credit, Styled(j.amount, "money"), j.memo, j.match + 1] for j in result.journal
    ]
    return Page(sheet_name("journal", language), rows, (12, 18, 18, 14, 34, 10), heading_row=0)


def _notes(result: Result, language: Language) -> Page:
    rows: list[list[Any]] = [[Styled(_t(language, "What was assumed", "前提"), "title")]]
    rows += [[Styled(said.said_in(language), "wrap")] for said in result.assumptions]
    rows += [[], [Styled(_t(language, "Stages", "処理の段階"), "title")]]
    for stage in result.stages:
        rows.append(
            [
                stage.sentence.said_in(language),
                *(f"{name} = {value}" for name, value in stage.figures.items()),
            ]
        )
    return Page(sheet_name("notes", language), rows, (90, 22, 22, 22, 22))
