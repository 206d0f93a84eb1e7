"""Changes fields of one record of a CSV file; every other line stays byte for byte, encoding and line ends included."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from bofbot.adapters.csvfiles.csvfile import CsvText, encoded, field_text, read_csv
from bofbot.adapters.headings import find_headings
from bofbot.adapters.tables import Wanted
from bofbot.adapters.workbooks.bookfile import refused
from bofbot.adapters.workbooks.patch import changed_meanwhile
from bofbot.adapters.writeback import Target, find_target, the_same_row
from bofbot.errors import Cell
from bofbot.files import atomic_write, refuse_when_locked
from bofbot.records import Row
from bofbot.words import Sentence


def write_into_csv(
    path: Path,
    row: Row,
    values: Mapping[str, Any],
    expected: Mapping[str, Any],
    *,
    add_columns: bool,
    read_as: Wanted,
) -> bool:
    """What `writeback.write_back` does, for a CSV file. A new column gives every record one more field."""
    refuse_when_locked(path)
    file = _changeable(path, read_as)
    records = _Records(file)
    source = Cell(path.name)
    headings, rest = find_headings(iter(records.fields.items()), tuple(row), read_as.header, (), source)
    target = find_target(headings, values, add_columns, source)
    cells = the_same_row(rest, row.source.row, headings, expected, values, source)
    changes = {
        at: field_text(values[name])
        for name, at in target.columns.items()
        if (cells[at] if at < len(cells) else None) != field_text(values[name])
    }
    if not changes:
        return False
    if target.new:
        records.widen(headings.row, {at: name for name, at in target.new.items()})
    records.change(row.source.row, changes)
    _save(file, records.content())
    return True


def find_csv_target(
    path: Path, row: Row, columns: Iterable[str], *, add_columns: bool, read_as: Wanted
) -> Target:
    """Where values would go. Raises BusinessError when the file has no such column, or cannot be changed at all."""
    lines = iter(_changeable(path, read_as).rows())
    source = Cell(path.name)
    headings, _ = find_headings(lines, tuple(row), read_as.header, (), source)
    return find_target(headings, columns, add_columns, source)


def _changeable(path: Path, read_as: Wanted) -> CsvText:
    file = read_csv(path, read_as.encoding, read_as.delimiter)
    if file.encoding == "utf-16":
        raise refused(
            path,
            Sentence(en="UTF-16 files are only read, not changed", ja="UTF-16 のファイルは読み込み専用です"),
        )
    return file


class _Records:
    """The records of a file as its bytes stand: first line → the record, line end included.

    Neither UTF-8 nor cp932 has a line end or a quote inside a character, so the bytes can be cut where the text is;
    decoding and encoding whole files would not do: cp932 has characters with two codes."""

    def __init__(self, file: CsvText) -> None:
        self._file = file
        self._codec = "utf-8" if file.encoding == "utf-8-sig" else file.encoding
        self._mark = codecs.BOM_UTF8 if file.data.startswith(codecs.BOM_UTF8) else b""
        self.fields = {line: list[Any](fields) for line, fields in file.rows()}
        lines = _LINE.findall(file.data.removeprefix(self._mark))
        starts = [*self.fields, len(lines) + 1]
        self._raw = {start: b"".join(lines[start - 1 : after - 1]) for start, after in pairwise(starts)}

    def change(self, line: int, changes: Mapping[int, str]) -> None:
        """Give fields (from 0) of the record that begins at a line new texts."""
        body, end = self._body(line)
        fields = _raw_fields(body, self._file.delimiter)
        fields += [""] * (max(changes) + 1 - len(fields))
        for at, text in changes.items():
            fields[at] = _quoted(text, self._file.delimiter, always=fields[at].startswith('"'))
        self._raw[line] = encoded(self._file.delimiter.join(fields), self._codec, self._file.path, line) + end

    def widen(self, headings_line: int, new: Mapping[int, str]) -> None:
        """Add columns at the right: their headings, and empty fields in every record below."""
        for line in [line for line in self._raw if line > headings_line]:
            body, end = self._body(line)
            missing = max(new) + 1 - len(_raw_fields(body, self._file.delimiter))
            if body and missing > 0:
                raw = self._raw[line].removesuffix(end)
                self._raw[line] = raw + (self._file.delimiter * missing).encode() + end
        self.change(headings_line, new)

    def content(self) -> bytes:
        return self._mark + b"".join(self._raw.values())

    def _body(self, line: int) -> tuple[str, bytes]:
        raw = self._raw[line]
        body = raw.rstrip(b"\r\n")
        return body.decode(self._codec), raw[len(body) :]


_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$")


def _raw_fields(body: str, delimiter: str) -> list[str]:
    """The fields of a record as they are written, quotes and all."""
    fields: list[str] = []
    at = 0
    while True:
        end = at
        if body.startswith('"', at):
            end = at + 1
            while end < len(body) and (body[end] != '"' or body.startswith('""', end)):
                end += 2 if body.startswith('""', end) else 1
        end = body.find(delimiter, end)
        if end < 0:
            return [*fields, body[at:]]
        fields.append(body[at:end])
        at = end + len(delimiter)


def _quoted(text: str, delimiter: str, *, always: bool) -> str:
    if always or any(sign in text for sign in (delimiter, '"', "\r", "\n")):
        return '"' + text.replace('"', '""') + '"'
    return text


def _save(file: CsvText, content: bytes) -> None:
    def check(_written: Path) -> None:
        if file.path.read_bytes() != file.data:
            raise changed_meanwhile(file.path)

    atomic_write(file.path, content, check)
