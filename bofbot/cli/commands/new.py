"""`bofbot new`: a small working robot to begin with, and the table it reads."""

from __future__ import annotations

import argparse

from bofbot.cli.command import CommandParser
from bofbot.cli.commands.writing import template, write_new
from bofbot.cli.options import ROBOTS, project_folder
from bofbot.cli.screen import put, say
from bofbot.errors import UsageError
from bofbot.files import safe_name
from bofbot.words import Sentence


def arguments(parser: CommandParser) -> None:
    parser.option(
        "name",
        metavar="NAME",
        help=Sentence(en="the robot's name, e.g. 経費申請", ja="ロボットの名前（例 経費申請）"),
    )


def run(options: argparse.Namespace) -> int:
    folder = project_folder()
    name = options.name.strip().removesuffix(".yaml")
    file = safe_name(name)
    robot = ROBOTS / f"{file}.yaml"
    if (folder / robot).exists():
        raise UsageError(
            Sentence(en=f"{robot} exists already", ja=f"{robot} は既にあります"),
            fix=Sentence(en="choose another name", ja="別の名前を指定してください"),
        )
    text = template(f"robot.{options.language}.yaml").replace("{name}", _quoted(name)).replace("{file}", file)
    write_new(folder / robot, text, options.language, shown=robot)
    data = ROBOTS.parent / "data" / f"{file}.csv"
    write_new(folder / data, template("robot.csv"), options.language, shown=data)
    put(str(robot))
    say(Sentence(en=f"play it: bofbot run {robot}", ja=f"実行する：bofbot run {robot}"), options.language)
    return 0


def _quoted(name: str) -> str:
    """The name as a YAML scalar: quoted when it holds a letter that means something there."""
    plain = name.isalnum() and not name.isdecimal()
    return name if plain else "'" + name.replace("'", "''") + "'"
