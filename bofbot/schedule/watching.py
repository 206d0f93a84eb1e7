"""Looks for what triggers name: files that are whole, and robots that have succeeded. Each becomes a slot, unique for ever."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path, PurePath

from bofbot.files import lock_holder, sha256_of
from bofbot.schedule.book import Schedule
from bofbot.schedule.triggers import ROBOTS, Trigger, filled
from bofbot.store.slots import NewSlot, Slots
from bofbot.words import Sentence

QUIET_SECONDS = 10.0
"""A file is whole when nobody has touched it for so long: half-written ones grow."""
_HALF = (".tmp", ".part", ".partial", ".crdownload", ".filepart", ".download")
_LATE = timedelta(minutes=1)
"""A run that ended is in the store a moment later."""

Stamp = tuple[int, int, int]
"""Size, time of change, number of a file."""


class Watching:
    """The looks of this process. What it has seen may be forgotten: the slots know what was started."""

    def __init__(
        self, slots: Slots, folder: Path = Path(), monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._slots, self._folder, self._monotonic = slots, folder, monotonic
        self._seen: dict[tuple[str, Path], tuple[Stamp, float]] = {}
        self._told: dict[tuple[str, Path], Stamp] = {}

    def look(self, schedule: Schedule, trigger: Trigger, now: datetime) -> int:
        """How many slots were written down. In a pause nothing is looked at: what came meanwhile plays after it."""
        if schedule.pause_at(now):
            return 0
        since = self._slots.ticked_until(schedule.name)
        new = list(
            self._files(schedule, trigger, now, since)
            if trigger.kind == "file"
            else self._runs(schedule, trigger, now, since)
        )
        if since is not None and not new:
            return 0
        written = self._slots.note(schedule.name, since, max(now, since or now), [slot for slot, _ in new])
        if written is not None:
            self._told.update(
                {(schedule.name, path): stamp for _, found in new if found for path, stamp in [found]}
            )
        return written or 0

    def _files(
        self, schedule: Schedule, trigger: Trigger, now: datetime, since: datetime | None
    ) -> Iterator[tuple[NewSlot, tuple[Path, Stamp] | None]]:
        pattern = self._folder / trigger.what
        for path in sorted(pattern.parent.glob(pattern.name)):
            try:
                stamp = _stamp(path)
                if stamp is None or self._told.get((schedule.name, path)) == stamp:
                    continue
                if since is None or self._is_quiet(schedule.name, path, stamp):
                    content = sha256_of(path)
                    if _stamp(path) != stamp:
                        continue  # it was changed while it was read
                    shown = (
                        path if PurePath(trigger.what).is_absolute() else path.relative_to(self._folder)
                    ).as_posix()
                    nominal = f"file {shown} {content[:16]}"
                    yield (
                        self._slot(schedule, nominal, now, {"file": shown}, old=since is None),
                        (path, stamp),
                    )
            except OSError:
                continue  # gone, or not to be opened yet: the next look asks again

    def _is_quiet(self, schedule: str, path: Path, stamp: Stamp) -> bool:
        """Unchanged since a look that is long enough ago, and open in no office program."""
        before, at = self._seen.get((schedule, path), (None, 0.0))
        if before != stamp:
            self._seen[schedule, path] = (stamp, self._monotonic())
            return False
        return self._monotonic() - at >= QUIET_SECONDS and lock_holder(path) is None

    def _runs(
        self, schedule: Schedule, trigger: Trigger, now: datetime, since: datetime | None
    ) -> Iterator[tuple[NewSlot, tuple[Path, Stamp] | None]]:
        if since is None:
            return
        robot = (PurePath(ROBOTS) / f"{trigger.what}.yaml").as_posix()
        for run in self._slots.runs_done(robot, since - _LATE):
            if self._slots.at(schedule.name, f"after {run}") is None:
                yield self._slot(schedule, f"after {run}", now, {"run": run}), None

    def _slot(
        self, schedule: Schedule, nominal: str, now: datetime, known: dict[str, str], *, old: bool = False
    ) -> NewSlot:
        return NewSlot(
            schedule=schedule.name,
            nominal=nominal,
            due_at=now,
            robot=schedule.robot,
            inputs=filled(schedule.inputs, known),
            state="skipped" if old else "due",
            why=_LAY_THERE if old else None,
            queued=True,
            deadline_at=None if old else schedule.deadline_of(now),
            owner=schedule.owner,
        )


def _stamp(path: Path) -> Stamp | None:
    """None for what is no whole file by its name or its look: folders, links, empty files, names of half-written ones."""
    if path.name.startswith((".", "~")) or path.suffix.lower() in _HALF or path.is_symlink():
        return None
    stat = path.stat()
    return (stat.st_size, stat.st_mtime_ns, stat.st_ino) if path.is_file() and stat.st_size else None


_LAY_THERE = Sentence(
    en="the file lay there before the schedule began", ja="予定を登録する前からあったファイルです"
)
