"""The one place where an error becomes lines for a person and an exit code."""

from __future__ import annotations

import errno
import os
import platform
import sys
import tempfile
import traceback
from datetime import datetime
from pathlib import Path

from bofbot import __version__
from bofbot.cli.screen import say
from bofbot.errors import BofbotError, InvalidRobot, NotReady
from bofbot.files import why_refused
from bofbot.words import Language, Sentence

BROKEN_PIPE = 141
"""What a shell reports for a program whose reader left (128 + SIGPIPE)."""


def tell(error: BaseException, language: Language) -> int:
    """Say on stderr what went wrong, where and what to do; returns the exit code. Never raises."""
    if isinstance(error, BrokenPipeError):
        return _reader_left()
    if isinstance(error, KeyboardInterrupt) or type(error).__name__ == "CancelledError":
        return _say(Sentence(en="interrupted", ja="中断しました"), language, 130)
    if isinstance(error, InvalidRobot):
        from bofbot.language.diagnostics import render

        return _say(Sentence.same(render(error.diagnostics, language).rstrip()), language, error.exit_code)
    if isinstance(error, BofbotError):
        return _say(in_words(error), language, error.exit_code)
    if isinstance(error, OSError) and error.errno in _OF_THE_MACHINE:
        return _say(in_words(_not_ready(error)), language, NotReady.exit_code)
    return _say(_fault(error), language, 1)


def in_words(error: BofbotError) -> Sentence:
    """Message, place and way out, one line each."""
    said = error.message
    if error.place is not None:
        said = said + f"\n  --> {error.place}"
    if error.fix is not None:
        said = said + "\n" + Sentence(en="  fix: ", ja="  対処: ") + error.fix
    return said


_OF_THE_MACHINE = {
    errno.ENOSPC: Sentence(en="make room on the disk", ja="ディスクの空きを作ってください"),
    errno.EDQUOT: Sentence(
        en="make room: the quota is used up", ja="容量の割り当てを使い切っています。空きを作ってください"
    ),
    errno.EACCES: Sentence(en="mend the permissions", ja="権限を確認してください"),
    errno.EPERM: Sentence(en="mend the permissions", ja="権限を確認してください"),
    errno.EROFS: Sentence(
        en="the disk is read-only: use another folder", ja="読み取り専用です。別のフォルダーを使ってください"
    ),
    errno.EEXIST: Sentence(
        en="a file stands where a folder is needed: move it away",
        ja="フォルダーが必要な場所に同名のファイルがあります。移動してください",
    ),
    errno.ENOTDIR: Sentence(
        en="a file stands where a folder is needed: move it away",
        ja="フォルダーが必要な場所に同名のファイルがあります。移動してください",
    ),
    errno.EMFILE: Sentence(
        en="too many files are open: raise `ulimit -n`",
        ja="開いているファイルが多すぎます。`ulimit -n` を増やしてください",
    ),
    errno.EIO: Sentence(
        en="the disk does not answer as it should: look at it",
        ja="ディスクに異常があります。確認してください",
    ),
}
"""Errors of the machine that may strike anywhere, with the way out; they are no fault of bofbot."""


def _not_ready(error: OSError) -> NotReady:
    where = f"{error.filename}: " if error.filename else ""
    return NotReady(Sentence.same(where) + why_refused(error), fix=_OF_THE_MACHINE[error.errno or 0])


def _say(sentence: Sentence, language: Language, code: int) -> int:
    try:
        say(sentence, language)
    except OSError:
        pass  # nobody listens any more; the exit code still speaks
    return code


def _reader_left() -> int:
    # The interpreter flushes stdout once more as it ends and would complain then.
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        pass
    return BROKEN_PIPE


def _fault(error: BaseException) -> Sentence:
    kind = type(error).__name__
    path = _crash_log(error)
    if path is None:
        return Sentence(en=f"this is a fault of bofbot: {kind}", ja=f"bofbot の不具合です: {kind}")
    return Sentence(
        en=f"this is a fault of bofbot: {kind}. Details for its developers: {path}",
        ja=f"bofbot の不具合です: {kind}。開発者向けの詳細: {path}",
    )


def _crash_log(error: BaseException) -> Path | None:
    """Frames without the values of variables (they may hold secrets), readable by the user alone."""
    now = datetime.now().astimezone()
    name = f"crash-{now:%Y%m%d-%H%M%S}-{os.getpid()}.txt"
    system = (
        f"bofbot {__version__}, Python {platform.python_version()}, {platform.system()} {platform.release()}"
    )
    text = "\n".join([system, now.isoformat(timespec="seconds"), "", *traceback.format_exception(error)])
    for folder in (Path("logs"), Path(tempfile.gettempdir())):
        try:
            folder.mkdir(exist_ok=True)
            descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as log:
                log.write(text)
        except OSError:
            continue
        return folder / name
    return None
