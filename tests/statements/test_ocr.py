"""Scanned pages: read where the extra is installed, refused with the way out where it is not; proved either way."""

from __future__ import annotations

import importlib.util
import io
from decimal import Decimal
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from bofbot.statements.telling import read_one

INSTALLED = importlib.util.find_spec("rapidocr") is not None
LINES = (
    "Date          Description      Paid out     Paid in      Balance",
    "2026-09-01    SALARY                       1,000.00    1,500.00",
    "2026-09-05    COFFEE              3.20                 1,496.80",
    "2026-09-09    RENT              800.00                   696.80",
)


def scan(lines: tuple[str, ...]) -> bytes:
    """A page that holds nothing but a picture of these lines."""
    small = Image.new("L", (520, 40 + 20 * len(lines)), 255)
    draw = ImageDraw.Draw(small)
    for number, line in enumerate(lines):
        draw.text((15, 20 + 20 * number), line, fill=0)
    picture = small.resize((small.width * 3, small.height * 3), Image.Resampling.LANCZOS)
    made = io.BytesIO()
    picture.save(made, "PDF", resolution=200)
    return made.getvalue()


@pytest.mark.skipif(INSTALLED, reason="the extra `ocr` is installed")
def test_without_the_extra_a_scan_is_refused_with_the_way_out(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(scan(LINES))
    reading = read_one(path)
    assert reading.refusal is not None
    assert reading.refusal.reason == "scan-needs-ocr"
    assert reading.refusal.fix is not None
    assert "bofbot[ocr]" in reading.refusal.fix.en


@pytest.mark.slow
@pytest.mark.skipif(not INSTALLED, reason="the extra `ocr` is not installed")
def test_a_scan_is_read_and_proved_by_its_arithmetic(tmp_path: Path) -> None:
    samples = Path(__file__).parents[2] / "../shared/samples/statements/pdf/jp_bank_scan.pdf"
    if not samples.is_file():
        pytest.skip(f"no sample at {samples}")
    [(statement, proof)] = read_one(samples).found
    assert (statement.format, proof.outcome) == ("ocr", "verified")
    assert (statement.opening, statement.closing, statement.sum) == (
        Decimal(1000000),
        Decimal(751850),
        Decimal(-248150),
    )


def test_a_blank_page_is_no_scan(tmp_path: Path) -> None:
    made = io.BytesIO()
    pypdfium2 = pytest.importorskip("pypdfium2")
    document = pypdfium2.PdfDocument.new()
    document.new_page(200, 200)
    document.save(made)
    path = tmp_path / "blank.pdf"
    path.write_bytes(made.getvalue() if b"%%EOF" in made.getvalue()[-4096:] else made.getvalue() + b"\n%%EOF")
    reading = read_one(path)
    assert reading.refusal is not None
    assert reading.refusal.reason == "empty-pdf"
