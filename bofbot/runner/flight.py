"""The flight recorder: how the last steps looked, kept in memory; written when a step fails, or always when asked to."""

from __future__ import annotations

import hashlib
import re
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from bofbot.action import Glimpse, Resource
from bofbot.events import Evidence, Failure, Frame
from bofbot.files import fresh_path
from bofbot.words import Sentence

FRAMES = 12
"""So many steps are remembered; with the one that failed they are the film of a failure."""
SHARE = {True: 0.07, False: 0.02}
"""Of the run's time that looking may take where nothing is kept unless a step fails: by pictures, and in words."""
ROOM = 100 * 2**20
"""Bytes of frames in one run; after that no more are written. (1,000 items of five steps at 20 KB fit.)"""
_FIRST_COST = 0.04
"""Seconds of a picture, until one was taken."""
_FOLDER = "film"

Record = Literal["failures", "always", "never"]


@dataclass(slots=True)
class _Kept:
    """A frame, and its picture until it is written."""

    frame: Frame
    picture: bytes = b""


@dataclass(slots=True)
class Recorder:
    """Looks at the resources of a run between its steps, for as much of its time as it may.

    With "failures", looking takes at most SHARE of the run's time: a picture where the run could afford one, else the
    form in words, else the step's name alone. Pictures of a submit are always taken, and count: they show the step
    before it as well. Nothing here ever fails a step."""

    record: Record
    folder: Path
    watch: Callable[[], float] = time.perf_counter
    trouble: Sentence | None = None
    """Why pictures are no longer kept: to be told once."""
    spent: dict[bool, float] = field(default_factory=lambda: {True: 0.0, False: 0.0})
    """Seconds spent on pictures, and on words."""
    written: int = 0
    """Bytes of frames."""
    _began: float = field(init=False)
    _cost: dict[bool, float] = field(default_factory=lambda: {True: _FIRST_COST, False: _FIRST_COST / 10})
    _last: deque[_Kept] = field(default_factory=lambda: deque(maxlen=FRAMES))
    _number: int = 0
    _full: bool = False

    def __post_init__(self) -> None:
        self._began = self.watch()

    async def look(
        self, frame: Frame, used: Iterable[Resource], taken: Evidence | None = None
    ) -> tuple[Frame, ...]:
        """After a step that went well. The frames to be told of now: none, unless everything is kept.

        `taken`: a picture of this very moment that is on disk already; then nobody looks again."""
        shown = [one for one in used if type(one).glimpse is not Resource.glimpse]
        if self.record == "never" or not shown:
            return ()
        if taken:
            self._last.append(_Kept(replace(frame, path=taken.path, sha256=taken.sha256)))
        elif seen := await self._glimpse(shown):
            self._last.append(_Kept(replace(frame, title=seen.title, entries=seen.entries), seen.picture))
        return self._develop() if self.record == "always" else ()

    def lend(self, taken: Evidence) -> None:
        """A picture on disk shows how the step before left the page: its frame needs no words then."""
        if self._last and not self._last[-1].picture and not self._last[-1].frame.path:
            bare = replace(self._last[-1].frame, entries=(), path=taken.path, sha256=taken.sha256)
            self._last[-1] = _Kept(bare)

    async def picture(self, name: str, label: str, used: Iterable[Resource]) -> tuple[Evidence, ...]:
        """A picture for the record, written at once: of the page before and after a submit. () when it cannot be had."""
        if self.record == "never":
            return ()
        began = self.watch()
        seen = None
        for resource in used:
            seen = seen or await resource.glimpse(True)
        self.spent[True] += self.watch() - began  # the other looks have to make up for it
        if not seen or not seen.picture:
            return ()
        kept = self._write(fresh_path(self.folder, name), seen.picture)
        return (Evidence("picture", kept[0], label, kept[1]),) if kept else ()

    def failed(self, frame: Frame, failure: Failure) -> None:
        """A try failed; its picture, if any, is on disk already."""
        if self.record == "never":
            return
        pictures = [one for one in failure.evidence if one.kind == "picture"]
        shown = pictures[-1] if pictures else Evidence("picture", "")
        self._last.append(
            _Kept(
                replace(
                    frame,
                    failed=True,
                    path=shown.path,
                    sha256=shown.sha256,
                    title=failure.sighting.title,
                )
            )
        )

    def develop(self) -> tuple[Frame, ...]:
        """The film of a failure: the remembered frames, written. Each is told once; () when there is nothing to see."""
        if not any(kept.picture or kept.frame.entries or kept.frame.path for kept in self._last):
            self._last.clear()
            return ()
        return self._develop()

    def _develop(self) -> tuple[Frame, ...]:
        frames = tuple(self._written(kept) for kept in self._last)
        self._last.clear()
        return frames

    def _written(self, kept: _Kept) -> Frame:
        if not kept.picture or self._full:
            return kept.frame
        if self.written + len(kept.picture) > ROOM:
            self._stop(
                Sentence(
                    en=f"the pictures of this run's steps have reached {ROOM >> 20} MB; no more are kept",
                    ja=f"手順の画像が {ROOM >> 20} MB に達したため、以後は残しません",
                )
            )
            return kept.frame
        file = self._next_file(re.sub(r"[^a-z_]", "", kept.frame.verb))
        found = self._write(file, kept.picture)
        self.written += len(kept.picture)
        return replace(kept.frame, path=found[0], sha256=found[1]) if found else kept.frame

    def _next_file(self, verb: str) -> Path:
        """`film/0012-fill.jpg`; lanes that play side by side share the folder, and never each other's names."""
        while True:
            self._number += 1
            file = self.folder / _FOLDER / f"{self._number:04d}-{verb}.jpg"
            if not file.exists():
                return file

    def _write(self, file: Path, data: bytes) -> tuple[str, str] | None:
        """Path from the run's folder, and hash. A full disk costs the picture only, and is said once."""
        try:
            file.parent.mkdir(mode=0o700, exist_ok=True)
            file.write_bytes(data)
        except OSError as error:
            file.unlink(missing_ok=True)
            self._stop(
                Sentence(
                    en=f"pictures cannot be kept: {error.strerror}; the run goes on without",
                    ja=f"画像を保存できません（{error.strerror}）。実行は続けます",
                )
            )
            return None
        return file.relative_to(self.folder).as_posix(), hashlib.sha256(data).hexdigest()

    def _stop(self, why: Sentence) -> None:
        if not self._full:
            self.trouble = why
        self._full = True

    async def _glimpse(self, shown: Sequence[Resource]) -> Glimpse | None:
        """What can be seen, as dear as may be; an empty look when nothing can be afforded."""
        picture = self._affords(True)
        if not picture and not self._affords(False):
            return Glimpse()
        began = self.watch()
        seen = None
        for resource in reversed(shown):
            seen = seen or await resource.glimpse(picture, small=True)
        cost = self.watch() - began
        self.spent[picture] += cost
        self._cost[picture] += 0.3 * (cost - self._cost[picture])
        return seen

    def _affords(self, picture: bool) -> bool:
        if self.record == "always":
            return True
        return self.spent[picture] + self._cost[picture] <= SHARE[picture] * (self.watch() - self._began)
