"""What `retry` and `resume` share: an earlier run becomes the plan of a new one."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from bofbot.actions import VerbTable
from bofbot.cli.options import ROBOTS, as_kept, given_inputs
from bofbot.cli.playing import now
from bofbot.errors import UsageError
from bofbot.events import Event, ItemFinished, RunStarted
from bofbot.language.loader import load_kept_robot, load_robot
from bofbot.office import Office
from bofbot.plan import HIDDEN, Extent, Plan, make_plan
from bofbot.robot import Robot
from bofbot.runner.earlier import inputs_kept
from bofbot.store import RunRow
from bofbot.words import Sentence


def robot_of(row: RunRow, office: Office) -> Robot:
    """The robot of an earlier run, as its file stands now. Raises UsageError when the file is gone."""
    kept = Path(row.robot_file)
    places = (office.folder / kept, office.folder / ROBOTS / kept.name)
    file = next((place for place in places if place.is_file()), None)
    if file is None:
        raise UsageError(
            Sentence(
                en=f"the robot of run {row.id} is gone: {row.robot_file}",
                ja=f"実行 {row.id} のロボットがありません：{row.robot_file}",
            )
        )
    return load_robot(as_kept(file, office.folder), VerbTable())


def robot_that_asked(row: RunRow, first: str, office: Office) -> Robot | None:
    """The robot of a run that waits for an answer, as its text stood when it asked: what was answered is answered to it.
    None when the run waits at no question."""
    asked = office.store.questions.of_story(first) if row.state == "waiting" else []
    last = next((one for one in reversed(asked) if one.run == row.id), None)
    texts = office.store.questions.texts(last.robot_sha256, last.robot_file) if last else None
    if last is None or texts is None:
        return None
    return load_kept_robot(last.robot_file, VerbTable(), texts)


def plan_again(robot: Robot, events: list[Event], extent: Extent, options: argparse.Namespace) -> Plan:
    """The plan with the inputs of the earlier run; `-i` overrides them. Raises UsageError when a hidden one is not given."""
    started = next((event for event in events if isinstance(event, RunStarted)), None)
    given: dict[str, Any] = {**inputs_kept(events), **given_inputs(options.input)}
    hidden = [
        name
        for name, value in (started.inputs if started else {}).items()
        if value == HIDDEN and name not in given
    ]
    if hidden:
        raise UsageError(
            Sentence(
                en=f'the record keeps no value of "{hidden[0]}"',
                ja=f"入力「{hidden[0]}」の値は記録に残していません",
            ),
            fix=Sentence(
                en=f"give it again: -i {hidden[0]}=…", ja=f"もう一度指定してください：-i {hidden[0]}=…"
            ),
        )
    return make_plan(
        robot, {name: value for name, value in given.items() if name in robot.inputs}, now, extent
    )


def failed_keys(events: list[Event]) -> frozenset[str]:
    """Keys of the items that failed and have not succeeded since, in this run."""
    last = {event.item: event.state for event in events if isinstance(event, ItemFinished)}
    return frozenset(key for key, state in last.items() if state == "failed")
