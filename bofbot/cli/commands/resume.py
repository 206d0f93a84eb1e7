"""`bofbot resume`: go on where a run stopped; what was done is not done again."""

from __future__ import annotations

import argparse

from bofbot.cli.command import CommandParser
from bofbot.cli.commands.again import plan_again, robot_of, robot_that_asked
from bofbot.cli.offices import office_for
from bofbot.cli.options import input_option, run_argument
from bofbot.cli.past import past_run
from bofbot.cli.playing import play_options, play_plan
from bofbot.errors import UsageError
from bofbot.plan import Extent
from bofbot.runner.earlier import finished_for_good
from bofbot.store.story import last_of, story_of
from bofbot.words import Sentence


def arguments(parser: CommandParser) -> None:
    run_argument(parser)
    input_option(parser)
    play_options(parser)


def run(options: argparse.Namespace) -> int:
    with office_for(options) as office:
        _, row = last_of(office.store, past_run(office, options.run))
        if row.state in ("done", "running"):
            running = row.state == "running"
            raise UsageError(
                Sentence(en=f"run {row.id} is still at work", ja=f"実行 {row.id} はまだ実行中です")
                if running
                else Sentence(
                    en=f"run {row.id} was played to its end", ja=f"実行 {row.id} は最後まで終わっています"
                ),
                fix=Sentence(en="to play the robot again: bofbot run", ja="最初から実行するには：bofbot run"),
            )
        first, events = story_of(office.store, row)
        robot = robot_that_asked(row, first, office) or robot_of(row, office)
        extent = Extent(mode="resume", of_run=first, finished_steps=finished_for_good(robot, events))
        return play_plan(office, plan_again(robot, events, extent, options), options)
