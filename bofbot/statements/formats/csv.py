"""CSV from banks: any delimiter and encoding, text before the headings, money in one column or two."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice

from bofbot.statements.decoding import decode
from bofbot.statements.grid import read_grid
from bofbot.statements.model import Refused, Statement
from bofbot.statements.options import Cell, GridRow, Options
from bofbot.statements.rows import SplitRows
from bofbot.words import Sentence

NAME = "csv"
_DELIMITERS = (",", ";", "\t", "|")


def recognise(head: bytes) -> bool:
    """Text with one of the delimiters on two lines at least."""
    if not head.strip() or head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"<", b"{", b"%"):
        return False
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    lines = list(islice(filter(bytes.strip, head.splitlines()), 200))
    return any(sum(mark in line for line in lines) >= 2 for mark in (b",", b";", b"\t", b"|")) or (
        len(lines) == 1 and any(lines[0].count(mark) >= 2 for mark in (b",", b";", b"\t", b"|"))
    )


def read(data: bytes, options: Options) -> list[Statement]:
    """The statements of a CSV file. Raises Refused."""
    profile = options.profile
    text = decode(data, options.encoding or (profile.encoding if profile else ""))
    delimiter = (profile.delimiter if profile else "") or find_delimiter(text)
    return read_grid(rows_of(text, delimiter), options)


def find_delimiter(text: str) -> str:
    """The delimiter by a vote: the one that gives the most lines the same number of columns, of two or more."""
    lines = text[:65536].splitlines()[:200]
    best, delimiter = (0, 0), ","
    for candidate in _DELIMITERS:
        if candidate not in text:
            continue
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=candidate) if len(row) > 1)
        if widths:
            width, votes = max(widths.items(), key=lambda item: (item[1] * (item[0] - 1), item[0]))
            best, delimiter = max(
                (best, delimiter), ((votes * (width - 1), width), candidate), key=lambda b: b[0]
            )
    return delimiter


_MOST_COLUMNS = 1000
_LONE_CR = re.compile(r"\r(?!\n)")


def rows_of(text: str, delimiter: str) -> Sequence[GridRow]:
    """Rows with their line numbers. Raises Refused `cut-file` when a quote is never closed."""
    if "\r" in text:
        text = _LONE_CR.sub("\n", text) if "\n" not in text else text
    if "\x00" in text:
        raise Refused(
            "not-text",
            Sentence(
                en="The file holds binary zeros.", ja="テキストではないデータ（0のバイト）が含まれています。"
            ),
        )
    plain = _split_rows(text, delimiter)
    if plain:
        _refuse_half_row(text, plain)
        return plain
    rows = _parsed_rows(text, delimiter)
    _refuse_wide(rows)
    _refuse_open_quote(text, rows, delimiter)
    _refuse_half_row(text, rows)
    return (
        rows if '="' not in text else [(line, [_unguarded(cell) for cell in cells]) for line, cells in rows]
    )


def _split_rows(text: str, delimiter: str) -> SplitRows | None:
    """The rows of a text where nothing is quoted and no cell can hold a line end; None where that needs more care."""
    if '"' in text or f"{delimiter} " in text:
        return None
    if "\r" in text:
        if text.count("\r") != text.count("\r\n"):
            return None
        text = text.replace("\r", "")
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()
    longest = max(map(len, lines), default=0)
    if longest > csv.field_size_limit() or (
        longest > _MOST_COLUMNS and any(line.count(delimiter) >= _MOST_COLUMNS for line in lines)
    ):
        return None  # the one who says so is the parser
    return SplitRows(lines, delimiter)


def _parsed_rows(text: str, delimiter: str) -> list[GridRow]:
    """Raises Refused `broken-csv`."""
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=delimiter,
        skipinitialspace=f"{delimiter} " in text,
        strict=False,
    )
    rows: list[GridRow] = []
    start = 1
    try:
        for row in reader:
            rows.append((start, row))
            start = reader.line_num + 1
    except csv.Error as error:
        raise Refused(
            "broken-csv",
            Sentence(en=f"The line is not CSV: {error}", ja="CSVとして読めない行です。"),
            line=reader.line_num,
        ) from None
    return rows


def _unguarded(cell: Cell) -> Cell:
    """`="0012"` is how Excel is told to leave a text alone."""
    return cell[2:-1] if isinstance(cell, str) and cell.startswith('="') and cell.endswith('"') else cell


def _refuse_wide(rows: list[GridRow]) -> None:
    if max([len(cells) for _, cells in rows], default=0) > _MOST_COLUMNS:
        line, cells = max(rows, key=lambda row: len(row[1]))
        raise Refused(
            "broken-csv",
            Sentence(en=f"The line has {len(cells):,} columns.", ja=f"1行に {len(cells):,} 列あります。"),
            line=line,
        )


def _refuse_half_row(text: str, rows: Sequence[GridRow]) -> None:
    """A last line without an end that begins like the one before and has fewer cells was cut in the middle."""
    if len(rows) < 3 or text.endswith(("\n", "\r", "\x1a")):
        return
    (_, before), (line, last) = rows[-2:]
    if last and len(last) < len(before) and _begins_with_figure(last) and _begins_with_figure(before):
        raise Refused(
            "cut-file",
            Sentence(
                en="The last line ends in the middle: the file is cut.",
                ja="最後の行が途中で終わっています。ファイルが途中で切れています。",
            ),
            line=line,
        )


def _begins_with_figure(cells: Sequence[Cell]) -> bool:
    return str(cells[0]).strip()[:1].isdigit()


def _refuse_open_quote(text: str, rows: list[GridRow], delimiter: str) -> None:
    """A quote that is never closed swallows the rest of the file in silence; the strict reader says so."""
    if not rows or '"' not in text:
        return
    last = rows[-1][0]
    tail = text.splitlines()[last - 1 :]
    try:
        list(csv.reader(tail, delimiter=delimiter, skipinitialspace=True, strict=True))
    except csv.Error as error:
        if "unexpected end" in str(error):
            raise Refused(
                "cut-file",
                Sentence(
                    en="A quotation mark is opened and never closed: the file is cut.",
                    ja="引用符が閉じられていません。ファイルが途中で切れています。",
                ),
                line=last,
            ) from None
