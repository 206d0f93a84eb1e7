"""`bofbot list`: the robots here and how each last went; with --runs, the runs."""

from __future__ import annotations

import argparse
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bofbot.actions import VerbTable
from bofbot.cli.command import CommandParser
from bofbot.cli.commands.schedule_look import overdue_lines
from bofbot.cli.offices import office_for
from bofbot.cli.options import ROBOTS, json_option
from bofbot.cli.screen import columns, put, put_json
from bofbot.errors import InvalidRobot, UsageError
from bofbot.language.loader import load_robot
from bofbot.office import Office
from bofbot.sinks import runs, wording
from bofbot.store import RunRow
from bofbot.store.journal import Journal
from bofbot.store.story import last_of
from bofbot.words import Language, Sentence

_ALL = 1_000_000
_STATES = ", ".join(wording.STATES)


def arguments(parser: CommandParser) -> None:
    parser.option(
        "--runs",
        action="store_true",
        help=Sentence(en="the newest runs instead of the robots", ja="ロボットではなく直近の実行を一覧する"),
    )
    parser.option(
        "--verbs",
        action="store_true",
        help=Sentence(en="the verbs that robots may use", ja="使える動詞を一覧する"),
    )
    parser.option(
        "--robot", metavar="NAME", help=Sentence(en="only runs of this robot", ja="このロボットの実行だけ")
    )
    parser.option(
        "--state",
        metavar="STATE",
        choices=tuple(wording.STATES),
        help=Sentence(en=f"only runs that are {_STATES}", ja=f"この状態の実行だけ：{_STATES}"),
    )
    parser.option(
        "--day",
        metavar="2026-11",
        help=Sentence(en="only runs of this day or month", ja="この日・この月の実行だけ"),
    )
    parser.option(
        "--limit",
        type=int,
        default=20,
        metavar="N",
        help=Sentence(en="at most N runs, usually 20", ja="実行を最大 N 件（通常 20）"),
    )
    json_option(parser)


def run(options: argparse.Namespace) -> int:
    if options.verbs:
        _show_verbs(options)
        return 0
    with office_for(options) as office:
        if options.runs or options.robot or options.state or options.day:
            _show_runs(office, options)
        else:
            _show_robots(office, options)
    return 0


def _show_verbs(options: argparse.Namespace) -> None:
    from bofbot.language.schema import describe_verbs

    verbs = describe_verbs(VerbTable())
    if options.json:
        put_json(
            {"verbs": [{"verb": one.verb, "meaning": one.meaning.said_in(options.language)} for one in verbs]}
        )
        return
    for line in columns([(one.verb, one.meaning.said_in(options.language)) for one in verbs]):
        put(line)


def _show_runs(office: Office, options: argparse.Namespace) -> None:
    found = _newest(office.store.journal, options)
    if options.json:
        put_json({"runs": [_run_as_json(row, options.language) for row in found]})
        return
    chosen = bool(options.robot or options.state or options.day)
    shown = [_taken_up(row, office) for row in found]
    put("\n".join(runs.list_lines(shown, options.language, chosen=chosen)))


def _taken_up(row: RunRow, office: Office) -> RunRow:
    """A run that waited and that somebody went on with has nothing left to do."""
    last = last_of(office.store, row)[1] if row.state == "waiting" else row
    if last.id == row.id:
        return row
    on = Sentence(en=f"; went on as run {last.id}", ja=f"。続き：実行 {last.id}")
    return replace(row, why=(row.why or Sentence.same("")) + on, fix=None)


def _newest(journal: Journal, options: argparse.Namespace) -> list[RunRow]:
    """The newest runs that were asked for; read by robot, state and day, never all of them."""
    word, state, day = options.robot, options.state, options.day
    since, until = _days_around(day)
    most = _ALL if day else options.limit
    robots: list[str | None] = [None] if word is None else [name for name in journal.robots() if word in name]
    found = [row for name in robots for row in journal.runs(name, state, since, most, until)]
    fits = runs.keep(word, state, day)
    return sorted(filter(fits, found), key=lambda row: row.started, reverse=True)[: options.limit]


def _days_around(day: str | None) -> tuple[datetime | None, datetime | None]:
    """The day or month, and a day more on both sides: each run tells its day in a time zone of its own."""
    if day is None:
        return None, None
    try:
        if not re.fullmatch(r"\d{4}-\d\d(-\d\d)?", day):
            raise ValueError(day)
        first = datetime.fromisoformat(f"{day}-01"[:10]).replace(tzinfo=UTC)
    except ValueError:
        raise UsageError(
            Sentence(en=f'"{day}" is no day or month', ja=f"「{day}」は日または月として読めません"),
            fix=Sentence(
                en="write --day 2026-11-22 or --day 2026-11",
                ja="--day 2026-11-22 または --day 2026-11 と書いてください",
            ),
        ) from None
    return first - timedelta(days=1), first + timedelta(days=2 if len(day) == 10 else 32)


def _show_robots(office: Office, options: argparse.Namespace) -> None:
    latest = {row.robot: row for row in office.store.journal.latest()}
    robots = [
        _robot(file, office.folder, latest) for file in sorted((office.folder / ROBOTS).glob("**/*.yaml"))
    ]
    robots = [robot for robot in robots if not robot["part"]]
    if options.json:
        put_json({"robots": [_robot_as_json(robot, options.language) for robot in robots]})
        return
    lines = columns([_robot_line(robot, options.language) for robot in robots])
    for robot, line in zip(robots, lines, strict=True):
        put(line)
        if robot["last"] and (why := runs.why_line(robot["last"], options.language)):
            put("    " + why)
    if alert := runs.alert_line(latest.values(), options.language):
        put(alert)
    for line in overdue_lines(office, options.language):
        put(line)
    if not robots:
        put(_NO_ROBOTS.said_in(options.language))


_NO_ROBOTS = Sentence(
    en="no robots in robots/ yet: `bofbot new NAME` writes one",
    ja="robots/ にロボットがありません：`bofbot new 名前` で作れます",
)


def _robot(file: Path, folder: Path, latest: dict[str, RunRow]) -> dict[str, Any]:
    shown = file.relative_to(folder).as_posix()
    part = "parts" in file.relative_to(folder / ROBOTS).parts[:-1]
    try:
        robot = load_robot(file, VerbTable())
    except InvalidRobot:
        return {
            "file": shown,
            "name": "",
            "purpose": "",
            "owner": "",
            "valid": False,
            "last": None,
            "part": part,
        }
    return {
        "file": shown,
        "name": robot.name,
        "purpose": robot.purpose,
        "owner": robot.owner,
        "valid": True,
        "last": latest.get(robot.name),
        "part": part,
    }


def _robot_line(robot: dict[str, Any], language: Language) -> tuple[str, ...]:
    if not robot["valid"]:
        wrong = Sentence(
            en="not valid: bofbot validate tells why", ja="誤りがあります：bofbot validate で確認"
        )
        return (robot["file"], "", "", wrong.said_in(language), "")
    row: RunRow | None = robot["last"]
    if row is None:
        return (
            robot["file"],
            robot["name"],
            "",
            Sentence(en="never played", ja="未実行").said_in(language),
            "",
        )
    return (robot["file"], robot["name"], wording.time_of(row.started), *_how(row, language))


def _how(row: RunRow, language: Language) -> tuple[str, str]:
    state = wording.state_of(row.state, retries=row.retries, warnings=row.warnings).said_in(language)
    return state, _items(row, language)


def _items(row: RunRow, language: Language) -> str:
    total = row.items_done + row.items_failed + row.items_already + row.items_waiting
    if not total:
        return wording.duration(row.seconds).said_in(language)
    done = row.items_done + row.items_already
    return f"{done}/{total}  {wording.duration(row.seconds).said_in(language)}"


def _robot_as_json(robot: dict[str, Any], language: Language) -> dict[str, Any]:
    row: RunRow | None = robot["last"]
    told = {name: robot[name] for name in ("file", "name", "purpose", "owner", "valid")}
    return {**told, "last": _run_as_json(row, language) if row else None}


def _run_as_json(row: RunRow, language: Language) -> dict[str, Any]:
    return {
        "run": row.id,
        "robot": row.robot,
        "mode": row.mode,
        "of_run": row.of_run,
        "state": row.state,
        "started": row.started.isoformat(),
        "seconds": row.seconds,
        "exit_code": row.exit_code,
        "items": {
            "done": row.items_done,
            "failed": row.items_failed,
            "already": row.items_already,
            "waiting": row.items_waiting,
        },
        "why": row.why.said_in(language) if row.why else "",
        "folder": row.folder,
    }
