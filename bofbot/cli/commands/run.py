"""`bofbot run`: play a robot from the start."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from bofbot.cli.command import CommandParser
from bofbot.cli.options import (
    dry_run_option,
    given_inputs,
    input_option,
    item_range,
    items_option,
    project_folder,
    robot_argument,
    robot_file,
)
from bofbot.cli.playing import now, play_options, play_plan
from bofbot.words import Sentence

if TYPE_CHECKING:  # the help of a command needs nothing of it
    from bofbot.plan import Plan


def arguments(parser: CommandParser) -> None:
    robot_argument(parser)
    input_option(parser)
    items_option(parser)
    parser.option(
        "--until",
        metavar="STEP",
        default="",
        help=Sentence(en="stop after the step of this name", ja="この名前の手順で終える"),
    )
    dry_run_option(parser)
    play_options(parser)


def run(options: argparse.Namespace) -> int:
    from bofbot.cli.ahead import browser_ahead
    from bofbot.cli.offices import office_for

    folder = project_folder(options.robot)
    file = robot_file(options.robot, folder)
    with browser_ahead(file, folder, options) as ahead:
        plan = _plan(file, options)
        with office_for(options, folder) as office:
            office.ahead = ahead
            return play_plan(office, plan, options)


def _plan(file: Path, options: argparse.Namespace) -> Plan:
    from bofbot.actions import VerbTable
    from bofbot.language.loader import load_robot
    from bofbot.plan import Extent, make_plan

    robot = load_robot(file, VerbTable())
    extent = Extent(
        mode="dry-run" if options.dry_run else "run", items=item_range(options.items), until=options.until
    )
    return make_plan(robot, given_inputs(options.input), now, extent)
