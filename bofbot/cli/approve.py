"""`bofbot approve`: a person's yes to one plan, bound to robot, inputs, settings and data."""

from __future__ import annotations

import argparse
import getpass
import sys

from bofbot.actions import VerbTable
from bofbot.approval import subject_of
from bofbot.cli.command import CommandParser
from bofbot.cli.options import (
    given_inputs,
    input_option,
    item_range,
    project_folder,
    robot_argument,
    robot_file,
)
from bofbot.cli.playing import now
from bofbot.cli.screen import columns, put, say
from bofbot.errors import UsageError
from bofbot.language.loader import load_robot
from bofbot.office import Office
from bofbot.plan import Extent, describe, make_plan
from bofbot.store.approvals import Approval
from bofbot.words import Sentence


def arguments(parser: CommandParser) -> None:
    robot_argument(parser)
    input_option(parser)
    parser.option(
        "--items",
        metavar="1-5",
        help=Sentence(en="only these items of each loop", ja="繰り返しのうちこの範囲だけ"),
    )
    parser.option(
        "--why",
        required=True,
        metavar="…",
        help=Sentence(en="the reason, kept with the yes", ja="理由（記録に残る）"),
    )
    parser.option("--yes", action="store_true", help=Sentence(en="do not ask again", ja="確認の質問をしない"))


def run(options: argparse.Namespace) -> int:
    folder, language = project_folder(options.robot), options.language
    robot = load_robot(robot_file(options.robot, folder), VerbTable())
    plan = make_plan(robot, given_inputs(options.input), now, Extent(items=item_range(options.items)))
    with Office.at(folder, language=language) as office:
        subject = subject_of(plan, office.settings, folder)
        for line in describe(plan).lines:
            put("  " * (line.depth + 1) + (line.name or line.sentence.said_in(language)))
        put("\n".join(columns([(path, sha256[:16] or "-") for path, sha256 in subject.files])))
        if not options.yes:
            _ask(robot.name, language)
        office.store.approvals.add(
            Approval(subject.fingerprint, robot.name, getpass.getuser(), options.why, office.clock())
        )
    said = Sentence(
        en=f"approved: {robot.name} {subject.fingerprint[:16]}",
        ja=f"承認しました：{robot.name} {subject.fingerprint[:16]}",
    )
    put(said.said_in(language))
    return 0


def _ask(name: str, language: str) -> None:
    question = Sentence(
        en=f"Approve {name} as it stands? [yes/no] ", ja=f"{name} をこの内容で承認しますか？ [yes/no] "
    )
    if not sys.stdin.isatty():
        raise UsageError(
            Sentence(en="nobody is there to say yes", ja="承認する人が端末にいません"),
            fix=Sentence(
                en="run it at a terminal, or with --yes", ja="端末で実行するか、--yes を付けてください"
            ),
        )
    say(question, "ja" if language == "ja" else "en")
    if sys.stdin.readline().strip().lower() not in ("yes", "はい"):
        raise UsageError(Sentence(en="not approved", ja="承認しませんでした"))
