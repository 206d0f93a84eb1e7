"""Bytes → text without losing anything: BOM, then UTF-8, then cp932, then cp1252; a lossy decode is refused."""

from __future__ import annotations

import codecs
import re

from bofbot.statements.model import Refused
from bofbot.words import Sentence

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDE_CHARACTERS = re.compile(r"[^\x00-\x7f]+")
_MULTIBYTE = re.compile(rb"[\xc2-\xf4][\x80-\xbf]+")


def decode(data: bytes, encoding: str = "") -> str:
    """The text of `data`. Raises Refused `wrong-encoding` or `cut-file`."""
    return decode_as(data, encoding)[0]


def decode_as(data: bytes, encoding: str = "") -> tuple[str, str]:
    """The text, and the encoding it was found to be in."""
    if encoding:
        return _strictly(data, encoding), encoding
    for bom, name in _BOMS:
        if data.startswith(bom):
            return _strictly(data, name), name
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        _refuse_broken_utf8(data, error)
    japanese = _japanese(data)
    if japanese is not None:
        return japanese, "cp932"
    try:
        return data.decode("cp1252"), "cp1252"
    except UnicodeDecodeError as error:
        return _latin1_or_refuse(data, error)


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except LookupError:
        raise Refused(
            "unknown-encoding",
            Sentence(
                en=f"There is no encoding called {encoding}.", ja=f"{encoding} という文字コードはありません。"
            ),
        ) from None
    except (UnicodeDecodeError, UnicodeError) as error:
        at = getattr(error, "start", 0)
        raise _wrong_encoding(data, at, encoding) from None


def _japanese(data: bytes) -> str | None:
    """cp932 text, when it decodes and looks Japanese. An umlaut between ASCII letters also decodes as cp932,
    but Japanese characters stand in runs."""
    try:
        text = data.decode("cp932")
    except UnicodeDecodeError:
        return None
    runs = _WIDE_CHARACTERS.findall(text)
    total = sum(len(run) for run in runs)
    together = sum(len(run) for run in runs if len(run) > 1)
    return text if together * 2 > total else None


def _refuse_broken_utf8(data: bytes, error: UnicodeDecodeError) -> None:
    """UTF-8 that breaks off, or text of two encodings, is damaged: guessing another encoding would garble it."""
    good = len(_MULTIBYTE.findall(data[: error.start]))
    if good and error.reason == "unexpected end of data":
        raise Refused(
            "cut-file",
            Sentence(
                en="The file ends in the middle of a character.", ja="ファイルが文字の途中で切れています。"
            ),
            line=_line(data, error.start),
        )
    if good >= 3 and data[: error.start].decode("utf-8") and _japanese(data) is None:
        raise _wrong_encoding(data, error.start, "utf-8")


def _latin1_or_refuse(data: bytes, error: UnicodeDecodeError) -> tuple[str, str]:
    raise _wrong_encoding(data, error.start, "utf-8, cp932, cp1252")


def _wrong_encoding(data: bytes, at: int, encoding: str) -> Refused:
    return Refused(
        "wrong-encoding",
        Sentence(
            en=f"The file is not text in {encoding}.",
            ja=f"ファイルを {encoding} の文字として読めません。",
        ),
        line=_line(data, at),
        fix=Sentence(en="Name the encoding (--encoding).", ja="文字コードを指定してください（--encoding）。"),
    )


def _line(data: bytes, at: int) -> int:
    return data.count(b"\n", 0, at) + 1
