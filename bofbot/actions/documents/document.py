"""Is this the document that was meant, and is it whole? Only the content proves it, never a name or a header."""

from __future__ import annotations

import io
import re
import zipfile

from bofbot.words import Sentence

KINDS = ("pdf", "csv", "txt", "xlsx", "xls", "zip", "xml", "ofx", "json", "html", "any")
_SUFFIXES = {"tsv": "csv", "text": "txt", "xlsm": "xlsx", "qfx": "ofx", "htm": "html", "dat": "any"}


def kind_of_name(name: str) -> str:
    """The kind that a file name's extension promises; "any" when it promises nothing we know."""
    suffix = name.rpartition(".")[2].lower() if "." in name else ""
    kind = _SUFFIXES.get(suffix, suffix)
    return kind if kind in KINDS else "any"


def fault_of(data: bytes, kind: str, at_least: int = 1) -> Sentence | None:
    """What is wrong with a document of this kind; None when it is whole."""
    if not data:
        return Sentence(en="the file that came is empty", ja="届いたファイルが空です（0バイト）")
    if kind not in ("html", "any") and _is_html(data):
        return Sentence(
            en=f"a web page came in place of the {kind} file",
            ja=f"{kind} ファイルの代わりに Web ページ（HTML）が届きました",
        )
    if len(data) < at_least:
        return Sentence(
            en=f"the file has {len(data)} bytes; at least {at_least} were expected",
            ja=f"ファイルが {len(data)} バイトしかありません（{at_least} バイト以上のはず）",
        )
    check = _CHECKS.get(kind)
    return check(data) if check else None


def _is_html(data: bytes) -> bool:
    return bool(
        re.match(
            rb"(?i)(?:\xef\xbb\xbf|\s|<\?xml[^>]*>|<!--.*?-->)*<(?:!doctype html|html|head|body)\b",
            data[:2000],
            re.S,
        )
    )


def _wrong(kind: str) -> Sentence:
    return Sentence(
        en=f"the file that came is not a {kind} file", ja=f"届いたファイルは {kind} 形式ではありません"
    )


def _cut(kind: str) -> Sentence:
    return Sentence(
        en=f"the {kind} file was cut short on the way",
        ja=f"{kind} ファイルが途中で切れています（最後まで届いていません）",
    )


def _pdf(data: bytes) -> Sentence | None:
    if b"%PDF-" not in data[:1024]:
        return _wrong("pdf")
    return None if b"%%EOF" in data[-2048:] else _cut("pdf")


def _zip(data: bytes, kind: str = "zip") -> Sentence | None:
    if not data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _wrong(kind)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            names = book.namelist()
    except zipfile.BadZipFile:
        return _cut(kind)
    return _wrong(kind) if kind == "xlsx" and "[Content_Types].xml" not in names else None


def _csv(data: bytes, kind: str = "csv") -> Sentence | None:
    if data[:5] == b"%PDF-" or data[:4] == b"PK\x03\x04":
        return _wrong(kind)
    text = _decoded(data)
    if text is None:
        return _wrong(kind)
    if kind != "csv" or text.endswith(("\n", "\r", "\x1a")):
        return None
    # A last line without an end may be ordinary; one with an open quote or fewer cells than the line before is not.
    lines = text.splitlines()
    separator = max(",\t;", key=lines[0].count)
    short = len(lines) > 2 and lines[-1].count(separator) < lines[-2].count(separator)
    return _cut(kind) if text.count('"') % 2 or short else None


def _decoded(data: bytes) -> str | None:
    encodings = ["utf-16"] if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "cp932", "cp1252"]
    if encodings[0] != "utf-16" and b"\x00" in data:
        return None
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _xml(data: bytes) -> Sentence | None:
    text = _decoded(data) or ""
    root = re.search(
        r"<([A-Za-z_][\w.:-]*)", re.sub(r"<\?.*?\?>|<!--.*?-->|<!DOCTYPE.*?>", "", text, flags=re.S)
    )
    if root is None:
        return _wrong("xml")
    return None if re.search(rf"</{re.escape(root[1])}\s*>\s*$|^<[^>]*/>\s*$", text.strip()) else _cut("xml")


def _ofx(data: bytes) -> Sentence | None:
    if b"<OFX>" not in data.upper():
        return _wrong("ofx")
    return None if data.upper().rstrip().endswith(b"</OFX>") else _cut("ofx")


def _xls(data: bytes) -> Sentence | None:
    return (
        None
        if data.startswith((b"\xd0\xcf\x11\xe0", b"PK\x03\x04", b"<?xml")) or _decoded(data)
        else _wrong("xls")
    )


_CHECKS = {
    "pdf": _pdf,
    "zip": _zip,
    "xlsx": lambda data: _zip(data, "xlsx"),
    "csv": _csv,
    "txt": lambda data: _csv(data, "txt"),
    "xml": _xml,
    "ofx": _ofx,
    "xls": _xls,
}
