"""Rows of a large xlsx sheet, slice by slice, so that the sheet never stands in memory whole.

Each slice of the sheet's XML becomes the only sheet of a small book with the same styles and shared texts, so what a cell means
stays calamine's word. An unusual sheet is refused and must be read whole.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

from bofbot.adapters.workbooks.bookparts import BookParts, relations_of
from bofbot.adapters.workbooks.zips import Packed

LARGE = 64_000_000
"""Bytes of a sheet's XML from which on it is read so."""
SLICE = 12_000_000
"""Bytes of XML that are read at once; as cells they take some three times the room."""

_OPENING = re.compile(rb"<sheetData[^>/]*>")
_CLOSING = b"</sheetData>"
_END = _CLOSING + b"</worksheet>"
_HEIGHT = re.compile(rb'<dimension ref="[A-Z]+\d+:[A-Z]+(\d+)"')


class NotStreamed(Exception):
    """The sheet must be read whole."""


class SheetStream:
    """One sheet of a book; `height` is what the sheet says of itself, 0 when it says nothing."""

    def __init__(
        self, parts: BookParts, sheet: str, read: Callable[[bytes], tuple[int, Iterator[list[Any]]]]
    ) -> None:
        """`read` gives the sheet in a small book: the number of its first row, and its rows from there on."""
        self._zip, self._sheet, self._read = parts.zip, parts.sheets[sheet], read
        self._pieces = parts.pieces(self._sheet)
        self._first = next(self._pieces)
        told = _HEIGHT.search(self._first)
        self.height = int(told[1]) if told else 0
        kept = {
            "[Content_Types].xml",
            "_rels/.rels",
            parts.workbook,
            relations_of(parts.workbook),
            self._sheet,
        }
        kept |= {parts.part("styles"), parts.part("sharedStrings")}
        self._others = frozenset(parts.zip.parts.keys() - kept)

    def rows(self) -> Iterator[tuple[int, list[Any]]]:
        """Every row from row 1 and its cells from column A, as `Book.rows` gives them. Raises NotStreamed, BadZip."""
        last = 0
        for xml in self._slices():
            start, rows = self._read(self._book_of(xml))
            if start and start <= last:  # rows without numbers
                raise NotStreamed
            for number, row in enumerate(rows, start=start):
                yield from ((blank, []) for blank in range(last + 1, number))
                yield number, row
                last = number

    def _slices(self) -> Iterator[bytes]:
        """Sheets that hold some rows each."""
        opening = _OPENING.search(self._first)
        if not opening:
            raise NotStreamed
        head = self._first[: opening.end()]
        waiting, size = [self._first[opening.end() :]], 0
        for piece in self._pieces:
            size += len(waiting[-1])
            if size >= SLICE:
                yield b"".join((head, *waiting, _END))
                waiting, size = [], 0
            waiting.append(piece)
            if _CLOSING in piece:
                break
        yield b"".join((head, *waiting)).partition(_CLOSING)[0] + _END

    def _book_of(self, xml: bytes) -> bytes:
        method = self._zip.parts[self._sheet].method
        data = zlib.compress(xml, 0, -zlib.MAX_WBITS) if method else xml
        book = BytesIO()
        self._zip.copy_to(book, {self._sheet: Packed(data, zlib.crc32(xml), len(xml), method)}, self._others)
        return book.getvalue()
