"""A zip of statements: every file in it is read; bombs, locked and nested zips without end are refused."""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import replace

from bofbot.statements.formats import HEAD, Format, recognise_content
from bofbot.statements.model import Refused, Statement
from bofbot.statements.options import Options
from bofbot.words import Sentence

NAME = "zip"
INSIDE = " › "
"""Between the zip's name and the name of a file in it."""
_MOST_FILES = 5000
_MOST_RATIO = 500
_SMALL = 1024 * 1024
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
    KeyError,
)
"""What zipfile raises on damaged, cut and locked archives."""


def recognise(head: bytes) -> bool:
    """A zip that is no workbook."""
    from bofbot.statements.formats import xls

    return head.startswith((b"PK\x03\x04", b"PK\x05\x06")) and not xls.recognise(head)


def read(data: bytes, options: Options) -> list[Statement]:
    """The statements of every file, in the zip's order. One refused file refuses the zip, and names it."""
    if options.depth >= 2:
        raise Refused(
            "nested-zip", Sentence(en="Zips within zips go too deep.", ja="zip の入れ子が深すぎます。")
        )
    with _opened(data) as archive:
        members = [info for info in archive.infolist() if _counts(info)]
        _admit(members, options)
        if not members:
            raise Refused(
                "empty-zip", Sentence(en="The zip holds no file.", ja="zip の中にファイルがありません。")
            )
        return [statement for info in members for statement in _member(archive, info, options)]


def _opened(data: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except _BROKEN:
        raise _damaged() from None


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    try:
        with archive.open(info) as opened:
            data = opened.read(info.file_size + 1)
    except _BROKEN as error:
        raise (_locked() if "password" in str(error) else _damaged()) from None
    if len(data) != info.file_size:
        raise _damaged()
    return data


def _counts(info: zipfile.ZipInfo) -> bool:
    name = info.filename.replace("\\", "/")
    return (
        not info.is_dir() and not name.startswith("__MACOSX/") and not name.rpartition("/")[2].startswith(".")
    )


def _admit(members: list[zipfile.ZipInfo], options: Options) -> None:
    total = sum(info.file_size for info in members)
    bomb = any(
        info.file_size > _SMALL and info.file_size > _MOST_RATIO * max(info.compress_size, 1)
        for info in members
    )
    if len(members) > _MOST_FILES or total > options.largest_file or bomb:
        raise Refused(
            "zip-bomb",
            Sentence(
                en=f"The zip would unpack to {total:,} bytes in {len(members)} files.",
                ja=f"展開すると {len(members)} ファイル、{total:,} バイトになる zip は受け付けません。",
            ),
        )
    if any(info.flag_bits & 1 for info in members):
        raise _locked()


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, options: Options) -> list[Statement]:
    name = INSIDE + _shown(info)
    data = _unpacked(archive, info)
    try:
        found: Format = recognise_content(data[:HEAD])
        statements = found.read(data, replace(options, depth=options.depth + 1, format=""))
    except Refused as refusal:
        raise Refused(
            refusal.reason,
            Sentence(en=f"{_shown(info)}: {refusal.message.en}", ja=f"{_shown(info)}：{refusal.message.ja}"),
            line=refusal.line, fix=refusal.fix,
        ) from None  # fmt: skip
    return [replace(one, file=name + one.file, format=one.format or found.NAME) for one in statements]


def _shown(info: zipfile.ZipInfo) -> str:
    """The name as evidence; Japanese zips without the UTF-8 flag hold cp932 that Python reads as cp437."""
    if info.flag_bits & 0x800 or info.filename.isascii():
        return info.filename
    try:
        return info.filename.encode("cp437").decode("cp932")
    except UnicodeError:
        return info.filename


def _locked() -> Refused:
    return Refused(
        "password-protected",
        Sentence(en="The zip is protected by a password.", ja="zip にパスワードがかかっています。"),
    )


def _damaged() -> Refused:
    return Refused(
        "cut-file", Sentence(en="The zip is cut or damaged.", ja="zip が途中で切れているか、壊れています。")
    )
