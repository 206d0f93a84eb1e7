"""New workbooks for people to read: pages with looks, formulas, links and a chart. The door to XlsxWriter.

Text is always text: a cell becomes a formula only where a page says `Formula`. The same pages give the same bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path
from typing import Any, BinaryIO

from bofbot.adapters.workbooks.pages import Chart, Formula, Link, Page, Styled
from bofbot.errors import BusinessError
from bofbot.files import atomic_write, refuse_when_locked
from bofbot.values.text import width
from bofbot.words import Language, Sentence

MOST_LINKS = 60_000
"""Excel keeps at most 65,530 links in a sheet."""
MOST_ROWS = 1_048_576
_MADE = datetime(2020, 1, 1)  # noqa: DTZ001 - a fixed stamp: the same result gives the same bytes

_FONTS: Mapping[Language, Mapping[str, Any]] = {
    "ja": {"font_name": "Meiryo UI", "font_size": 10},
    "en": {"font_name": "Calibri", "font_size": 11},
}
_HEADING = {
    "align": "left",
    "indent": 1,
    "bold": True,
    "bg_color": "#1F3A5F",
    "font_color": "#FFFFFF",
    "text_wrap": True,
    "valign": "vcenter",
}
_FORMATS: Mapping[str, Mapping[str, Any]] = {
    "": {},
    "title": {"bold": True, "font_size": 16},
    "heading": _HEADING,
    "heading_right": {**_HEADING, "align": "right", "indent": 0},
    "label": {"align": "left", "indent": 1},
    "strong": {"bold": True, "align": "left", "indent": 1},
    "money": {},
    "strong_money": {"bold": True},
    "count": {"num_format": "#,##0"},
    "points": {"num_format": "0.0"},
    "good": {"bg_color": "#DFF2E1", "align": "center"},
    "warn": {"bg_color": "#FFF3CD", "align": "center"},
    "bad": {"bg_color": "#F8D7DA", "align": "center"},
    "note": {"font_color": "#666666"},
    "day": {"num_format": "yyyy-mm-dd", "align": "left"},
    "wrap": {"text_wrap": True, "align": "left", "indent": 1},
    "link": {"font_color": "#0563C1", "underline": 1},
    "mark": {"bg_color": "#FFFBE6", "align": "center"},
}
_LINE = 13.5
"""Height of a line of text in points."""
_PLAIN = frozenset(["title", "note"])
"""Looks without a line below the cell."""
_MONEY = frozenset(["money", "strong_money"])
_FIGURES = _MONEY | {"count", "points"}
_MOST_DECIMALS = 4


def write_pages(path: Path, pages: Sequence[Page], language: Language = "ja") -> None:
    """Write the workbook, whole or not at all. Raises BusinessError for more rows than a sheet holds, ApplicationError
    when the file cannot be written or somebody has it open: marks that are being made in it would be lost."""
    refuse_when_locked(path)
    for page in pages:
        if len(page.rows) > MOST_ROWS:
            raise _too_many_rows(path, page)

    def write(file: BinaryIO) -> None:
        import xlsxwriter

        book = xlsxwriter.Workbook(
            file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        book.set_properties({"created": _MADE})
        book.set_calc_mode("auto")
        formats = _formats(book, language, _decimals(pages))
        for page in pages:
            _write_page(book, formats, page)
        book.close()

    atomic_write(path, write)


def _too_many_rows(path: Path, page: Page) -> BusinessError:
    return BusinessError(
        Sentence(
            en=f"{path.name}: the sheet {page.name} would need {len(page.rows):,} rows; a sheet holds 1,048,576",
            ja=f"{path.name}：シート「{page.name}」が {len(page.rows):,} 行になり、上限の 1,048,576 行を超えます",
        ),
        fix=Sentence(en="reconcile shorter periods", ja="期間を分けて照合してください"),
    )


def _formats(book: Any, language: Language, decimals: int) -> dict[str, Any]:
    """Every look in the language's font; amounts all with the same decimals, so that they stand below each other."""
    digits = "#,##0" + ("." + "0" * decimals if decimals else "")
    made = {}
    for name, how in _FORMATS.items():
        lines = (
            {}
            if name in _PLAIN
            else {"bottom": 1 if name == "strong_money" else 4, "bottom_color": "#B8C2CC"}
        )
        money = {"num_format": f"{digits};[Red]-{digits};0"} if name in _MONEY else {}
        made[name] = book.add_format({**_FONTS[language], "valign": "top", **lines, **money, **how})
    return made


def _decimals(pages: Sequence[Page]) -> int:
    """How many decimals the amounts of a book have; yen have none."""
    most = 0
    for page in pages:
        for row in page.rows:
            for value in row:
                if isinstance(value, Styled | Formula) and value.look in _MONEY:
                    value = value.value
                if isinstance(value, Decimal):
                    most = max(most, -int(value.as_tuple().exponent)) if value % 1 else most
    return min(most, _MOST_DECIMALS)


def _write_page(book: Any, formats: Mapping[str, Any], page: Page) -> None:
    sheet = book.add_worksheet(page.name)
    for column, wide in enumerate(page.widths):
        sheet.set_column(column, column, wide, None, {"hidden": column in page.hidden_columns})
    links = 0
    for row, cells in enumerate(page.rows):
        for column, value in enumerate(cells):
            look = page.looks[column] if column < len(page.looks) else ""
            if row == page.heading_row:
                look = "heading_right" if look in _FIGURES else "heading"
            if isinstance(value, Link):
                links += 1
                value = value if links <= MOST_LINKS else value.text
            _write_cell(sheet, formats, row, column, value, look)
        if row != page.heading_row and (lines := _lines(page, cells)) > 1:
            sheet.set_row(row, _LINE * lines + 2)
    if page.heading_row >= 0:
        _set_up_table(sheet, page)
    for chart in page.charts:
        _draw(book, sheet, page, chart)
    _set_up_print(sheet, page)


def _lines(page: Page, cells: Sequence[Any]) -> float:
    """How many lines of text a row needs: not every program that opens a book works that out by itself."""
    most = 1.0
    for value, wide, look in zip_longest(cells, page.widths, page.looks):
        if isinstance(value, Styled):
            value, look = value.value, value.look
        if look == "title":
            most = max(most, 1.6)
        elif look == "wrap" and isinstance(value, str) and wide and 2 * len(value) > wide - 1:
            most = max(most, -(-width(value) // (wide - 1)))
    return most


def _set_up_table(sheet: Any, page: Page) -> None:
    """The heading stays in sight and filters; a person picks from lists; codes of digits are no mistakes."""
    first, last = page.heading_row + 1, max(len(page.rows) - 1, page.heading_row + 1)
    columns = len(page.rows[page.heading_row])
    lines = max(str(heading).count("\n") + 1 for heading in page.rows[page.heading_row])
    sheet.set_row(page.heading_row, _LINE * lines + 6)
    sheet.freeze_panes(first, page.kept_columns)
    sheet.autofilter(page.heading_row, 0, max(len(page.rows) - 1, page.heading_row), columns - 1)
    for column, choices in page.choices.items():
        sheet.data_validation(first, column, last, column, {"validate": "list", "source": list(choices)})
    sheet.ignore_errors({"number_stored_as_text": f"A{first + 1}:XFD{last + 1}"})


def _set_up_print(sheet: Any, page: Page) -> None:
    """A4 across, as wide as the paper, headings on every page, name and number of the page below."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&A&R&P / &N")
    if page.heading_row >= 0:
        sheet.repeat_rows(0, page.heading_row)
    if page.printed:
        sheet.print_area(0, 0, max(len(page.rows) - 1, 0), page.printed - 1)


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
        sheet.write_url(row, column, value.target, formats["link"], value.text)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, how)
    elif isinstance(value, int | float | Decimal):
        sheet.write_number(row, column, _number(value), how)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), formats["day"])  # noqa: DTZ001
    else:
        sheet.write_string(row, column, str(value)[:32_767], how)


def _bare(value: Any) -> Any:
    return value.value if isinstance(value, Styled) else value


def _number(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


_COLOURS = ("#1F3A5F", "#C0504D", "#6B8E23", "#8064A2")


def _draw(book: Any, sheet: Any, page: Page, chart: Chart) -> None:
    name = page.name
    made = book.add_chart({"type": "column"})
    first, last, words = chart.categories
    for column, colour in zip(chart.series, _COLOURS, strict=False):
        made.add_series(
            {
                "fill": {"color": colour},
                "name": [name, first - 1, column],
                "categories": [name, first, words, last, words],
                "values": [name, first, column, last, column],
            }
        )
    made.set_title({"name": chart.title, "name_font": {"size": 12}})
    counts = [_bare(page.rows[row][column]) for row in range(first, last + 1) for column in chart.series]
    few = all(isinstance(count, int) and count <= 5 for count in counts)
    made.set_y_axis(
        {
            "num_format": "#,##0",
            "min": 0,
            "major_gridlines": {"visible": True, "line": {"color": "#D5DBE1"}},
            **({"major_unit": 1} if few else {}),
        }
    )
    made.set_legend({"position": "bottom"})
    made.set_size({"width": 560, "height": 260})
    sheet.insert_chart(chart.place, made, {"object_position": 3})
