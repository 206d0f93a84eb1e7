"""`bofbot init`: make a folder ready for robots, and editors ready for their language."""

from __future__ import annotations

import argparse
from pathlib import Path

from bofbot.cli.command import CommandParser
from bofbot.cli.commands.schema import SCHEMA, schema_text
from bofbot.cli.commands.writing import template, write_new
from bofbot.cli.screen import say
from bofbot.files import atomic_write
from bofbot.words import Sentence

MORE = Sentence(
    en="Makes robots/, configs/bofbot.yaml, and the settings of editors. Nothing that exists is changed.",
    ja="robots/、configs/bofbot.yaml、エディターの設定を作ります。既にあるファイルは変更しません。",
)


def arguments(parser: CommandParser) -> None:
    parser.option(
        "folder",
        nargs="?",
        type=Path,
        default=Path(),
        metavar="FOLDER",
        help=Sentence(en="here when left out", ja="省略すると現在のフォルダー"),
    )


def run(options: argparse.Namespace) -> int:
    folder: Path = options.folder
    for name in ("robots", "data"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for name, text in (
        ("configs/bofbot.yaml", template("bofbot.yaml")),
        (".vscode/settings.json", template("vscode.json")),
        (".gitignore", template("gitignore.txt")),
    ):
        write_new(folder / name, text, options.language, shown=Path(name))
    atomic_write(folder / SCHEMA, schema_text() + "\n")  # generated: always the newest
    say(Sentence(en=f"  wrote  {SCHEMA}", ja=f"  作成   {SCHEMA}"), options.language)
    say(Sentence(en="next: bofbot new NAME", ja="次は：bofbot new 名前"), options.language)
    return 0
