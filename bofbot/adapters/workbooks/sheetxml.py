"""Changes single cells in the XML of a sheet as it streams by; every byte that is no changed cell stays as it was."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator, Mapping
from typing import Any

from bofbot.adapters.workbooks.bookparts import column_letters, column_number
from bofbot.adapters.workbooks.cellxml import CannotPatch, Styles, cell_xml
from bofbot.words import Sentence

_SHEET_DATA = re.compile(rb"<(\w+:)?sheetData(?:\s[^>]*?)?(/?)>")
_DIMENSION = re.compile(rb'(<(?:\w+:)?dimension\b[^>]*?\bref=")([A-Z]+)(\d+)(?::([A-Z]+)(\d+))?(")')
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^>]*)>")
_ROW = re.compile(rb"<(?:\w+:)?row(?=[\s/>])([^>]*?)(/?)>")
_CELL = re.compile(rb"<(?:\w+:)?c(?=[\s/>])([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_FORMULA = re.compile(rb"<(?:\w+:)?f(?=[\s/>])([^>]*)>")
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')


class SheetPatch:
    """The changes for one sheet: (row, column), both from 1, → value. After `apply` it tells what it met.

    `like`: a cell that is new → the column, further left in the same row, whose style it takes."""

    def __init__(
        self,
        changes: Mapping[tuple[int, int], Any],
        styles: Styles,
        *,
        like: Mapping[tuple[int, int], int] | None = None,
        date_1904: bool = False,
    ) -> None:
        self._changes: dict[int, dict[int, Any]] = {}
        for (row, column), value in sorted(changes.items()):
            self._changes.setdefault(row, {})[column] = value
        self._waiting = sorted(self._changes, reverse=True)
        self._styles = styles
        self._like = like or {}
        self._date_1904 = date_1904
        self._prefix = b""
        self._row = 0
        self._column_styles: list[tuple[int, int, bytes]] = []
        self.formula_seen = False
        self.formulas_replaced: set[bytes] = set()

    def apply(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """The sheet's XML with the changes made. Raises CannotPatch: a merged cell's inside, a shared or array
        formula, XML that is not as office programs write it."""
        pieces = iter(chunks)
        buffer = b""
        while (opening := _SHEET_DATA.search(buffer)) is None:
            piece = next(pieces, None)
            if piece is None:
                raise CannotPatch(_UNUSUAL)
            buffer += piece
        if buffer.startswith((b"\xff\xfe", b"\xfe\xff")) or b"<!" in buffer[: opening.start()]:
            raise CannotPatch(_UNUSUAL)
        self._prefix = opening[1] or b""
        yield self._head(buffer[: opening.start()])
        buffer, empty = buffer[opening.end() :], bool(opening[2])
        yield opening[0].replace(b"/>", b">") if empty else opening[0]
        if not empty:
            buffer = yield from self._rows(buffer, pieces)
        yield b"".join(self._new_row(row) for row in self._due())
        yield b"</" + self._prefix + b"sheetData>"
        tail = buffer + b"".join(pieces)
        self._refuse_inside_merges(tail)
        yield tail

    def _head(self, head: bytes) -> bytes:
        for found in _COLUMN.finditer(head):
            style = _number(found[1], b"style")
            if style:
                self._column_styles.append(
                    (int(_number(found[1], b"min")), int(_number(found[1], b"max")), style)
                )
        return _DIMENSION.sub(self._grown, head, count=1)

    def _grown(self, found: re.Match[bytes]) -> bytes:
        left, top = column_number(found[2]), int(found[3])
        right, bottom = (column_number(found[4]), int(found[5])) if found[4] else (left, top)
        columns = [column for row in self._changes.values() for column in row]
        box = min(left, *columns), min(top, *self._changes), max(right, *columns), max(bottom, *self._changes)
        if box == (left, top, right, bottom):
            return found[0]
        corners = f"{column_letters(box[0])}{box[1]}:{column_letters(box[2])}{box[3]}"
        return found[1] + corners.encode() + found[6]

    def _rows(self, buffer: bytes, pieces: Iterator[bytes]) -> Generator[bytes, None, bytes]:
        """Yields the rows, whole ones at a time; returns what follows the end of sheetData."""
        closing, opening = b"</" + self._prefix + b"sheetData>", b"<" + self._prefix + b"row"
        while (end := buffer.find(closing)) < 0:
            cut = buffer.rfind(opening)
            if cut > 0:
                yield self._block(buffer[:cut])
                buffer = buffer[cut:]
            piece = next(pieces, None)
            if piece is None:
                raise CannotPatch(_UNUSUAL)
            buffer += piece
        yield self._block(buffer[:end])
        return buffer[end + len(closing) :]

    def _block(self, block: bytes) -> bytes:
        if not self.formula_seen:
            self.formula_seen = any(b"<" + self._prefix + end in block for end in (b"f>", b"f ", b"f/"))
        if not self._waiting:
            return block
        if b"<!" in block:
            raise CannotPatch(_UNUSUAL)
        last = self._last_row(block)
        if self._waiting[-1] > last:
            self._row = last
            return block
        out, at = [], 0
        for tag, number in self._tags(block, last):
            for row in self._due(before=number):
                out += [block[at : tag.start()], self._new_row(row)]
                at = tag.start()
            if self._waiting and self._waiting[-1] == number:
                end = self._end_of(block, tag)
                changed = self._changed_row(self._waiting.pop(), tag, block[tag.end() : end])
                out += [block[at : tag.start()], changed]
                at = end
        out.append(block[at:])
        self._row = last
        return b"".join(out)

    def _tags(self, block: bytes, last: int) -> Iterator[tuple[re.Match[bytes], int]]:
        """The rows of a block that may be wanted: found directly when they are written the usual way, else one by one."""
        at = 0
        while self._waiting and self._waiting[-1] <= last:
            start = block.find(b'<%srow r="%d"' % (self._prefix, self._waiting[-1]), at)
            tag = _ROW.match(block, start) if start >= 0 else None
            if tag is None:
                break
            yield tag, self._waiting[-1]
            self._row, at = int(_number(tag[1], b"r")), tag.end()
        for tag in _ROW.finditer(block, at):
            if not self._waiting or self._waiting[-1] > last:
                return
            self._row = int(_number(tag[1], b"r") or self._row + 1)
            yield tag, self._row

    def _last_row(self, block: bytes) -> int:
        last = _ROW.match(block, max(0, block.rfind(b"<" + self._prefix + b"row")))
        number = _number(last[1], b"r") if last else b""
        return int(number) if number else self._row + len(_ROW.findall(block))

    def _end_of(self, block: bytes, tag: re.Match[bytes]) -> int:
        closing = b"</" + self._prefix + b"row>"
        return tag.end() if tag[2] else block.index(closing, tag.end()) + len(closing)

    def _due(self, before: int = 1 << 30) -> Iterator[int]:
        while self._waiting and self._waiting[-1] < before:
            yield self._waiting.pop()

    def _new_row(self, row: int) -> bytes:
        cells = b"".join(self._cell(row, column, b"", b"") for column in self._changes[row])
        return b'<%srow r="%d">' % (self._prefix, row) + cells + b"</" + self._prefix + b"row>"

    def _changed_row(self, row: int, tag: re.Match[bytes], rest: bytes) -> bytes:
        closing = b"</" + self._prefix + b"row>"
        inner = rest.removesuffix(closing)
        own = _number(tag[1], b"s") if _number(tag[1], b"customFormat") else b""
        left = dict(self._changes[row])
        out, at, column = [], 0, 0
        styles: dict[int, bytes] = {}
        for cell in _CELL.finditer(inner):
            reference = re.search(rb'\br="([A-Z]+)\d+"', cell[1])
            column = column_number(reference[1]) if reference else column + 1
            styles[column] = _number(cell[1], b"s")
            for earlier in [c for c in left if c < column]:
                out += [inner[at : cell.start()], self._cell(row, earlier, b"", own)]
                at = cell.start()
                del left[earlier]
            if column in left:
                self._replace_formula(row, column, cell[2] or b"")
                out += [
                    inner[at : cell.start()],
                    self._cell(row, column, _number(cell[1], b"s") or b"0", own),
                ]
                at = cell.end()
                del left[column]
        out.append(inner[at:])
        for later in left:
            out.append(self._cell(row, later, styles.get(self._like.get((row, later), 0), b""), own))
        opening = tag[0].replace(b"/>", b">") if tag[2] else tag[0]
        return self._spanned(opening, max(self._changes[row])) + b"".join(out) + closing

    def _spanned(self, opening: bytes, column: int) -> bytes:
        def wider(found: re.Match[bytes]) -> bytes:
            return b'spans="%s:%d"' % (found[1], max(int(found[2]), column))

        return re.sub(rb'\bspans="(\d+):(\d+)"', wider, opening)

    def _cell(self, row: int, column: int, style: bytes, row_style: bytes) -> bytes:
        value = self._changes[row][column]
        if not style:
            of_column = next((s for low, high, s in self._column_styles if low <= column <= high), b"0")
            style = row_style or of_column
        reference = f"{column_letters(column)}{row}".encode()
        return cell_xml(
            self._prefix, reference, self._styles.for_value(style, value), value, date_1904=self._date_1904
        )

    def _replace_formula(self, row: int, column: int, inner: bytes) -> None:
        formula = _FORMULA.search(inner)
        if formula is None:
            return
        reference = f"{column_letters(column)}{row}"
        if b"ref=" in formula[1] and f'ref="{reference}"'.encode() not in formula[1]:
            raise CannotPatch(
                Sentence(
                    en=f"{reference} holds a formula that other cells share",
                    ja=f"{reference} の数式は他のセルと共有されています",
                )
            )
        self.formulas_replaced.add(reference.encode())

    def _refuse_inside_merges(self, tail: bytes) -> None:
        for found in _MERGE.finditer(tail):
            left, top, right, bottom = (
                column_number(found[1]),
                int(found[2]),
                column_number(found[3]),
                int(found[4]),
            )
            for row in (row for row in self._changes if top <= row <= bottom):
                for column in self._changes[row]:
                    if left <= column <= right and (row, column) != (top, left):
                        cell, first = f"{column_letters(column)}{row}", f"{column_letters(left)}{top}"
                        raise CannotPatch(
                            Sentence(
                                en=f"{cell} is hidden inside a merged cell that begins at {first}",
                                ja=f"{cell} は {first} から始まる結合セルの内側です",
                            )
                        )


def _number(attributes: bytes, name: bytes) -> bytes:
    found = re.search(rb'(?<![\w:])%s="(\d+)"' % name, attributes)
    return found[1] if found else b""


_UNUSUAL = Sentence(
    en="the workbook's XML is not as office programs write it; open it in Excel and save it once",
    ja="ブックの内部形式が特殊です。Excel で開いて一度保存し直してください",
)
