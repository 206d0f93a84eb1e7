"""`bofbot plan`: what a robot would read, write, open and submit, in sentences, touching nothing."""

from __future__ import annotations

import argparse
from datetime import datetime

from bofbot.actions import VerbTable
from bofbot.cli.command import CommandParser
from bofbot.cli.options import (
    given_inputs,
    input_option,
    json_option,
    project_folder,
    robot_argument,
    robot_file,
)
from bofbot.cli.screen import columns, put, put_json
from bofbot.language.loader import load_robot
from bofbot.plan import Described, Plan, describe, make_plan
from bofbot.words import Language, Sentence

_KINDS = {
    "reads": Sentence(en="reads", ja="読む"),
    "writes": Sentence(en="writes", ja="書く"),
    "opens": Sentence(en="opens", ja="開く"),
    "submits": Sentence(en="submits", ja="送信する"),
    "tells": Sentence(en="tells", ja="知らせる"),
}


def arguments(parser: CommandParser) -> None:
    robot_argument(parser)
    input_option(parser)
    json_option(parser)


def run(options: argparse.Namespace) -> int:
    robot = load_robot(robot_file(options.robot, project_folder(options.robot)), VerbTable())
    plan = make_plan(robot, given_inputs(options.input), lambda: datetime.now().astimezone())
    described = describe(plan)
    if options.json:
        put_json(_as_json(plan, described, options.language))
    else:
        _show(plan, described, options.language)
    return 0


def _show(plan: Plan, described: Described, language: Language) -> None:
    put(plan.robot.name)
    if plan.robot.purpose:
        put("  " + plan.robot.purpose)
    put("")
    for line in described.lines:
        number = f"{line.path:<6}" if line.path else " " * 6
        said = line.sentence.said_in(language)
        named = line.name if line.name in ("", said) else f"{line.name}: "
        put(f"{number}{'  ' * line.depth}{named if named != said else ''}{said}")
    rows = [
        (_KINDS.get(kind, Sentence.same(kind)).said_in(language), target)
        for kind, target in described.touches
    ]
    if rows:
        put("")
        put(Sentence(en="It would touch:", ja="触れるもの：").said_in(language))
        for text in columns(rows):
            put("  " + text)
    if described.secrets:
        put("")
        put(
            Sentence(en="Secrets it needs: ", ja="必要な秘密情報：").said_in(language)
            + ", ".join(described.secrets)
        )


def _as_json(plan: Plan, described: Described, language: Language) -> dict[str, object]:
    return {
        "robot": plan.robot.name,
        "file": str(plan.robot.file),
        "inputs": plan.shown_inputs(),
        "steps": [
            {"path": line.path, "name": line.name, "does": line.sentence.said_in(language)}
            for line in described.lines
        ],
        "touches": [{"kind": kind, "target": target} for kind, target in described.touches],
        "secrets": list(described.secrets),
    }
