"""`bofbot run`: play a robot from the start."""

from __future__ import annotations

import argparse

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
    # Here, so that `bofbot run --help` needs none of it.
    from bofbot.actions import VerbTable
    from bofbot.cli.offices import office_for
    from bofbot.language.loader import load_robot
    from bofbot.plan import Extent, make_plan

    folder = project_folder(options.robot)
    robot = load_robot(robot_file(options.robot, folder), VerbTable())
    extent = Extent(
        mode="dry-run" if options.dry_run else "run", items=item_range(options.items), until=options.until
    )
    plan = make_plan(robot, given_inputs(options.input), now, extent)
    with office_for(options, folder) as office:
        return play_plan(office, plan, options)
