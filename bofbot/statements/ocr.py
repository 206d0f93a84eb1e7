"""Pictures of pages as rows of pieces (extra `ocr`). What is read here counts only where the arithmetic closes."""

from __future__ import annotations

from typing import Any

from bofbot.statements.model import Refused
from bofbot.statements.pdf import PdfRow, Piece, page_pictures
from bofbot.words import Sentence

_DOTS = 200
"""Dots per inch a page is drawn at."""
_MOST_PAGES = 60


def recognised_rows(data: bytes, pages: int) -> tuple[PdfRow, ...]:
    """The lines of a scanned PDF. Raises Refused `scan-needs-ocr` where the extra is not installed, `too-large`."""
    if pages > _MOST_PAGES:
        raise Refused(
            "too-large",
            Sentence(
                en=f"A scan of {pages} pages is too long.", ja=f"{pages} ページのスキャンは長すぎます。"
            ),
        )
    engine = _engine()
    rows: list[PdfRow] = []
    for page, picture in enumerate(page_pictures(data, _DOTS), 1):
        for pieces in _lines(engine(picture)):
            rows.append(PdfRow(page, len(rows) + 1, pieces))
    return tuple(rows)


def _engine() -> Any:
    try:
        from rapidocr import RapidOCR  # type: ignore[import-not-found,import-untyped,unused-ignore]
    except ImportError:
        raise Refused(
            "scan-needs-ocr",
            Sentence(
                en="The PDF is a scan without text, and reading pictures is not installed.",
                ja="文字情報のないスキャン画像の PDF です。画像の読み取り（OCR）が入っていません。",
            ),
            fix=Sentence(
                en="Download the statement with text or as CSV, or install the extra: pip install 'bofbot[ocr]'.",
                ja="文字入りの PDF か CSV でダウンロードするか、追加機能を入れてください：pip install 'bofbot[ocr]'",
            ),
        ) from None
    return RapidOCR(params={"Global.log_level": "error"})


def _lines(found: Any) -> list[tuple[Piece, ...]]:
    """Boxes of text that stand at one height, from top to bottom and left to right."""
    if found.boxes is None:
        return []
    boxes = sorted(
        ((float(box[:, 1].mean()), float(box[:, 1].max() - box[:, 1].min()), box, text) for box, text in zip(found.boxes, found.txts, strict=True)),
        key=lambda one: one[0],
    )  # fmt: skip
    lines: list[list[Any]] = []
    for one in boxes:
        if lines and abs(lines[-1][0][0] - one[0]) < 0.5 * max(lines[-1][0][1], one[1]):
            lines[-1].append(one)
        else:
            lines.append([one])
    return [
        tuple(
            sorted(
                (Piece(text, float(box[:, 0].min()), float(box[:, 0].max())) for _, _, box, text in line),
                key=lambda piece: piece.left,
            )
        )
        for line in lines
    ]
