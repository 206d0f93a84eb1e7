"""Which formats there are. One format is one module with `NAME`, `recognise(head)` and `read(data, options)`."""

from __future__ import annotations

import codecs
from functools import cache
from importlib import import_module
from typing import Protocol, cast

from bofbot.statements.model import Refused, Statement
from bofbot.statements.options import Options
from bofbot.words import Sentence

HEAD = 64 * 1024
"""Bytes of a file that `recognise` is shown."""


class Format(Protocol):
    """What a format's module offers."""

    NAME: str

    def recognise(self, head: bytes) -> bool:
        """Whether a file that begins like this is of this format. Looks at content only; never raises."""

    def read(self, data: bytes, options: Options) -> list[Statement]:
        """Every statement in the file. Raises Refused, and nothing else."""


_HERE = "bofbot.statements.formats"
FORMATS: dict[str, str] = {
    "ofx": f"{_HERE}.ofx",
    "camt": f"{_HERE}.camt",
    "mt940": f"{_HERE}.mt940",
    "zengin": f"{_HERE}.zengin",
    "bai2": f"{_HERE}.bai2",
    "qif": f"{_HERE}.qif",
    "pdf": f"{_HERE}.pdf",
    "invoice": f"{_HERE}.invoice",
    "xls": f"{_HERE}.xls",
    "zip": f"{_HERE}.archive_zip",
    "csv": f"{_HERE}.csv",
}
"""Name → module, in the order they are asked; text tables come last, for they are the least sure."""

_BINARY = ("pdf", "xls", "zip")
_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0", b"%PDF-")
"""Beginnings that no text format has: what stands inside a container is not asked about."""
_LOOSE = ("csv",)
"""Formats that are asked only when no other recognises the file."""


def format_named(name: str) -> Format:
    """The format of this name, third-party ones (entry points `bofbot.statement_formats`) included."""
    if name in FORMATS:
        return cast(Format, import_module(FORMATS[name]))
    if name in _foreign():
        return _foreign()[name]
    known = ", ".join(FORMATS)
    raise Refused(
        "unknown-format",
        Sentence(
            en=f"There is no format called {name}; known are {known}.",
            ja=f"{name} という形式はありません。使えるのは {known} です。",
        ),
    )


@cache
def _foreign() -> dict[str, Format]:
    """Third-party formats, looked up once, and only when nobody here knows a file or a name."""
    from importlib.metadata import entry_points

    return {entry.name: entry.load() for entry in entry_points(group="bofbot.statement_formats")}


def recognise_content(head: bytes) -> Format:
    """The one format that knows this file. Raises Refused `ambiguous-format` or `unknown-format`."""
    head = _as_utf8(head)
    asked = _BINARY if head.startswith(_SIGNATURES) else [name for name in FORMATS if name not in _LOOSE]
    strict = [found for name in asked if (found := format_named(name)).recognise(head)]
    if len(strict) > 1:
        raise _ambiguous(strict)
    if strict:
        return strict[0]
    for name in _LOOSE:
        if (found := format_named(name)).recognise(head):
            return found
    claiming = [found for found in _foreign().values() if found.recognise(head)]
    if len(claiming) > 1:
        raise _ambiguous(claiming)
    if claiming:
        return claiming[0]
    raise _unknown(head)


def _as_utf8(head: bytes) -> bytes:
    """UTF-16 text as UTF-8, and without a byte order mark, so that every format can be asked; anything else as it is."""
    if not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.removeprefix(codecs.BOM_UTF8)
    return head[: len(head) // 2 * 2].decode("utf-16", "ignore").encode("utf-8", "ignore")


def _ambiguous(formats: list[Format]) -> Refused:
    names = ", ".join(found.NAME for found in formats)
    return Refused(
        "ambiguous-format",
        Sentence(
            en=f"Several formats know this file: {names}. Name one.",
            ja=f"複数の形式に当てはまります：{names}。形式を指定してください。",
        ),
    )


def _unknown(head: bytes) -> Refused:
    if not head.strip():
        return Refused("empty-file", Sentence(en="The file is empty.", ja="ファイルが空です。"))
    start = head.lstrip()[:200].lower()
    if start.startswith((b"<!doctype html", b"<html")) or b"<html" in start:
        return Refused(
            "web-page",
            Sentence(
                en="This is a web page, not a statement (an error page or a login page was saved?).",
                ja="明細ではなくウェブページです（エラー画面やログイン画面が保存された可能性があります）。",
            ),
        )
    return Refused(
        "unknown-format",
        Sentence(
            en="No known statement format matches this file.", ja="対応している明細の形式に当てはまりません。"
        ),
    )
