"""`bofbot demo`: the practice portal opens, the practice robots play against it, and a summary says what came of it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bofbot.actions import VerbTable
from bofbot.cli.command import CommandParser
from bofbot.cli.options import ROBOTS, project_folder
from bofbot.cli.playing import now, office_for, play_options, play_shown, write_report
from bofbot.cli.screen import columns, put, put_json, say
from bofbot.errors import NotReady
from bofbot.events import RunFinished
from bofbot.language.loader import load_robot
from bofbot.office import Office
from bofbot.plan import make_plan
from bofbot.robot import Robot
from bofbot.secret import Secret
from bofbot.sinks import wording
from bofbot.words import Language, Sentence

PORTAL_INPUT = "portal"
"""The input of the practice robots that takes the portal's address."""


@dataclass(frozen=True, slots=True)
class Played:
    """One robot of the demo, and what it left behind."""

    finished: RunFinished
    report: Path
    files: tuple[Path, ...]


def arguments(parser: CommandParser) -> None:
    play_options(parser)


def run(options: argparse.Namespace) -> int:
    from bofbot.practice.data import write_demo_files
    from bofbot.practice.portal import Portal

    folder = project_folder()
    robots = [load_robot(file, VerbTable()) for file in _robot_files(folder)]
    write_demo_files(folder / "data")
    with Portal() as portal, office_for(folder, options) as office:
        say(
            Sentence(en=f"the practice portal: {portal.url}", ja=f"練習用サイト：{portal.url}"),
            options.language,
        )
        office.secrets = _PracticeSecrets()
        played = [_play(robot, portal.url, office, options) for robot in robots]
    _summary(played, folder, options)
    return 0 if all(one.finished.outcome in ("done", "partial") for one in played) else 1


def _robot_files(folder: Path) -> list[Path]:
    """The practice robots: those of this project, of bofbot's own checkout, or of its wheel."""
    import bofbot

    inside = Path(bofbot.__file__).parent
    for place in (folder / ROBOTS, inside.parent / ROBOTS, inside / "practice" / ROBOTS):
        found = [
            file
            for file in sorted(place.glob("*.yaml"))
            if f"{PORTAL_INPUT}:" in file.read_text(encoding="utf-8")
        ]
        if found:
            return found
    raise NotReady(Sentence(en="the practice robots are not here", ja="練習用ロボットが見つかりません"))


class _PracticeSecrets:
    """The practice account stands on the portal's login page; it is no secret, so nobody need set it."""

    def get(self, name: str) -> Mapping[str, Secret]:
        from bofbot.practice.company import USERS

        user = USERS["yamada"]
        return {"user": Secret(user.name), "password": Secret(user.password, f"{name}.password")}

    def burn(self, name: str) -> None:
        """A practice password stays good."""


def _play(robot: Robot, url: str, office: Office, options: argparse.Namespace) -> Played:
    started = now().timestamp()
    finished = play_shown(office, make_plan(robot, {PORTAL_INPUT: url}, now), options)
    sys.stderr.write("\n")
    return Played(finished, write_report(office, finished), _new_files(office.folder / "out", started))


def _new_files(folder: Path, since: float) -> tuple[Path, ...]:
    files = sorted(folder.rglob("*")) if folder.is_dir() else []
    return tuple(file for file in files if file.is_file() and file.stat().st_mtime >= since - 1)


def _summary(played: list[Played], folder: Path, options: argparse.Namespace) -> None:
    if options.json:
        put_json({"runs": [_as_json(one, folder) for one in played]})
        return
    language: Language = options.language
    put(Sentence(en="What was done", ja="結果").said_in(language))
    for line in columns([_row(one, language) for one in played]):
        put("  " + line)
    put(Sentence(en="Look at", ja="確認するもの").said_in(language))
    for one in played:
        put(f"  {one.finished.robot}")
        for file in (one.report, *one.files):
            put(f"    {wording.shown_path(file)}")


def _row(one: Played, language: Language) -> tuple[str, ...]:
    end = one.finished
    items = end.items_done + end.items_already
    total = items + end.items_failed + end.items_waiting
    counted = (
        Sentence(en=f"{items} of {total} items", ja=f"{total} 件中 {items} 件")
        if total
        else Sentence.same("")
    )
    state = wording.state_of(end.outcome)
    return (
        "✔" if end.outcome == "done" else "▲" if end.outcome == "partial" else "✖",
        end.robot,
        state.said_in(language),
        counted.said_in(language),
        wording.duration(end.seconds).said_in(language),
    )


def _as_json(one: Played, folder: Path) -> dict[str, object]:
    return {
        "run": one.finished.run,
        "robot": one.finished.robot,
        "outcome": one.finished.outcome,
        "items_done": one.finished.items_done,
        "items_failed": one.finished.items_failed,
        "report": str(one.report),
        "files": [str(file.relative_to(folder)) for file in one.files],
    }
