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
    items_option,
    project_folder,
    robot_argument,
    robot_file,
)
from bofbot.cli.playing import now
from bofbot.cli.screen import columns, put, say
from bofbot.errors import UsageError
from bofbot.events import RunStarted
from bofbot.language.loader import load_robot
from bofbot.office import Office
from bofbot.plan import Extent, describe, make_plan
from bofbot.robot import Robot
from bofbot.sinks.columns import tame
from bofbot.sinks.lines import loop_counts
from bofbot.sinks.story import tell
from bofbot.sinks.totals import table_lines
from bofbot.store.approvals import Approval
from bofbot.words import Sentence


def arguments(parser: CommandParser) -> None:
    robot_argument(parser)
    input_option(parser)
    items_option(parser)
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
        totals = _rehearsed(office, robot, subject.fingerprint)
        if not options.yes:
            _ask(robot.name, language)
        office.store.approvals.add(
            Approval(subject.fingerprint, robot.name, getpass.getuser(), options.why, office.clock(), totals)
        )
    said = Sentence(
        en=f"approved: {robot.name} {subject.fingerprint[:16]}",
        ja=f"承認しました：{robot.name} {subject.fingerprint[:16]}",
    )
    put(said.said_in(language))
    return 0


def _rehearsed(office: Office, robot: Robot, fingerprint: str) -> dict[str, dict[str, str]]:
    """What the loops came to in the newest dry run of exactly this, shown; the approval is bound to it."""
    journal = office.store.journal
    for row in journal.runs(robot=robot.name, limit=20):
        events = journal.events_of(row.id) if row.mode == "dry-run" else []
        if any(isinstance(event, RunStarted) and event.subject == fingerprint for event in events):
            break
    else:
        put(_NO_DRY_RUN.said_in(office.language))
        return {}
    put(Sentence(en=f"in dry run {row.id}:", ja=f"予行 {row.id} の結果：").said_in(office.language))
    loops = [step for step in tell(events).all_steps() if step.total is not None]
    for loop in loops:
        put(f"  {tame(loop.first.name)}  {loop_counts(loop, office.language)}")
        for line in table_lines(loop, office.language):
            put(tame(line))
    return {loop.first.step: dict(loop.totals["total"]) for loop in loops if loop.totals}


_NO_DRY_RUN = Sentence(
    en="no dry run of exactly this was played: neither its rows nor its totals are known yet",
    ja="この内容での予行（--dry-run）がまだないため、件数と合計は分かりません",
)


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
