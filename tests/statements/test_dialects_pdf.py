"""PDF statements with text, drawn here: columns, second lines, several pages, marks; read right, refused or told."""

from __future__ import annotations

import io
from typing import Any

import pytest

from tests.statements.dialects import Dialect, check

Cell = tuple[int, str, str]


def pdf(*lines: str | list[Cell] | None) -> bytes:
    """Text at places in points; a list is a row of (x, text, l or r), None begins a new page."""
    canvas: Any = pytest.importorskip("reportlab.pdfgen.canvas")
    made = io.BytesIO()
    page = canvas.Canvas(made, pagesize=(595, 842), invariant=1)
    y = 800
    for line in lines:
        if line is None:
            page.showPage()
            y = 800
            continue
        page.setFont("Helvetica", 9)
        for x, text, side in [(40, line, "l")] if isinstance(line, str) else line:
            (page.drawRightString if side == "r" else page.drawString)(x, y, text)
        y -= 14
    page.save()
    return made.getvalue()


def row(day: str, text: str, out: str = "", into: str = "", balance: str = "") -> list[Cell]:
    cells = [(40, day, "l"), (110, text, "l"), (360, out, "r"), (440, into, "r"), (540, balance, "r")]
    return [cell for cell in cells if cell[1]]


COLUMNS = row("Date", "Description", "Withdrawals", "Deposits", "Balance")
SIGNED = row("Date", "Details", "", "Amount", "Balance")
TOP = (
    "Example Bank plc",
    "Account number: 12345678",
    "Statement period 01/09/2026 to 30/09/2026",
    "",
    COLUMNS,
)
OPENING = row("01/09/2026", "Opening balance", balance="1,000.00")
SALARY = row("02/09/2026", "Salary", into="2,500.00", balance="3,500.00")
DIALECTS = [
    Dialect("in and out with a second line", pdf(*TOP, OPENING, SALARY, row("05/09/2026", "Rent", "1,200.00", "", "2,300.00"),
        [(110, "Ref 123456", "l")], row("25/09/2026", "Shop", "50.25", "", "2,249.75"), row("30/09/2026", "Closing balance", balance="2,249.75"),
        "Page 1 of 1"), "3 1249.75 1000 2249.75 verified 12345678"),
    Dialect("two pages", pdf(*TOP, OPENING, *(row(f"{n % 28 + 1:02d}/09/2026", f"Item {n}", "1.00", "", f"{999 - n:,.2f}") for n in range(40)), None,
        COLUMNS, *(row("29/09/2026", f"Item {n}", "1.00", "", f"{959 - n:,.2f}") for n in range(10))), "50 -50 1000 950 verified 12345678"),
    Dialect("named months and signs", pdf("My Bank", "", SIGNED, row("02 Sep 2026", "Salary", "", "2,500.00", "3,500.00"),
        row("05 Sep 2026", "Rent", "", "-1,200.00", "2,300.00")), "2 1300 1000 2300 verified"),
    Dialect("CR and DR", pdf("Bank", SIGNED, row("02/09/2026", "Salary", "", "2,500.00 CR", "3,500.00 CR"),
        row("25/09/2026", "Rent", "", "1,200.00 DR", "2,300.00 CR")), "2 1300 1000 2300 verified"),
    Dialect("a balance that does not follow", pdf(*TOP, OPENING, SALARY, row("05/09/2026", "Rent", "1,200.00", "", "2,301.00")), "2 1300 1000 2301 discrepancy"),
    Dialect("days without a year", pdf("Bank", SIGNED, row("02 Sep", "Salary", "", "2,500.00", "3,500.00"), row("05 Sep", "Rent", "", "1,200.00", "2,300.00")), "!bad-date"),
    Dialect("no statement", pdf("Dear customer,", "our terms change on 1 October 2026.", "Yours"), "!unknown-columns|no-statement"),
    Dialect("cut", pdf(*TOP, OPENING, SALARY)[:-200], "!cut-file|broken-pdf"),
]  # fmt: skip


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_pdf(dialect: Dialect) -> None:
    check(dialect)
