"""Zip files at the level of bytes: admitted only when harmless, copied part by part with single parts replaced.

The format is that of PKWARE's APPNOTE 6.3, without zip64, encryption and several disks: no office book needs them.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from bofbot.words import Sentence

LARGEST = 200_000_000
"""Bytes that all parts together may have when unpacked."""
HIGHEST_RATIO = 100
"""How many times larger than its packed form a file may be; office books are 3 to 20 times larger."""
LARGEST_HONEST = 2_000_000_000
"""Bytes that the parts of a truly large file may have: a full sheet of 1,048,576 rows by 8 columns has some 450 MB."""
HONEST_RATIO = 25
"""Beyond `LARGEST` a file may only be so many times larger than its packed form: who sends it had to send that much."""
MOST_PARTS = 10_000

_CHUNK = 1 << 18
_DESCRIPTOR = 8  # flag: sizes follow the data
_DEFLATE_LIMIT = 1032  # no deflate stream grows by more (zlib's documentation)
_END = struct.Struct("<4s4H2LH")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")


class BadZip(Exception):
    """The file is no zip that may be opened; `reason` is for people."""

    def __init__(self, reason: Sentence) -> None:
        self.reason = reason
        super().__init__(reason.en)


@dataclass(frozen=True, slots=True)
class Part:
    """One file inside the zip. `start` and `end` are the bytes of its local header, name, data and descriptor."""

    name: str
    method: int
    crc: int
    packed: int
    size: int
    start: int
    end: int
    entry: bytes
    """Its entry in the central directory, as it stands."""


class Zip:
    """A zip held in memory as it was read, admitted by its directory before anything is unpacked."""

    def __init__(self, data: bytes) -> None:
        """Raises BadZip: not a zip, cut off, encrypted, a bomb, or parts that lead out of their folder."""
        self._data = data
        self._parts, self._comment = _directory(data)
        _admit(self._parts, len(data))
        self.parts = {part.name: part for part in self._parts}

    @classmethod
    def of(cls, path: Path) -> Zip:
        return cls(path.read_bytes())

    def read(self, name: str) -> bytes:
        """A part, unpacked. Raises KeyError when there is none, BadZip when it is damaged."""
        return b"".join(self.chunks(name))

    def chunks(self, name: str) -> Iterator[bytes]:
        """A part, unpacked piece by piece, never more than its directory declares; its checksum is checked."""
        part = self.parts[name]
        crc = size = 0
        for chunk in self._unpacked(part):
            crc, size = zlib.crc32(chunk, crc), size + len(chunk)
            if size > part.size:
                raise BadZip(_BOMB)
            yield chunk
        if size != part.size or crc != part.crc:
            raise BadZip(_DAMAGED)

    def _unpacked(self, part: Part) -> Iterator[bytes]:
        name_length, extra_length = _LOCAL.unpack_from(self._data, part.start)[9:11]
        start = part.start + _LOCAL.size + name_length + extra_length
        packed = memoryview(self._data)[start : start + part.packed]
        if part.method == 0:
            yield bytes(packed)
            return
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            for position in range(0, len(packed), _CHUNK):
                waiting: bytes | memoryview = packed[position : position + _CHUNK]
                while waiting:
                    yield unpacker.decompress(waiting, 8 * _CHUNK)
                    waiting = unpacker.unconsumed_tail
            yield unpacker.flush()
        except zlib.error as error:
            raise BadZip(_DAMAGED) from error

    def prove(self) -> None:
        """Unpack everything once: raises BadZip when a part is damaged or larger than its directory says."""
        for part in self._parts:
            for _chunk in self.chunks(part.name):
                pass

    def prove_honest(self) -> None:
        """Raises BadZip when parts unpack to more than the directory declares. Small files cannot do harm: not asked."""
        if sum(part.packed for part in self._parts) * _DEFLATE_LIMIT > LARGEST:
            self.prove()

    def copy_to(
        self, file: BinaryIO, replaced: Mapping[str, Packed], dropped: frozenset[str] = frozenset()
    ) -> None:
        """Write the zip again: same order, every other part byte for byte, `replaced` parts under their old names."""
        offset, moved = 0, {}
        for part in sorted(self._parts, key=lambda part: part.start):
            if part.name in dropped:
                continue
            moved[part.name] = offset
            new = replaced.get(part.name)
            pieces = _local(part, new) if new else (memoryview(self._data)[part.start : part.end],)
            for piece in pieces:
                file.write(piece)
                offset += len(piece)
        directory = b"".join(
            _entry(part, replaced.get(part.name), moved[part.name])
            for part in self._parts
            if part.name in moved
        )
        file.write(directory)
        file.write(
            _END.pack(b"PK\5\6", 0, 0, len(moved), len(moved), len(directory), offset, len(self._comment))
        )
        file.write(self._comment)


@dataclass(frozen=True, slots=True)
class Packed:
    """New content for a part, packed already."""

    data: bytes
    crc: int
    size: int
    method: int


def pack(content: Iterable[bytes], like: Part) -> Packed:
    """Content packed the way the part it replaces was (stored or deflated)."""
    crc = size = 0
    out = BytesIO()
    packer = zlib.compressobj(_level(like), zlib.DEFLATED, -zlib.MAX_WBITS) if like.method else None
    for chunk in content:
        crc, size = zlib.crc32(chunk, crc), size + len(chunk)
        out.write(packer.compress(chunk) if packer else chunk)
    if packer:
        out.write(packer.flush())
    return Packed(out.getvalue(), crc, size, like.method)


_BIG = 4_000_000


def _level(like: Part) -> int:
    return (
        1 if like.size > _BIG else 6
    )  # level 6 costs a large sheet four times the time for a fifth of its room


def _directory(data: bytes) -> tuple[tuple[Part, ...], bytes]:
    """The parts in the order of the central directory, and the comment at the end."""
    end = data.rfind(b"PK\5\6", max(0, len(data) - _END.size - 0xFFFF))
    if end < 0 or len(data) < end + _END.size:
        raise BadZip(_DAMAGED)
    _, disk, first_disk, here, count, length, start, comment = _END.unpack_from(data, end)
    zip64 = data[start + length : end]  # some writers add empty zip64 records; the plain ones still hold
    if (
        (disk, first_disk, here) != (0, 0, count)
        or start + length > end
        or (zip64 and zip64[:4] != b"PK\6\6")
    ):
        raise BadZip(_DAMAGED)
    if end + _END.size + comment != len(data):
        raise BadZip(_DAMAGED)
    if count > MOST_PARTS:
        raise BadZip(_BOMB)
    found, position = [], start
    for _ in range(count):
        if position + _ENTRY.size > start + length or data[position : position + 4] != b"PK\1\2":
            raise BadZip(_DAMAGED)
        fields = _ENTRY.unpack_from(data, position)
        after = position + _ENTRY.size + sum(fields[10:13])
        found.append((fields, data[position:after]))
        position = after
    if position != start + length:
        raise BadZip(_DAMAGED)
    starts = [*sorted(fields[16] for fields, _ in found), start]
    following = dict(pairwise(starts))
    parts = tuple(_part(data, fields, entry, following[fields[16]]) for fields, entry in found)
    return parts, data[end + _END.size :]


def _part(data: bytes, fields: tuple[int, ...], entry: bytes, end: int) -> Part:
    flags, method, crc, packed, size, name_length, start = (*fields[3:5], *fields[7:11], fields[16])
    raw_name = entry[_ENTRY.size : _ENTRY.size + name_length]
    if flags & 1:
        raise BadZip(Sentence(en="it is password-protected", ja="パスワードで保護されています"))
    if method not in (0, 8) or start + _LOCAL.size > end or data[start : start + 4] != b"PK\3\4":
        raise BadZip(_DAMAGED)
    local_name, local_extra = _LOCAL.unpack_from(data, start)[9:11]
    data_start = start + _LOCAL.size + local_name + local_extra
    if data[start + _LOCAL.size : start + _LOCAL.size + local_name] != raw_name:
        raise BadZip(_DAMAGED)
    if data_start + packed > end:  # parts that share bytes are how the smallest bombs are built
        raise BadZip(_BOMB)
    return Part(
        raw_name.decode("utf-8" if flags & 0x800 else "cp437", "replace"),
        method,
        crc,
        packed,
        size,
        start,
        end,
        entry,
    )


def _admit(parts: tuple[Part, ...], length: int) -> None:
    total = sum(part.size for part in parts)
    if total > length * (HIGHEST_RATIO if total <= LARGEST else HONEST_RATIO) or total > LARGEST_HONEST:
        raise BadZip(_BOMB)
    names = [part.name for part in parts]
    if len(set(names)) < len(names) or any(_leads_out(name) for name in names):
        raise BadZip(
            Sentence(en="it holds parts under forbidden names", ja="使用できない名前の部品が含まれています")
        )


def _leads_out(name: str) -> bool:
    return name.startswith("/") or any(c in name for c in "\\:\0") or ".." in name.split("/")


def _local(part: Part, new: Packed) -> tuple[bytes, bytes]:
    """The local header of a part's new content: made from its directory entry, sizes up front, no descriptor."""
    fields = _ENTRY.unpack_from(part.entry)
    needed, flags, _, time, day = fields[2:7]
    name = part.entry[_ENTRY.size : _ENTRY.size + fields[10]]
    header = _LOCAL.pack(
        b"PK\3\4",
        needed,
        flags & ~_DESCRIPTOR,
        new.method,
        time,
        day,
        new.crc,
        len(new.data),
        new.size,
        len(name),
        0,
    )
    return header + name, new.data


def _entry(part: Part, new: Packed | None, offset: int) -> bytes:
    fields = list(_ENTRY.unpack_from(part.entry))
    fields[16] = offset
    if new is not None:
        fields[3] &= ~_DESCRIPTOR
        fields[7:10] = new.crc, len(new.data), new.size
    return _ENTRY.pack(*fields) + part.entry[_ENTRY.size :]


_DAMAGED = Sentence(en="it is damaged or cut off", ja="壊れているか、途中で切れています")
_BOMB = Sentence(
    en=f"it would unpack to an unreasonable size (allowed: {HIGHEST_RATIO} times its own size up to {LARGEST // 1_000_000} MB, "
    f"{HONEST_RATIO} times up to {LARGEST_HONEST // 1_000_000} MB); if it is a real table, save it as CSV or in several parts",
    ja=f"展開後のサイズが大きすぎます（{LARGEST // 1_000_000} MB までは元の {HIGHEST_RATIO} 倍、"
    f"{LARGEST_HONEST // 1_000_000} MB までは {HONEST_RATIO} 倍）。通常の表であれば、CSV で保存するか分割してください",
)
