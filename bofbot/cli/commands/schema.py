"""`bofbot schema`: the JSON Schema that editors complete and check robots with."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from bofbot.actions import VerbTable
from bofbot.cli.command import CommandParser
from bofbot.cli.screen import put, say
from bofbot.files import atomic_write
from bofbot.language.schema import robot_schema
from bofbot.words import Sentence

SCHEMA = Path(".bofbot") / "robot.schema.json"


def arguments(parser: CommandParser) -> None:
    parser.option(
        "-o",
        "--output",
        type=Path,
        metavar="FILE",
        help=Sentence(
            en="write it here; to stdout when left out", ja="書き出すファイル（省略すると標準出力）"
        ),
    )


def run(options: argparse.Namespace) -> int:
    text = schema_text()
    if options.output is None:
        put(text)
    else:
        atomic_write(options.output, text + "\n")
        say(Sentence(en=f"wrote {options.output}", ja=f"{options.output} を書き出しました"), options.language)
    return 0


def schema_text() -> str:
    """The schema of every verb known here, third-party ones included."""
    return json.dumps(robot_schema(VerbTable()), ensure_ascii=False, indent=1)
