"""Changes single cells inside an xlsx file and nothing else: charts, images, pivots, macros and formats stay byte for byte.

A library that reads a workbook and saves it again loses what it does not know (text boxes, sparklines, slicers, extended
formats …), mostly without a word. So the cells are changed in the XML of their sheet, and every other part is copied.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

from bofbot.adapters.workbooks.bookfile import BookFile, read_book_file, refused
from bofbot.adapters.workbooks.bookparts import BookParts, relations_of
from bofbot.adapters.workbooks.cellxml import CannotPatch, Styles
from bofbot.adapters.workbooks.sheetxml import SheetPatch
from bofbot.adapters.workbooks.zips import BadZip, Packed, Zip, pack
from bofbot.errors import ApplicationError, BusinessError, Cell, Sighting
from bofbot.files import atomic_write, refuse_when_locked
from bofbot.words import Sentence


@dataclass(frozen=True, slots=True)
class Patched:
    """What a patch did: the parts it wrote anew and those it dropped (an empty calculation chain)."""

    parts: tuple[str, ...]
    dropped: tuple[str, ...] = ()


def patch_cells(
    path: Path,
    sheet: str,
    changes: Mapping[tuple[int, int], Any],
    *,
    like: Mapping[tuple[int, int], int] | None = None,
    seen: BookFile | None = None,
) -> Patched:
    """Set cells of one sheet: (row, column), both from 1, → text, number, date, time, bool or None (empty).

    A cell keeps its style; a date in a cell without a date format gets one, text that looks like a formula is marked
    as text. `like`: a new cell → the column further left in its row whose style it takes. `seen` is the snapshot the caller decided upon: when the file is another one by now, nothing is written.
    Raises BusinessError (no xlsx, a signed book, a merged cell's inside, a shared formula, a value no cell can hold)
    and ApplicationError (somebody has it open or changed it, the disk is full); the file is then as it was."""
    refuse_when_locked(path)
    file = seen or read_book_file(path, proved=False)
    if file.kind != "xlsx" or file.zip is None:
        raise refused(path, NOT_XLSX, SAVE_AS_XLSX)
    try:
        work = _Patching(file.zip)
        work.change(sheet, changes, like or {})
        replaced, dropped = work.finished()
    except CannotPatch as error:
        raise _cannot(path, sheet, error.reason) from error
    except BadZip as error:
        raise refused(path, error.reason) from error
    save_parts(file, replaced, frozenset(dropped))
    return Patched(tuple(replaced), tuple(dropped))


class _Patching:
    """The parts that become new, until all of them are known."""

    def __init__(self, parts: Zip) -> None:
        if any(name.startswith("_xmlsignatures/") for name in parts.parts):
            raise CannotPatch(
                Sentence(
                    en="the workbook is digitally signed; a change would break the signature",
                    ja="電子署名されたブックです。変更すると署名が無効になります",
                )
            )
        self._zip = parts
        self._book = BookParts(parts)
        self._new: dict[str, bytes | Packed] = {}
        self._dropped: list[str] = []

    def change(
        self, sheet: str, changes: Mapping[tuple[int, int], Any], like: Mapping[tuple[int, int], int]
    ) -> None:
        if sheet not in self._book.sheets:
            raise CannotPatch(Sentence(en="there is no such sheet", ja="シートがありません"))
        name = self._book.sheets[sheet]
        styles_name = self._book.part("styles")
        styles = Styles(self._zip.read(styles_name) if styles_name else b"")
        patch = SheetPatch(changes, styles, like=like, date_1904=self._book.date_1904)
        self._new[name] = pack(patch.apply(self._zip.chunks(name)), self._zip.parts[name])
        if (styled := styles.changed_xml()) is not None:
            self._new[styles_name] = styled
        if patch.formulas_replaced:
            self._forget(sheet, patch.formulas_replaced)
        if patch.formula_seen or self._has_formulas(name):
            self._recalculate_on_load()

    def finished(self) -> tuple[dict[str, Packed], list[str]]:
        packed = {
            name: new if isinstance(new, Packed) else pack([new], self._zip.parts[name])
            for name, new in self._new.items()
        }
        return packed, self._dropped

    def _has_formulas(self, but: str) -> bool:
        if self._book.part("calcChain"):
            return True
        others = (name for name in self._book.sheets.values() if name != but and name in self._zip.parts)
        return any(_has_formula(self._zip, name) for name in others)

    def _recalculate_on_load(self) -> None:
        xml = self._current(self._book.workbook)
        changed = _with_full_calculation(xml)
        if changed != xml:
            self._new[self._book.workbook] = changed

    def _forget(self, sheet: str, references: set[bytes]) -> None:
        """Take cells that hold a formula no more out of the calculation chain; an empty chain is dropped whole."""
        name = self._book.part("calcChain")
        if name not in self._zip.parts:
            return
        xml, left = _without(self._zip.read(name), references, self._book.sheet_ids()[sheet].encode())
        if left:
            self._new[name] = xml
            return
        self._dropped.append(name)
        relations = relations_of(self._book.workbook)
        self._new[relations] = re.sub(
            rb"<(?:\w+:)?Relationship\b[^>]*?/calcChain\"[^>]*?/>", b"", self._current(relations)
        )
        types = "[Content_Types].xml"
        self._new[types] = re.sub(
            rb"<(?:\w+:)?Override\b[^>]*?" + re.escape(name.encode()) + rb"\"[^>]*?/>",
            b"",
            self._current(types),
        )

    def _current(self, name: str) -> bytes:
        new = self._new.get(name)
        return new if isinstance(new, bytes) else self._zip.read(name)


def _has_formula(parts: Zip, name: str) -> bool:
    end = b""
    for chunk in parts.chunks(name):
        if re.search(rb"<(?:\w+:)?f[\s/>]", end + chunk):
            return True
        end = chunk[-40:]
    return False


_CALCULATION = re.compile(rb"<(?:\w+:)?calcPr\b([^>]*?)/?>")
_BEFORE_IT = re.compile(
    rb"(?:</(\w+:)?(?:definedNames|externalReferences|functionGroups|sheets)>|<(?:\w+:)?definedNames\s*/>)"
)


def _with_full_calculation(xml: bytes) -> bytes:
    """workbook.xml that tells programs to compute every formula when they open it."""
    found = _CALCULATION.search(xml)
    if found is None:
        last = [*_BEFORE_IT.finditer(xml)][-1:]
        if not last:
            raise CannotPatch(
                Sentence(en="the workbook lists no sheets", ja="ブックにシートの一覧がありません")
            )
        at, prefix = last[0].end(), last[0][1] or b""
        return xml[:at] + b"<" + prefix + b'calcPr fullCalcOnLoad="1"/>' + xml[at:]
    attributes = found[1]
    if re.search(rb'\bfullCalcOnLoad="(1|true)"', attributes):
        return xml
    attributes = re.sub(rb'\sfullCalcOnLoad="[^"]*"', b"", attributes) + b' fullCalcOnLoad="1"'
    return xml[: found.start(1)] + attributes + xml[found.end(1) :]


def _without(chain_xml: bytes, references: set[bytes], sheet_id: bytes) -> tuple[bytes, int]:
    """calcChain.xml without these cells of a sheet, and how many entries are left. An entry without `i` is of the
    same sheet as the one before it, so a sheet's first entry that stays must say it."""
    sheet = told = b""
    left = 0

    def entry(found: re.Match[bytes]) -> bytes:
        nonlocal sheet, told, left
        own = re.search(rb'\bi="(\d+)"', found[0])
        sheet = own[1] if own else sheet
        reference = re.search(rb'\br="([A-Z]+\d+)"', found[0])
        if reference and reference[1] in references and sheet == sheet_id:
            return b""
        left += 1
        spoken = (
            found[0] if own or told == sheet else found[0].replace(b' r="', b' i="' + sheet + b'" r="', 1)
        )
        told = sheet
        return spoken

    return re.sub(rb"<(?:\w+:)?c\b[^>]*?/>", entry, chain_xml), left


def save_parts(file: BookFile, replaced: Mapping[str, Packed], dropped: frozenset[str] = frozenset()) -> None:
    """Write the book anew with these parts instead of its own, whole or not at all. Raises ApplicationError."""
    parts = file.zip
    assert parts is not None

    def write(out: BinaryIO) -> None:
        parts.copy_to(out, replaced, dropped)

    def check(written: Path) -> None:
        again = Zip.of(written)
        for name in chain(
            replaced, [name for name in parts.parts if name.endswith((".rels", "workbook.xml"))]
        ):
            for _ in again.chunks(name) if name not in dropped else ():
                pass
        if file.path.read_bytes() != file.data:
            raise changed_meanwhile(file.path)

    atomic_write(file.path, write, check)


def changed_meanwhile(path: Path) -> ApplicationError:
    """The error for a file that is another one than the one that was read a moment ago."""
    return ApplicationError(
        Sentence(
            en=f"{path.name} was changed by somebody else at the same moment; nothing was written",
            ja=f"{path.name} が同時に他の人によって変更されたため、書き込みを中止しました",
        ),
        fix=Sentence(en="run again", ja="再実行してください"),
        sighting=Sighting(cell=Cell(str(path))),
    )


def _cannot(path: Path, sheet: str, reason: Sentence) -> BusinessError:
    where = Cell(path.name, sheet)
    message = Sentence(en=f"{where} cannot be changed: ", ja=f"{where} を変更できません：") + reason
    return BusinessError(message, sighting=Sighting(cell=Cell(str(path), sheet)))


NOT_XLSX = Sentence(
    en="only .xlsx and .xlsm workbooks can be changed in place",
    ja="直接書き込めるのは .xlsx と .xlsm のブックだけです",
)
SAVE_AS_XLSX = Sentence(
    en="open it in Excel and save it as an Excel workbook (.xlsx)",
    ja="Excel で開き、「Excel ブック（.xlsx）」として保存し直してください",
)
