"""The demo's workbooks, formatted as an office formats them: the door to XlsxWriter."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path
from typing import Any

from bofbot.files import atomic_write
from bofbot.practice.account import INVOICES, BankMonth, Invoice
from bofbot.practice.company import SUBJECTS
from bofbot.practice.expenses import EXPENSES, Expense
from bofbot.practice.papers import HEADINGS

_FONT = "游ゴシック"
_TITLE = {"font_name": _FONT, "font_size": 14, "bold": True, "font_color": "#1F4E79"}
_PLAIN = {"font_name": _FONT, "font_size": 10}
_HEAD = _PLAIN | {
    "bold": True,
    "bg_color": "#1F4E79",
    "font_color": "#FFFFFF",
    "border": 1,
    "border_color": "#B9C6D2",
    "align": "center",
}
_CELL = _PLAIN | {"border": 1, "border_color": "#B9C6D2"}
_YEN = "#,##0;[Red]▲#,##0"
_DAY = "yyyy/mm/dd"
_HEAD_ROW = 3
"""Row of the headings, from 0: a title, totals and a blank row stand above."""


def write_expenses(path: Path) -> None:
    """経費.xlsx: title, totals by formula, 20 claims, a list of subjects to choose from, a sheet with sums and a chart."""
    book, made = _new_book()
    sheet = book.add_worksheet("経費")
    last = _HEAD_ROW + len(EXPENSES)
    amounts = f"G{_HEAD_ROW + 2}:G{last + 1}"
    _expense_head(book, sheet, amounts)
    for row, expense in enumerate(EXPENSES, start=_HEAD_ROW + 1):
        _expense_row(book, sheet, row, expense)
    for column, width in enumerate((11, 12, 10, 13, 19, 26, 12, 17)):
        sheet.set_column(column, column, width)
    sheet.data_validation(_HEAD_ROW + 1, 3, last, 3, {"validate": "list", "source": list(SUBJECTS)})
    sheet.conditional_format(
        _HEAD_ROW + 1, 6, last, 6,
        {"type": "cell", "criteria": ">=", "value": 50_000, "format": book.add_format({"bg_color": "#FFF2CC"})},
    )  # fmt: skip
    sheet.autofilter(_HEAD_ROW, 0, last, 7)
    _for_print(sheet)
    _sums(book, last)
    book.close()
    atomic_write(path, made.getvalue())


def write_receivables(path: Path) -> None:
    """売掛金.xlsx: the customers' invoices that fall due in the practice month, with their total by formula."""
    book, made = _new_book()
    sheet = book.add_worksheet("売掛金")
    cell, yen, day = (
        book.add_format(_CELL | extra)
        for extra in ({}, {"num_format": _YEN}, {"num_format": _DAY, "align": "center"})
    )
    total = sum(invoice.amount for invoice in INVOICES)
    last = _HEAD_ROW + len(INVOICES)
    sheet.write_string(0, 0, "売掛金一覧　2026年10月入金予定分", book.add_format(_TITLE))
    sheet.write_string(1, 2, "請求額合計", book.add_format(_PLAIN | {"align": "right"}))
    sheet.write_formula(
        1,
        3,
        f"=SUM(D{_HEAD_ROW + 2}:D{last + 1})",
        book.add_format(_PLAIN | {"bold": True, "num_format": _YEN}),
        total,
    )
    for column, (heading, width) in enumerate(
        {"請求番号": 15, "取引先": 30, "フリガナ": 28, "請求額": 13, "入金予定日": 13, "備考": 16}.items()
    ):
        sheet.write_string(_HEAD_ROW, column, heading, book.add_format(_HEAD))
        sheet.set_column(column, column, width)
    for row, invoice in enumerate(INVOICES, start=_HEAD_ROW + 1):
        _invoice_row(sheet, row, invoice, cell, yen, day)
    sheet.autofilter(_HEAD_ROW, 0, last, 5)
    _for_print(sheet)
    book.close()
    atomic_write(path, made.getvalue())


def _new_book() -> tuple[Any, io.BytesIO]:
    import xlsxwriter

    made = io.BytesIO()
    book = xlsxwriter.Workbook(
        made, {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False}
    )
    book.set_properties({"author": "経理部", "company": "練習商事", "created": datetime(2026, 11, 2, 9, 0)})  # noqa: DTZ001
    return book, made


def _expense_head(book: Any, sheet: Any, amounts: str) -> None:
    plain, bold = book.add_format(_PLAIN), book.add_format(_PLAIN | {"bold": True, "num_format": _YEN})
    sheet.merge_range(0, 0, 0, 7, "経費精算一覧　2026年10月", book.add_format(_TITLE))
    sheet.write_string(1, 0, "部署", plain)
    sheet.write_string(1, 1, "営業部・総務部", plain)
    sheet.write_string(1, 3, "件数", plain)
    sheet.write_formula(1, 4, f"=COUNT({amounts})", bold, len(EXPENSES))
    sheet.write_string(1, 5, "合計", book.add_format(_PLAIN | {"align": "right"}))
    sheet.write_formula(1, 6, f"=SUM({amounts})", bold, sum(expense.amount for expense in EXPENSES))
    head = book.add_format(_HEAD)
    for column, heading in enumerate(
        ("申請番号", "日付", "社員番号", "科目", "支払先", "摘要", "金額", "受付番号")
    ):
        sheet.write_string(_HEAD_ROW, column, heading, head)


def _expense_row(book: Any, sheet: Any, row: int, expense: Expense) -> None:
    cell = book.add_format(_CELL | ({"bg_color": "#F5F8FB"} if row % 2 else {}))
    day = book.add_format(
        _CELL | {"num_format": _DAY, "align": "center"} | ({"bg_color": "#F5F8FB"} if row % 2 else {})
    )
    yen = book.add_format(_CELL | {"num_format": _YEN} | ({"bg_color": "#F5F8FB"} if row % 2 else {}))
    sheet.write_string(row, 0, expense.number, cell)
    sheet.write_datetime(row, 1, datetime.combine(expense.day, datetime.min.time()), day)
    for column, text in enumerate((expense.employee, expense.subject, expense.payee, expense.note), start=2):
        sheet.write_string(row, column, text, cell)
    sheet.write_number(row, 6, expense.amount, yen)
    sheet.write_blank(row, 7, None, cell)


def _invoice_row(sheet: Any, row: int, invoice: Invoice, cell: Any, yen: Any, day: Any) -> None:
    for column, text in enumerate((invoice.number, invoice.customer, invoice.reading)):
        sheet.write_string(row, column, text, cell)
    sheet.write_number(row, 3, invoice.amount, yen)
    sheet.write_datetime(row, 4, datetime.combine(invoice.due, datetime.min.time()), day)
    sheet.write_blank(row, 5, None, cell)


def _sums(book: Any, last: int) -> None:
    """The second sheet: the sum of each subject by formula, and a chart of it."""
    sheet = book.add_worksheet("科目別")
    head, cell, yen = (
        book.add_format(_HEAD),
        book.add_format(_CELL),
        book.add_format(_CELL | {"num_format": _YEN}),
    )
    sheet.set_column(0, 1, 16)
    sheet.write_string(0, 0, "科目", head)
    sheet.write_string(0, 1, "金額", head)
    first = _HEAD_ROW + 2
    for row, subject in enumerate(SUBJECTS, start=1):
        total = sum(expense.amount for expense in EXPENSES if expense.subject == subject)
        sheet.write_string(row, 0, subject, cell)
        formula = f"=SUMIF(経費!$D${first}:$D${last + 1},A{row + 1},経費!$G${first}:$G${last + 1})"
        sheet.write_formula(row, 1, formula, yen, total)
    chart = book.add_chart({"type": "bar"})
    chart.add_series(
        {"name": "経費", "categories": ["科目別", 1, 0, len(SUBJECTS), 0], "values": ["科目別", 1, 1, len(SUBJECTS), 1], "fill": {"color": "#1F4E79"}}
    )  # fmt: skip
    chart.set_title({"name": "科目別の経費（2026年10月）", "name_font": {"size": 12}})
    chart.set_legend({"none": True})
    sheet.insert_chart("D2", chart)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 1)


def _for_print(sheet: Any) -> None:
    sheet.freeze_panes(_HEAD_ROW + 1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEAD_ROW)
    sheet.set_footer("&C&P / &N")


def statement_book(month: BankMonth) -> bytes:
    """A month of the account as XLSX: days and amounts are typed cells, as banks' own exports have them."""
    book, made = _new_book()
    sheet = book.add_worksheet("入出金明細")
    day, yen = book.add_format({"num_format": _DAY}), book.add_format({"num_format": _YEN})
    head = (("口座番号", f"普通 {month.account}"), ("前月残高", month.opening), ("当月末残高", month.closing))
    for row, (label, value) in enumerate(head):
        sheet.write(row, 0, label)
        sheet.write(row, 1, value)
    top = len(head) + 1
    sheet.write_row(top, 0, HEADINGS)
    for row, line in enumerate(month.lines, start=top + 1):
        sheet.write_datetime(row, 0, datetime(line.day.year, line.day.month, line.day.day), day)  # noqa: DTZ001
        sheet.write_row(row, 1, (line.kind, line.content))
        for column, amount in ((3, line.paid_out), (4, line.paid_in)):
            if amount:
                sheet.write_number(row, column, amount, yen)
        sheet.write_number(row, 5, line.balance, yen)
    book.close()
    return made.getvalue()
