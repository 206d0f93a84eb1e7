"""The first page of a reconciliation report, for a manager: totals that close by formulas, counts, ages, and a chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from bofbot.actions.reconciliation.words import GRADES, KINDS, said, sheet_name, side_name
from bofbot.adapters.workbooks.pages import Chart, Formula, Page, Styled
from bofbot.reconcile.model import Entry, Result
from bofbot.words import Language

BUCKETS = ((0, 30), (31, 60), (61, 90), (91, None))
"""Days of age; the last has no end."""
SIDES = ("left", "right")

Rows = list[list[Any]]


def summary_page(result: Result, language: Language, letters: Mapping[str, Mapping[str, str]]) -> Page:
    """The page. `letters` names the columns of the other sheets that its formulas add up."""
    title = said(
        language,
        f"Reconciliation: {result.left_name} and {result.right_name}",
        f"突合結果　{result.left_name} と {result.right_name}",
    )
    day = said(language, f"as of {result.as_of}", f"基準日 {result.as_of}") if result.as_of else ""
    rows: Rows = [[Styled(title, "title")], [Styled(day, "note")], []]
    rows += _totals(result, language, letters, first=len(rows) + 1)
    rows += _by_currency(result, language)
    rows += [[], *_differences(result, language, letters["matches"], first=len(rows) + 2)]
    rows += [[], *_counts(result, language), []]
    ages = len(rows)
    rows += [*_ages(result, language), [], *_kinds(result, language)]
    chart = Chart(
        said(language, "Open rows by age", "未照合の件数（経過日数別）"),
        f"E{ages + 1}",
        (ages + 1, ages + len(BUCKETS), 0),
        (1, 2),
    )
    return Page(sheet_name("summary", language), rows, (26, 18, 18, 18, 18, 18, 10), charts=(chart,))


def _totals(result: Result, language: Language, letters: Mapping[str, Mapping[str, str]], first: int) -> Rows:
    """One line for each side: its total, what is matched by grade, what is open, and whether they agree."""
    rows = [
        _heading(
            "", said(language, "total", "合計"), *_graded_words(language), said(language, "check", "検算")
        )
    ]
    for line, side in enumerate(SIDES, start=first + 1):
        entries: Sequence[Entry] = getattr(result, side)
        graded = [
            Formula(_sum_where(letters["matches"], language, side, grade), _sum_of(result, side, grade))
            for grade in GRADES
        ]
        name = side_name(result, side, language)
        still = sum((item.amount for item in result.breaks if item.side == side), Decimal(0))
        where = letters["breaks"]
        sheet = sheet_name("breaks", language)
        total = sum((entry.amount for entry in entries), Decimal(0))
        rows.append(
            [
                Styled(name, "label"),
                Styled(total, "strong_money"),
                *graded,
                Formula(
                    f"=SUMIFS({_column(sheet, where['amount'])},{_column(sheet, where['side'])},$A{line})",
                    still,
                ),
                Formula(f'=IF(ROUND(B{line}-SUM(C{line}:F{line}),4)=0,"OK","NG")', "OK", "good"),
            ]
        )
    return rows


def _by_currency(result: Result, language: Language) -> Rows:
    """The totals of each currency, where there are several."""
    if len(result.totals) < 2:
        return []
    note = said(
        language,
        "several currencies are added up above; here by currency",
        "上の表は複数通貨の単純合計です。通貨別の合計は次のとおりです",
    )
    words = (("total", "合計"), ("matched", "照合済み"), ("open", "未照合"))
    rows: Rows = [[], [Styled(note, "note")]]
    rows.append(_heading(said(language, "currency", "通貨"), *(said(language, *pair) for pair in words)))
    for total in result.totals:
        for side in SIDES:
            name = f"{total.currency or '—'}　{side_name(result, side, language)}"
            sums = [getattr(total, f"{side}_{part}") for part in ("total", "matched", "open")]
            rows.append([Styled(name, "label"), *(Styled(value, "money") for value in sums)])
    return rows


def _differences(result: Result, language: Language, where: Mapping[str, str], first: int) -> Rows:
    """The difference of all matches, and of what kinds it is made up."""
    from bofbot.reconcile.outcome.differences import WORDS

    parts: dict[str, list[Decimal]] = {}
    for match in result.matches:
        for part in match.differences:
            parts.setdefault(part.kind, []).append(part.amount)
    sheet = sheet_name("matches", language)
    column = where["difference"]
    whole = sum((match.difference for match in result.matches), start=Decimal(0))
    added = f"=SUM('{sheet}'!{column}2:{column}{len(result.matches) + 1})"
    rows: Rows = [
        _heading(
            said(language, "difference of matches", "照合済みの差額"),
            said(language, "amount", "金額"),
            said(language, "count", "件数"),
            said(language, "check", "検算"),
        )
    ]
    for kind in sorted(parts, key=lambda kind: abs(sum(parts[kind], Decimal(0))), reverse=True):
        name = WORDS[kind].said_in(language)
        rows.append(
            [
                Styled(name, "label"),
                Styled(sum(parts[kind], Decimal(0)), "money"),
                Styled(len(parts[kind]), "count"),
            ]
        )
    last = first + len(rows)
    made_up = f"SUM(B{first + 1}:B{last - 1})" if parts else "0"
    check = Formula(f'=IF(ROUND(B{last}-{made_up},4)=0,"OK","NG")', "OK", "good")
    return [
        *rows,
        [Styled(said(language, "sum", "計"), "strong"), Formula(added, whole, "strong_money"), None, check],
    ]


def _counts(result: Result, language: Language) -> Rows:
    rows = [
        _heading(said(language, "rows", "件数"), said(language, "total", "合計"), *_graded_words(language))
    ]
    for side in SIDES:
        counts = [sum(len(getattr(m, side)) for m in result.matches if m.grade == grade) for grade in GRADES]
        counts.append(sum(item.side == side for item in result.breaks))
        name = side_name(result, side, language)
        rows.append([Styled(name, "label"), *(Styled(count, "count") for count in (sum(counts), *counts))])
    return rows


def _ages(result: Result, language: Language) -> Rows:
    rows = [_heading(said(language, "age of open rows", "未照合の経過日数"), *_names(result, language))]
    for low, high in BUCKETS:
        label = said(
            language,
            f"{low}–{high} days" if high else f"{low} days and more",
            f"{low}〜{high}日" if high else f"{low}日以上",
        )
        rows.append(
            [Styled(label, "label"), *(Styled(_aged(result, side, low, high), "count") for side in SIDES)]
        )
    return rows


def _kinds(result: Result, language: Language) -> Rows:
    rows = [_heading(said(language, "kind of break", "未照合の種類"), *_names(result, language))]
    for kind, word in KINDS.items():
        counts = [sum(b.kind == kind and b.side == side for b in result.breaks) for side in SIDES]
        if any(counts):
            rows.append(
                [Styled(word.said_in(language), "label"), *(Styled(count, "count") for count in counts)]
            )
    return rows


def _heading(first: str, *figures: str) -> list[Any]:
    return [Styled(first, "heading"), *(Styled(word, "heading_right") for word in figures)]


def _graded_words(language: Language) -> list[str]:
    return [*(word.said_in(language) for word in GRADES.values()), said(language, "open", "未照合")]


def _names(result: Result, language: Language) -> list[str]:
    return [side_name(result, side, language) for side in SIDES]


def _sum_where(where: Mapping[str, str], language: Language, side: str, grade: str) -> str:
    """The formula that adds up one side of the matches of a grade."""
    sheet = sheet_name("matches", language)
    amounts, grades = _column(sheet, where[f"{side}_amount"]), _column(sheet, where["grade"])
    return f'=SUMIFS({amounts},{grades},"{GRADES[grade].said_in(language)}")'


def _column(sheet: str, letter: str) -> str:
    return f"'{sheet}'!${letter}:${letter}"


def _sum_of(result: Result, side: str, grade: str) -> Decimal:
    entries: Sequence[Entry] = getattr(result, side)
    rows = (row for match in result.matches if match.grade == grade for row in getattr(match, side))
    return sum((entries[row].amount for row in rows), Decimal(0))


def _aged(result: Result, side: str, low: int, high: int | None) -> int:
    return sum(
        item.side == side
        and item.age is not None
        and max(item.age, 0) >= low
        and (high is None or item.age <= high)
        for item in result.breaks
    )
