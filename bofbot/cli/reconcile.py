"""`bofbot reconcile LEFT RIGHT`: match two files at a shell, with or without rules."""

from __future__ import annotations

import argparse
from pathlib import Path

from bofbot.cli.command import CommandParser
from bofbot.cli.screen import columns, put, put_json, say
from bofbot.words import Language, Sentence


def arguments(parser: CommandParser) -> None:
    side = Sentence(en="a CSV, a workbook or a statement file", ja="CSV、ブック、または明細ファイル")
    parser.option("left", metavar="LEFT", help=side)
    parser.option("right", metavar="RIGHT", help=side)
    parser.option(
        "--report",
        metavar="FILE",
        help=Sentence(en="write a workbook for people, e.g. out.xlsx", ja="報告書（例 out.xlsx）を書き出す"),
    )
    parser.option(
        "--json", action="store_true", help=Sentence(en="print one JSON object", ja="結果を1つの JSON で出す")
    )


def run(options: argparse.Namespace) -> int:
    """0 when all is confirmed, 4 when something is left for a person."""
    from bofbot.actions.reconcile_sources import read_side
    from bofbot.reconcile.engine import reconcile
    from bofbot.reconcile.listing import as_json, summary

    paths = (Path(options.left), Path(options.right))
    (left, left_columns), (right, right_columns) = (read_side(path) for path in paths)
    names = (paths[0].stem, paths[1].stem)
    result = reconcile(left, right, names=names, columns=(left_columns, right_columns))
    language: Language = options.language
    if options.report:
        from bofbot.actions.reconcile_report import write_report

        write_report(Path(options.report), result)
    if options.json:
        put_json(as_json(result, language))
    else:
        for said in result.assumptions:
            say(said, language)
        put(
            "\n".join(
                columns(
                    [
                        [key, str(value)]
                        for key, value in summary(result).items()
                        if not isinstance(value, list)
                    ]
                )
            )
        )
    return 0 if result.complete else 4
