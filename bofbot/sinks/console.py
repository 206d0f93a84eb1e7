"""The run on the screen: a live line at a terminal, a line a step in a pipe, failures as a tree."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from bofbot.events import Event, ItemFinished, RunFinished, RunStarted
from bofbot.sinks.columns import bar, cell, clip, pad, tame
from bofbot.sinks.ending import ending_lines
from bofbot.sinks.lines import detail_lines, loop_counts, mark_of, summary_of
from bofbot.sinks.story import Story
from bofbot.sinks.told import StepTold
from bofbot.sinks.wording import duration, mode_of, time_of
from bofbot.values.text import width
from bofbot.words import Language, Sentence

WIDTH = 78
"""Columns of a line in a pipe, and the most at a terminal."""

PIPE_PROGRESS = 10.0
"""Seconds between two progress lines of a loop in a pipe."""

REDRAW = 0.05
"""Seconds between two drawings of the live line, so that ten thousand quick items do not pay for it."""

_PROMPTS = frozenset({"ask", "login"})
"""Verbs that may ask at the terminal (a log-in for its code): no live line meanwhile."""

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
        mark = mark_of(step)
        name_columns, whole = self._layout()
        seconds = "" if step.seconds is None else duration(step.seconds).said_in(self._language)
        name = tame("  " * depth + step.first.name)
        line = f" {mark} {pad(name, name_columns)}  {tame(summary_of(step, self._language))}"
        gap = " " * max(2, whole - width(line) - width(seconds))
        self._print(f"{line}{gap}{seconds}".rstrip(), mark=mark)
        for text in detail_lines(step, self._folder, self._language):
            self._print(text)

    def _print_progress(self) -> None:
        """In a pipe a long loop says now and then how far it is."""
        loop, now = self._story.loop, self._clock()
        if loop is None or now - self._progress_at < PIPE_PROGRESS:
            return
        self._progress_at = now
        counts = loop_counts(loop, self._language)
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
            parts += [bar(ended, loop.total, 16), loop_counts(loop, self._language)]
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
                self._stream.write(_writable(text, self._stream))
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


def _writable(text: str, stream: TextIO) -> str:
    """A terminal that speaks cp932 has no ✔; it gets a question mark, and goes on."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return text.encode(encoding, "replace").decode(encoding)


def _is_terminal(stream: TextIO) -> bool:
    return bool(stream.isatty()) and os.environ.get("TERM") != "dumb"


def _terminal_columns(stream: TextIO) -> int:
    try:
        return os.get_terminal_size(stream.fileno()).columns or WIDTH
    except (OSError, ValueError):
        return WIDTH
