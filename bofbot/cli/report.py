"""`bofbot report`: write the report of a run again, from the journal alone."""

from __future__ import annotations

import argparse
import webbrowser

from bofbot.cli.command import CommandParser
from bofbot.cli.options import project_folder, run_argument
from bofbot.cli.past import past_run
from bofbot.cli.screen import put
from bofbot.office import Office
from bofbot.sinks import wording
from bofbot.sinks.report import write_report
from bofbot.words import Sentence


def arguments(parser: CommandParser) -> None:
    run_argument(parser)
    parser.option(
        "--open", action="store_true", help=Sentence(en="show it in your browser", ja="ブラウザーで開く")
    )


def run(options: argparse.Namespace) -> int:
    with Office.at(project_folder(), language=options.language) as office:
        row = past_run(office, options.run)
        path = write_report(
            office.store.journal.events_of(row.id), office.run_folder(row.id), office.language
        )
    put(wording.shown_path(path))
    if options.open:
        webbrowser.open(path.absolute().as_uri())
    return 0
