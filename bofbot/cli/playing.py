"""Playing a plan from the command line: the options for it, the listeners, Ctrl-C, and what is printed at the end."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bofbot.cli.command import CommandParser
from bofbot.cli.options import json_option
from bofbot.cli.screen import put, put_json, say
from bofbot.errors import BofbotError
from bofbot.words import Sentence

if TYPE_CHECKING:  # the help of a command needs nothing of it
    from bofbot.adapters.browser.ahead import Ahead
    from bofbot.events import RunFinished
    from bofbot.office import Office
    from bofbot.plan import Plan
    from bofbot.sinks.redacting import Sink


def play_options(parser: CommandParser) -> None:
    """What `run`, `retry`, `resume` and `demo` may be told about how to play."""
    parser.option(
        "--headed", action="store_true", help=Sentence(en="show the browser", ja="ブラウザーを表示する")
    )
    parser.option(
        "--slow-mo",
        metavar="200ms",
        help=Sentence(en="wait so long between gestures, to watch", ja="操作の間隔を空ける（見るため）"),
    )
    parser.option(
        "--record",
        action="store_true",
        help=Sentence(en="keep a picture of every step, not of failures only", ja="すべての手順の画像を残す"),
    )
    json_option(parser)
    parser.option(
        "--events",
        action="store_true",
        help=Sentence(en="print every event as a line of JSON", ja="イベントを1行ずつ JSON で出す"),
    )
    parser.option(
        "--no-input",
        action="store_true",
        help=Sentence(
            en="ask nobody here: a question waits until it is answered with `bofbot answer`",
            ja="端末では質問しない（`bofbot answer` で回答があるまで待つ）",
        ),
    )
    parser.option(
        "--report",
        action=argparse.BooleanOptionalAction,
        default=True,
        help=Sentence(en="write the report of the run, or not", ja="実行の報告書を作る（作らない）"),
    )


def now() -> datetime:
    """Aware local time."""
    return datetime.now().astimezone()


def play_plan(office: Office, plan: Plan, options: argparse.Namespace) -> int:
    """Play it, show it, write its report; returns the exit code of the run."""
    from bofbot.events import as_json
    from bofbot.sinks import wording

    finished = play_shown(office, plan, options)
    report = _report_of(office, finished, options) if options.report else None
    _keep_evidence(office, finished, options)
    if options.json:
        put_json(
            {**as_json(finished), "folder": str(office.run_folder(finished.run)), "report": str(report or "")}
        )
    elif not options.events:
        for name, value in finished.outputs.items():
            put(f"{name}: {value}")
        if report is not None:
            put(wording.shown_path(report))
    return finished.exit_code


def _report_of(office: Office, finished: RunFinished, options: argparse.Namespace) -> Path | None:
    """A report that cannot be written changes nothing about how the run ended."""
    from bofbot.cli.failure import in_words

    try:
        return write_report(office, finished)
    except BofbotError as unwritten:
        say(in_words(unwritten), options.language)
        return None


def _keep_evidence(office: Office, finished: RunFinished, options: argparse.Namespace) -> None:
    """Copies for the other machines; a place that is away changes nothing about how the run ended."""
    if not office.settings.evidence:
        return
    from bofbot.shelving import shelving_of

    shelving = shelving_of(office)
    assert shelving
    try:
        trouble = shelving.after(finished.run).trouble
    except OSError as unread:
        trouble = Sentence.same(str(unread))
    if trouble:
        say(trouble + _LATER, options.language)


def play_shown(office: Office, plan: Plan, options: argparse.Namespace) -> RunFinished:
    """Play a plan with the screen, the log file and, if wanted, the stream of events listening."""
    import asyncio

    from bofbot.sinks.console import Console
    from bofbot.sinks.log import LogFile
    from bofbot.sinks.ndjson import Ndjson

    console = Console(office.language)
    log = LogFile(office.folder / office.settings.logs / "bofbot.log", office.language)
    sinks: list[Sink] = [console, log]
    if options.events:
        sinks.append(Ndjson(sys.stdout))
    ahead = office.ahead.ahead if office.ahead else None
    try:
        with asyncio.Runner(loop_factory=ahead.loop if ahead else None) as runner:
            return runner.run(_played(office, plan, sinks, ahead))
    finally:
        console.close()
        log.close()


async def _played(office: Office, plan: Plan, sinks: Sequence[Sink], ahead: Ahead | None) -> RunFinished:
    import asyncio

    from bofbot.cli.signals import when_asked_to_stop

    task = asyncio.current_task()
    assert task is not None
    when_asked_to_stop(task.cancel)
    try:
        return await office.play(plan, sinks)
    finally:
        if ahead is not None:
            await ahead.close()


def write_report(office: Office, finished: RunFinished) -> Path:
    """The report of a run, made from the journal; returns its path."""
    from bofbot.sinks import report

    folder = office.run_folder(finished.run)
    return report.write_report(office.store.journal.events_of(finished.run), folder, office.language)


_LATER = Sentence(
    en="; the copies are made later, by `bofbot serve` or `bofbot tidy`",
    ja="。写しは後ほど `bofbot serve` または `bofbot tidy` が作成します",
)
