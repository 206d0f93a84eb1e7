"""Pictures of a run as its report shows them: a link beside the page, or, as far as there is room, inside the page."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import quote

from bofbot.events import Evidence
from bofbot.words import Sentence

ROOM = 3_000_000
"""Bytes of pictures that stand in the page itself, the first ones first: so a report that is mailed alone shows what matters."""
_KINDS: Final = {".jpg": "image/jpeg", ".png": "image/png"}

_MOMENTS: Final = {
    "before": Sentence(en="before it was registered", ja="登録前"),
    "after": Sentence(en="after it was registered", ja="登録後"),
}


def link(evidence: Evidence) -> str:
    """A relative address inside the run's folder, or "" when the path leads elsewhere."""
    return address(evidence.path)


def address(path: str) -> str:
    """The same for a bare path."""
    parts = PurePosixPath(path.replace("\\", "/"))
    if not path or parts.is_absolute() or ".." in parts.parts or ":" in parts.parts[0]:
        return ""
    return quote(parts.as_posix())


def pictures(evidence: Iterable[Evidence]) -> list[Evidence]:
    return [one for one in evidence if one.kind == "picture" and link(one)]


def files(evidence: Iterable[Evidence]) -> list[Evidence]:
    return [one for one in evidence if one.kind != "picture" or not link(one)]


def caption(evidence: Evidence) -> Sentence:
    """What a picture shows."""
    if evidence.label in _MOMENTS:
        return _MOMENTS[evidence.label]
    if evidence.label:
        return Sentence.same(evidence.label)
    return Sentence(en="the page then", ja="そのときの画面")


class Embedding:
    """Gives each picture the address the page uses; each file is put into the page once at most."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._left = ROOM if folder else 0
        self._inside: set[str] = set()

    def source(self, path: str) -> str:
        """`data:` while there is room and the file can be read, else the link; "" for a path that leads elsewhere."""
        outside = address(path)
        kind = _KINDS.get(PurePosixPath(path).suffix)
        if not outside or not kind or self._folder is None or path in self._inside:
            return outside
        try:
            file = self._folder / path
            if file.is_symlink() or file.stat().st_size > self._left:
                return outside
            data = file.read_bytes()
        except OSError:
            return outside
        self._left -= len(data)
        self._inside.add(path)
        return f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"
