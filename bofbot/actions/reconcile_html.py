"""The same report as one HTML page: figures, a chart of open rows by age, matches and breaks in tables that can be filtered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from html import escape
from pathlib import Path
from typing import Any

from bofbot.actions.reconcile_report import pages_of
from bofbot.adapters.pages import Chart, Formula, Link, Page, Styled
from bofbot.files import atomic_write
from bofbot.reconcile.model import Result
from bofbot.words import Language

MOST_ROWS = 5_000
"""Rows of one table; the workbook has them all."""

_STYLE = """
body{font:15px/1.6 system-ui,"Noto Sans JP","Yu Gothic",sans-serif;margin:2rem auto;max-width:1200px;padding:0 1rem;color:#1b2733}
h1{font-size:1.5rem}h2{margin-top:2.5rem;border-bottom:2px solid #1f3a5f}table{border-collapse:collapse;margin:.5rem 0;font-size:13px}
th,td{border:1px solid #d5dbe1;padding:.25rem .5rem;text-align:left;vertical-align:top}th{background:#1f3a5f;color:#fff;position:sticky;top:0}
td.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}.good{background:#dff2e1}.warn{background:#fff3cd}.bad{background:#f8d7da}
.note{color:#666}.scroll{max-height:70vh;overflow:auto}input{padding:.4rem;width:20rem;max-width:100%}rect{fill:#1f3a5f}rect.second{fill:#c0504d}
"""
_FILTER = """
for(const box of document.querySelectorAll('input[data-for]'))box.addEventListener('input',()=>{const t=box.value.toLowerCase();
for(const row of document.getElementById(box.dataset.for).tBodies[0].rows)row.hidden=!row.textContent.toLowerCase().includes(t)});
"""


def write_html(path: Path, result: Result, language: Language = "ja") -> None:
    """Write the page, whole or not at all."""
    pages = pages_of(result, language, path.parent)
    title = escape(f"{result.left_name} / {result.right_name}")
    body = "\n".join(_section(number, page, language) for number, page in enumerate(pages))
    atomic_write(
        path,
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>{_STYLE}</style><body>{body}<script>{_FILTER}</script></body></html>\n",
    )


def _section(number: int, page: Page, language: Language) -> str:
    if page.heading_row < 0:
        rows = "".join(_row(row) for row in page.rows if row)
        charts = "".join(_chart(chart, page) for chart in page.charts)
        return f"<section><h2>{escape(page.name)}</h2><table>{rows}</table>{charts}</section>"
    heading, *rest = page.rows
    shown = [column for column in range(len(heading)) if column not in page.hidden_columns]
    head = "".join(f"<th>{escape(_text(heading[column]))}</th>" for column in shown)
    body = "".join(_row([row[column] for column in shown]) for row in rest[:MOST_ROWS])
    hint = "絞り込み" if language == "ja" else "filter"
    more = f'<p class="note">{MOST_ROWS:,} / {len(rest):,}</p>' if len(rest) > MOST_ROWS else ""
    return (
        f'<section><h2>{escape(page.name)} ({len(rest):,})</h2><input data-for="t{number}" placeholder="{hint}" aria-label="{hint}">{more}'
        f'<div class="scroll"><table id="t{number}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div></section>'
    )


def _row(cells: Sequence[Any]) -> str:
    return "<tr>" + "".join(_cell(cell) for cell in cells) + "</tr>"


def _cell(cell: Any) -> str:
    look = cell.look if isinstance(cell, Styled | Formula) else ""
    value = cell.value if isinstance(cell, Styled | Formula) else cell
    tag = "th" if look in ("heading", "heading_right") else "td"
    if look == "title":
        return f"<td colspan=8><h1>{escape(_text(value))}</h1></td>"
    number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    classes = " ".join(
        part
        for part in ("n" if number else "", look if look in ("good", "warn", "bad", "note") else "")
        if part
    )
    marked = f' class="{classes}"' if classes else ""
    return f"<{tag}{marked}>{escape(_text(value))}</{tag}>"


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Styled | Formula):
        return _text(value.value)
    if isinstance(value, Link):
        return value.text
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return f"{value:,}"
    return str(value)


def _bare(cell: Any) -> Any:
    return cell.value if isinstance(cell, Styled) else cell


def _chart(chart: Chart, page: Page) -> str:
    """Two bars for each line of the figures, drawn as SVG."""
    first, last, words = chart.categories
    lines = [page.rows[row] for row in range(first, last + 1)]
    top = max((int(_bare(line[column])) for line in lines for column in chart.series), default=0) or 1
    bars = []
    for at, line in enumerate(lines):
        for nth, column in enumerate(chart.series):
            height = round(160 * int(_bare(line[column])) / top)
            x = 40 + at * 120 + nth * 42
            kind = ' class="second"' if nth else ""
            bars.append(f'<rect{kind} x="{x}" y="{180 - height}" width="38" height="{height}"/>')
            bars.append(
                f'<text x="{x + 19}" y="{174 - height}" text-anchor="middle" font-size="11">{_bare(line[column])}</text>'
            )
        bars.append(
            f'<text x="{80 + at * 120}" y="198" text-anchor="middle" font-size="12">{escape(_text(line[words]))}</text>'
        )
    width = 60 + 120 * len(lines)
    return f'<figure><figcaption>{escape(chart.title)}</figcaption><svg width="{width}" height="205" role="img" aria-label="{escape(chart.title)}">{"".join(bars)}</svg></figure>'
