"""The attachments of a mail: judged, then saved whole under names of our own. Nothing is opened, unpacked or run."""

from __future__ import annotations

import io
import os
import re
import secrets
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from itertools import pairwise
from pathlib import Path
from typing import Any

from bofbot.adapters.workbooks.zips import HIGHEST_RATIO, LARGEST, MOST_PARTS
from bofbot.files import atomic_write, safe_name, sync_folder, write_failure
from bofbot.words import Sentence

LARGEST_MAIL = 50_000_000
"""Bytes of a mail that is fetched."""
MOST = 100
"""Attachments of one mail."""
_SMALL = 10_000_000
"""A zip whose parts come to no more than this harms nobody, whatever its ratio."""
_LONGEST_NAME = 100
_PROGRAMS = re.compile(
    r"\.(apk|app|appimage|appx|bat|chm|cmd|com|cpl|deb|dll|dmg|exe|gadget|hta|img|inf|ins|iso|jar|jse?|lnk|mde|ms[cipt]|msix|ocx|pif|pl"
    r"|psm?1|py|reg|rpm|sc[frt]|settingcontent-ms|sh|sys|url|vbe?|vbs|vhdx?|vxd|ws[cfh]|xll)$",
    re.IGNORECASE,
)
_MAGIC = (b"MZ", b"\x7fELF", b"#!", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"L\x00\x00\x00\x01\x14\x02\x00")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Attachment:
    """`name` is what the sender calls it, `content` what it holds, decoded."""

    name: str
    content: bytes


class BadAttachment(Exception):
    """A mail that no robot may be given; `reason` is for people."""

    def __init__(self, reason: Sentence) -> None:
        self.reason = reason
        super().__init__(reason.en)


def attachments_of(raw: bytes, wanted: Callable[[str], bool], *, named: bool) -> tuple[Attachment, ...]:
    """What hangs on a mail, in order. Pictures inside the text (logos) count only when `named`: a pattern asks for names.

    Raises BadAttachment for a mail that cannot be taken apart, or with too many of them."""
    try:
        message = message_from_bytes(raw, policy=policy.default)
        found = tuple(one for one in _parts(message, named) if wanted(one.name))
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError) as error:
        raise BadAttachment(
            Sentence(
                en=f"the mail cannot be taken apart ({type(error).__name__})",
                ja=f"メールの形式が正しくありません（{type(error).__name__}）",
            )
        ) from error
    if len(found) > MOST:
        raise BadAttachment(
            Sentence(en=f"it has {len(found)} attachments, more than {MOST}", ja=f"添付ファイルが{len(found)}個あります（上限 {MOST}）")
        )  # fmt: skip
    return found


def judge(one: Attachment) -> None:
    """Raises BadAttachment for a program, also inside a zip, and for a zip that would fill the disk when unpacked."""
    name = safe_name(one.name)
    if _is_program(name) or one.content.startswith(_MAGIC):
        raise BadAttachment(
            Sentence(en=f"the attachment {name} is a program", ja=f"添付ファイル {name} は実行ファイルです")
        )
    if one.content.startswith(b"PK"):
        _judge_zip(name, one.content)


def save(found: tuple[Attachment, ...], folder: Path) -> tuple[Path, ...]:
    """Write them into a folder that appears whole or not at all; one that is there already is that of the same mail, and
    stays. Their names are ours (`01_請求書.pdf`). Raises ApplicationError when the disk is full or write-protected."""
    names = [f"{n:02d}_{safe_name(one.name, _LONGEST_NAME)}" for n, one in enumerate(found, 1)]
    if not folder.is_dir():
        aside = folder.with_name(f".{secrets.token_hex(6)}.part")
        try:
            aside.mkdir(parents=True)
            for name, one in zip(names, found, strict=True):
                atomic_write(aside / name, one.content)
            sync_folder(aside)
            _appear(aside, folder)
            sync_folder(folder.parent)
        except OSError as error:
            raise write_failure(error, folder) from error
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    return tuple(folder / name for name in names)


def _appear(aside: Path, folder: Path) -> None:
    try:
        os.rename(aside, folder)  # noqa: PTH104 (Path.rename says the same; this one is for folders)
    except OSError:
        if not folder.is_dir():
            raise  # else another `serve` was quicker


def _parts(message: Message[Any, Any], named: bool) -> Iterator[Attachment]:
    if message.is_multipart() and message.get_content_maintype() == "multipart":
        for part in message.get_payload():
            if isinstance(part, Message):
                yield from _parts(part, named)
        return
    name, how = message.get_filename(), message.get_content_disposition()
    if message.get_content_maintype() == "message":  # a mail inside a mail: kept as it is, not looked into
        yield Attachment(name or "mail.eml", _inner(message))
    elif (name or how == "attachment") and (
        named or how != "inline" or message.get_content_maintype() != "image"
    ):
        content = message.get_payload(decode=True)
        yield Attachment(name or "attachment", content if isinstance(content, bytes) else b"")


def _inner(message: Message[Any, Any]) -> bytes:
    inner = message.get_payload()
    first = inner[0] if isinstance(inner, list) and inner else None
    return first.as_bytes() if isinstance(first, EmailMessage) else message.as_bytes()


def _is_program(name: str) -> bool:
    return _PROGRAMS.search(name.strip(" .")) is not None


def _judge_zip(name: str, content: bytes) -> None:
    """By its table of contents: sizes as declared, parts that overlap, programs by name."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            parts = book.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise BadAttachment(
            Sentence(
                en=f"the attachment {name} is a damaged zip", ja=f"添付ファイル {name} は壊れた zip です"
            )
        ) from None
    size = sum(part.file_size for part in parts)
    places = sorted((part.header_offset, part.header_offset + part.compress_size) for part in parts)
    overlap = any(end > start for (_, end), (start, _) in pairwise(places))
    bomb = size > LARGEST or (size > _SMALL and size > HIGHEST_RATIO * len(content))
    if len(parts) > MOST_PARTS or overlap or bomb:
        raise BadAttachment(
            Sentence(
                en=f"the attachment {name} would unpack to {size:,} bytes in {len(parts):,} parts",
                ja=f"添付ファイル {name} は展開すると {size:,} バイト（{len(parts):,} 個）になります",
            )
        )
    inner = next((part.filename for part in parts if _is_program(safe_name(part.filename))), None)
    if inner:
        raise BadAttachment(
            Sentence(
                en=f"the attachment {name} holds a program: {safe_name(inner)}",
                ja=f"添付ファイル {name} の中に実行ファイルがあります（{safe_name(inner)}）",
            )
        )
