"""`bofbot report`: write the report of a run again, from the journal alone."""

from __future__ import annotations

import argparse
import webbrowser
from pathlib import Path

from bofbot.cli.command import CommandParser
from bofbot.cli.options import project_folder, run_argument
from bofbot.cli.past import past_run
from bofbot.cli.screen import put
from bofbot.office import Office
from bofbot.words import Sentence


def arguments(parser: CommandParser) -> None:
    run_argument(parser)
    parser.option(
        "-o",
        "--output",
        type=Path,
        metavar="FILE",
        help=Sentence(
            en="write it here; usually report.html in the run's folder",
            ja="書き出すファイル（通常は実行フォルダーの report.html）",
        ),
    )
    parser.option(
        "--open", action="store_true", help=Sentence(en="show it in your browser", ja="ブラウザーで開く")
    )


def run(options: argparse.Namespace) -> int:
    from bofbot.sinks.report import write_report

    with Office.at(project_folder(), language=options.language) as office:
        row = past_run(office, options.run)
        path = options.output or office.run_folder(row.id) / "report.html"
        write_report(office.store.journal.events_of(row.id), path, office.language)
    put(str(path))
    if options.open:
        webbrowser.open(path.absolute().as_uri())
    return 0
