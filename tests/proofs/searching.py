"""Looks for a text in files of every kind, in every dress: the eyes of the canary."""

from __future__ import annotations

import base64
import html
import io
import json
import quopri
import sqlite3
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote_from_bytes, quote_plus

CHARSETS = ("utf-8", "utf-16-le", "utf-16-be", "cp932", "euc_jp", "iso2022_jp")


def dresses(text: str) -> Iterator[tuple[str, bytes]]:
    """The text as it may lie in a file: name of the encoding, bytes."""
    for charset in CHARSETS:
        try:
            data = text.encode(charset)
        except UnicodeEncodeError:
            continue
        if charset == "iso2022_jp":
            data = data.removeprefix(b"\x1b$B").removesuffix(
                b"\x1b(B"
            )  # where the shifts stand depends on neighbours
        yield charset, data
        yield f"{charset} percent", quote_from_bytes(data).encode()
        yield f"{charset} percent, small", quote_from_bytes(data).lower().encode()
        yield f"{charset} form", quote_plus(data).encode()
        yield f"{charset} hex", data.hex().encode()
        yield f"{charset} quoted-printable", quopri.encodestring(data, quotetabs=True).replace(b"=\n", b"")
        yield f"{charset} python", repr(data)[2:-1].encode()
        for offset in range(3):
            coded = base64.b64encode(b"\0" * offset + data)
            inner = coded[(0, 2, 3)[offset] : len(coded) - (0, 3, 2)[(len(data) + offset) % 3]]
            yield f"{charset} base64 at {offset}", inner
    yield "html numbers", "".join(f"&#{ord(one)};" for one in text).encode()
    yield "html hex numbers", "".join(f"&#x{ord(one):x};" for one in text).encode()
    yield "html", html.escape(text).encode()
    yield "json", json.dumps(text)[1:-1].encode()
    yield "json, large", "".join(f"\\u{ord(one):04X}" for one in text).encode()
    yield "reversed", text[::-1].encode()


def searched(needles: dict[str, str]) -> dict[bytes, str]:
    """Bytes to look for → what they are. ASCII in another charset is the same bytes: each once."""
    return {
        data: f"{name} as {how}"
        for name, text in needles.items()
        for how, data in dresses(text)
        if len(data) > 4
    }


def layers(name: str, data: bytes, depth: int = 0) -> Iterator[tuple[str, bytes]]:
    """The bytes themselves and what is inside: zip members, cells of SQLite, texts of PNG, gzip and zlib."""
    yield name, data
    if depth > 3:
        return
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            for member in book.namelist():
                yield f"{name}!{member}", member.encode()
                yield from layers(f"{name}!{member}", book.read(member), depth + 1)
    elif data[:8] == b"\x89PNG\r\n\x1a\n":
        for kind, chunk in _chunks(data):
            if kind in (b"tEXt", b"iTXt", b"eXIf"):
                yield f"{name}!{kind.decode()}", chunk
            elif kind == b"zTXt":
                yield f"{name}!zTXt", zlib.decompress(chunk.split(b"\0", 1)[1][1:])
    elif data[:2] == b"\x1f\x8b":
        yield from layers(f"{name}!gzip", zlib.decompress(data, 31), depth + 1)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at + 8 <= len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        at += 12 + length


def cells(path: Path) -> Iterator[tuple[str, bytes]]:
    """Every value of a SQLite file, the write-ahead log included."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        tables = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for row in database.execute(f'SELECT * FROM "{table}"'):
                for value in row:
                    if isinstance(value, str | bytes):
                        yield f"{path.name}!{table}", value.encode() if isinstance(value, str) else value
    database.close()


def find(
    folder: Path, needles: dict[str, str], more: dict[str, bytes] | None = None
) -> tuple[list[str], int]:
    """Where the needles stand in the files of a folder (their names too) and in `more`; and how many pieces were read."""
    wanted, found, read = searched(needles), [], 0
    pieces = dict(more or {})
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        pieces[f"name of {name}"] = name.encode()
        pieces[name] = path.read_bytes()
        if pieces[name][:15] == b"SQLite format 3":
            pieces.update({f"{place} {n}": data for n, (place, data) in enumerate(cells(path))})
    for name, data in pieces.items():
        for place, inner in layers(name, data):
            read += 1
            lowered = inner.lower()
            found += [
                f"{place}: {what}"
                for needle, what in wanted.items()
                if needle in (lowered if "small" in what else inner)
            ]
    return found, read
