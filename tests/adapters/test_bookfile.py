"""A workbook's file is looked at before any library opens it, and what is wrong with it is said."""

from __future__ import annotations

import io
import random
import struct
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bofbot.adapters.workbooks.bookfile import read_book_file
from bofbot.adapters.workbooks.sheets import open_book
from bofbot.adapters.workbooks.zips import LARGEST, BadZip, Zip, pack
from bofbot.errors import BofbotError, BusinessError

OLE = bytes.fromhex("D0CF11E0A1B11AE1")


def book_bytes() -> bytes:
    made = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["番号", "金額"])
    book.active.append(["001", 1200])
    book.save(made)
    return made.getvalue()


WRONG: list[tuple[bytes, str, str]] = [
    (b"", "it is empty (0 bytes)", "空のファイル"),
    (
        OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600,
        "password-protected",
        "パスワード",
    ),
    (
        b"\xef\xbb\xbf<html><body><table><tr><td>1</td></tr></table></body></html>",
        "web page (HTML)",
        "Web ページ",
    ),
    (
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
        "XML spreadsheet",
        "2003",
    ),
    ("番号,金額\n1,2\n".encode(), "text file", "テキスト"),
    (b"%PDF-1.7\n\0", "a PDF", "PDF"),
    (bytes(range(256)), "not a workbook", "ブックではありません"),
    (b"PK\3\4" + bytes(200), "damaged or cut off", "壊れている"),
    (book_bytes()[:-40], "damaged or cut off", "壊れている"),
    (OLE + bytes(600), "damaged", "壊れて"),
]


@pytest.mark.parametrize(("content", "en", "ja"), WRONG)
def test_what_is_no_workbook_is_named(tmp_path: Path, content: bytes, en: str, ja: str) -> None:
    path = tmp_path / "経費.xlsx"
    path.write_bytes(content)
    with pytest.raises(BusinessError) as caught:
        open_book(path)
    assert en in caught.value.message.en
    assert ja in caught.value.message.ja
    assert "経費.xlsx" in caught.value.message.ja


def test_a_missing_book_names_its_neighbours(tmp_path: Path) -> None:
    (tmp_path / "経費_2026-11.xlsx").touch()
    with pytest.raises(BusinessError, match="there is no file") as caught:
        read_book_file(tmp_path / "経費_2026-10.xlsx")
    assert caught.value.fix
    assert "経費_2026-11.xlsx" in caught.value.fix.ja
    with pytest.raises(BusinessError) as caught:
        read_book_file(tmp_path / "ない" / "経費.xlsx")
    assert caught.value.fix
    assert "there is no folder" in caught.value.fix.en


def test_other_office_files_are_no_workbooks(tmp_path: Path) -> None:
    for name in ("word/document.xml", "readme.txt"):
        with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as made:
            made.writestr("[Content_Types].xml" if name != "readme.txt" else "x", "<Types/>")
            made.writestr(name, "x")
        with pytest.raises(BusinessError, match="another kind of file"):
            open_book(tmp_path / "a.xlsx")


def zip_bytes(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as out:
        for name, data in parts.items():
            out.writestr(name, data)
    return made.getvalue()


def declared_smaller(data: bytes, size: int) -> bytes:
    """A zip whose directory says that its last part is small."""
    start = data.rfind(b"PK\1\2")
    return data[: start + 24] + struct.pack("<L", size) + data[start + 28 :]


def overlapping(data: bytes) -> bytes:
    """A zip whose second entry points into the data of the first."""
    start = data.rfind(b"PK\1\2")
    return data[: start + 42] + struct.pack("<L", 0) + data[start + 46 :]


@pytest.fixture(scope="module")
def bombs() -> dict[str, bytes]:
    zeros = bytes(30_000_000)
    many = {f"xl/worksheets/sheet{n}.xml": zeros for n in range(8)}
    noise = random.Random(1).randbytes(300_000)
    return {
        "high ratio": zip_bytes({"xl/worksheets/sheet1.xml": zeros}),
        "large in all": zip_bytes(many | {"padding": random.Random(1).randbytes(2_500_000)}),
        "lies about its size": declared_smaller(
            zip_bytes({"xl/noise.bin": noise, "xl/worksheets/sheet1.xml": zeros}), 2_000_000
        ),
        "overlapping": overlapping(zip_bytes({"a.xml": b"x" * 50, "b.xml": b"x" * 50})),
        "too many parts": zip_bytes({f"{n}": b"" for n in range(10_100)}, zipfile.ZIP_STORED),
        "climbs out": zip_bytes({"../../etc/cron.d/x": b"x"}),
        "absolute": zip_bytes({"/etc/passwd": b"x"}),
    }


def test_bombs_are_refused_within_a_tenth_of_a_second(bombs: dict[str, bytes], tmp_path: Path) -> None:
    for name, data in bombs.items():
        path = tmp_path / "a.xlsx"
        path.write_bytes(data)
        assert min(_cpu_of_refusal(path) for _ in range(3)) < 0.1, name


def _cpu_of_refusal(path: Path) -> float:
    start = time.process_time()
    with pytest.raises(BusinessError):
        read_book_file(path)
    return time.process_time() - start


def test_the_largest_harmless_size_is_admitted() -> None:
    data = random.Random(1).randbytes(1_000_000)
    part = data * 50
    zipped = Zip(zip_bytes({"a": part, "noise": data}, zipfile.ZIP_STORED))
    assert sum(len(zipped.read(name)) for name in zipped.parts) == 51_000_000 < LARGEST
    zipped.prove()


def test_a_document_type_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    parts = {
        info.filename: zipfile.ZipFile(io.BytesIO(book_bytes())).read(info)
        for info in zipfile.ZipFile(io.BytesIO(book_bytes())).infolist()
    }
    laughs = b'<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    parts["xl/workbook.xml"] = laughs + parts["xl/workbook.xml"]
    path.write_bytes(zip_bytes(parts))
    with pytest.raises(BusinessError):
        open_book(path)


def test_parts_are_copied_as_they_lie_and_replaced_under_their_names() -> None:
    data = book_bytes()
    old = Zip(data)
    same = io.BytesIO()
    old.copy_to(same, {})
    assert same.getvalue() == data
    out = io.BytesIO()
    new = pack([b"<a/>", b"<!-- -->"], old.parts["xl/workbook.xml"])
    old.copy_to(out, {"xl/workbook.xml": new}, frozenset({"docProps/app.xml"}))
    with zipfile.ZipFile(out) as zipped:
        assert zipped.testzip() is None
        assert zipped.read("xl/workbook.xml") == b"<a/><!-- -->"
        assert "docProps/app.xml" not in zipped.namelist()


def test_streamed_zips_with_sizes_behind_the_data_are_read() -> None:
    class Unseekable(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_: int) -> int:
            raise OSError

    made = Unseekable()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("a.xml", b"one" * 100)
        out.writestr("b.xml", b"two")
    old = Zip(made.getvalue())
    assert (old.read("a.xml"), old.read("b.xml")) == (b"one" * 100, b"two")
    copied = io.BytesIO()
    old.copy_to(copied, {"a.xml": pack([b"new"], old.parts["a.xml"])})
    with zipfile.ZipFile(copied) as zipped:
        assert zipped.testzip() is None
        assert (zipped.read("a.xml"), zipped.read("b.xml")) == (b"new", b"two")


_BOOK = book_bytes()


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, len(_BOOK) - 1), patch=st.binary(min_size=1, max_size=6), cut=st.integers(0, 3))
def test_no_damaged_book_does_anything_but_open_or_be_refused(
    tmp_path: Path, at: int, patch: bytes, cut: int
) -> None:
    data = _BOOK[:at] + patch + _BOOK[at + len(patch) :]
    path = tmp_path / "a.xlsx"
    path.write_bytes(data[: len(data) - cut * 200])
    try:
        book = open_book(path)
        for sheet in book.sheets:
            list(book.rows(sheet.name))
            book.remarks(sheet.name)
    except BofbotError as error:
        assert error.message.ja  # noqa: PT017  (either outcome is right)


@given(st.binary(max_size=400))
def test_no_bytes_crash_the_directory(data: bytes) -> None:
    for candidate in (data, b"PK\3\4" + data, data + _BOOK[-22:]):
        try:
            Zip(candidate).prove()
        except BadZip:
            continue


def test_a_truly_large_sheet_is_admitted_by_its_ratio(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is over the plain limit may pass when it grows no more than sheets do; more than that is still a bomb."""
    monkeypatch.setattr("bofbot.adapters.workbooks.zips.LARGEST", 1_000_000)
    noise = random.Random(1).randbytes(200_000)
    honest = Zip(zip_bytes({"sheet.xml": bytes(1_500_000), "noise": noise}))
    honest.prove_honest()
    with pytest.raises(BadZip, match="CSV"):
        Zip(zip_bytes({"sheet.xml": bytes(9_000_000), "noise": noise}))
