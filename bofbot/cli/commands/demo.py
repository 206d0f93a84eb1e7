"""`bofbot demo`: the practice portal opens, the practice robots play against it, and a summary says what came of it.

Everything happens in a project of its own, made afresh each time; nothing of the user's is touched."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bofbot.actions import VerbTable
from bofbot.cli.command import CommandParser
from bofbot.cli.commands.writing import template
from bofbot.cli.offices import office_for
from bofbot.cli.options import ROBOTS, SETTINGS
from bofbot.cli.playing import now, play_options, play_shown, write_report
from bofbot.cli.screen import columns, put, put_json, say
from bofbot.errors import NotReady, UsageError
from bofbot.events import RunFinished
from bofbot.language.loader import load_robot
from bofbot.office import Office
from bofbot.plan import make_plan
from bofbot.robot import Robot
from bofbot.secret import Secret
from bofbot.sinks import wording
from bofbot.words import Language, Sentence

if TYPE_CHECKING:
    from bofbot.practice.demo import Settled
    from bofbot.practice.portal import Portal

PORTAL_INPUT = "portal"
"""The input of the practice robots that takes the portal's address."""

USUAL_PORT = 8080
_MARK = Path(".bofbot") / "demo"
"""Stands in a folder that a demo has made, and that the next one may therefore make anew."""


@dataclass(frozen=True, slots=True)
class Played:
    """One robot of the demo, and what it left behind."""

    finished: RunFinished
    report: Path
    pictures: int
    files: tuple[Path, ...]


def arguments(parser: CommandParser) -> None:
    parser.option(
        "--folder",
        type=Path,
        default=Path("logs") / "demo",
        metavar="FOLDER",
        help=Sentence(en="where to play it; usually logs/demo", ja="実演に使うフォルダー（通常 logs/demo）"),
    )
    play_options(parser)


def run(options: argparse.Namespace) -> int:
    """0 when it went as designed: all claims booked once, the one above its budget set aside, the rest done."""
    from bofbot.practice.demo import settle

    folder: Path = options.folder
    _prepare(folder)
    robots = [load_robot(file, VerbTable()) for file in sorted((folder / ROBOTS).glob("*.yaml"))]
    with _portal() as portal, office_for(options, folder) as office:
        said = Sentence(
            en=f"the practice portal is open: {portal.url}\n", ja=f"練習用サイトを開きました：{portal.url}\n"
        )
        say(said, options.language)
        office.secrets = _PracticeSecrets()
        played = [_play(robot, portal.url, office, options) for robot in robots]
    settled = settle(portal.book)
    _summary(played, settled, folder, options)
    first, *others = (one.finished.outcome for one in played)
    as_designed = settled.as_designed and first == "partial" and set(others) == {"done"}
    return 0 if as_designed else 1


def _prepare(folder: Path) -> None:
    """A fresh project: the practice robots, and the workbooks a clerk would have."""
    from bofbot.practice.data import write_demo_files

    if (folder / _MARK).exists():
        shutil.rmtree(folder)
    if folder.exists() and any(folder.iterdir()):
        raise UsageError(
            Sentence(
                en=f"{folder} is not empty, and no demo has made it",
                ja=f"{folder} は空ではなく、実演用のフォルダーでもありません",
            ),
            fix=Sentence(
                en="name another one: bofbot demo --folder …",
                ja="別のフォルダーを指定してください：bofbot demo --folder …",
            ),
        )
    (folder / _MARK).mkdir(parents=True)
    shutil.copytree(_practice_robots(), folder / ROBOTS)
    (folder / SETTINGS).parent.mkdir()
    (folder / SETTINGS).write_text(template("bofbot.yaml"), encoding="utf-8")
    write_demo_files(folder / "data")


def _practice_robots() -> Path:
    """The practice robots: those of bofbot's checkout, or of its wheel."""
    import bofbot

    inside = Path(bofbot.__file__).parent
    for place in (inside / "practice" / ROBOTS, inside.parent / ROBOTS):
        if list(place.glob("*.yaml")):
            return place
    raise NotReady(
        Sentence(en="the practice robots are missing", ja="練習用ロボットが見つかりません"),
        fix=Sentence(en="install bofbot again", ja="bofbot を入れ直してください"),
    )


def _portal() -> Portal:
    """On the robots' usual address if that is free, so that `bofbot practice` and `bofbot retry` go on from here."""
    from bofbot.practice.portal import Portal

    try:
        return Portal(USUAL_PORT)
    except NotReady:
        return Portal()


class _PracticeSecrets:
    """The practice account stands on the portal's login page; it is no secret, so nobody need set it."""

    def get(self, name: str) -> Mapping[str, Secret]:
        from bofbot.practice.company import USERS

        user = USERS["yamada"]
        return {"user": Secret(user.name), "password": Secret(user.password, f"{name}.password")}

    def burn(self, name: str) -> None:
        """A practice password stays good."""


def _play(robot: Robot, url: str, office: Office, options: argparse.Namespace) -> Played:
    before = _files(office.folder / "out")
    finished = play_shown(office, make_plan(robot, {PORTAL_INPUT: url}, now), options)
    sys.stderr.write("\n")
    report = write_report(office, finished)
    pictures = sum(file.suffix in (".png", ".jpg") for file in report.parent.iterdir())
    written = dict(_files(office.folder / "out").items() - before.items())
    return Played(finished, report, pictures, tuple(sorted(written)))


def _files(folder: Path) -> dict[Path, int]:
    """The files of a folder, and when each was written."""
    files = folder.rglob("*") if folder.is_dir() else ()
    return {file: file.stat().st_mtime_ns for file in files if file.is_file()}


def _summary(played: list[Played], settled: Settled, folder: Path, options: argparse.Namespace) -> None:
    if options.json:
        book = {"booked": settled.booked, "twice": settled.twice, "missing": settled.missing}
        put_json({"runs": [_as_json(one, folder) for one in played], "book": book})
        return
    language: Language = options.language
    put(Sentence(en="What was done", ja="結果").said_in(language))
    for line in columns([_row(one, language) for one in played]):
        put("  " + line)
    for said in settled.sentences():
        put("  " + said.said_in(language))
    put(Sentence(en="Look at", ja="確認するもの").said_in(language))
    for one in played:
        put(f"  {one.finished.robot}")
        for file in (one.report, *one.files):
            put(f"    {wording.shown_path(file)}")
        if one.pictures:
            counted = Sentence(
                en=f"{one.pictures} picture{'s' * (one.pictures > 1)} in", ja=f"画像 {one.pictures} 枚："
            )
            put(f"    {counted.said_in(language)} {wording.shown_path(one.report.parent)}/")


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
        "pictures": one.pictures,
        "files": [str(file.relative_to(folder)) for file in one.files],
    }
