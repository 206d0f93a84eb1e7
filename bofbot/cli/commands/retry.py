"""`bofbot retry`: play only the items that failed in a run."""

from __future__ import annotations

import argparse

from bofbot.cli.command import CommandParser
from bofbot.cli.commands.again import failed_keys, plan_again, robot_of
from bofbot.cli.offices import office_for
from bofbot.cli.options import input_option, run_argument
from bofbot.cli.past import past_run
from bofbot.cli.playing import play_options, play_plan
from bofbot.errors import UsageError
from bofbot.plan import Extent
from bofbot.store.story import story_of
from bofbot.words import Sentence


def arguments(parser: CommandParser) -> None:
    run_argument(parser)
    input_option(parser)
    play_options(parser)


def run(options: argparse.Namespace) -> int:
    with office_for(options) as office:
        row = past_run(office, options.run)
        events = office.store.journal.events_of(row.id)
        keys = failed_keys(events)
        if not keys:
            raise UsageError(
                Sentence(en=f"no item failed in run {row.id}", ja=f"実行 {row.id} に失敗した件はありません"),
                fix=Sentence(
                    en=f"to go on where it stopped: bofbot resume {row.id}",
                    ja=f"続きから実行するには：bofbot resume {row.id}",
                ),
            )
        first, _ = story_of(office.store, row)  # to which effects without a key belong
        extent = Extent(mode="retry", of_run=first, only_keys=keys)
        return play_plan(office, plan_again(robot_of(row, office), events, extent, options), options)
