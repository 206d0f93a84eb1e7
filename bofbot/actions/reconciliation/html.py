"""A report as one HTML page: figures, a chart, tables that can be filtered; the same pages as in the workbook."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from html import escape
from itertools import groupby, zip_longest
from pathlib import Path
from typing import Any

from bofbot.adapters.workbooks.pages import Chart, Formula, Link, Page, Styled
from bofbot.files import atomic_write
from bofbot.words import Language

MOST_ROWS = 5_000
"""Rows of one table; the workbook has them all."""

_STYLE = """
body{font:15px/1.6 system-ui,"Noto Sans JP","Yu Gothic",sans-serif;margin:2rem auto;max-width:1700px;padding:0 1rem;color:#1b2733}
h1{font-size:1.5rem}h2{margin-top:2.5rem;border-bottom:2px solid #1f3a5f}table{border-collapse:collapse;margin:.5rem 0;font-size:13px}
th,td{border:1px solid #d5dbe1;padding:.25rem .5rem;text-align:left;vertical-align:top}th{background:#1f3a5f;color:#fff;position:sticky;top:0}
td,th{white-space:nowrap}td.w,th.w{white-space:normal}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}.good{background:#dff2e1}.warn{background:#fff3cd}.bad{background:#f8d7da}
.note{color:#666}figure{margin:1.5rem 0}figcaption{font-weight:600}tbody tr:nth-child(even){background:#f7f9fb}.scroll{max-height:70vh;overflow:auto}input{padding:.4rem;width:20rem;max-width:100%}rect{fill:#1f3a5f}rect.second{fill:#c0504d}
"""
_FILTER = """
for(const box of document.querySelectorAll('input[data-for]'))box.addEventListener('input',()=>{const t=box.value.toLowerCase();
for(const row of document.getElementById(box.dataset.for).tBodies[0].rows)row.hidden=!row.textContent.toLowerCase().includes(t)});
"""


def is_html(path: Path) -> bool:
    """Whether a report of this name is read in a browser, not worked on in a spreadsheet."""
    return path.suffix.lower() in (".html", ".htm")


def write_html(path: Path, title: str, pages: Sequence[Page], language: Language = "ja") -> None:
    """Write the page, whole or not at all."""
    body = "\n".join(_section(number, page, language) for number, page in enumerate(pages))
    atomic_write(
        path,
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style><body>{body}<script>{_FILTER}</script></body></html>\n",
    )


def _section(number: int, page: Page, language: Language) -> str:
    if page.heading_row < 0:
        charts = "".join(_chart(chart, page) for chart in page.charts)
        return f"<section>{_blocks(page)}{charts}</section>"
    heading, *rest = page.rows
    shown = [column for column in range(len(heading)) if column not in page.hidden_columns]
    looks = [page.looks[column] if column < len(page.looks) else "" for column in shown]
    head = "".join(
        _heading(_text(heading[column]), look, page.widths[column])
        for column, look in zip(shown, looks, strict=True)
    )
    body = "".join(_row([row[column] for column in shown], looks) for row in rest[:MOST_ROWS])
    hint = "絞り込み" if language == "ja" else "filter"
    more = f'<p class="note">{MOST_ROWS:,} / {len(rest):,}</p>' if len(rest) > MOST_ROWS else ""
    return (
        f'<section><h2>{escape(page.name)} ({len(rest):,})</h2><input data-for="t{number}" placeholder="{hint}" aria-label="{hint}">{more}'
        f'<div class="scroll"><table id="t{number}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div></section>'
    )


def _blocks(page: Page) -> str:
    """A page of several small tables, parted by empty rows; titles and remarks stand by themselves."""
    parts = []
    for filled, rows in groupby(page.rows, key=bool):
        table = []
        for row in rows if filled else ():
            first = row[0]
            alone = isinstance(first, Styled) and len(row) == 1 and first.look in _ALONE
            parts += [_ALONE[first.look].format(escape(_text(first)))] if alone else []
            table += [] if alone else [_row(row)]
        parts += [f"<table>{''.join(table)}</table>"] if table else []
    return "".join(parts)


_ALONE = {"title": "<h1>{}</h1>", "note": '<p class="note">{}</p>', "wrap": "<p>{}</p>"}
_FIGURES = ("money", "strong_money", "count", "points")
_EM = 0.55
"""Width of a column of a sheet, as letters of the page."""


def _heading(text: str, look: str, width: float) -> str:
    if look == "wrap":
        return f'<th class="w" style="min-width:{width * _EM:.0f}em">{escape(text)}</th>'
    kind = ' class="n"' if look in _FIGURES else ""
    return f"<th{kind}>{escape(text)}</th>"


def _row(cells: Sequence[Any], looks: Sequence[str] = ()) -> str:
    return "<tr>" + "".join(_cell(cell, look) for cell, look in zip_longest(cells, looks)) + "</tr>"


def _cell(cell: Any, look: str | None) -> str:
    if isinstance(cell, Styled | Formula):
        look = cell.look
    value = _bare(cell)
    number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    classes = ["n"] if number or look == "heading_right" else ["w"] if look == "wrap" else []
    classes += [look] if look in ("good", "warn", "bad", "note") else []
    marked = f' class="{" ".join(classes)}"' if classes else ""
    tag = "th" if look in ("heading", "heading_right") else "td"
    text = f"{value:.1f}" if look == "points" and isinstance(value, float) else _text(value)
    return f"<{tag}{marked}>{escape(text)}</{tag}>"


def _text(value: Any) -> str:
    value = _bare(value)
    if value is None:
        return ""
    if isinstance(value, Link):
        return value.text
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return f"{value:,}"
    return str(value)


def _bare(cell: Any) -> Any:
    return cell.value if isinstance(cell, Styled | Formula) else cell


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
    for nth, column in enumerate(chart.series):
        kind, x = ' class="second"' if nth else "", 40 + nth * 160
        name = escape(_text(page.rows[first - 1][column]))
        bars.append(
            f'<rect{kind} x="{x}" y="212" width="12" height="12"/><text x="{x + 18}" y="223" font-size="12">{name}</text>'
        )
    width = 60 + 120 * len(lines)
    return f'<figure><figcaption>{escape(chart.title)}</figcaption><svg width="{width}" height="230" role="img" aria-label="{escape(chart.title)}">{"".join(bars)}</svg></figure>'
