"""`bofbot approve`: a person's yes to one plan, bound to robot, inputs, settings and data."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from bofbot.actions import VerbTable
from bofbot.approval import by_other, subject_of
from bofbot.cli.command import CommandParser
from bofbot.cli.offices import office_for
from bofbot.cli.options import (
    given_inputs,
    input_option,
    item_range,
    items_option,
    project_folder,
    robot_file,
)
from bofbot.cli.playing import now
from bofbot.cli.screen import columns, put, say
from bofbot.errors import UsageError
from bofbot.events import RunStarted
from bofbot.language.loader import load_kept_robot, load_robot
from bofbot.office import Office
from bofbot.plan import Extent, Plan, describe, make_plan
from bofbot.robot import Robot
from bofbot.runner.earlier import inputs_kept
from bofbot.sinks.columns import tame
from bofbot.sinks.lines import loop_counts
from bofbot.sinks.story import tell
from bofbot.sinks.totals import table_lines
from bofbot.store.approvals import Approval
from bofbot.store.owner import this_person
from bofbot.store.questions import QuestionRow, Settled
from bofbot.words import Language, Sentence


def arguments(parser: CommandParser) -> None:
    parser.option(
        "robot",
        metavar="ROBOT|RUN",
        help=Sentence(
            en="a robot file, its name in robots/, or the run that waits for a yes",
            ja="ロボットファイル、robots/ の中の名前、または承認を待つ実行の番号",
        ),
    )
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
    folder = project_folder(options.robot)
    with office_for(options, folder) as office:
        asked = _waiting(office, options.robot)
        plan = _plan_of(office, asked) if asked else _plan(options, folder)
        subject = subject_of(plan, office.settings, folder)
        waits = [one for one in _approvals(office) if one.print == subject.fingerprint or one == asked]
        if by_other(plan.robot, office.settings):
            _refuse_own({one.started_by: one.run for one in waits})
        for line in describe(plan).lines:
            put("  " * (line.depth + 1) + (line.name or line.sentence.said_in(office.language)))
        put("\n".join(columns([(path, sha256[:16] or "-") for path, sha256 in subject.files])))
        totals = _rehearsed(office, plan.robot, subject.fingerprint)
        if not options.yes:
            _ask(plan.robot.name, office.language)
        me, now = this_person(), office.clock()
        office.store.approvals.add(
            Approval(subject.fingerprint, plan.robot.name, me, options.why, now, totals)
        )
        for one in waits:
            _settle(office, one, me, options.why)
        put(_said(plan.robot, subject.fingerprint, waits).said_in(office.language))
    return 0


def _plan(options: argparse.Namespace, folder: Path) -> Plan:
    robot = load_robot(robot_file(options.robot, folder), VerbTable())
    return make_plan(robot, given_inputs(options.input), now, Extent(items=item_range(options.items)))


def _approvals(office: Office) -> list[QuestionRow]:
    return office.store.questions.open("approval")


def _waiting(office: Office, word: str) -> QuestionRow | None:
    """The run that is meant, when it waits for a yes."""
    return next((one for one in _approvals(office) if word in (one.run, one.story)), None)


def _plan_of(office: Office, asked: QuestionRow) -> Plan:
    """What that run will play: the robot's text as it was queued, and its inputs."""
    texts = office.store.questions.texts(asked.robot_sha256, asked.robot_file)
    assert texts is not None
    robot = load_kept_robot(asked.robot_file, VerbTable(), texts)
    return make_plan(robot, inputs_kept(office.store.journal.events_of(asked.story)), now)


def _refuse_own(runs: Mapping[str, str]) -> None:
    """Raises UsageError for who asked for one of the runs."""
    me = this_person()
    if me and me in runs:
        raise UsageError(
            Sentence(
                en=f"{me} asked for run {runs[me]}; somebody else must approve it",
                ja=f"実行 {runs[me]} を依頼したのは {me} です。ほかの人の承認が必要です",
            ),
            fix=Sentence(
                en="the robot (or `approval_by: other` in the settings) wants two people",
                ja="ロボット（または設定の `approval_by: other`）で、依頼した本人以外の承認が必要とされています",
            ),
        )


def _settle(office: Office, one: QuestionRow, me: str, why: str) -> None:
    try:
        office.store.questions.settle(one.id, "answered", office.clock(), value="approved", by=me, why=why)
    except Settled:
        pass  # `serve` saw the approval first


def _said(robot: Robot, fingerprint: str, waits: Sequence[QuestionRow]) -> Sentence:
    runs = ", ".join(one.run for one in waits)
    on = (
        Sentence(en=f"; run {runs} can go on", ja=f"（実行 {runs} を続けられます）")
        if waits
        else Sentence.same("")
    )
    return (
        Sentence(
            en=f"approved: {robot.name} {fingerprint[:16]}",
            ja=f"承認しました：{robot.name} {fingerprint[:16]}",
        )
        + on
    )


def _rehearsed(office: Office, robot: Robot, fingerprint: str) -> dict[str, dict[str, str]]:
    """What the loops came to in the newest dry run of exactly this, shown; the approval is bound to it."""
    journal = office.store.journal
    for row in journal.runs(robot=robot.name, limit=20):
        events = journal.events_of(row.id) if row.mode == "dry-run" else []
        started = [
            event for event in events if isinstance(event, RunStarted) and event.subject == fingerprint
        ]
        if started:
            if by_other(robot, office.settings):
                _refuse_own({started[0].by: row.id})
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


def _ask(name: str, language: Language) -> None:
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
    say(question, language)
    if sys.stdin.readline().strip().lower() not in ("yes", "はい"):
        raise UsageError(Sentence(en="not approved", ja="承認しませんでした"))
