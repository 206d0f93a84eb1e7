"""The run on the screen: a live line at a terminal, a line a step in a pipe, failures as a tree."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from bofbot.events import Event, ItemFinished, RunFinished, RunStarted, StepStarted
from bofbot.sinks.columns import bar, cell, clip, pad, tame
from bofbot.sinks.ending import ending_lines
from bofbot.sinks.story import ItemTold, StepTold, Story
from bofbot.sinks.wording import duration, failure_lines, mode_of, row_of, time_of
from bofbot.values.text import width
from bofbot.words import Language, Sentence

WIDTH = 78
"""Columns of a line in a pipe, and the most at a terminal."""

PIPE_PROGRESS = 10.0
"""Seconds between two progress lines of a loop in a pipe."""

REDRAW = 0.05
"""Seconds between two drawings of the live line, so that ten thousand quick items do not pay for it."""

_PROMPTS = frozenset({"ask"})
"""Verbs that may talk at the terminal themselves: no live line meanwhile."""

_SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_COLOURS = {"✔": "32", "✖": "31", "–": "2", "▲": "33"}


class Console:
    """Shows a run. `stream` is stderr by default; colours and the live line only at a terminal, and not under NO_COLOR
    (no colours) or TERM=dumb (neither)."""

    def __init__(
        self,
        language: Language = "ja",
        stream: TextIO | None = None,
        *,
        terminal: bool | None = None,
        colour: bool | None = None,
        columns: int | None = None,
        clock: Callable[[], float] = time.monotonic,
        ticking: bool = True,
    ) -> None:
        self._language = language
        self._stream = stream or sys.stderr
        self._terminal = _is_terminal(self._stream) if terminal is None else terminal
        self._colour = (self._terminal and not os.environ.get("NO_COLOR")) if colour is None else colour
        self._columns = columns or (_terminal_columns(self._stream) if self._terminal else WIDTH)
        self._clock = clock
        self._story = Story()
        self._lock = threading.RLock()
        self._live = ""
        self._gone = False
        self._hushed = 0
        self._frame = 0
        self._drawn_at = 0.0
        self._began = clock()
        self._progress_at = clock()
        self._headed: list[StepTold] = []
        self._stop = threading.Event()
        if self._terminal and ticking:
            threading.Thread(target=self._tick, daemon=True, name="bofbot-console").start()

    def __call__(self, event: Event) -> None:
        with self._lock:
            self._story.add(event)
            self._print_ended()
            match event:
                case RunStarted():
                    self._began = self._progress_at = self._clock()
                    self._print_head(event)
                case RunFinished():
                    self._print(*ending_lines(self._story, self._language))
                case ItemFinished() if not self._terminal:
                    self._print_progress()
            if not self._live or self._clock() - self._drawn_at >= REDRAW:
                self._draw()

    def close(self) -> None:
        """The live line is gone afterwards."""
        self._stop.set()
        with self._lock:
            self._erase()

    @contextmanager
    def hushed(self) -> Iterator[None]:
        """No live line inside, so that a question at the terminal stays readable."""
        with self._lock:
            self._hushed += 1
            self._erase()
        try:
            yield
        finally:
            with self._lock:
                self._hushed -= 1

    # Lines that stay -------------------------------------------------------------------------------------------------

    def _print_head(self, event: RunStarted) -> None:
        said = self._say(Sentence(en=f"run {event.run}", ja=f"実行 {event.run}"))
        mode = self._say(mode_of(event.mode, event.of_run))
        self._print("  ".join(part for part in (event.robot, said, time_of(event.at), mode) if part))

    def _print_ended(self) -> None:
        """Every step outside loops that has ended just now; the steps of a part stand indented below its name."""
        for step, around in self._story.ended:
            if any(one.total is not None for one in around):
                continue
            for depth, part in enumerate(around):
                if part not in self._headed:
                    self._headed.append(part)
                    self._print(f" ▸ {'  ' * depth}{part.first.name}")
            if step in self._headed:
                self._headed.remove(step)
            else:
                self._print_step(step, len(around))

    def _print_step(self, step: StepTold, depth: int) -> None:
        mark = _mark(step)
        name_columns, whole = self._layout()
        seconds = "" if step.seconds is None else duration(step.seconds).said_in(self._language)
        name = tame("  " * depth + step.first.name)
        line = f" {mark} {pad(name, name_columns)}  {tame(_summary(step, self._language))}"
        gap = " " * max(2, whole - width(line) - width(seconds))
        self._print(f"{line}{gap}{seconds}".rstrip(), mark=mark)
        for text in self._details(step):
            self._print(text)

    def _details(self, step: StepTold) -> Iterator[str]:
        indent = "   "
        if step.failed_items:
            yield from self._tree(step)
        elif step.failure:
            for line in failure_lines(step.failure, self._folder, self._language):
                yield f"{indent}│ {line}"

    def _tree(self, loop: StepTold) -> Iterator[str]:
        failed = loop.failed_items
        names = [row_of(item.row, item.index).said_in(self._language) for item in failed]
        row_columns, key_columns = max(map(width, names)), max(width(item.key) for item in failed)
        before = ""
        for item, name in zip(failed, names, strict=True):
            last = item is failed[-1]
            reason = item.failure.message.said_in(self._language) if item.failure else ""
            same = bool(reason) and reason == before
            head = f"{pad(name, row_columns)}  {pad(item.key, key_columns)}  "
            head += self._say(Sentence(en="same reason", ja="同じ理由")) if same else _where(item)
            yield f"   {'└' if last else '├'} {head}".rstrip()
            if item.failure and not same:
                for line in failure_lines(item.failure, self._folder, self._language):
                    yield f"   {' ' if last else '│'}   {line}"
            before = reason

    def _print_progress(self) -> None:
        """In a pipe a long loop says now and then how far it is."""
        loop, now = self._story.loop, self._clock()
        if loop is None or now - self._progress_at < PIPE_PROGRESS:
            return
        self._progress_at = now
        counts = _loop_counts(loop, self._language)
        self._print(f"   {loop.first.name}  {counts}")

    def _layout(self) -> tuple[int, int]:
        """Columns of the name and of the whole line: 28 of 78, less on a narrow terminal."""
        whole = min(self._columns, WIDTH) - 2
        return max(16, whole * 28 // 76), whole

    def _print(self, *lines: str, mark: str = "") -> None:
        self._erase()
        for line in lines:
            text = tame(line)
            if self._colour and mark:
                text = text.replace(mark, f"\x1b[{_COLOURS[mark]}m{mark}\x1b[0m", 1)
            self._write(text + "\n")

    # The line that lives ---------------------------------------------------------------------------------------------

    def _draw(self) -> None:
        steps = self._story.open_steps
        quiet = not self._terminal or self._hushed or not steps or self._story.finished
        if quiet or steps[-1].first.verb in _PROMPTS:
            self._erase()
            return
        self._frame += 1
        self._drawn_at = self._clock()
        line = clip(tame(self._live_text(steps)), self._columns - 1)
        if line != self._live:
            self._write("\r\x1b[2K" + line)
            self._live = line

    def _live_text(self, steps: tuple[StepTold, ...]) -> str:
        loop, spin = self._story.loop, _SPINNER[self._frame % len(_SPINNER)]
        elapsed = _stopwatch(self._clock() - self._began)
        name_columns, _ = self._layout()
        top = loop or steps[-1]
        parts = [f" {spin} {cell(top.first.name, name_columns)}"]
        if loop is not None and loop.total:
            ended = sum(item.state != "running" for item in loop.items)
            parts += [bar(ended, loop.total, 16), _loop_counts(loop, self._language)]
        elif (progress := steps[-1].progress) and progress.total:
            parts += [bar(progress.done, progress.total, 16), f"{100 * progress.done // progress.total}%"]
        parts.append(elapsed)
        if loop is not None and steps[-1] is not loop:
            item = loop.items[-1].key if loop.items else ""
            parts.append(" ".join(part for part in (item, steps[-1].first.name) if part))
        return "  ".join(parts)

    def _erase(self) -> None:
        if self._live:
            self._write("\r\x1b[2K")
            self._live = ""

    def _write(self, text: str) -> None:
        # The reader of a pipe may leave and a terminal may be closed; that stops nobody's run.
        if not self._gone:
            try:
                self._stream.write(text)
                self._stream.flush()
            except (OSError, ValueError):
                self._gone = True

    def _tick(self) -> None:
        while not self._stop.wait(0.2):
            with self._lock:
                if not self._stop.is_set():
                    self._draw()

    @property
    def _folder(self) -> str:
        return self._story.started.folder if self._story.started else ""

    def _say(self, sentence: Sentence) -> str:
        return sentence.said_in(self._language)


def _stopwatch(seconds: float) -> str:
    """0:07 · 2:51 · 1:02:05"""
    hours, minutes, rest = int(seconds) // 3600, int(seconds) // 60 % 60, int(seconds) % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _mark(step: StepTold) -> str:
    tolerated = step.state == "failed" and getattr(step.end, "tolerated", False)
    if step.only_waits:
        return "▲"
    if step.failed_items or (step.state == "failed" and not tolerated):
        return "✖"
    if tolerated or step.state == "interrupted" or any(note.level == "warning" for note in step.notes):
        return "▲"
    return "–" if step.state == "skipped" else "✔"


def _summary(step: StepTold, language: Language) -> str:
    if step.total is not None:
        return _loop_counts(step, language)
    parts = []
    if summary := getattr(step.end, "summary", None):
        parts.append(summary.said_in(language))
    if reason := getattr(step.end, "reason", None):
        parts.append(reason.said_in(language))
    attempts = getattr(step.end, "attempts", 1)
    if attempts > 1:
        ja = f"{attempts}回試行" if step.state == "failed" else f"{attempts}回目で成功"
        parts.append(Sentence(en=f"{attempts} tries", ja=ja).said_in(language))
    if step.state == "interrupted":
        parts.append(Sentence(en="interrupted", ja="中断").said_in(language))
    return ("、" if language == "ja" else ", ").join(parts)


def _loop_counts(loop: StepTold, language: Language) -> str:
    good, failed = loop.count("done", "already"), loop.count("failed")
    already, waiting = loop.count("already"), loop.count("waiting")
    counts = [
        (failed, Sentence(en=f"{failed} failed", ja=f"失敗 {failed}")),
        (waiting, Sentence(en=f"{waiting} waiting", ja=f"確認待ち {waiting}")),
        (already, Sentence(en=f"{already} done before", ja=f"処理済み {already}")),
    ]
    said = [sentence for count, sentence in counts if count]
    if loop.state == "interrupted":
        said.append(Sentence(en="interrupted", ja="中断"))
    en, ja = ", ".join(part.en for part in said), "、".join(part.ja for part in said)
    tail = Sentence(en=f" ({en})", ja=f"（{ja}）") if said else Sentence.same("")
    return (Sentence(en=f"{good}/{loop.total} items", ja=f"{good}/{loop.total}件") + tail).said_in(language)


def _where(item: ItemTold) -> str:
    culprit = item.culprit
    if culprit is None:
        return ""
    first, name = culprit.first, culprit.first.name
    named = not (isinstance(first, StepStarted) and name in (first.sentence.ja, first.sentence.en))
    return f"{first.verb} {name}" if named and not name.startswith(first.verb) else name


def _is_terminal(stream: TextIO) -> bool:
    return bool(stream.isatty()) and os.environ.get("TERM") != "dumb"


def _terminal_columns(stream: TextIO) -> int:
    try:
        return os.get_terminal_size(stream.fileno()).columns or WIDTH
    except (OSError, ValueError):
        return WIDTH
