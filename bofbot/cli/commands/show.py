"""`bofbot show`: what happened in a run, as the screen told it then."""

from __future__ import annotations

import argparse

from bofbot.cli.command import CommandParser
from bofbot.cli.failure import in_words
from bofbot.cli.offices import office_for
from bofbot.cli.options import json_option, run_argument
from bofbot.cli.past import past_run
from bofbot.cli.screen import open_in_browser, put, put_json, say
from bofbot.errors import BofbotError
from bofbot.office import Office
from bofbot.sinks import wording
from bofbot.sinks.columns import tame
from bofbot.sinks.report import write_report
from bofbot.sinks.runs import show_lines
from bofbot.store import RunRow
from bofbot.store.story import last_of
from bofbot.waiting import question_lines
from bofbot.words import Language, Sentence


def arguments(parser: CommandParser) -> None:
    run_argument(parser)
    parser.option(
        "--open",
        action="store_true",
        help=Sentence(en="show its report in your browser", ja="報告書をブラウザーで開く"),
    )
    json_option(parser)


def _what_came_of_it(office: Office, row: RunRow, language: Language) -> list[str]:
    """The questions of the run and of those that went on from it, and the latest of these."""
    first, last = last_of(office.store, row)
    lines = [tame(line) for line in question_lines(office.store.questions.of_story(first), language)]
    if last.id != row.id:
        lines.append(Sentence(en=f"went on as run {last.id}", ja=f"続き：実行 {last.id}").said_in(language))
    return lines


def run(options: argparse.Namespace) -> int:
    with office_for(options) as office:
        row = past_run(office, options.run)
        if options.json:
            put_json({"run": row.id, "events": office.store.journal.events(row.id)})
            return 0
        events = office.store.journal.events_of(row.id)
        put("\n".join(show_lines(events, options.language, row)))
        for line in _what_came_of_it(office, row, options.language):
            put(line)
        if options.open:
            fetch_evidence(office, row.id, options.language)
            report = write_report(events, office.run_folder(row.id), office.language)
            put(wording.shown_path(report))
            open_in_browser(report.absolute().as_uri(), options.language)
    return 0


def fetch_evidence(office: Office, run_id: str, language: Language) -> None:
    """What another machine made, or what was tidied away here, comes from the place that keeps copies, if it can."""
    if not office.settings.evidence:
        return
    from bofbot.shelving import shelving_of

    shelving = shelving_of(office)
    assert shelving
    try:
        shelving.fetch(run_id)
    except BofbotError as away:
        say(in_words(away), language)
