"""A CSV file as one piece of UTF-8 bytes and its headings, for whoever works on lines without parsing them."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bofbot.adapters.csvfiles.csvfile import NO_CHARACTER, CsvText, delimiter_of, looks_like_a_page
from bofbot.adapters.headings import Headings, find_headings
from bofbot.errors import BusinessError, Cell

_PART = 1 << 20
_HEAD_LINES = 200
"""More lines than the search for headings looks at, quoted line breaks included."""


@dataclass(frozen=True, slots=True)
class CsvBytes:
    """The text without its byte order mark, followed by zero bytes."""

    data: bytearray
    delimiter: str
    headings: Headings


def read_csv_bytes(path: Path, padding: int) -> CsvBytes | None:
    """The file, or None when it must be read with `read_csv`, which can say what is wrong with it."""
    data = _whole(path)
    if data is None or data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or data.find(0) >= 0:
        return None
    marked = data.startswith(codecs.BOM_UTF8)
    if marked:
        del data[: len(codecs.BOM_UTF8)]
    text = data if _is_utf8(data) else None if marked else _from_cp932(data)
    if text is None:
        return None
    head = text[:_PART].decode("utf-8", "ignore")
    if not head.strip() or looks_like_a_page(head) or (len(text) > _PART and head.count("\n") < _HEAD_LINES):
        return None
    delimiter = delimiter_of(head)
    try:
        rows = CsvText(path, head, "utf-8", delimiter, b"").rows()
        headings, _ = find_headings(rows, (), 0, (), Cell(path.name))
    except BusinessError:
        return None
    text += bytes(padding)
    return CsvBytes(text, delimiter, headings)


def _whole(path: Path) -> bytearray | None:
    """All bytes; None when they changed meanwhile, or cannot be read."""
    try:
        before = path.stat()
        data = bytearray(before.st_size)
        with path.open("rb") as file:
            read = file.readinto(data)
        after = path.stat()
    except OSError:
        return None
    steady = (before.st_mtime_ns, before.st_size) == (after.st_mtime_ns, after.st_size)
    return data if steady and read == len(data) else None


def _is_utf8(data: bytearray) -> bool:
    if data.isascii():
        return True
    try:
        for _ in _decoded(data, "utf-8"):
            pass
    except UnicodeDecodeError:
        return False
    return True


def _from_cp932(data: bytearray) -> bytearray | None:
    """The text in UTF-8; None when cp932 does not fit without a lossy character."""
    text = bytearray()
    try:
        for part in _decoded(data, "cp932"):
            if NO_CHARACTER.search(part):
                return None
            text += part.encode()
    except UnicodeDecodeError:
        return None
    return text


def _decoded(data: bytearray, encoding: str) -> Iterator[str]:
    """The text part by part, so that it never stands whole in memory."""
    decoder = codecs.getincrementaldecoder(encoding)()
    with memoryview(data) as view:
        for start in range(0, len(data), _PART):
            yield decoder.decode(view[start : start + _PART])
    yield decoder.decode(b"", final=True)
