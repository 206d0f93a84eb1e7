"""`bofbot logs`: everything that happened in a run, line by line, or as the events themselves."""

from __future__ import annotations

import argparse
import json

from bofbot.cli.command import CommandParser
from bofbot.cli.offices import office_for
from bofbot.cli.options import run_argument
from bofbot.cli.past import past_run
from bofbot.cli.screen import put
from bofbot.sinks.runs import log_lines
from bofbot.words import Sentence


def arguments(parser: CommandParser) -> None:
    run_argument(parser)
    parser.option(
        "--events",
        action="store_true",
        help=Sentence(en="the events as NDJSON", ja="イベントを NDJSON で出す"),
    )
    parser.option(
        "--level",
        choices=("DEBUG", "INFO", "WARNING", "ERROR"),
        default="INFO",
        metavar="LEVEL",
        help=Sentence(
            en="from this level on: DEBUG, INFO, WARNING, ERROR",
            ja="この重要度以上：DEBUG、INFO、WARNING、ERROR",
        ),
    )


def run(options: argparse.Namespace) -> int:
    with office_for(options) as office:
        row = past_run(office, options.run)
        if options.events:
            for kept in office.store.journal.events(row.id):
                put(json.dumps(kept, ensure_ascii=False))
            return 0
        for line in log_lines(office.store.journal.events_of(row.id), options.language, least=options.level):
            put(line)
    return 0
