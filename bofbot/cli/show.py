"""`bofbot show`: what happened in a run, as the screen told it then."""

from __future__ import annotations

import argparse
import sys
import webbrowser

from bofbot.cli.command import CommandParser
from bofbot.cli.options import json_option, project_folder, run_argument
from bofbot.cli.past import past_run
from bofbot.cli.screen import put_json
from bofbot.office import Office
from bofbot.words import Sentence


def arguments(parser: CommandParser) -> None:
    run_argument(parser)
    parser.option(
        "--open",
        action="store_true",
        help=Sentence(en="show its report in your browser", ja="報告書をブラウザーで開く"),
    )
    json_option(parser)


def run(options: argparse.Namespace) -> int:
    with Office.at(project_folder(), language=options.language) as office:
        row = past_run(office, options.run)
        if options.json:
            put_json({"run": row.id, "events": office.store.journal.events(row.id)})
            return 0
        from bofbot.sinks.console import Console

        console = Console(options.language, sys.stdout, terminal=False)
        events = office.store.journal.events_of(row.id)
        for event in events:
            console(event)
        if options.open:
            from bofbot.sinks.report import write_report

            path = office.run_folder(row.id) / "report.html"
            write_report(events, path, office.language)
            webbrowser.open(path.absolute().as_uri())
    return 0
