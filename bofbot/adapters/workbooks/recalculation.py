"""Computes the formulas of a workbook anew and puts the results into it; everything else stays byte for byte.

LibreOffice computes a copy. Its results alone come back into the book, for the book that it saves itself has lost
what it does not know. Formats of cells: ISO/IEC 29500-1, 18.3.1.4.
"""

from __future__ import annotations

import html
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bofbot.adapters.workbooks.bookfile import read_book_file, refused
from bofbot.adapters.workbooks.bookparts import BookParts
from bofbot.adapters.workbooks.libreoffice import recomputed
from bofbot.adapters.workbooks.patch import NOT_XLSX, SAVE_AS_XLSX, save_parts
from bofbot.adapters.workbooks.zips import BadZip, Packed, Zip, pack
from bofbot.errors import BusinessError, Candidate, Cell, Sighting
from bofbot.files import refuse_when_locked
from bofbot.words import Sentence

Result = tuple[bytes, bytes]
"""Kind of a cell (`n`, `str`, `b`, `e`) and its value as XML text."""

_CELL = re.compile(rb"<((?:\w+:)?)c(?=[\s/>])([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_FORMULA = re.compile(rb"<(?:\w+:)?f(?=[\s/>])[^>]*?(?:/>|>.*?</(?:\w+:)?f>)", re.DOTALL)
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>(.*?)</(?:\w+:)?v>", re.DOTALL)
_SHARED_TEXT = re.compile(rb"<(?:\w+:)?si>(.*?)</(?:\w+:)?si>", re.DOTALL)
_TEXT = re.compile(rb"<(?:\w+:)?t(?:\s[^>]*)?>(.*?)</(?:\w+:)?t>", re.DOTALL)
_ALIKE = 1e-12
"""Two programs may differ in the last bits of a sum; such results stay as they were."""


@dataclass(frozen=True, slots=True)
class Recalculated:
    """What came of it."""

    formulas: int
    changed: tuple[Cell, ...]
    """Cells whose results are others now."""


@dataclass(slots=True)
class _Sheet:
    name: str
    formulas: int = 0
    changed: list[Cell] = field(default_factory=list)
    broken: list[tuple[Cell, str]] = field(default_factory=list)


def recalculate(path: Path, *, seconds: float = 120.0) -> Recalculated:
    """Compute every formula of an .xlsx or .xlsm and keep the results in the book. `seconds` bounds LibreOffice.

    Raises BusinessError when a result becomes an error that was none (a function LibreOffice does not know, a link to
    another book): nothing is written then. ApplicationError: somebody has the book open, LibreOffice failed. NotReady:
    there is no LibreOffice."""
    refuse_when_locked(path)
    file = read_book_file(path, proved=False)
    if file.kind != "xlsx" or file.zip is None:
        raise refused(path, NOT_XLSX, SAVE_AS_XLSX)
    try:
        mine, theirs = BookParts(file.zip), Zip(recomputed(file.data, seconds=seconds))
        other = BookParts(theirs)
        shared = _shared_texts(theirs, other)
        replaced: dict[str, Packed] = {}
        done: list[_Sheet] = []
        for name, part in mine.sheets.items():
            if part not in file.zip.parts or name not in other.sheets:
                continue
            sheet = _Sheet(name)
            before = file.zip.read(part)
            results = _results(theirs.read(other.sheets[name]), shared) if b"f" in before else {}
            after = _with_results(path, sheet, before, results)
            done.append(sheet)
            if after != before:
                replaced[part] = pack([after], file.zip.parts[part])
    except BadZip as error:
        raise refused(path, error.reason) from error
    if broken := [one for sheet in done for one in sheet.broken]:
        raise _would_break(path, broken)
    if replaced:
        save_parts(file, replaced)
    return Recalculated(sum(s.formulas for s in done), tuple(cell for s in done for cell in s.changed))


def _with_results(path: Path, sheet: _Sheet, xml: bytes, results: Mapping[bytes, Result]) -> bytes:
    def renewed(found: re.Match[bytes]) -> bytes:
        formula = _FORMULA.search(found[3] or b"")
        reference = _attribute(found[2], b"r")
        if formula is None or reference not in results:
            return found[0]
        sheet.formulas += 1
        old, new = _result(found[2], found[3]), results[reference]
        if _same(old, new):
            return found[0]
        place = Cell(path.name, sheet.name, int(re.sub(rb"\D", b"", reference)), reference.decode())
        if new[0] == b"e" and old[0] != b"e":
            sheet.broken.append((place, html.unescape(new[1].decode("utf-8", "replace"))))
            return found[0]
        sheet.changed.append(place)
        return _cell(found, formula[0], new)

    return _CELL.sub(renewed, xml)


def _cell(found: re.Match[bytes], formula: bytes, result: Result) -> bytes:
    prefix = found[1]
    attributes = re.sub(rb'\st="[^"]*"', b"", found[2])
    kind = b"" if result[0] == b"n" else b' t="' + result[0] + b'"'
    value = b"<" + prefix + b"v>" + result[1] + b"</" + prefix + b"v>" if result != (b"n", b"") else b""
    return b"<" + prefix + b"c" + attributes + kind + b">" + formula + value + b"</" + prefix + b"c>"


def _results(xml: bytes, shared: list[bytes]) -> dict[bytes, Result]:
    """Every cell of a sheet by its reference: formulas may come back as plain values."""
    found: dict[bytes, Result] = {}
    for cell in _CELL.finditer(xml):
        kind, value = _result(cell[2], cell[3])
        if kind == b"s":
            kind, value = b"str", shared[int(value)]
        found[_attribute(cell[2], b"r")] = (kind, value)
    return found


def _result(attributes: bytes, inner: bytes | None) -> Result:
    value = _VALUE.search(inner or b"")
    return _attribute(attributes, b"t") or b"n", value[1] if value else b""


def _same(old: Result, new: Result) -> bool:
    if old[0] == new[0] == b"n" and old[1] and new[1]:
        return math.isclose(float(old[1]), float(new[1]), rel_tol=_ALIKE, abs_tol=_ALIKE)
    if old[0] != new[0]:
        return False
    return html.unescape(old[1].decode("utf-8", "replace")) == html.unescape(
        new[1].decode("utf-8", "replace")
    )


def _shared_texts(parts: Zip, book: BookParts) -> list[bytes]:
    name = book.part("sharedStrings")
    if name not in parts.parts:
        return []
    return [b"".join(_TEXT.findall(item)) for item in _SHARED_TEXT.findall(parts.read(name))]


def _attribute(attributes: bytes, name: bytes) -> bytes:
    found = re.search(rb'(?<![\w:])%s="([^"]*)"' % name, attributes)
    return found[1] if found else b""


def _would_break(path: Path, broken: list[tuple[Cell, str]]) -> BusinessError:
    first = ", ".join(f"{cell.sheet}!{cell.column} {error}" for cell, error in broken[:5])
    return BusinessError(
        Sentence(
            en=f"{path.name}: {len(broken)} formulas would become errors in LibreOffice ({first}); nothing was written",
            ja=f"{path.name}：LibreOffice では {len(broken)} 個の数式がエラーになるため（{first}）、書き込んでいません",
        ),
        fix=Sentence(
            en="compute this book in Excel: open it and save it",
            ja="このブックは Excel で開いて保存し、計算し直してください",
        ),
        sighting=Sighting(
            cell=Cell(str(path), broken[0][0].sheet),
            candidates=tuple(
                Candidate(f"{c.sheet}!{c.column}", "cell", Sentence.same(e)) for c, e in broken[:20]
            ),
        ),
    )
