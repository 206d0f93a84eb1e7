"""CSV files: which encoding, which delimiter, read with their line numbers, written so that no spreadsheet runs them."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

from bofbot.adapters.workbooks.bookfile import read_whole, refused
from bofbot.errors import BusinessError, Cell, Sighting
from bofbot.values.types import as_text
from bofbot.words import Sentence

ENCODINGS = ("utf-8", "utf-8-sig", "cp932", "utf-16")
"""What CSV files are read in; `shift_jis` and its kin mean cp932, as every Japanese spreadsheet does."""
DELIMITERS = (",", "\t", ";", "|")
CSV_ENDINGS = frozenset([".csv", ".tsv", ".txt"])


NO_CHARACTER = re.compile("[\x80\uf8f0-\uf8f3]")
"""What Python makes of the bytes 80, A0, FD, FE, FF, which are no characters of cp932."""


@dataclass(frozen=True, slots=True)
class CsvText:
    """A CSV file's text, and how it was written."""

    path: Path
    text: str
    encoding: str
    delimiter: str
    data: bytes

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Line number (from 1, of the record's first line) and fields. Raises BusinessError at a broken quote."""
        reader = csv.reader(StringIO(self.text, newline=""), delimiter=self.delimiter, strict=True)
        start = 1
        try:
            for fields in reader:
                yield start, fields
                start = reader.line_num + 1
        except csv.Error as error:
            raise _broken(self.path, start, str(error)) from error


def read_csv(path: Path, encoding: str = "", delimiter: str = "") -> CsvText:
    """The file's text. Without `encoding`: its byte order mark, else UTF-8, else cp932, each without a single lossy
    character. Without `delimiter`: the one that splits the first lines most evenly. Raises BusinessError."""
    data = read_whole(path)
    if not data.strip():
        raise refused(path, Sentence(en="it is empty", ja="空のファイルです"))
    encoding, text = _decoded(path, data, python_name(encoding))
    if "\0" in text:
        raise refused(path, Sentence(en="it is not a text file", ja="テキストファイルではありません"))
    if looks_like_a_page(text):
        raise refused(
            path,
            Sentence(en="it is a web page (HTML), not a CSV file", ja="CSV ではなく Web ページ（HTML）です"),
            Sentence(
                en="download it again; the session may have ended",
                ja="ログインの状態を確認し、もう一度ダウンロードしてください",
            ),
        )
    return CsvText(path, text, encoding, delimiter or delimiter_of(text), data)


def delimiter_of(text: str) -> str:
    """The delimiter that gives the most lines the same number (> 1) of fields; a comma when none does."""
    sample = text[:50_000].splitlines()[:50]

    def votes(delimiter: str) -> tuple[int, int]:
        try:
            widths = [len(fields) for fields in csv.reader(sample, delimiter=delimiter)]
        except csv.Error:
            return 0, 0
        wide = [width for width in widths if width > 1]
        most = max(set(wide), key=lambda width: (wide.count(width), width), default=0)
        return wide.count(most), most

    return max(DELIMITERS, key=lambda delimiter: (*votes(delimiter), -DELIMITERS.index(delimiter)))


def looks_like_a_page(text: str) -> bool:
    """Whether it is HTML, which sites send in place of a file when a session has ended."""
    return bool(re.match(r"\s*(<!doctype html|<html|<head|<body)", text.lstrip("\ufeff"), re.IGNORECASE))


def python_name(encoding: str) -> str:
    """Python's name of an encoding; every name of Shift_JIS becomes cp932. "" stays "". Raises ValueError."""
    if not encoding:
        return ""
    if encoding.lower() in ("windows-31j", "sjis-win", "ms_kanji"):
        return "cp932"
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        raise ValueError(f"unknown encoding {encoding}; known: {', '.join(ENCODINGS)}") from None
    return "cp932" if name in ("shift_jis", "cp932", "ms932") else name


def csv_bytes(
    rows: Iterable[Sequence[Any]],
    *,
    encoding: str = "utf-8-sig",
    delimiter: str = ",",
    newline: str = "\r\n",
    path: Path,
) -> bytes:
    """Rows as a CSV file. Text that a spreadsheet would take for a formula is led by `'`.
    Raises BusinessError that names the character the encoding has no place for."""
    out = StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=newline)
    for row in rows:
        writer.writerow([field_text(value) for value in row])
    return encoded(out.getvalue(), python_name(encoding), path)


def field_text(value: Any) -> str:
    """A value as it stands in a CSV field; text is guarded, numbers and dates are not."""
    text = as_text(value)
    if isinstance(value, bool | int | float | Decimal | date | datetime | time) or not _runs(text):
        return text
    return f"'{text}"


def encoded(text: str, encoding: str, path: Path, first_line: int = 1) -> bytes:
    """The text in the file's encoding. Raises BusinessError that names the line and the character it cannot hold."""
    try:
        return text.encode(encoding)
    except UnicodeEncodeError as error:
        character, line = text[error.start], text.count("\n", 0, error.start) + first_line
        raise BusinessError(
            Sentence(
                en=f"{path.name}, line {line}: {encoding} has no character “{character}” (U+{ord(character):04X})",
                ja=f"{path.name} の {line} 行目：文字「{character}」（U+{ord(character):04X}）は {encoding} では保存できません",
            ),
            fix=Sentence(
                en="use another character, or write the file with `encoding: utf-8-sig`",
                ja="別の文字にするか、`encoding: utf-8-sig` で保存してください",
            ),
            sighting=Sighting(looked_for=character, cell=Cell(str(path), row=line)),
        ) from error


_RUNS = ("=", "+", "-", "@", "\t", "\r")
_PLAIN_NUMBER = re.compile(r"[+-]?\d[\d,]*(\.\d+)?%?")


def _runs(text: str) -> bool:
    return text.startswith(_RUNS) and not _PLAIN_NUMBER.fullmatch(text)


_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def _decoded(path: Path, data: bytes, encoding: str) -> tuple[str, str]:
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), "")
    if encoding == "utf-8" and marked == "utf-8-sig":
        encoding = marked
    tries = [encoding] if encoding else [marked] if marked else ["utf-8", "cp932"]
    at = 0
    for name in tries:
        try:
            text = data.decode(name)
        except UnicodeDecodeError as error:
            at = error.start
            continue
        stray = NO_CHARACTER.search(text) if name == "cp932" else None
        if stray is None:
            return name, text
        at = len(text[: stray.start()].encode(name))
    line = data.count(b"\n", 0, at) + 1
    tried = ", ".join(tries)
    raise BusinessError(
        Sentence(
            en=f"{path.name} cannot be read as {tried} (line {line}); nothing is guessed",
            ja=f"{path.name} は {tried} として読み込めません（{line} 行目）。文字化けを防ぐため中止しました",
        ),
        fix=Sentence(
            en="say the encoding, e.g. `encoding: cp932`, or save the file again as CSV UTF-8",
            ja="`encoding: cp932` のように文字コードを指定するか、「CSV UTF-8」で保存し直してください",
        ),
        sighting=Sighting(looked_for=tried, cell=Cell(str(path), row=line)),
    )


def _broken(path: Path, line: int, detail: str) -> BusinessError:
    return BusinessError(
        Sentence(
            en=f"{path.name}: the record that begins at line {line} has a broken quotation mark",
            ja=f'{path.name}：{line} 行目から始まる行の引用符（"）が正しく閉じられていません',
        ),
        fix=Sentence(en=f"mend the line ({detail})", ja="その行の引用符を修正してください"),
        sighting=Sighting(cell=Cell(str(path), row=line)),
    )
