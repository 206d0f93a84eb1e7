"""New workbooks for people to read: pages with styles, formulas, links and a chart. The door to XlsxWriter.

Text is always text: a cell becomes a formula only where a page says `Formula`. The same pages give the same bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, Literal

from bofbot.errors import BusinessError
from bofbot.files import atomic_write
from bofbot.words import Sentence

Look = Literal[
    "", "title", "heading", "money", "strong_money", "good", "warn", "bad", "note", "day", "wrap", "mark"
]

MOST_LINKS = 60_000
"""Excel keeps at most 65,530 links in a sheet."""
MOST_ROWS = 1_048_576
_MADE = datetime(2020, 1, 1)  # noqa: DTZ001 - a fixed stamp: the same result gives the same bytes

_FORMATS: Mapping[str, Mapping[str, Any]] = {
    "": {},
    "title": {"bold": True, "font_size": 16},
    "heading": {"bold": True, "bg_color": "#1F3A5F", "font_color": "#FFFFFF", "border": 1, "text_wrap": True},
    "money": {"num_format": "#,##0.##;[Red]-#,##0.##;0"},
    "strong_money": {"num_format": "#,##0.##;[Red]-#,##0.##;0", "bold": True, "top": 1},
    "good": {"bg_color": "#DFF2E1"},
    "warn": {"bg_color": "#FFF3CD"},
    "bad": {"bg_color": "#F8D7DA"},
    "note": {"font_color": "#666666", "text_wrap": True},
    "day": {"num_format": "yyyy-mm-dd"},
    "wrap": {"text_wrap": True, "valign": "top"},
    "mark": {"bg_color": "#FFFBE6", "border": 1, "align": "center"},
}


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula in English notation and the value it has now, so that readers that do not compute see it."""

    text: str
    value: Any = 0
    look: Look = "money"


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads to a cell of another file or sheet: `external:ledger.xlsx#'売掛金'!A7`, `internal:'照合'!A1`."""

    target: str
    text: str


@dataclass(frozen=True, slots=True)
class Styled:
    """A value with a look of its own."""

    value: Any
    look: Look


@dataclass(frozen=True, slots=True)
class Chart:
    """Columns side by side: one series per column of figures."""

    title: str
    place: str
    """The cell of its upper left corner."""
    categories: tuple[int, int, int]
    """First row, last row, column (from 0) of the words below the columns."""
    series: tuple[int, ...]
    """Columns of the figures; their names stand in the row above."""


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet: rows of cells from the top, and how it looks."""

    name: str
    rows: Sequence[Sequence[Any]]
    widths: Sequence[int] = ()
    looks: Sequence[Look] = ()
    """The look of each column, where a cell has none of its own."""
    heading_row: int = -1
    """This row is a heading: it stays in sight and has filters."""
    charts: Sequence[Chart] = ()
    hidden_columns: Sequence[int] = ()
    choices: Mapping[int, Sequence[str]] = field(default_factory=dict)
    """Columns below the heading in which a person picks from a list."""


def write_pages(path: Path, pages: Sequence[Page]) -> None:
    """Write the workbook, whole or not at all. Raises BusinessError for more rows than a sheet holds, ApplicationError
    when the file cannot be written."""
    for page in pages:
        if len(page.rows) > MOST_ROWS:
            raise BusinessError(
                Sentence(
                    en=f"{path.name}: the sheet {page.name} would need {len(page.rows):,} rows; a sheet holds 1,048,576",
                    ja=f"{path.name}：シート「{page.name}」が {len(page.rows):,} 行になり、上限の 1,048,576 行を超えます",
                ),
                fix=Sentence(en="reconcile shorter periods", ja="期間を分けて照合してください"),
            )

    def write(file: BinaryIO) -> None:
        import xlsxwriter

        book = xlsxwriter.Workbook(
            file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        book.set_properties({"created": _MADE})
        book.set_calc_mode("auto")
        formats = {name: book.add_format(dict(how)) for name, how in _FORMATS.items()}
        for page in pages:
            _write_page(book, formats, page)
        book.close()

    atomic_write(path, write)


def _write_page(book: Any, formats: Mapping[str, Any], page: Page) -> None:
    sheet = book.add_worksheet(page.name)
    for column, width in enumerate(page.widths):
        sheet.set_column(column, column, width, None, {"hidden": column in page.hidden_columns})
    links = 0
    for row, cells in enumerate(page.rows):
        heading = row == page.heading_row
        for column, value in enumerate(cells):
            look = "heading" if heading else page.looks[column] if column < len(page.looks) else ""
            if isinstance(value, Link):
                links += 1
                value = value if links <= MOST_LINKS else value.text
            _write_cell(sheet, formats, row, column, value, look)
    if page.heading_row >= 0:
        width = len(page.rows[page.heading_row]) - 1
        sheet.freeze_panes(page.heading_row + 1, 0)
        sheet.autofilter(page.heading_row, 0, max(len(page.rows) - 1, page.heading_row), width)
        for column, choices in page.choices.items():
            last = max(len(page.rows) - 1, page.heading_row + 1)
            sheet.data_validation(
                page.heading_row + 1, column, last, column, {"validate": "list", "source": list(choices)}
            )
    for chart in page.charts:
        _draw(book, sheet, page, chart)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _write_cell(sheet: Any, formats: Mapping[str, Any], row: int, column: int, value: Any, look: str) -> None:
    if isinstance(value, Styled):
        value, look = value.value, value.look
    how = formats[look]
    if value is None or value == "":
        if look:
            sheet.write_blank(row, column, None, how)
    elif isinstance(value, Formula):
        sheet.write_formula(row, column, value.text, formats[value.look], _number(value.value))
    elif isinstance(value, Link):
        sheet.write_url(row, column, value.target, None, value.text)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, how)
    elif isinstance(value, int | float | Decimal):
        sheet.write_number(row, column, _number(value), how)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), formats["day"])  # noqa: DTZ001
    else:
        sheet.write_string(row, column, str(value)[:32_767], how)


def _number(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


def _draw(book: Any, sheet: Any, page: Page, chart: Chart) -> None:
    name = page.name
    made = book.add_chart({"type": "column"})
    first, last, words = chart.categories
    for column in chart.series:
        made.add_series(
            {
                "name": [name, first - 1, column],
                "categories": [name, first, words, last, words],
                "values": [name, first, column, last, column],
            }
        )
    made.set_title({"name": chart.title})
    counts = [page.rows[row][column] for row in range(first, last + 1) for column in chart.series]
    few = all(isinstance(count, int) and count <= 5 for count in counts)
    made.set_y_axis({"num_format": "#,##0", "min": 0, **({"major_unit": 1} if few else {})})
    made.set_legend({"position": "bottom"})
    sheet.insert_chart(chart.place, made)
