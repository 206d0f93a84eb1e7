"""The parts of an xlsx workbook: which part is which sheet, and what a sheet's XML tells besides its values.

Element and attribute names are those of ISO/IEC 29500-1 (SpreadsheetML, chapter 18).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from posixpath import dirname, join, normpath
from xml.etree import ElementTree

from bofbot.adapters.workbooks.zips import BadZip, Zip
from bofbot.words import Sentence

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True, slots=True)
class Remarks:
    """Of one sheet; rows and columns count from 1."""

    errors: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """Cells that show an error: #N/A, #REF! …"""
    uncomputed: frozenset[tuple[int, int]] = frozenset()
    """Formulas without a stored value: the book was written by a program and never opened in Excel."""
    hidden_rows: frozenset[int] = frozenset()
    padded: Mapping[tuple[int, int], int] = field(default_factory=dict)
    """Numbers shown with leading zeros (format 0000000): how many digits."""
    merged: bool = False
    """Whether the sheet merges cells."""


NO_REMARKS = Remarks()


class BookParts:
    """Finds its way through workbook.xml, the relations and the styles."""

    def __init__(self, parts: Zip) -> None:
        self.zip = parts
        self.workbook = self._related("_rels/.rels", "officeDocument")[0]
        self._tree = self._xml(self.workbook)
        self._relations = self._xml(relations_of(self.workbook))

    @property
    def date_1904(self) -> bool:
        properties = self._find(self._tree, "workbookPr")
        return properties is not None and properties.get("date1904") in ("1", "true")

    @cached_property
    def sheets(self) -> Mapping[str, str]:
        """Sheet name → its part."""
        targets = {relation.get("Id"): self._target(self.workbook, relation) for relation in self._relations}
        listed = self._find(self._tree, "sheets")
        return {
            sheet.get("name", ""): targets[sheet.get(_RELATION) or _strict_id(sheet)]
            for sheet in (listed if listed is not None else ())
            if (sheet.get(_RELATION) or _strict_id(sheet)) in targets
        }

    def sheet_ids(self) -> Mapping[str, str]:
        """Sheet name → its sheetId, as calcChain counts."""
        listed = self._find(self._tree, "sheets")
        return {s.get("name", ""): s.get("sheetId", "") for s in (listed if listed is not None else ())}

    def part(self, kind: str) -> str:
        """The workbook's part of a kind ("styles", "calcChain" …); "" when it has none."""
        return next(iter(self._related(relations_of(self.workbook), kind)), "")

    def remarks(self, sheet: str) -> Remarks:
        """What the sheet's XML tells besides its values."""
        padded_styles = self._padded_styles if self.part("styles") else {}
        found = _Found()
        told = bool(padded_styles)
        for xml in self.pieces(self.sheets[sheet]):
            if padded_styles or any(sign in xml for sign in _SIGNS):
                _look_for_remarks(xml, padded_styles, found)
                told = True
        return found.remarks() if told else NO_REMARKS

    def pieces(self, part: str) -> Iterator[bytes]:
        """A sheet's XML, cut where a row ends: unpacked it may have hundreds of megabytes."""
        waiting: list[bytes] = []
        for chunk in self.zip.chunks(part):
            cut = max(chunk.rfind(end) + len(end) if end in chunk else 0 for end in _ROW_ENDS)
            waiting.append(chunk[:cut] if cut else chunk)
            if cut:
                yield b"".join(waiting)
                waiting = [chunk[cut:]]
        yield b"".join(waiting)

    @cached_property
    def _padded_styles(self) -> Mapping[bytes, int]:
        """Cell styles (their index) whose number format is 00…0 → how many zeros."""
        styles = self._xml(self.part("styles"))
        codes = {f.get("numFmtId"): f.get("formatCode", "") for f in styles.iter() if _local(f) == "numFmt"}
        padded = {number: len(code) for number, code in codes.items() if re.fullmatch("0{2,}", code)}
        formats = self._find(styles, "cellXfs")
        return {
            str(index).encode(): padded[xf.get("numFmtId")]
            for index, xf in enumerate(formats if formats is not None else ())
            if xf.get("numFmtId") in padded
        }

    def _related(self, relations: str, kind: str) -> list[str]:
        source = join(dirname(dirname(relations)), relations.rsplit("/", 1)[1].removesuffix(".rels"))
        return [
            self._target(source, relation)
            for relation in self._xml(relations)
            if relation.get("Type", "").rsplit("/", 1)[-1] == kind
        ]

    def _target(self, source: str, relation: ElementTree.Element) -> str:
        target = relation.get("Target", "")
        return target.lstrip("/") if target.startswith("/") else normpath(join(dirname(source), target))

    def _xml(self, name: str) -> ElementTree.Element:
        try:
            return parse(self.zip.read(name))
        except (KeyError, IndexError) as error:
            raise BadZip(_INCOMPLETE) from error

    @staticmethod
    def _find(tree: ElementTree.Element, name: str) -> ElementTree.Element | None:
        return next((element for element in tree if _local(element) == name), None)


def parse(xml: bytes) -> ElementTree.Element:
    """A small part as a tree. Office parts declare no document type; one that does is refused, entities and all."""
    if b"<!DOCTYPE" in xml:
        raise BadZip(_INCOMPLETE)
    try:
        return ElementTree.fromstring(xml)  # noqa: S314  (no document type, so no entities to expand)
    except ElementTree.ParseError as error:
        raise BadZip(_INCOMPLETE) from error


def relations_of(part: str) -> str:
    """The part that lists what `part` refers to."""
    return join(dirname(part), "_rels", part.rsplit("/", 1)[-1] + ".rels")


def column_number(letters: bytes | str) -> int:
    """1 for A, 27 for AA."""
    number = 0
    for letter in letters if isinstance(letters, bytes) else letters.encode():
        number = number * 26 + letter - 64
    return number


def column_letters(number: int) -> str:
    """A for 1, AA for 27."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


_SIGNS = (b't="e"', b"<f", b":f", b'hidden="', b"mergeCell")
"""Cheap looks at a piece; what has none of these has nothing to tell."""
_ROW_ENDS = (b"</row>", b":row>")
_ROW = re.compile(rb"<(?:\w+:)?row(?=[\s/>])([^>]*?)(/?)>")
_ROW_NUMBER = re.compile(rb'\br="(\d+)"')
_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
_ERROR = re.compile(
    rb'<(?:\w+:)?c(?=\s)([^>]*\bt="e"[^>]*)>(?:[^<]|<(?!/?(?:\w+:)?[cv][\s>]))*(?:<(?:\w+:)?v>([^<]*))?'
)
_UNCOMPUTED = re.compile(
    rb"<(?:\w+:)?c(?=\s)([^>/]*)>\s*<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)"
    rb"\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_REFERENCE = re.compile(rb'\br="([A-Z]+)(\d+)"')
_TYPE = re.compile(rb'\bt="(\w+)"')
_STYLE = re.compile(rb'\bs="(\d+)"')


class _Found:
    """Remarks as they are found, piece by piece."""

    def __init__(self) -> None:
        self.errors: dict[tuple[int, int], str] = {}
        self.uncomputed: set[tuple[int, int]] = set()
        self.hidden: set[int] = set()
        self.padded: dict[tuple[int, int], int] = {}
        self.merged = False
        self.row = 0
        """The last row seen; it counts where rows come without their number."""

    def remarks(self) -> Remarks:
        uncomputed, hidden = frozenset(self.uncomputed), frozenset(self.hidden)
        return Remarks(self.errors, uncomputed, hidden, self.padded, self.merged)


def _look_for_remarks(xml: bytes, padded_styles: Mapping[bytes, int], found: _Found) -> None:
    """Add what a piece of a sheet tells."""
    if b't="e"' in xml:
        found.errors |= {where: (cell[2] or b"#ERROR").decode() for where, cell in _cells(_ERROR, xml)}
    found.uncomputed |= {where for where, cell in _cells(_UNCOMPUTED, xml) if not _is_type(cell[1], b"str")}
    if padded_styles:
        styled = re.compile(rb'<(?:\w+:)?c(?=\s)([^>]*\bs="(?:%s)"[^>]*)>' % b"|".join(padded_styles))
        for where, cell in _cells(styled, xml):
            style = _STYLE.search(cell[1])
            if style and _is_type(cell[1], b"n"):
                found.padded[where] = padded_styles[style[1]]
    found.merged |= b"mergeCell" in xml
    _look_for_hidden_rows(xml, found)


def _cells(pattern: re.Pattern[bytes], xml: bytes) -> Iterator[tuple[tuple[int, int], re.Match[bytes]]]:
    """The cells that a pattern finds (its first group holds their attributes), with row and column from 1."""
    for found in pattern.finditer(xml):
        at = _REFERENCE.search(found[1])
        if at:
            yield (int(at[2]), column_number(at[1])), found


def _is_type(attributes: bytes, kind: bytes) -> bool:
    told = _TYPE.search(attributes)
    return (told[1] if told else b"n") == kind


def _look_for_hidden_rows(xml: bytes, found: _Found) -> None:
    if b'hidden="' not in xml:
        found.row += len(_ROW.findall(xml))
        return
    for seen in _ROW.finditer(xml):
        number = _ROW_NUMBER.search(seen[1])
        found.row = int(number[1]) if number else found.row + 1
        if _HIDDEN.search(seen[1]):
            found.hidden.add(found.row)


def _local(element: ElementTree.Element) -> str:
    return element.tag.rsplit("}", 1)[-1]


def _strict_id(sheet: ElementTree.Element) -> str:
    return sheet.get("{http://purl.oclc.org/ooxml/officeDocument/relationships}id", "")


_INCOMPLETE = Sentence(
    en="parts of the workbook are missing or broken", ja="ブックの部品が欠けているか壊れています"
)
