"""The log file of an office: every run, line by line, for developers; the one door to loguru."""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path
from typing import Any, Literal

from bofbot.errors import NotReady
from bofbot.events import (
    EffectChanged,
    Event,
    Failure,
    Filmed,
    ItemFinished,
    ItemsStarted,
    ItemStarted,
    ItemsTotalled,
    Noted,
    Progress,
    RunFinished,
    RunStarted,
    StepFailed,
    StepFinished,
    StepRetried,
    StepSkipped,
    StepStarted,
    as_json,
)
from bofbot.files import why_refused
from bofbot.sinks.columns import tame
from bofbot.sinks.ndjson import json_line
from bofbot.sinks.wording import duration, failure_lines, state_of
from bofbot.words import Language, Sentence

_NUMBERS = count(1)


class LogFile:
    """Writes `path`; a full file is put aside and the newest `keep` are kept. Nothing ever goes to stderr.

    `form` is "text" for people or "ndjson" for programs. Raises NotReady when the file cannot be written."""

    def __init__(
        self,
        path: Path,
        language: Language = "ja",
        *,
        form: Literal["text", "ndjson"] = "text",
        rotation: str = "10 MB",
        keep: int = 10,
    ) -> None:
        self._path, self._language, self._form = path, language, form
        self._folder = ""
        self._name = next(_NUMBERS)
        from loguru import logger

        try:
            logger.remove(0)  # loguru's own handler prints to stderr
        except ValueError:
            pass  # removed already
        self._logger = logger.bind(bofbot=self._name)
        try:
            # diagnose=True would print the values of variables, secrets among them; so would a long backtrace.
            self._handler = logger.add(
                path,
                format="{message}",
                level=0,
                filter=self._mine,
                rotation=rotation,
                retention=keep,
                encoding="utf-8",
                opener=_for_this_user,
                diagnose=False,
                backtrace=False,
                catch=False,
            )
        except OSError as error:
            raise self._not_ready(error) from error

    def __call__(self, event: Event) -> None:
        if isinstance(event, RunStarted):
            self._folder = event.folder
        level, said = log_line(event, self._language, self._folder)
        if self._form == "ndjson":
            line = json_line({"level": level, **as_json(event)})
        else:
            at = event.at.isoformat(sep=" ", timespec="milliseconds")
            line = f"{at} {level:<7} {event.run} {tame(said)}"
        try:
            self._logger.log(level, "{}", line)
        except OSError as error:
            raise self._not_ready(error) from error

    def close(self) -> None:
        from loguru import logger

        try:
            logger.remove(self._handler)
        except ValueError:
            pass  # closed before

    def _mine(self, record: Any) -> bool:
        return bool(record["extra"].get("bofbot") == self._name)

    def _not_ready(self, error: OSError) -> NotReady:
        why = why_refused(error)
        return NotReady(
            Sentence(
                en=f"the log file {self._path} cannot be written: {why.en}",
                ja=f"ログファイル {self._path} に書き込めません（{why.ja}）",
            ),
            fix=Sentence(
                en="make the folder writable and make room, or set `logs:` in configs/bofbot.yaml",
                ja="フォルダーに書き込めるようにし、空きを作るか、configs/bofbot.yaml の `logs:` を変えてください",
            ),
        )


def _for_this_user(path: str, flags: int) -> int:
    """The log tells of other people's business: nobody else on this machine reads it."""
    return os.open(path, flags, 0o600)


def log_line(event: Event, language: Language, folder: str = "") -> tuple[str, str]:
    """Loguru's level and the words of an event."""
    match event:
        case RunStarted():
            return "INFO", f"{event.robot} ({event.mode}) {event.robot_file} sha256:{event.robot_sha256[:12]}"
        case RunFinished():
            level = {"done": "SUCCESS", "failed": "ERROR"}.get(event.outcome, "WARNING")
            return (
                level,
                f"{state_of(event.outcome).said_in(language)}{_counts(event)} {duration(event.seconds).en} exit {event.exit_code}",
            )
    where = f"{event.step} {event.name}" + (f" [{event.item}]" if event.item else "")
    match event:
        case StepFailed():
            level = "WARNING" if event.tolerated else "ERROR"
            return (
                level,
                f"{where}: {_failure(event.failure, language, folder)} ({duration(event.seconds).en}, {event.attempts} x)",
            )
        case StepRetried():
            return (
                "WARNING",
                f"{where}: {_failure(event.failure, language, folder)}; again in {event.wait:.1f}s",
            )
        case ItemFinished():
            tail = f": {event.failure.message.said_in(language)}" if event.failure else ""
            return (
                "ERROR" if event.state in ("failed", "waiting") else "INFO"
            ), f"{where} {event.state} {event.receipt}".rstrip() + tail
        case Noted():
            return event.level.upper(), f"{where}: {event.sentence.said_in(language)}"
        case StepSkipped():
            return "INFO", f"{where} –: {event.reason.said_in(language)}"
        case StepFinished():
            summary = f": {event.summary.said_in(language)}" if event.summary else ""
            return "INFO", f"{where} ✔ {duration(event.seconds).en}{summary}"
        case EffectChanged():
            return "INFO", f"{where} effect {event.state} {event.receipt}".rstrip()
        case StepStarted():
            return "DEBUG", f"{where}: {event.sentence.said_in(language)}"
        case ItemsStarted():
            return "DEBUG", f"{where}: {event.total} items"
        case ItemsTotalled():
            lines = (f"{state} {' '.join(figures.values())}" for state, figures in event.totals.items())
            return "INFO", f"{where}: {' · '.join(lines)}"
        case ItemStarted():
            return "DEBUG", f"{where} row {event.row or event.index}"
        case Progress():
            return "DEBUG", f"{where} {event.done}/{event.total}"
        case Filmed():
            paths = [frame.path for frame in event.frames if frame.path]
            return "DEBUG", f"{where}: {len(event.frames)} frames {' '.join(paths)}".rstrip()


def _failure(failure: Failure, language: Language, folder: str) -> str:
    lines = failure_lines(failure, folder, language)
    detail = [failure.detail.strip().splitlines()[-1]] if failure.detail.strip() else []
    return " | ".join([f"{failure.kind}: {lines[0]}", *lines[1:], *detail])


def _counts(event: RunFinished) -> str:
    counts = {
        "done": event.items_done,
        "failed": event.items_failed,
        "already": event.items_already,
        "waiting": event.items_waiting,
    }
    said = ", ".join(f"{number} {name}" for name, number in counts.items() if number)
    return f" ({said})" if said else ""
