"""Makes a workbook with as many features as offices use, to prove that changing a cell loses none of them."""

from __future__ import annotations

import io
import zipfile
import zlib
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

SHEET = "経費"

FEATURES = """chart, image, text box, shape, sparkline, x14 data bar, icon set, data validation, comment, form button,
checkbox, defined name, merged cells, rich text, macro, slicer, pivot table, theme, hyperlink, print settings, printer
settings, protected sheet, table, custom XML, calculation chain, shared and array formulas, outline, autofilter, frozen
panes, header image, document properties, external link, threaded comment, custom views"""


def png(width: int = 2, height: int = 2) -> bytes:
    """A small red picture."""

    def block(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 2, 0, 0, 0])
    lines = (b"\0" + b"\xd0\x30\x30" * width) * height
    return (
        b"\x89PNG\r\n\x1a\n"
        + block(b"IHDR", head)
        + block(b"IDAT", zlib.compress(lines))
        + block(b"IEND", b"")
    )


def make_feature_book(path: Path) -> None:
    """Writes the workbook (an .xlsm). Row 3 has the headings, rows 4 to 9 the data, G5:G9 and E11 formulas."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False})
    sheet, other = book.add_worksheet(SHEET), book.add_worksheet("科目別")
    book.add_worksheet("隠し").hide()
    _cells(book, sheet)
    _decorations(book, sheet)
    _drawings(book, sheet, other)
    book.define_name("消費税率", "=0.1")
    book.set_properties({"title": "経費精算", "author": "経理部"})
    book.set_custom_property("部署", "経理")
    macro = path.with_name("vbaProject.bin")
    macro.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 20)
    book.add_vba_project(str(macro))
    book.close()
    macro.unlink()
    _add_foreign_parts(made, path)


def _cells(book: Any, sheet: Any) -> None:
    money, day = (
        book.add_format({"num_format": "#,##0", "border": 1}),
        book.add_format({"num_format": "yyyy/mm/dd"}),
    )
    bold, red, head = (
        book.add_format({"bold": True}),
        book.add_format({"color": "red"}),
        book.add_format({"bg_color": "#DDEBF7"}),
    )
    sheet.merge_range("A1:H1", "経費精算一覧", bold)
    for column, heading in enumerate(("申請番号", "日付", "科目", "摘要", "金額", "推移", "税", "受付番号")):
        sheet.write_string(2, column, heading, head)
    for row in range(3, 9):
        sheet.write_string(row, 0, f"K-{row:04}")
        sheet.write_datetime(row, 1, date(2026, 11, row), day)
        sheet.write_string(row, 2, "交通費")
        sheet.write_rich_string(row, 3, "東京", red, "赤字", bold, " & 太字")
        sheet.write_number(row, 4, 1000 * row, money)
        sheet.write_formula(row, 6, f"=ROUND(E{row + 1}*消費税率,0)", money, 100 * row)
        sheet.write_blank(row, 7, None, money)
    sheet.write_formula("E11", "=SUM(E4:E9)", money, 33000)
    sheet.write_array_formula("G11:G12", "{=E4:E5*2}", money, 6000)
    sheet.write_url("A11", "https://example.co.jp/", string="規程")
    sheet.insert_checkbox(10, 2, True)


def _decorations(book: Any, sheet: Any) -> None:
    sheet.conditional_format("E4:E9", {"type": "data_bar", "data_bar_2010": True, "bar_solid": True})
    sheet.conditional_format("G4:G9", {"type": "icon_set", "icon_style": "3_arrows"})
    sheet.data_validation("C4:C9", {"validate": "list", "source": ["交通費", "会議費"]})
    sheet.write_comment("A4", "要確認", {"author": "経理"})
    sheet.add_table("J3:K6", {"name": "科目表", "columns": [{"header": "科目"}, {"header": "上限"}]})
    sheet.add_sparkline("F4", {"range": "E4:E9"})
    sheet.protect("secret", {"format_cells": True})
    sheet.autofilter("A3:H9")
    sheet.freeze_panes(3, 1)
    sheet.set_row(4, 22, None, {"level": 1})
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(2)
    sheet.print_area("A1:H12")
    sheet.set_header("&L&G&R&D", {"image_left": "logo.png", "image_data_left": io.BytesIO(png())})
    sheet.set_column("A:A", 12, book.add_format({"num_format": "@"}))


def _drawings(book: Any, sheet: Any, other: Any) -> None:
    sheet.insert_image("M1", "seal.png", {"image_data": io.BytesIO(png(8, 8))})
    sheet.insert_textbox("M6", "承認欄")
    sheet.insert_button("M12", {"macro": "登録", "caption": "登録"})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"categories": f"={SHEET}!$A$4:$A$9", "values": f"={SHEET}!$E$4:$E$9"})
    sheet.insert_chart("M16", chart)
    other.write_formula("A1", f"=SUM({SHEET}!E4:E9)", None, 33000)
    other.insert_chart("C1", _pie(book))


def _pie(book: Any) -> Any:
    pie = book.add_chart({"type": "pie"})
    pie.add_series({"values": f"={SHEET}!$E$4:$E$9"})
    return pie


_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_CHAIN = (
    f"<calcChain {_MAIN}>"
    + '<c r="G4" i="1"/>'
    + "".join(f'<c r="G{n}"/>' for n in range(5, 10))
    + '<c r="E11"/><c r="A1" i="2"/></calcChain>'
)

_FOREIGN: dict[str, tuple[str, bytes]] = {
    "xl/calcChain.xml": ("application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml", _CHAIN.encode()),
    "xl/slicers/slicer1.xml": ("application/vnd.ms-excel.slicer+xml", b'<slicers xmlns="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"/>'),
    "xl/slicerCaches/slicerCache1.xml": ("application/vnd.ms-excel.slicerCache+xml", b"<slicerCacheDefinition/>"),
    "xl/pivotCache/pivotCacheDefinition1.xml": ("application/vnd.openxmlformats-officedocument.spreadsheetml.pivotCacheDefinition+xml", f"<pivotCacheDefinition {_MAIN}/>".encode()),
    "xl/pivotTables/pivotTable1.xml": ("application/vnd.openxmlformats-officedocument.spreadsheetml.pivotTable+xml", f'<pivotTableDefinition {_MAIN} name="集計"/>'.encode()),
    "xl/threadedComments/threadedComment1.xml": ("application/vnd.ms-excel.threadedcomments+xml", b"<ThreadedComments/>"),
    "xl/externalLinks/externalLink1.xml": ("application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml", f"<externalLink {_MAIN}/>".encode()),
    "xl/printerSettings/printerSettings1.bin": ("application/vnd.openxmlformats-officedocument.spreadsheetml.printerSettings", bytes(range(256))),
    "customXml/item1.xml": ("application/xml", "<部署>経理</部署>".encode()),
}  # fmt: skip


def _add_foreign_parts(made: io.BytesIO, path: Path) -> None:
    """Parts that no library here writes, so they are written by hand; a stored part and a data descriptor among them."""
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename == "[Content_Types].xml":
                more = "".join(
                    f'<Override PartName="/{name}" ContentType="{kind}"/>'
                    for name, (kind, _) in _FOREIGN.items()
                )
                data = data.replace(b"</Types>", more.encode() + b"</Types>")
            if info.filename == "xl/workbook.xml":
                data = data.replace(b' fullCalcOnLoad="1"', b"")  # as Excel leaves it
            if info.filename == "xl/_rels/workbook.xml.rels":
                chain = '<Relationship Id="rId90" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain" Target="calcChain.xml"/>'
                data = data.replace(b"</Relationships>", chain.encode() + b"</Relationships>")
            stored = info.filename.endswith((".png", ".bin"))
            new.writestr(info, data, zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED)
        for name, (_, data) in _FOREIGN.items():
            new.writestr(name, data)
        new.comment = b"made by hand"
