"""Bytes or a file → proved statements: recognise by content, read, name the source, prove."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from bofbot.files import why_refused
from bofbot.statements.checks import prove
from bofbot.statements.formats import HEAD, format_named, recognise_content
from bofbot.statements.model import Proof, Refused, Statement, no_statement
from bofbot.statements.options import NO_OPTIONS, Options
from bofbot.words import Sentence


def read_bytes(data: bytes, *, name: str = "", options: Options = NO_OPTIONS) -> list[Statement]:
    """Every statement in `data`. `name` is for messages only: content decides the format. Raises Refused."""
    try:
        if len(data) > options.largest_file:
            raise _too_large(len(data))
        found = format_named(options.format) if options.format else recognise_content(data[:HEAD])
        with _collecting_nothing():
            statements = found.read(data, options)
        if not statements:
            raise _nothing_of(found.NAME)
    except Refused as refusal:
        raise refusal.in_file(name) from None
    except Exception as error:
        # A fault of a reader must not take a folder of good files with it; tests hold that fuzzing never gets here.
        raise _fault(error).in_file(name) from error
    sha256 = hashlib.sha256(data).hexdigest()
    return [
        replace(
            statement, file=f"{name}{statement.file}", source_sha256=sha256, format=statement.format or found.NAME,
            account=options.account or statement.account,
        )
        for statement in statements
    ]  # fmt: skip


@contextmanager
def _collecting_nothing() -> Iterator[None]:
    """What a reader makes stays; looking through it for garbage again and again takes a tenth of the time.

    Safe for what else goes on: reference counts free nearly everything as ever, other threads' rings of objects wait for the
    seconds of one reading (a file has a largest size), and of readings side by side the one that switched it off switches it on again.
    `gc.freeze` would keep the rings of the whole program for ever, and a threshold is as global as the switch."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def read_file(path: Path, *, options: Options = NO_OPTIONS) -> list[Statement]:
    """Every statement in a file. Raises Refused, also when the file is missing or too large."""
    try:
        if path.stat().st_size > options.largest_file:
            raise _too_large(path.stat().st_size).in_file(str(path))
        data = path.read_bytes()
    except OSError as error:
        raise not_opened(error, str(path)) from None
    return read_bytes(data, name=str(path), options=options)


def not_opened(error: OSError, file: str) -> Refused:
    """A file that is not there, is a folder, or may not be read."""
    why = why_refused(error)
    said = Sentence(en=f"The file cannot be opened: {why.en}.", ja=f"ファイルを開けません：{why.ja}")
    return Refused("unreadable", said, file=file)


def proved(
    statements: list[Statement], twin: Callable[[Statement], str] | None = None
) -> list[tuple[Statement, Proof]]:
    """Each statement with its proof; the previous statement of the same account in the list is its predecessor.
    `twin` tells in which file the same statement came before."""
    last: dict[str, Statement] = {}
    result = []
    for statement in statements:
        result.append(
            (statement, prove(statement, last.get(statement.account), twin(statement) if twin else ""))
        )
        last[statement.account] = statement
    return result


def _fault(error: Exception) -> Refused:
    said = f"{type(error).__name__}: {error}"[:200]
    return Refused(
        "reader-fault",
        Sentence(
            en=f"bofbot could not read the file ({said}). This is a fault of bofbot; please report it.",
            ja=f"ファイルを読めませんでした（{said}）。bofbot の不具合です。お知らせください。",
        ),
    )


def _nothing_of(form: str) -> Refused:
    """A format that was named and knows nothing in the file."""
    return no_statement(
        Sentence(en=f"nothing in it is written as {form}.", ja=f"{form} 形式の記載がありません。")
    )


def _too_large(size: int) -> Refused:
    return Refused(
        "too-large",
        Sentence(
            en=f"The file has {size:,} bytes, more than is read at once.",
            ja=f"ファイルが大きすぎます（{size:,} バイト）。",
        ),
    )
