"""Files written whole or not at all, names that are safe on every system, and who holds a file right now."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from bofbot.errors import ApplicationError, Cell, Sighting
from bofbot.words import Sentence

Write = bytes | str | Callable[[BinaryIO], None]

_TEMPORARY = ".bofbot-"
_A_DAY = 86400.0
_BINARY = getattr(os, "O_BINARY", 0)


def atomic_write(path: Path, write: Write, check: Callable[[Path], None] | None = None) -> None:
    """Replace `path` by new content, whole or not at all: no reader, crash or full disk ever sees half of it.

    `write` is the content (text becomes UTF-8, newlines as they are) or a function that writes it into a file open
    for reading and writing. `check` opens the finished temporary file (same folder, same extension) once more and
    raises to refuse it. The folder is made when it is missing, a replaced file keeps its permissions, a symbolic
    link stays one. Raises ApplicationError when the disk is full, the folder is read-only, the file is locked …;
    what `write` and `check` raise passes through. Nothing is left behind in any of these cases."""
    with _in_our_words(path):
        target = Path(os.path.realpath(path))
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(target.parent)
        temporary = target.with_name(f"{_TEMPORARY}{secrets.token_hex(6)}{target.suffix}")
        try:
            _write_durably(temporary, write, like=target)
            if check is not None:
                check(temporary)
            temporary.replace(target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        sync_folder(target.parent)


def lock_holder(path: Path) -> str | None:
    """Who has the workbook open: a person's name, else the program's (Excel, LibreOffice); None when nobody has.

    Excel leaves `~$name.xlsx` beside the book while it is open, LibreOffice `.~lock.name.xlsx#`."""
    office = path.with_name(f"~${path.name}")
    libre = path.with_name(f".~lock.{path.name}#")
    for lock, read, program in ((office, _excel_owner, "Excel"), (libre, _libreoffice_owner, "LibreOffice")):
        try:
            content = lock.read_bytes()
        except FileNotFoundError:
            continue
        except OSError:  # Windows denies reading while Excel holds it: still held
            return program
        return read(content) or program
    return None


def refuse_when_locked(path: Path) -> None:
    """Raises ApplicationError that names the holder when somebody has the workbook open."""
    holder = lock_holder(path)
    if holder is None:
        return
    raise ApplicationError(
        Sentence(
            en=f"{path.name} is open in another program ({holder}), so it cannot be changed now",
            ja=f"{path.name} は {holder} が開いているため、書き込めません",
        ),
        fix=Sentence(
            en=f"close {path.name} and run again; if nobody has it open, delete the leftover lock file beside it",
            ja=f"{path.name} を閉じてから再実行してください。誰も開いていない場合は、同じフォルダーに残っているロックファイルを削除してください",
        ),
        sighting=Sighting(looked_for=str(path), cell=Cell(str(path))),
    )


def safe_name(name: str, limit: int = 180) -> str:
    """A file name that means the same on Windows, macOS and Linux and stays in its folder.

    Path parts are joined by `_`, control and bidi characters dropped, characters and device names reserved by
    Windows defused, leading dots and trailing dots and spaces removed; cut at `limit` bytes of UTF-8, extension kept."""
    name = "".join(c for c in unicodedata.normalize("NFC", name) if unicodedata.category(c) not in _UNSEEN)
    parts = [part.strip() for part in re.split(r"[/\\]", name)]
    name = "_".join(part for part in parts if part not in ("", ".", ".."))
    name = re.sub(r'[<>:"|?*]', "_", name).strip(" ").lstrip(".").rstrip(". ")
    if name.split(".")[0].strip().upper() in _RESERVED:
        name = f"_{name}"
    return _cut(name, limit) or "_"


def fresh_path(folder: Path, name: str) -> Path:
    """A path in `folder` that nothing has yet: `name` made safe, then `name (2)`, `name (3)` …"""
    safe = Path(safe_name(name))
    path, number = folder / safe, 2
    while os.path.lexists(path):
        path, number = folder / f"{safe.stem} ({number}){safe.suffix}", number + 1
    return path


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's content, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_RESERVED = {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"} | {
    f"{port}{n}" for port in ("COM", "LPT") for n in "0123456789¹²³"
}
_LONGEST_EXTENSION = 20


def _cut(name: str, limit: int) -> str:
    if len(name.encode()) <= limit:
        return name
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension.encode()) > min(_LONGEST_EXTENSION, limit - 2) or " " in extension:
        stem, extension = name, ""
    else:
        extension = f".{extension}"
    room = limit - len(extension.encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip(". ") + extension


def _write_durably(temporary: Path, write: Write, *, like: Path) -> None:
    descriptor = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL | _BINARY, 0o666)
    with os.fdopen(descriptor, "w+b") as file:
        if callable(write):
            write(cast(BinaryIO, file))
        else:
            file.write(write.encode() if isinstance(write, str) else write)
        file.flush()
        _keep_permissions(file.fileno(), like)
        os.fsync(file.fileno())


def _keep_permissions(descriptor: int, like: Path) -> None:
    if os.name == "nt" or not like.exists():
        return
    if not os.access(like, os.W_OK):
        raise PermissionError(errno.EACCES, "write-protected", str(like))
    old, new = like.stat(), os.fstat(descriptor)
    if (old.st_uid, old.st_gid) != (new.st_uid, new.st_gid):
        try:
            os.fchown(descriptor, old.st_uid, old.st_gid)
        except PermissionError:
            pass  # only the owner or root may; the content matters more
    os.fchmod(descriptor, old.st_mode & 0o7777)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut; the content of a file is its own affair."""
    if os.name == "nt":  # a folder cannot be opened there; NTFS journals the rename
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some network file systems cannot
            raise
    finally:
        os.close(descriptor)


def _sweep(folder: Path) -> None:
    """Remove what a power cut or kill left here more than a day ago."""
    for leftover in folder.glob(f"{_TEMPORARY}*"):
        try:
            if time.time() - leftover.stat().st_mtime > _A_DAY:
                leftover.unlink()
        except OSError:
            continue  # somebody else swept it, or may not be touched


def _excel_owner(content: bytes) -> str:
    for start in (
        55,
        54,
    ):  # Excel, then Word: length and name in UTF-16, after the name in the code page of the machine
        length = int.from_bytes(content[start : start + 2], "little")
        name = content[start + 2 : start + 2 + 2 * length].decode("utf-16-le", errors="ignore")
        if 0 < length <= 54 and name.isprintable() and name.strip():
            return name.strip()
    return content[1 : 1 + content[0]].decode("cp932", errors="ignore").strip("\0\r\n\t ") if content else ""


def _libreoffice_owner(content: bytes) -> str:
    fields = re.split(r"(?<!\\),", content.decode("utf-8", errors="replace"))
    names = [field.replace("\\,", ",").replace("\\\\", "\\").strip() for field in fields[:3]]
    return next((name for name in names if name), "")


@contextmanager
def _in_our_words(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise write_failure(error, path) from error


def write_failure(error: OSError, path: Path) -> ApplicationError:
    """Why a file could not be written, said to a person."""
    reason, fix = _REASONS.get(error.errno or 0, (Sentence.same(error.strerror or str(error)), None))
    if error.errno in (errno.EACCES, errno.EPERM) and (holder := lock_holder(path)):
        reason = Sentence(en=f"{holder} has it open", ja=f"{holder} が開いています")
        fix = Sentence(en="close it and run again", ja="閉じてから再実行してください")
    message = (
        Sentence(en=f"{path.name} could not be written: ", ja=f"{path.name} に書き込めません：") + reason
    )
    return ApplicationError(message, fix=fix, sighting=Sighting(looked_for=str(path), cell=Cell(str(path))))


def why_refused(error: Exception) -> Sentence:
    """Why a file (or a port) could not be used, in both languages where the system speaks English only."""
    if isinstance(error, UnicodeError):
        return Sentence(en="not UTF-8", ja="文字コードがUTF-8ではありません")
    number = getattr(error, "errno", None) or 0
    if number in _REFUSED:
        return _REFUSED[number]
    if number in _REASONS:
        return _REASONS[number][0]
    return Sentence.same(str(getattr(error, "strerror", None) or error))


_REFUSED = {
    errno.ENOENT: Sentence(en="there is no such file", ja="ファイルがありません"),
    errno.EISDIR: Sentence(en="it is a folder", ja="フォルダーです"),
    errno.EACCES: Sentence(en="no permission", ja="権限がありません"),
    errno.EPERM: Sentence(en="no permission", ja="権限がありません"),
    errno.EADDRINUSE: Sentence(en="it is in use", ja="使用中です"),
    errno.EADDRNOTAVAIL: Sentence(en="this machine has no such address", ja="この端末にないアドレスです"),
}
_FULL = (
    Sentence(en="the disk is full", ja="ディスクの空き容量がありません"),
    Sentence(
        en="make room on the disk and run again; the old file is untouched",
        ja="ディスクの空き容量を増やしてから再実行してください。元のファイルは変更されていません",
    ),
)
_DENIED = (
    Sentence(en="it or its folder is write-protected", ja="ファイルまたはフォルダーが書き込み禁止です"),
    Sentence(
        en="ask for permission to write there, or choose another folder",
        ja="書き込みの権限を確認するか、別のフォルダーを指定してください",
    ),
)
_REASONS: dict[int, tuple[Sentence, Sentence | None]] = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EACCES: _DENIED,
    errno.EPERM: _DENIED,
    errno.EROFS: _DENIED,
    errno.EFBIG: (Sentence(en="it is too large for this disk", ja="このディスクには大きすぎます"), None),
    errno.EIO: (
        Sentence(en="the disk reported a fault", ja="ディスクで障害が発生しました"),
        Sentence(
            en="check the disk or the network drive",
            ja="ディスクまたはネットワークドライブを確認してください",
        ),
    ),
    errno.EISDIR: (Sentence(en="it is a folder", ja="同じ名前のフォルダーがあります"), None),
    errno.ENOTDIR: (
        Sentence(
            en="a file stands where its folder should be", ja="フォルダーの場所に同じ名前のファイルがあります"
        ),
        None,
    ),
    errno.ENAMETOOLONG: (Sentence(en="its name is too long", ja="ファイル名が長すぎます"), None),
}
