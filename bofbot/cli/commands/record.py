"""`bofbot record`: watch a person in a browser, and write what was done as a robot."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from bofbot.actions import VerbTable
from bofbot.cli.command import CommandParser
from bofbot.cli.offices import settings_of
from bofbot.cli.options import ROBOTS, in_project, project_folder
from bofbot.cli.screen import put, say
from bofbot.cli.signals import when_asked_to_stop
from bofbot.errors import InvalidRobot, UsageError
from bofbot.files import atomic_write, safe_name
from bofbot.language.loader import check_robot
from bofbot.words import Sentence

if TYPE_CHECKING:
    from bofbot.recorder.story import Story


def arguments(parser: CommandParser) -> None:
    parser.option("url", metavar="URL", help=Sentence(en="where to begin", ja="始めるページの URL"))
    parser.option(
        "--name",
        default="",
        metavar="NAME",
        help=Sentence(en="the robot's name; recorded when left out", ja="ロボットの名前（省略すると 記録）"),
    )
    parser.option(
        "--table",
        type=Path,
        metavar="FILE",
        help=Sentence(
            en="a workbook or CSV: enter its first row, and the robot repeats it for every row",
            ja="ブックか CSV。その1行目を入力すると、全行に繰り返すロボットになる",
        ),
    )
    parser.option(
        "--sheet",
        default="",
        metavar="SHEET",
        help=Sentence(en="the sheet of the workbook", ja="ブックのシート"),
    )
    parser.option(
        "--secret",
        default="",
        metavar="NAME",
        help=Sentence(
            en="the secret's name for log-ins; the system's name when left out",
            ja="ログインに使う秘密情報の名前（省略するとシステム名）",
        ),
    )


def run(options: argparse.Namespace) -> int:
    from bofbot.recorder.robot_file import write_robot
    from bofbot.recorder.rows import first_row

    folder = project_folder()
    name = options.name or Sentence(en="recorded", ja="記録").said_in(options.language)
    file = folder / ROBOTS / f"{safe_name(name)}.yaml"
    if file.exists():
        raise UsageError(
            Sentence(en=f"{file.name} exists already", ja=f"{file.name} は既にあります"),
            fix=Sentence(en="choose another --name", ja="--name で別の名前を指定してください"),
        )
    row = (
        first_row(options.table, in_project(options.table, folder), options.sheet) if options.table else None
    )
    say(_BEGIN, options.language)
    story = asyncio.run(_watch(options.url, folder))
    text, doubts = write_robot(story, name, language=options.language, row=row, secret=options.secret)
    file.parent.mkdir(parents=True, exist_ok=True)
    atomic_write(file, text)
    put(file.relative_to(folder).as_posix())
    if row is not None and "for_each" not in text:
        say(_NO_ROW, options.language)
    if doubts:
        say(
            Sentence(
                en=f"{doubts} steps bear a note: look at them first",
                ja=f"note の付いた手順が {doubts} あります。先に確認してください",
            ),
            options.language,
        )
    _, diagnostics = check_robot(file, VerbTable())
    errors = tuple(found for found in diagnostics if found.severity == "error")
    if errors:
        raise InvalidRobot(errors)
    return 0


async def _watch(url: str, folder: Path) -> Story:
    """Until the person closes the window, or Ctrl-C."""
    from bofbot.recorder.recording import recording

    async with recording(url, settings_of(folder).browser) as watched:
        when_asked_to_stop(watched.stop)
        await watched.until_closed()
        return watched.story


_BEGIN = Sentence(
    en="recording: do it once in the browser, then close its window (or Ctrl-C here)",
    ja="記録中：ブラウザーで一度操作し、終わったらウィンドウを閉じてください（ここで Ctrl-C でも可）",
)
_NO_ROW = Sentence(
    en="nothing that was entered is a cell of the table's first row, so there is no loop",
    ja="表の1行目と同じ値が入力されなかったため、繰り返しにはなっていません",
)
