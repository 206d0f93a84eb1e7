"""Editing whole workbooks with openpyxl, only those that it is known to keep whole; for single cells use `patch`.

openpyxl saves what it has read and silently drops the rest, so a scan of the parts comes first: what is not on the list
of things it keeps is named, and the edit refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from bofbot.adapters.workbooks.bookfile import BookFile, read_book_file, refused
from bofbot.adapters.workbooks.bookparts import BookParts
from bofbot.adapters.workbooks.patch import changed_meanwhile
from bofbot.adapters.workbooks.zips import BadZip, Zip
from bofbot.files import atomic_write, refuse_when_locked
from bofbot.words import Sentence


def lost_by_saving(file: BookFile) -> tuple[Sentence, ...]:
    """What a workbook would lose if openpyxl saved it, each thing once; empty when it keeps the book whole."""
    if file.kind != "xlsx" or file.zip is None:
        return (Sentence(en="its file format", ja="ファイル形式"),)
    try:
        found = dict.fromkeys([*_lost_parts(file.zip), *_lost_in_sheets(file.zip)])
    except BadZip as error:
        raise refused(file.path, error.reason) from error
    return tuple(found)


def edit_book(path: Path, change: Callable[[Any], None]) -> None:
    """Let `change` work on the openpyxl Workbook and save it, whole or not at all.

    Raises BusinessError that names what would be lost, ApplicationError when somebody has the book open."""
    refuse_when_locked(path)
    file = read_book_file(path)
    if lost := lost_by_saving(file):
        names_en, names_ja = ", ".join(thing.en for thing in lost), "、".join(thing.ja for thing in lost)
        raise refused(
            path,
            Sentence(
                en=f"saving it would lose: {names_en}", ja=f"保存すると次の内容が失われます：{names_ja}"
            ),
            Sentence(
                en="write the result into a new workbook, or single cells with `write_back`",
                ja="結果を新しいブックに書き出すか、`write_back` でセルだけを書き換えてください",
            ),
        )

    def write(out: BinaryIO) -> None:
        from openpyxl.reader.excel import load_workbook

        load: Callable[..., Any] = load_workbook  # untyped
        book = load(path, rich_text=True)
        change(book)
        book.save(out)

    def check(written: Path) -> None:
        Zip.of(written).prove()
        if path.read_bytes() != file.data:
            raise changed_meanwhile(path)

    atomic_write(path, write, check)


_KEPT = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(core|app|custom)\.xml"
    r"|xl/(workbook|styles|sharedStrings)\.xml|xl/theme/theme1\.xml|xl/_rels/workbook\.xml\.rels"
    r"|xl/worksheets/(_rels/)?sheet\d+\.xml(\.rels)?|xl/tables/table\d+\.xml"
)
"""Parts that openpyxl 3.1 writes again with all they held. Anything else is lost or made anew in its own fashion."""

_LOSSES: tuple[tuple[str, Sentence], ...] = (
    ("xl/charts/", Sentence(en="charts", ja="グラフ")),
    ("xl/media/", Sentence(en="images", ja="画像")),
    ("xl/drawings/vmlDrawing", Sentence(en="form controls or notes", ja="フォームコントロール・メモ")),
    ("xl/drawings/", Sentence(en="drawings and text boxes", ja="図形・テキストボックス")),
    ("xl/pivot", Sentence(en="pivot tables", ja="ピボットテーブル")),
    ("xl/slicer", Sentence(en="slicers", ja="スライサー")),
    ("xl/timeline", Sentence(en="timelines", ja="タイムライン")),
    ("xl/vbaProject", Sentence(en="macros", ja="マクロ")),
    ("xl/comments", Sentence(en="comments", ja="コメント")),
    ("xl/threadedComments", Sentence(en="comments", ja="コメント")),
    ("xl/externalLinks", Sentence(en="links to other workbooks", ja="ほかのブックへのリンク")),
    ("xl/printerSettings", Sentence(en="printer settings", ja="プリンター設定")),
    ("xl/calcChain", Sentence(en="computed values of formulas", ja="数式の計算結果")),
    ("customXml/", Sentence(en="custom XML", ja="カスタム XML")),
    ("_xmlsignatures/", Sentence(en="the digital signature", ja="電子署名")),
)

_IN_SHEETS: tuple[tuple[bytes, Sentence], ...] = (
    (b"<extLst", Sentence(en="sparklines or extended formats", ja="スパークライン・拡張された条件付き書式")),
    (b"AlternateContent", Sentence(en="controls", ja="コントロール")),
    (b"<f>", Sentence(en="computed values of formulas", ja="数式の計算結果")),
    (b"<f ", Sentence(en="computed values of formulas", ja="数式の計算結果")),
)


def _lost_parts(parts: Zip) -> Iterator[Sentence]:
    for name in parts.parts:
        if not _KEPT.fullmatch(name) and not name.endswith("/"):
            known = (loss for start, loss in _LOSSES if name.startswith(start))
            yield next(known, Sentence(en=f"the part {name}", ja=f"部品 {name}"))


def _lost_in_sheets(parts: Zip) -> Iterator[Sentence]:
    for name in BookParts(parts).sheets.values():
        xml = parts.read(name) if name in parts.parts else b""
        yield from (loss for sign, loss in _IN_SHEETS if sign in xml)
