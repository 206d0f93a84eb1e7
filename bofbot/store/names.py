"""A robot's name is what the ledger knows its items by: one name for two files, or a new name for an old one, is refused."""

from __future__ import annotations

import re
from pathlib import Path

from bofbot.errors import UsageError
from bofbot.robot import Robot
from bofbot.store.database import Store
from bofbot.words import Sentence


def check_names(robot: Robot, folder: Path, store: Store) -> None:
    """Raises UsageError where the ledger would take this robot for another one: nothing would be entered, or all of it
    twice. Robots that have entered nothing may be called as one likes."""
    mine = (folder / robot.file).resolve()
    known = _has_items(robot.name, store)
    for row in store.database.rows(_PLAYED, {"name": robot.name, "file": f"%{mine.name}"}):
        other = (folder / row["robot_file"]).resolve()
        if row["robot"] == robot.name and other != mine and known and _is_called(other, robot.name):
            raise UsageError(
                Sentence(
                    en=f"two robots are called {robot.name}: {mine} and {other}; the ledger would take one's items for the other's",
                    ja=f"「{robot.name}」という名前のロボットが2つあります：{mine} と {other}。台帳では互いの件と区別できません",
                ),
                fix=Sentence(
                    en="give one of them a name of its own", ja="どちらかの `name:` を変えてください"
                ),
            )
        if row["robot"] != robot.name and other == mine and not known and _has_items(row["robot"], store):
            raise UsageError(
                Sentence(
                    en=f"this robot was called {row['robot']}; under the name {robot.name} the ledger would know none of what it has entered, and all of it could be entered again",
                    ja=f"このロボットの名前は「{row['robot']}」でした。「{robot.name}」に変えると、登録済みの件が台帳で分からなくなり、二重に登録される恐れがあります",
                ),
                fix=Sentence(
                    en=f"put `name: {row['robot']}` back; a robot that does something else belongs into a file of its own",
                    ja=f"`name: {row['robot']}` に戻してください。別の仕事をするロボットは、別のファイルにしてください",
                ),
            )


def _has_items(name: str, store: Store) -> bool:
    return (
        store.database.row("SELECT 1 AS one FROM items WHERE robot = :name LIMIT 1", {"name": name})
        is not None
    )


def _is_called(file: Path, name: str) -> bool:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, ValueError):
        return False
    found = re.search(r"^name:[ \t]*(.+?)[ \t]*(?:#.*)?$", text, re.MULTILINE)
    return found is not None and found[1].strip("\"'") == name


_PLAYED = """
    WITH RECURSIVE known(robot, robot_file) AS (
        SELECT (SELECT MIN(robot) FROM runs), (SELECT robot_file FROM runs ORDER BY robot, robot_file LIMIT 1)
        UNION ALL
        SELECT
            (SELECT robot FROM runs WHERE (robot, robot_file) > (known.robot, known.robot_file)
             ORDER BY robot, robot_file LIMIT 1),
            (SELECT robot_file FROM runs WHERE (robot, robot_file) > (known.robot, known.robot_file)
             ORDER BY robot, robot_file LIMIT 1)
        FROM known WHERE known.robot IS NOT NULL
    )
    SELECT robot, robot_file, (
        SELECT MAX(own.started_us) FROM runs AS own WHERE own.robot = known.robot AND own.robot_file = known.robot_file
    ) AS last
    FROM known WHERE robot = :name OR robot_file LIKE :file ORDER BY last DESC LIMIT 50
"""
"""From one pair to the next along the index: this is asked before every run, and GROUP BY would read all runs there are."""
