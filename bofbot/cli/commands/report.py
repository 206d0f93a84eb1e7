"""`bofbot report`: write the report of a run again, from the journal alone."""

from __future__ import annotations

import argparse

from bofbot.cli.command import CommandParser
from bofbot.cli.commands.show import fetch_evidence
from bofbot.cli.offices import office_for
from bofbot.cli.options import run_argument
from bofbot.cli.past import past_run
from bofbot.cli.screen import open_in_browser, put
from bofbot.sinks import wording
from bofbot.sinks.report import write_report
from bofbot.words import Sentence


def arguments(parser: CommandParser) -> None:
    run_argument(parser)
    parser.option(
        "--open", action="store_true", help=Sentence(en="show it in your browser", ja="ブラウザーで開く")
    )


def run(options: argparse.Namespace) -> int:
    with office_for(options) as office:
        row = past_run(office, options.run)
        fetch_evidence(office, row.id, options.language)
        path = write_report(
            office.store.journal.events_of(row.id), office.run_folder(row.id), office.language
        )
    put(wording.shown_path(path))
    if options.open:
        open_in_browser(path.absolute().as_uri(), options.language)
    return 0
