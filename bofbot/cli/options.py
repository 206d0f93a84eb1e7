"""Options and words that several commands share, each described once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from bofbot.cli.command import CommandParser
from bofbot.errors import UsageError
from bofbot.values.text import nearest
from bofbot.words import Sentence

ROBOTS = Path("robots")
SETTINGS = Path("configs") / "bofbot.yaml"


def robot_argument(parser: CommandParser) -> None:
    parser.option(
        "robot",
        metavar="ROBOT",
        help=Sentence(
            en="a robot file, or its name in robots/", ja="ロボットファイル、または robots/ の中の名前"
        ),
    )


def run_argument(parser: CommandParser) -> None:
    parser.option(
        "run",
        metavar="RUN",
        nargs="?",
        default="last",
        help=Sentence(
            en="the run's number; the last run when left out", ja="実行番号（省略すると直近の実行）"
        ),
    )


def json_option(parser: CommandParser) -> None:
    parser.option(
        "--json", action="store_true", help=Sentence(en="print one JSON object", ja="結果を1つの JSON で出す")
    )


def input_option(parser: CommandParser) -> None:
    parser.option(
        "-i",
        "--input",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help=Sentence(
            en="an input of the robot, e.g. -i month=2026-10", ja="ロボットの入力（例 -i month=2026-10）"
        ),
    )


def items_option(parser: CommandParser) -> None:
    parser.option(
        "--items",
        metavar="1-5",
        help=Sentence(en="only these items of each loop", ja="繰り返しのうちこの範囲だけ"),
    )


def dry_run_option(parser: CommandParser) -> None:
    parser.option(
        "--dry-run",
        action="store_true",
        help=Sentence(en="fill for real, submit nothing", ja="入力まで実際に行い、送信はしない"),
    )


def project_folder(robot: str = "") -> Path:
    """The project of a robot file given by its path, else the one we stand in, else the present folder.

    A project is the nearest folder upwards with configs/bofbot.yaml: a scheduler may start a robot from anywhere."""
    here = Path.cwd()
    file = Path(robot)
    own = file.resolve().parents if robot and file.is_file() else ()
    return next((folder for folder in (*own, here, *here.parents) if (folder / SETTINGS).is_file()), here)


def robot_file(word: str, folder: Path) -> Path:
    """The file that a person means by `word`: a path, or a file's name in robots/. Raises UsageError with the nearest."""
    places = (Path(word), folder / word, folder / ROBOTS / word, folder / ROBOTS / f"{word}.yaml")
    for place in places:
        if place.is_file():
            return as_kept(place, folder)
    known = {
        path.stem: path.relative_to(folder).as_posix() for path in sorted((folder / ROBOTS).glob("**/*.yaml"))
    }
    near = [known[stem] for stem in nearest(Path(word).stem, known)]
    meant = Sentence(en=f"did you mean {', '.join(near)}?", ja=f"もしかして：{'、'.join(near)}")
    listed = Sentence(
        en="`bofbot list` shows the robots here", ja="`bofbot list` でロボットの一覧を表示できます"
    )
    raise UsageError(
        Sentence(en=f"there is no robot {word}", ja=f"ロボット {word} が見つかりません"),
        fix=meant if near else listed,
    )


def as_kept(file: Path, folder: Path) -> Path:
    """Short for people who stand in the project; whole for all others, so that a later `retry` finds it again."""
    whole = file.resolve()
    here = folder.resolve() == Path.cwd().resolve() and whole.is_relative_to(folder.resolve())
    return whole.relative_to(folder.resolve()) if here else whole


def in_project(file: Path, folder: Path) -> str:
    """A file as a robot of this project names it: relative when it lies inside."""
    whole = file.resolve()
    inside = whole.is_relative_to(folder.resolve())
    return whole.relative_to(folder.resolve()).as_posix() if inside else whole.as_posix()


def given_inputs(words: Sequence[str]) -> dict[str, str]:
    """`["month=2026-10"]` → `{"month": "2026-10"}`. Raises UsageError for a word without a name or a name given twice."""
    given: dict[str, str] = {}
    for word in words:
        name, separator, value = word.partition("=")
        if not separator or not name.strip():
            raise UsageError(
                Sentence(
                    en=f'an input is written name=value, not "{word}"',
                    ja=f"入力は 名前=値 と書きます：「{word}」",
                ),
                fix=Sentence(en="e.g. -i month=2026-10", ja="例：-i month=2026-10"),
            )
        if name.strip() in given:
            raise UsageError(
                Sentence(
                    en=f'input "{name.strip()}" is given twice',
                    ja=f"入力「{name.strip()}」が2回指定されています",
                )
            )
        given[name.strip()] = value
    return given


def item_range(word: str | None) -> tuple[int, int] | None:
    """`1-5` or `3` → the first and the last item, from 1. Raises UsageError."""
    if word is None:
        return None
    found = re.fullmatch(r"([1-9]\d*)(?:-([1-9]\d*))?", word)
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
    if first > last:
        raise UsageError(
            Sentence(en=f'"{word}" is no range of items', ja=f"「{word}」は件の範囲として読めません"),
            fix=Sentence(
                en="write --items 1-5, or --items 3", ja="--items 1-5 または --items 3 と書いてください"
            ),
        )
    return first, last


def seconds(word: str) -> float:
    """`200ms`, `2s` → seconds. Raises UsageError that shows the fix."""
    from bofbot.values.units import read_duration

    try:
        return read_duration(word)
    except ValueError:
        raise UsageError(
            Sentence(
                en=f"a duration needs a unit: {word}s, {word}ms",
                ja=f"時間には単位が必要です：{word}s、{word}ms",
            )
        ) from None
