"""`bofbot validate`: check robot files, all their faults at once, for people, editors and CI."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from bofbot.actions import VerbTable
from bofbot.cli.command import CommandParser
from bofbot.cli.options import ROBOTS, project_folder
from bofbot.cli.screen import put, put_json, say
from bofbot.errors import Diagnostic, InvalidRobot, UsageError
from bofbot.language.loader import check_robot
from bofbot.sinks.wording import shown_path
from bofbot.words import Language, Sentence


def arguments(parser: CommandParser) -> None:
    parser.option(
        "places",
        metavar="FILE|FOLDER",
        nargs="*",
        help=Sentence(
            en="robot files, or folders of them; robots/ when left out",
            ja="ロボットファイルまたはフォルダー（省略すると robots/）",
        ),
    )
    parser.option(
        "--format",
        choices=("text", "json", "github", "sarif"),
        default="text",
        metavar="text|json|github|sarif",
        help=Sentence(
            en="for people, programs, or code review", ja="出力形式（人・プログラム・レビュー画面向け）"
        ),
    )


def run(options: argparse.Namespace) -> int:
    files = robot_files(options.places)
    verbs = VerbTable()
    found = tuple(diagnostic for file in files for diagnostic in check_robot(file, verbs)[1])
    _show(found, options.format, options.language)
    wrong = any(diagnostic.severity == "error" for diagnostic in found)
    if options.format == "text" and not wrong:
        said = Sentence(en=f"valid: {len(files)}", ja=f"誤りはありません（{len(files)} ファイル）")
        say(said, options.language)
    return InvalidRobot.exit_code if wrong else 0


def robot_files(places: list[str]) -> list[Path]:
    """Every robot file that is meant, each once. Raises UsageError for a place that is not there, or an empty one."""
    files: dict[Path, None] = {}
    for place in [Path(word) for word in places] or [Path(shown_path(project_folder() / ROBOTS))]:
        if place.is_dir():
            inside = [path for path in sorted(place.rglob("*")) if _may_be_robot(path, place)]
            if not inside:
                raise UsageError(
                    Sentence(
                        en=f"there are no robot files in {place}",
                        ja=f"{place} にロボットファイルがありません",
                    )
                )
            files.update(dict.fromkeys(inside))
        elif place.is_file():
            files[place] = None
        else:
            raise UsageError(
                Sentence(en=f"there is no file or folder {place}", ja=f"{place} が見つかりません")
            )
    return list(files)


def _may_be_robot(path: Path, place: Path) -> bool:
    """A YAML file that is none of an office's own: its settings, its records, hidden folders."""
    folders = path.relative_to(place).parts[:-1]
    own = any(name.startswith(".") or name in ("configs", "logs") for name in folders)
    return path.suffix in (".yaml", ".yml") and not own and path.is_file()


def _show(found: tuple[Diagnostic, ...], form: str, language: Language) -> None:
    from bofbot.language import diagnostics

    if form == "json":
        put_json(diagnostics.as_json(found, language))
    elif form == "sarif":
        put_json(diagnostics.as_sarif(found, language))
    elif form == "github":
        put(diagnostics.as_github(found, language).rstrip("\n"))
    elif found:
        put(diagnostics.render(found, language, color=_in_colour()))


def _in_colour() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
