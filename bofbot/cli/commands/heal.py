"""`bofbot heal`: pages that changed since a robot was written, and the change of the robot that follows from it."""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from bofbot.actions import VerbTable
from bofbot.actions.pages.drift import sentence_of
from bofbot.cli.command import CommandParser
from bofbot.cli.offices import office_for
from bofbot.cli.options import json_option, project_folder, robot_argument, robot_file
from bofbot.cli.screen import put, put_json, say
from bofbot.errors import Place, UsageError
from bofbot.files import atomic_write
from bofbot.language.loader import load_kept_robot, texts_of
from bofbot.language.rewording import Unchangeable, reword
from bofbot.office import Office
from bofbot.robot import Robot
from bofbot.sinks import learning
from bofbot.sinks.drifts import Drifted, open_drifts
from bofbot.words import Language, Sentence

UNDECIDED = 5
"""The exit code while something waits for a person's eye, as for all that waits for a person."""


def arguments(parser: CommandParser) -> None:
    robot_argument(parser)
    parser.option(
        "--write",
        action="store_true",
        help=Sentence(
            en="change the robot's files; without it nothing is changed",
            ja="ロボットのファイルを書き換える（指定しなければ何も変更しない）",
        ),
    )
    parser.option(
        "--forget",
        action="store_true",
        help=Sentence(
            en="the page is right as it is: forget what the labels in question were known by",
            ja="今の画面が正しいとして、該当する項目について覚えていることを忘れる",
        ),
    )
    parser.option(
        "--runs",
        type=int,
        default=20,
        metavar="N",
        help=Sentence(en="how many of its last runs to look at (20)", ja="調べる直近の実行の数（20）"),
    )
    json_option(parser)


@dataclass(frozen=True, slots=True)
class Patch:
    """One drift, and the place in the robot's files that follows from it (None: nothing a machine may change)."""

    told: Drifted
    place: Place | None = None
    why: str = ""
    """Why there is no place: `crossed`, `changed`, `gone`, `taken`, `computed`."""


def run(options: argparse.Namespace) -> int:
    if options.runs < 1:
        raise UsageError(Sentence(en="--runs is at least 1", ja="--runs は 1 以上です"))
    folder = project_folder(options.robot)
    file = robot_file(options.robot, folder)
    verbs = VerbTable()
    robot, texts = texts_of(file, verbs)
    with office_for(options, folder) as office:
        drifted = _drifted(office, robot, options.runs)
        patches, changed = _patched(drifted, texts)
        if options.forget:
            return _forget(office, robot, patches, options.language)
    if changed != texts:
        load_kept_robot(file, verbs, changed)  # whatever is proposed is a robot
    if options.write:
        for name, text in changed.items():
            if text != texts[name]:
                atomic_write(Path(name), text.encode())
    left = [patch for patch in patches if not patch.place and patch.why in _ASKS]
    waits = bool(left) or (changed != texts and not options.write)
    if options.json:
        put_json(_as_json(robot, patches, _diff(texts, changed), written=options.write and changed != texts))
    else:
        _show(patches, _diff(texts, changed), options)
    return UNDECIDED if waits else 0


_ASKS = ("crossed", "taken", "computed")


def _drifted(office: Office, robot: Robot, count: int) -> list[Drifted]:
    journal = office.store.journal
    rows = journal.runs(robot=robot.name, limit=count)
    return open_drifts([journal.events_of(row.id) for row in rows])


def _patched(drifted: Sequence[Drifted], texts: dict[str, str]) -> tuple[list[Patch], dict[str, str]]:
    """Every drift with its place, and the texts with all changes made."""
    changed, patches = dict(texts), list[Patch]()
    for told in drifted:
        drift = told.drift
        name = _file_of(told.place.file, texts)
        if drift.state in ("crossed", "changed") or not drift.found:
            patches.append(Patch(told, why="changed" if drift.state == "changed" else "crossed"))
            continue
        try:
            if not name:
                raise Unchangeable("gone")
            place = Place(name, told.place.line, told.place.column)
            changed[name], at = reword(changed[name], place, told.verb, drift.looked_for, drift.found)
        except Unchangeable as no:
            patches.append(Patch(told, why=no.why))
        else:
            patches.append(Patch(told, at))
    return [patch for patch in patches if patch.why != "gone"], changed


def _file_of(name: str, texts: dict[str, str]) -> str:
    """The robot's or part's file that an event names, maybe from another folder."""
    if name in texts:
        return name
    whole = {one: Path(one).resolve() for one in texts}
    same = [one for one, path in whole.items() if path == Path(name).resolve()]
    same = same or [one for one in texts if PurePath(one).name == PurePath(name).name]
    return same[0] if len(same) == 1 else ""


def _diff(texts: dict[str, str], changed: dict[str, str]) -> str:
    lines: list[str] = []
    for name in texts:
        before, after = (text[name].replace("\r\n", "\n").splitlines() for text in (texts, changed))
        lines += difflib.unified_diff(before, after, f"a/{name}", f"b/{name}", lineterm="")
    return "\n".join(lines)


def _forget(office: Office, robot: Robot, patches: Sequence[Patch], language: Language) -> int:
    labels = {patch.told.drift.looked_for for patch in patches if patch.why in ("crossed", "changed")}
    path = learning.path_of(office.folder / office.settings.logs, robot.name)
    count = learning.forget(path, robot.name, labels or None)
    say(
        Sentence(
            en=f"forgot what {count} fields and buttons were known by; the next good run learns them anew",
            ja=f"{count}件の欄・ボタンについて覚えていたことを忘れました。次に成功した実行で覚え直します",
        ),
        language,
    )
    return 0


def _show(patches: Sequence[Patch], diff: str, options: argparse.Namespace) -> None:
    """The diff alone on stdout, so that it can be piped into `patch`; the words about it on stderr."""
    language: Language = options.language
    if not patches:
        say(
            Sentence(
                en="the pages of its last runs are as the robot expects them",
                ja="直近の実行では、画面はロボットの想定どおりでした",
            ),
            language,
        )
        return
    for patch in patches:
        say(_told(patch), language)
    if diff:
        put(diff)
    if diff and options.write:
        say(
            Sentence(en="written; `bofbot plan` shows it", ja="書き換えました。`bofbot plan` で確認できます"),
            language,
        )
    elif diff:
        again = f"bofbot heal {options.robot} --write"
        say(
            Sentence(
                en=f"nothing is changed yet; when the page says so too: {again}",
                ja=f"まだ変更していません。画面を確かめてから：{again}",
            ),
            language,
        )


def _told(patch: Patch) -> Sentence:
    told, why = patch.told, patch.why
    where = patch.place or told.place
    line = Sentence.same(f"{where.file}:{where.line}: ") + sentence_of(told.drift)
    run_ = Sentence(en=f" (run {told.run})", ja=f"（実行 {told.run}）")
    return line + run_ + (Sentence.same("\n  ") + _WAYS_OUT[why] if why in _WAYS_OUT else Sentence.same(""))


_WAYS_OUT = {
    "crossed": Sentence(
        en="look at the page. Is it right as it is: `bofbot heal ROBOT --forget`; if not, change the label in the robot by hand",
        ja="画面を確かめてください。今の画面が正しければ `bofbot heal ロボット --forget`、違えばロボットの項目名を直してください",
    ),
    "taken": Sentence(
        en="the step has an entry of these words already: change it by hand",
        ja="同じ項目名が手順にあるため、手で直してください",
    ),
    "computed": Sentence(
        en="the words stand in an expression: change it by hand", ja="式の中の文字なので、手で直してください"
    ),
}


def _as_json(robot: Robot, patches: Sequence[Patch], diff: str, *, written: bool) -> dict[str, Any]:
    return {
        "robot": robot.name,
        "file": str(robot.file),
        "drifts": [_drift_json(patch) for patch in patches],
        "diff": diff,
        "written": written,
    }


def _drift_json(patch: Patch) -> dict[str, Any]:
    told, drift = patch.told, patch.told.drift
    where = patch.place or told.place
    said = sentence_of(drift)
    return {
        "run": told.run,
        "step": told.step,
        "name": told.name,
        "file": where.file,
        "line": where.line,
        "state": drift.state,
        "what": drift.what,
        "was": drift.looked_for,
        "now": drift.found if patch.place else "",
        "shown": drift.shown,
        "page": drift.page,
        "agrees": list(drift.agrees),
        "differs": list(drift.differs),
        "score": drift.score,
        "margin": drift.margin,
        "by_hand": patch.why,
        "said": {"en": said.en, "ja": said.ja},
    }
