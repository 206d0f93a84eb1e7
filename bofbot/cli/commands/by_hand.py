"""Items that a person did by hand before any run met them: their keys, and what the ledger will call them."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from bofbot.actions import VerbTable
from bofbot.adapters.tables import Wanted, read_table
from bofbot.cli.options import robot_file
from bofbot.effects import Identity
from bofbot.errors import UsageError
from bofbot.language.loader import load_robot
from bofbot.office import Office
from bofbot.robot import ForEach, Robot
from bofbot.runner.effect import is_submit, ledger_name, placed
from bofbot.words import Sentence

_RECEIPTS = ("受付番号", "receipt")


def is_robot(word: str, office: Office) -> bool:
    """Is a robot meant, and no run?"""
    return word != "last" and office.store.journal.run(word) is None


def keys_of(options: argparse.Namespace, folder: Path) -> list[tuple[str, str]]:
    """Each key with its receipt (""), from the command line or a table. Raises UsageError for none, or for a double."""
    if options.keys:
        found = _from_table(folder / Path(options.keys).expanduser())
    else:
        found = [(key, options.receipt) for key in options.key]
    twice = [key for key, times in Counter(key for key, _ in found).items() if times > 1]
    if not found or twice or (options.receipt and len(found) > 1):
        said = (
            Sentence(en="no key is given", ja="キーがありません")
            if not found
            else Sentence(en=f"{twice[0]} stands there twice", ja=f"{twice[0]} が2回あります")
            if twice
            else Sentence(en="one receipt for several keys", ja="複数のキーに1つの受付番号は指定できません")
        )
        raise UsageError(said, fix=Sentence(en="bofbot resolve RUN KEY …", ja="bofbot resolve 実行 キー …"))
    return found


def _from_table(path: Path) -> list[tuple[str, str]]:
    table, _ = read_table(path, Wanted())
    receipt = next((name for name in _RECEIPTS if name in table.columns), "")
    key = table.columns[0]
    return [
        (str(row[key]).strip(), str(row[receipt] or "").strip() if receipt else "")
        for row in table
        if str(row[key] or "").strip()
    ]


def marked_of(options: argparse.Namespace, office: Office) -> list[tuple[Identity, str]]:
    """What the ledger calls these keys of a robot; both of them where an item is submitted twice."""
    robot = load_robot(robot_file(options.run, office.folder), VerbTable())
    loops = _keyed(robot)
    if options.step:
        loops = [[name for name in loop if name == options.step] for loop in loops]
    chosen = [loop for loop in loops if loop]
    if len(chosen) != 1:
        names = ", ".join(name for loop in _keyed(robot) for name in loop) or "-"
        raise UsageError(
            Sentence(
                en=f"{robot.name} has {len(chosen)} loops with a key that fit; its submits: {names}",
                ja=f"{robot.name} に、当てはまるキー付きループが {len(chosen)} 個あります（登録：{names}）",
            ),
            fix=Sentence(en="say which with --step", ja="--step でどれかを指定してください"),
        )
    keys = keys_of(options, office.folder)
    return [(Identity(robot.name, name, key), receipt) for key, receipt in keys for name in chosen[0]]


def _keyed(robot: Robot) -> list[list[str]]:
    """For each innermost loop with a key: its submits as the ledger calls them, or itself when it has none."""
    found = []
    for uses, step in placed((*robot.steps, *robot.on_failure, *robot.finally_)):
        if not isinstance(step.verb, ForEach) or step.verb.key is None:
            continue
        inside = list(placed(step.verb.steps, uses))
        if any(isinstance(one.verb, ForEach) and one.verb.key is not None for _, one in inside):
            continue
        submits = [ledger_name(robot, (around, one.path)) for around, one in inside if is_submit(one)]
        found.append(submits or [ledger_name(robot, (uses, step.path))])
    return found
