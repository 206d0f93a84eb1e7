"""The workbook of a plain comparison: a summary, then changed cells, removed and added rows, keys that are there twice."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bofbot.actions.reconciliation.html import is_html, write_html
from bofbot.actions.reconciliation.words import said
from bofbot.adapters.workbooks.pages import Formula, Look, Page, Styled
from bofbot.adapters.workbooks.reportbook import write_pages
from bofbot.reconcile.comparison.compare import Comparison
from bofbot.reconcile.intake.cells import as_text
from bofbot.records import Row
from bofbot.values.text import width
from bofbot.words import Language

_SAMPLE = 500
_NARROW, _WIDE = 10, 40


def write_comparison(
    path: Path, comparison: Comparison, names: tuple[str, str], language: Language = "ja"
) -> None:
    """Write the report, whole or not at all: a workbook, or for `.html` a page. Raises as the workbook door does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pages = comparison_pages(comparison, names, language)
    if is_html(path):
        write_html(path, f"{names[0]} / {names[1]}", pages, language)
    else:
        write_pages(path, pages, language)


def comparison_pages(comparison: Comparison, names: tuple[str, str], language: Language) -> list[Page]:
    """The pages, ready for the workbook."""
    left, right = names
    only = said(language, "only in {}", "{} だけの行")
    return [
        _summary(comparison, names, language),
        _changed(comparison, names, language),
        _rows(said(language, "Removed", "削除"), only.format(left), comparison.removed, language),
        _rows(said(language, "Added", "追加"), only.format(right), comparison.added, language),
        _duplicates(comparison, names, language),
    ]


def _summary(comparison: Comparison, names: tuple[str, str], language: Language) -> Page:
    title = said(language, f"Comparison: {names[0]} and {names[1]}", f"比較結果　{names[0]} と {names[1]}")
    by = said(language, ", ", "、").join(comparison.by)
    rows: list[list[Any]] = [
        [Styled(title, "title")],
        [Styled(said(language, f"compared by {by}", f"キー：{by}"), "note")],
        [],
        *_closing(comparison, names, language),
        [],
        *_columns(comparison, language),
    ]
    return Page(said(language, "Summary", "要約"), rows, (34, 16, 16, 16, 16, 16))


def _closing(comparison: Comparison, names: tuple[str, str], language: Language) -> list[list[Any]]:
    """The rows of each side: those that agree, are changed, stand alone, or have no key of their own; they add up."""
    words = (("rows", "行数"), ("equal", "一致"), ("changed", "変更あり"), ("only here", "片側だけ"), ("key repeats", "キー重複"))  # fmt: skip
    heading = [Styled("", "heading"), *(Styled(said(language, *pair), "heading_right") for pair in words)]
    changed = len({change.key for change in comparison.changed})
    sides = (
        (names[0], comparison.left_rows, len(comparison.removed)),
        (names[1], comparison.right_rows, len(comparison.added)),
    )
    rows: list[list[Any]] = [heading]
    for line, (name, count, alone) in enumerate(sides, start=5):
        rest = Formula(f"=B{line}-SUM(C{line}:E{line})", count - comparison.same - changed - alone, "count")
        figures = (count, comparison.same, changed, alone)
        rows.append([Styled(name, "label"), *(Styled(figure, "count") for figure in figures), rest])
    return rows


def _columns(comparison: Comparison, language: Language) -> list[list[Any]]:
    """How many cells of each column changed; columns that only one side has."""
    counts = dict.fromkeys(comparison.compared, 0)
    for change in comparison.changed:
        counts[change.column] = counts.get(change.column, 0) + 1
    rows: list[list[Any]] = [
        [Styled(said(language, "column", "列"), "heading"), Styled(said(language, "changed cells", "変更セル"), "heading_right")]
    ]  # fmt: skip
    rows += [[Styled(column, "label"), Styled(count, "count")] for column, count in counts.items()]
    gone, new = said(language, "gone", "なくなった列"), said(language, "new", "増えた列")
    rows += [[Styled(column, "label"), Styled(gone, "warn")] for column in comparison.columns_removed]
    rows += [[Styled(column, "label"), Styled(new, "warn")] for column in comparison.columns_added]
    return rows


def _changed(comparison: Comparison, names: tuple[str, str], language: Language) -> Page:
    heading = [*comparison.by, said(language, "column", "列"), *names, said(language, "difference", "差")]
    rows = [[*c.key, c.column, _cell(c.left), _cell(c.right), c.difference] for c in comparison.changed]
    keys = len(comparison.by)
    looks: list[Look] = [*_texts(keys + 3), "money"]
    widths = (*_widths(heading[: keys + 1], rows), 30, 30, 15)
    return Page(said(language, "Changed", "変更"), [heading, *rows], widths, looks, heading_row=0)


def _rows(name: str, note: str, rows: Sequence[Row], language: Language) -> Page:
    columns = list(dict.fromkeys(column for row in rows[:1000] for column in row))
    heading = [said(language, f"row ({note})", f"行（{note}）"), *columns]
    cells = [[row.source.row, *(_cell(row.get(column)) for column in columns)] for row in rows]
    looks: list[Look] = ["count", *_texts(len(columns))]
    return Page(name, [heading, *cells], _widths(heading, cells), looks, heading_row=0)


def _duplicates(comparison: Comparison, names: tuple[str, str], language: Language) -> Page:
    heading = [said(language, "side", "側"), *comparison.by, said(language, "rows", "行")]
    sides = {"left": names[0], "right": names[1]}
    rows = [[sides[side], *key, "、".join(map(str, found))] for side, key, found in comparison.duplicates]
    name = said(language, "Duplicates", "重複")
    return Page(name, [heading, *rows], _widths(heading, rows), _texts(len(heading)), heading_row=0)


def _widths(heading: Sequence[str], rows: Sequence[Sequence[Any]]) -> tuple[int, ...]:
    """Columns as wide as their first cells, within reason."""
    sample = [heading, *rows[:_SAMPLE]]
    return tuple(
        min(_WIDE, max(_NARROW, *(width(str(row[at])) + 3 for row in sample))) for at in range(len(heading))
    )


def _texts(count: int) -> list[Look]:
    return ["wrap"] * count


def _cell(value: Any) -> Any:
    return value if isinstance(value, int | float) else as_text(value)
