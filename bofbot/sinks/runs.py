"""The lines of `bofbot list`, `show` and `logs`: kept runs in words. Pure: rows and events in, lines out."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bofbot.events import Event, RunStarted
from bofbot.sinks.columns import clip, pad, tame
from bofbot.sinks.console import Console
from bofbot.sinks.figures import one_line, repeats_summary
from bofbot.sinks.log import log_line
from bofbot.sinks.story import tell
from bofbot.sinks.told import StepTold
from bofbot.sinks.wording import duration, shown_path, state_of, time_of
from bofbot.values.text import width
from bofbot.words import Language, Sentence


class KeptRun(Protocol):
    """What a listing needs to know of a run; `store.RunRow` is one."""

    @property
    def id(self) -> str: ...
    @property
    def robot(self) -> str: ...
    @property
    def owner(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def started(self) -> datetime: ...
    @property
    def seconds(self) -> float: ...
    @property
    def items_done(self) -> int: ...
    @property
    def items_failed(self) -> int: ...
    @property
    def items_already(self) -> int: ...
    @property
    def items_waiting(self) -> int: ...
    @property
    def retries(self) -> int: ...
    @property
    def warnings(self) -> int: ...
    @property
    def step_name(self) -> str: ...
    @property
    def why(self) -> Sentence | None: ...
    @property
    def fix(self) -> Sentence | None: ...


ALERTS = frozenset({"failed", "partial", "waiting", "interrupted", "lost"})
"""States of a robot's newest run that somebody should look at; a later success clears them."""


def list_lines(runs: Sequence[KeptRun], language: Language, *, chosen: bool = False) -> list[str]:
    """A table of runs, newest first as given; under each one that is not done, why, and what to do.
    `chosen`: only some of the runs were asked for."""
    if chosen and not runs:
        return [Sentence(en="no run fits", ja="条件に合う実行はありません").said_in(language)]
    if not runs:
        return [
            Sentence(
                en="no run is kept here yet; start with: bofbot run ROBOT",
                ja="実行の記録はまだありません。bofbot run ロボット で始められます。",
            ).said_in(language)
        ]
    heads = [Sentence(en="run", ja="実行"), Sentence(en="robot", ja="ロボット"), Sentence(en="state", ja="状態"),
             Sentence(en="started", ja="開始"), Sentence(en="took", ja="時間"), Sentence(en="items", ja="件数")]  # fmt: skip
    cells = [[head.said_in(language) for head in heads], *(_cells(run, language) for run in runs)]
    widths = [max(width(row[column]) for row in cells) for column in range(len(heads))]
    lines = [
        "  ".join(pad(cell, columns) for cell, columns in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]
    listed = [lines[0]]
    for run, line in zip(runs, lines[1:], strict=True):
        listed.append(line)
        if reason := why_line(run, language):
            listed.append(" " * (widths[0] + 2) + reason)
    return listed


def alert_line(latest: Iterable[KeptRun], language: Language) -> str:
    """How many robots need a look, given the newest run of each; "" when none does."""
    names = [tame(run.robot) for run in latest if run.state in ALERTS]
    if not names:
        return ""
    some = "、".join(names[:3]) if language == "ja" else ", ".join(names[:3])
    more = len(names) - 3
    tail = Sentence(en=f" and {more} more", ja=f" ほか{more}件") if more > 0 else Sentence.same("")
    plural = "robot needs" if len(names) == 1 else "robots need"
    return Sentence(
        en=f"{len(names)} {plural} a look: {some}{tail.en}",
        ja=f"確認が必要なロボットが{len(names)}件あります：{some}{tail.ja}",
    ).said_in(language)


def why_line(run: KeptRun, language: Language) -> str:
    """Why a run is not done, and who must do what; "" for a run that is."""
    step = f"「{tame(run.step_name)}」" if run.step_name else ""
    why = run.why or Sentence.same("")
    fix = f" → {tame(run.fix.said_in(language))}" if run.fix else ""
    match run.state:
        case "running":
            return Sentence(en=f"now at {step}", ja=f"いま{step}を実行中").said_in(language) if step else ""
        case "lost":
            return Sentence(
                en=f"its process ended at {step} without a word → bofbot resume {run.id}",
                ja=f"{step}の途中でプログラムが終了しました → bofbot resume {run.id}",
            ).said_in(language)
        case "waiting":
            who = Sentence(en=run.owner or "somebody", ja=run.owner or "担当者")
            said = Sentence(en=f"waiting for {who.en}: {why.en}", ja=f"{who.ja}の確認待ち：{why.ja}")
            return tame(said.said_in(language)) + fix
        case "failed" | "partial":
            return tame(why.said_in(language)) + fix
        case "interrupted":
            return Sentence(en=f"somebody stopped it at {step}", ja=f"{step}で中断されました").said_in(
                language
            )
        case _:
            return ""


def show_lines(events: Sequence[Event], language: Language, kept: KeptRun | None = None) -> list[str]:
    """A run told again as the screen told it, then its figures and files. `kept` knows how a run without an end stands."""
    screen = io.StringIO()
    console = Console(language, screen, terminal=False, colour=False, clock=lambda: 0.0)
    for event in events:
        console(event)
    console.close()
    story = tell(events)
    lines = screen.getvalue().splitlines()
    if story.finished is None:
        stands = why_line(kept, language) if kept and kept.state in ("running", "lost") else ""
        lines.append(stands or _NO_END.said_in(language))
    folder = story.started.folder if story.started else ""
    return lines + _figures(story.steps, language) + _files(story.steps, folder, language)


_NO_END = Sentence(
    en="(no end is kept: still running, or broken off)",
    ja="（終わりの記録がありません。実行中か、異常終了です）",
)


def log_lines(events: Iterable[Event], language: Language, *, least: str = "INFO") -> list[str]:
    """Every event of a run with its time, from this level on (DEBUG, INFO, WARNING, ERROR)."""
    order = ("DEBUG", "INFO", "SUCCESS", "WARNING", "ERROR")
    folder, lines = "", []
    for event in events:
        folder = event.folder if isinstance(event, RunStarted) else folder
        level, said = log_line(event, language, folder)
        if order.index(level) >= order.index(least):
            lines.append(f"{time_of(event.at)} {level:<7} {tame(said)}")
    return lines


def keep(
    robot: str | None = None, state: str | None = None, day: str | None = None
) -> Callable[[KeptRun], bool]:
    """A test for runs: the robot's name (or a part of it), the state, the day or month (`2026-11-22`, `2026-11`)."""

    def fits(run: KeptRun) -> bool:
        return (
            (robot is None or robot in run.robot)
            and (state is None or run.state == state)
            and (day is None or run.started.date().isoformat().startswith(day))
        )

    return fits


def _cells(run: KeptRun, language: Language) -> list[str]:
    state = state_of(run.state, retries=run.retries, warnings=run.warnings).said_in(language)
    took = duration(run.seconds).said_in(language) if run.state not in ("running", "lost") else ""
    counts = [
        (run.items_done, Sentence(en=f"{run.items_done} done", ja=f"完了 {run.items_done}")),
        (run.items_already, Sentence(en=f"{run.items_already} before", ja=f"処理済み {run.items_already}")),
        (run.items_failed, Sentence(en=f"{run.items_failed} failed", ja=f"失敗 {run.items_failed}")),
        (run.items_waiting, Sentence(en=f"{run.items_waiting} waiting", ja=f"確認待ち {run.items_waiting}")),
    ]
    items = " ".join(said.said_in(language) for count, said in counts if count)
    return [run.id, clip(tame(run.robot), 36), state, time_of(run.started)[:16], took, items]


def _figures(steps: list[StepTold], language: Language) -> list[str]:
    lines = []
    for step in steps:
        facts = getattr(step.end, "facts", {})
        summary = getattr(step.end, "summary", None)
        if facts and not repeats_summary(facts, summary):
            lines.append(tame(f"  {step.first.name}: {one_line(facts, language)}"))
        lines += _figures(step.steps, language)
    return lines


def _files(steps: list[StepTold], folder: str, language: Language) -> list[str]:
    lines = []
    for step in steps:
        for one in getattr(step.end, "evidence", ()):
            what = Sentence(
                en="picture" if one.kind == "picture" else "file",
                ja="画像" if one.kind == "picture" else "ファイル",
            )
            lines.append(tame(f"  {what.said_in(language)} {shown_path(Path(folder) / one.path)}"))
        lines += _files(step.steps, folder, language)
    return lines
