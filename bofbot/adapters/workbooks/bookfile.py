"""A workbook's file, read once and looked at before any library opens it: what it is, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bofbot.adapters.workbooks.zips import BadZip, Zip
from bofbot.errors import ApplicationError, BusinessError, Cell, RunError, Sighting
from bofbot.files import lock_holder
from bofbot.values.text import nearest
from bofbot.words import Sentence

Kind = Literal["xlsx", "xlsb", "ods", "xls"]
"""xlsx stands for xlsm, xltx and xltm too: the same parts."""


@dataclass(frozen=True, slots=True)
class BookFile:
    """A snapshot: what the file held when it was read. `zip` is None for the old binary .xls."""

    path: Path
    data: bytes
    kind: Kind
    zip: Zip | None


def read_book_file(path: Path, *, proved: bool = True) -> BookFile:
    """The workbook's file, admitted. `proved=False` leaves the parts' true sizes to whoever unpacks them with `Zip`.

    Raises BusinessError when it is missing, empty, password-protected, damaged, a
    bomb or no workbook at all (and says what it is instead); ApplicationError when it cannot be read now."""
    data = read_whole(path)
    kind = _kind(path, data)
    if kind == "xls":
        return BookFile(path, data, kind, None)
    try:
        parts = Zip(data)
        if proved:
            parts.prove_honest()
    except BadZip as error:
        raise refused(path, error.reason) from error
    return BookFile(path, data, _office_kind(path, parts), parts)


def read_whole(path: Path) -> bytes:
    """All bytes of a file, as they stood at one moment. Somebody else may have it open."""
    try:
        for _ in range(3):
            before = path.stat()
            data = path.read_bytes()
            after = path.stat()
            if (before.st_mtime_ns, before.st_size) == (after.st_mtime_ns, len(data)):
                return data
    except FileNotFoundError as error:
        raise _missing(path) from error
    except IsADirectoryError as error:
        raise refused(
            path, Sentence(en="it is a folder, not a file", ja="ファイルではなくフォルダーです")
        ) from error
    except OSError as error:
        raise _unreadable(path, error) from error
    raise ApplicationError(
        Sentence(en=f"{path.name} is being written right now", ja=f"{path.name} は現在書き込み中です"),
        fix=Sentence(en="wait a moment and run again", ja="しばらく待ってから再実行してください"),
        sighting=_sighting(path),
    )


def refused(path: Path, reason: Sentence, fix: Sentence | None = None) -> BusinessError:
    """The error for a file that cannot be used as it is."""
    message = Sentence(en=f"{path.name} cannot be opened: ", ja=f"{path.name} を開けません：") + reason
    return BusinessError(message, fix=fix, sighting=_sighting(path))


_OLE = bytes.fromhex("D0CF11E0A1B11AE1")


def _kind(path: Path, data: bytes) -> Kind:
    if data.startswith(b"PK\3\4"):
        return "xlsx"
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise refused(path, _PASSWORD, _REMOVE_PASSWORD)
        return "xls"
    raise refused(path, *_what_it_is_instead(data))


def password_protected(path: Path) -> BusinessError:
    """The error for a workbook that only opens with a password."""
    return refused(path, _PASSWORD, _REMOVE_PASSWORD)


def _what_it_is_instead(data: bytes) -> tuple[Sentence, Sentence | None]:
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not data:
        return Sentence(en="it is empty (0 bytes)", ja="空のファイルです（0 バイト）"), Sentence(
            en="get the file again", ja="ファイルを入手し直してください"
        )
    if head.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<meta")) or b"<html" in head:
        return Sentence(
            en="it is a web page (HTML) saved under the name of a workbook",
            ja="Web ページ（HTML）がブックの名前で保存されたものです",
        ), _SAVE_AS_BOOK
    if b"urn:schemas-microsoft-com:office:spreadsheet" in head:
        return Sentence(
            en="it is an XML spreadsheet of 2003", ja="XML スプレッドシート 2003 形式です"
        ), _SAVE_AS_BOOK
    if head.startswith(b"%pdf"):
        return Sentence(en="it is a PDF", ja="PDF ファイルです"), None
    if b"\0" not in data[:4096]:
        return Sentence(
            en="it is a text file, not a workbook", ja="ブックではなくテキストファイルです"
        ), Sentence(
            en="if it is a CSV file, give it the extension .csv",
            ja="CSV ファイルの場合は、拡張子を .csv にしてください",
        )
    return Sentence(en="it is not a workbook", ja="Excel ブックではありません"), None


def _office_kind(path: Path, parts: Zip) -> Kind:
    if "xl/workbook.bin" in parts.parts:
        return "xlsb"
    if "content.xml" in parts.parts:
        if b"manifest:encryption-data" in parts.read("META-INF/manifest.xml"):
            raise password_protected(path)
        return "ods"
    if "[Content_Types].xml" not in parts.parts or any(name.startswith("word/") for name in parts.parts):
        raise refused(
            path,
            Sentence(
                en="it is not a workbook but another kind of file", ja="ブックではない種類のファイルです"
            ),
        )
    return "xlsx"


def _missing(path: Path) -> BusinessError:
    fix = None
    if not path.parent.is_dir():
        fix = Sentence(
            en=f"there is no folder {path.parent}", ja=f"フォルダー {path.parent} が見つかりません"
        )
    elif near := nearest(path.name, sorted(entry.name for entry in path.parent.iterdir())[:2000]):
        fix = Sentence(en=f"did you mean {', '.join(near)}?", ja=f"もしかして：{'、'.join(near)}")
    return BusinessError(
        Sentence(en=f"there is no file {path}", ja=f"ファイル {path} が見つかりません"),
        fix=fix,
        sighting=_sighting(path),
    )


def _unreadable(path: Path, error: OSError) -> RunError:
    holder = lock_holder(path)
    reason = (
        Sentence(en=f"{holder} has it open", ja=f"{holder} が開いています")
        if holder
        else Sentence.same(error.strerror or str(error))
    )
    message = Sentence(en=f"{path.name} cannot be read: ", ja=f"{path.name} を読み込めません：") + reason
    return ApplicationError(message, sighting=_sighting(path))


def _sighting(path: Path) -> Sighting:
    return Sighting(looked_for=str(path), cell=Cell(str(path)))


_PASSWORD = Sentence(en="the workbook is password-protected", ja="パスワードで保護されたブックです")
_REMOVE_PASSWORD = Sentence(
    en="save a copy without the password (File › Info › Protect Workbook)",
    ja="パスワードを解除したコピーを保存してください（ファイル › 情報 › ブックの保護）",
)
_SAVE_AS_BOOK = Sentence(
    en="open it in Excel and save it as an Excel workbook (.xlsx)",
    ja="Excel で開き、「Excel ブック（.xlsx）」として保存し直してください",
)
