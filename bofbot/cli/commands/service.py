"""`bofbot service`: what keeps bofbot running when nobody is logged in, written for this folder."""

from __future__ import annotations

import argparse
import getpass
import sys
from importlib.resources import files
from pathlib import Path
from xml.sax.saxutils import escape

from bofbot.cli.command import CommandParser
from bofbot.cli.options import project_folder
from bofbot.cli.screen import put
from bofbot.errors import UsageError
from bofbot.files import atomic_write
from bofbot.words import Sentence

_DOCKER = ("Dockerfile", "compose.yaml")


def arguments(parser: CommandParser) -> None:
    for name, help in _UNITS.items():
        unit = parser.part(name, help)
        unit.option(
            "--user",
            default=getpass.getuser(),
            metavar="NAME",
            help=Sentence(en="who it runs as; usually you", ja="実行するユーザー（通常は自分）"),
        )
    windows = parser.part(
        "windows",
        Sentence(
            en="write a task for the Task Scheduler of Windows that keeps `bofbot serve` running here",
            ja="このフォルダーの `bofbot serve` を常駐させる Windows タスク スケジューラのファイルを書き出す",
        ),
    )
    windows.option(
        "file",
        metavar="FILE",
        help=Sentence(en="where; nothing is overwritten", ja="書き出し先（上書きはしない）"),
    )
    windows.option(
        "--user",
        default=getpass.getuser(),
        metavar="NAME",
        help=Sentence(en="who it runs as; usually you", ja="実行するユーザー（通常は自分）"),
    )
    docker = parser.part(
        "docker",
        Sentence(
            en="write a Dockerfile and a compose.yaml: PostgreSQL, one serve, three workers",
            ja="Dockerfile と compose.yaml を書き出す（PostgreSQL・serve・worker 3つ）",
        ),
    )
    docker.option(
        "folder",
        metavar="FOLDER",
        help=Sentence(en="where; nothing is overwritten", ja="書き出し先（上書きはしない）"),
    )


def run(options: argparse.Namespace) -> int:
    if options.part == "docker":
        _write_docker(Path(options.folder))
    elif options.part == "windows":
        _write_task(
            Path(options.file), task_of("serve", project_folder(), Path(sys.executable), options.user)
        )
    else:
        put(unit_of(options.part, project_folder(), Path(sys.executable), options.user))
    return 0


def unit_of(command: str, folder: Path, python: Path, user: str) -> str:
    """A systemd unit that plays `bofbot serve` or `bofbot worker` in a folder."""
    text = _template("bofbot.service")
    named = {
        "COMMAND": command,
        "FOLDER": str(folder.absolute()).replace("%", "%%"),
        "PYTHON": _quoted(str(python)),
        "USER": user,
    }
    for name, value in named.items():
        text = text.replace(f"@{name}@", value)
    return text.rstrip("\n")


def task_of(command: str, folder: Path, python: Path, user: str) -> str:
    """A task for Windows, as `schtasks /Create /XML` reads it."""
    text = _template("task.xml")
    named = {"COMMAND": command, "FOLDER": str(folder.absolute()), "PYTHON": str(python), "USER": user}
    for name, value in named.items():
        text = text.replace(f"@{name}@", escape(value))
    return text


def _write_task(file: Path, text: str) -> None:
    if file.exists():
        raise _there_already(file)
    atomic_write(file, text.replace("\n", "\r\n").encode("utf-16"))
    put(str(file))
    put(f'schtasks /Create /TN bofbot /XML "{file}" /RU … /RP *')


def _quoted(word: str) -> str:
    """A word as systemd.service(5) reads it in ExecStart."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"'


def _write_docker(folder: Path) -> None:
    there = [name for name in _DOCKER if (folder / name).exists()]
    if there:
        raise _there_already(folder / there[0])
    folder.mkdir(parents=True, exist_ok=True)
    for name in _DOCKER:
        atomic_write(folder / name, _template(name))
        put(str(folder / name))


def _there_already(path: Path) -> UsageError:
    return UsageError(
        Sentence(en=f"{path} is there already", ja=f"{path} はすでにあります"),
        fix=Sentence(en="move it away, or choose another place", ja="移動するか、別の場所を指定してください"),
    )


def _template(name: str) -> str:
    return (files("bofbot.cli") / "templates" / "service" / name).read_text(encoding="utf-8")


_UNITS = {
    "serve": Sentence(
        en="print a systemd unit that keeps `bofbot serve` running here",
        ja="このフォルダーの `bofbot serve` を常駐させる systemd ユニットを表示する",
    ),
    "worker": Sentence(
        en="print a systemd unit that keeps `bofbot worker` running here",
        ja="このフォルダーの `bofbot worker` を常駐させる systemd ユニットを表示する",
    ),
}
