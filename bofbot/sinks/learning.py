"""Events → what a robot's pages are known by: fingerprints of good runs, one file a robot, beside the evidence.

A file and no table of the store: it is no record of what was done. Losing it costs one good run, anybody may read or
delete it, and no other program writes it at the same time but another run of the same robot (the later one's news win)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bofbot.events import Event, ItemFinished, RunFinished, RunStarted, StepFailed
from bofbot.files import atomic_write, safe_name

Key = tuple[str, str, str, str]
"""File of the robot or part, path of the step, label, pattern of the page's address."""

_VERSION = 1
_OLDEST_COUNTS = 100
"""Sightings of a signal that did not change are counted up to here."""


class Learning:
    """What earlier good runs know, and what this one adds: a sink that hears how items and the run end."""

    def __init__(self, logs: Path, robot: str) -> None:
        self._path = path_of(logs, robot)
        self._robot = robot
        self._known: dict[Key, dict[str, Any]] | None = None
        self._pending: dict[str, dict[Key, Mapping[str, Any] | None]] = {}
        self._news: set[Key] = set()
        self._keeps = True

    def known(self, key: Key) -> Mapping[str, Any] | None:
        """{"signals", "trust", "age"}; of another step when only one other step knows this label on this page."""
        record = self._record(key)
        if record is None:
            return None
        ages, changes = record["age"], record["changes"]
        trust = {name: round(ages[name] / (ages[name] + changes.get(name, 0)), 2) for name in ages}
        return {"signals": record["signals"], "trust": trust, "age": ages}

    def labels(self, page: str) -> tuple[str, ...]:
        """The labels that are known on a page."""
        return tuple(dict.fromkeys(label for _, _, label, where in self._all() if where == page))

    def seen(self, key: Key, item: str, signals: Mapping[str, Any] | None) -> None:
        """To be kept when `item` ("": what is outside of loops) has gone well. None: just as it was known."""
        self._pending.setdefault(item, {})[key] = signals

    def __call__(self, event: Event) -> None:
        match event:
            case RunStarted():
                self._keeps = event.mode != "dry-run"  # what was never sent proves nothing
            case StepFailed():
                self._drop_step(event.place.file, event.step, event.item)
            case ItemFinished():
                self._settle(event.item or f"#{event.index}", good=event.state == "done")
            case RunFinished():
                self._settle("", good=event.outcome in ("done", "partial"))
                self._write()

    def close(self) -> None:
        """What items have proven is kept even where the run has no end."""
        self._write()

    def _all(self) -> dict[Key, dict[str, Any]]:
        if self._known is None:
            self._known = read(self._path)
        return self._known

    def _record(self, key: Key) -> dict[str, Any] | None:
        known = self._all()
        if key in known:
            return known[key]
        file, _, label, page = key
        moved = [record for other, record in known.items() if (other[0], *other[2:]) == (file, label, page)]
        return moved[0] if len(moved) == 1 else None  # a step was put in before it

    def _drop_step(self, file: str, step: str, item: str) -> None:
        if item:
            return  # the item's end says whether it went well in the end
        waiting = self._pending.get("", {})
        for key in [key for key in waiting if key[:2] == (Path(file).name, step)]:
            del waiting[key]

    def _settle(self, item: str, *, good: bool) -> None:
        for key, signals in self._pending.pop(item, {}).items():
            if good and self._keeps:
                before = self._record(key)
                self._all()[key] = _merged(before, signals)
                self._news.add(key)

    def _write(self) -> None:
        if not self._news:
            return
        whole = read(self._path) | {key: self._all()[key] for key in self._news}
        self._news.clear()
        write(self._path, self._robot, whole)


def path_of(logs: Path, robot: str) -> Path:
    """Where the fingerprints of a robot are kept."""
    return logs / "pages" / f"{safe_name(robot)}.json"


def read(path: Path) -> dict[Key, dict[str, Any]]:
    """All fingerprints of a robot; none when there is no file, or one that nobody can read: they are learned again."""
    try:
        kept = json.loads(path.read_text("utf-8"))
        rows = kept["fields"] if kept["v"] == _VERSION else []
        return {
            (row["file"], row["step"], row["label"], row["page"]): {
                "signals": dict(row["signals"]),
                "age": {name: int(count) for name, count in row["age"].items()},
                "changes": {name: int(count) for name, count in row["changes"].items()},
            }
            for row in rows
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def write(path: Path, robot: str, records: Mapping[Key, Mapping[str, Any]]) -> None:
    """Whole or not at all. Raises ApplicationError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    names = ("file", "step", "label", "page")
    rows = [{**dict(zip(names, key, strict=True)), **record} for key, record in sorted(records.items())]
    kept = {"v": _VERSION, "robot": robot, "fields": rows}
    atomic_write(path, json.dumps(kept, ensure_ascii=False, indent=1) + "\n")


def forget(path: Path, robot: str, labels: Iterable[str] | None = None) -> int:
    """Forget these labels (None: all), so that the next good run learns them anew. Returns how many were known."""
    known = read(path)
    gone = set(labels) if labels is not None else {key[2] for key in known}
    left = {key: record for key, record in known.items() if key[2] not in gone}
    if len(left) < len(known):
        write(path, robot, left)
    return len(known) - len(left)


def _merged(before: Mapping[str, Any] | None, signals: Mapping[str, Any] | None) -> dict[str, Any]:
    """What is known now. A signal that changed is trusted less: seen `age` times as it is, changed `changes` times."""
    if before is None:
        return {"signals": dict(signals or {}), "age": dict.fromkeys(signals or {}, 1), "changes": {}}
    now = before["signals"] if signals is None else signals
    age, changes = {}, dict(before["changes"])
    for name in now:
        if before["signals"].get(name) == now[name]:
            age[name] = min(before["age"].get(name, 0) + 1, _OLDEST_COUNTS)
        else:
            age[name] = 1
            changes[name] = changes.get(name, 0) + (name in before["signals"])
    for name in set(before["signals"]) - set(now):
        changes[name] = changes.get(name, 0) + 1
    return {"signals": dict(now), "age": age, "changes": {name: n for name, n in changes.items() if n}}
