"""XLS, XLSX, XLSB and ODS: each sheet is read like a CSV. The workbook itself is opened by whoever calls."""

from __future__ import annotations

from bofbot.statements.grid import read_grid
from bofbot.statements.model import Refused, Statement
from bofbot.statements.options import Options
from bofbot.words import Sentence

NAME = "xls"
_PARTS = (b"[Content_Types].xml", b"xl/", b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet")


def recognise(head: bytes) -> bool:
    """An OLE2 file, or a zip whose first parts are those of a workbook."""
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return True
    return head.startswith(b"PK\x03\x04") and any(part in head[:4096] for part in _PARTS)


def read(data: bytes, options: Options) -> list[Statement]:
    """The statements of every sheet that holds one. Raises Refused."""
    if options.sheets is None:
        raise Refused(
            "no-sheet-reader",
            Sentence(
                en="Workbooks need a sheet reader (Options.sheets).",
                ja="ブックを読むには Options.sheets の指定が必要です。",
            ),
        )
    found: list[Statement] = []
    first: Refused | None = None
    for _, rows in options.sheets(data):
        if not any(cell != "" for _, cells in rows for cell in cells):
            continue
        try:
            found.extend(read_grid(rows, options))
        except Refused as refusal:
            if refusal.reason not in ("unknown-columns", "no-statement"):
                raise
            first = first or refusal
    if not found:
        raise first or Refused("empty-file", Sentence(en="The workbook is empty.", ja="ブックが空です。"))
    return found
