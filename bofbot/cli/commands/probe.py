"""`bofbot probe ROBOT`: log in and look, without downloading; have the pages changed since they last were good?"""

from __future__ import annotations

import argparse
import asyncio
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bofbot.actions import VerbTable
from bofbot.cli.command import CommandParser
from bofbot.cli.commands.probe_robot import as_probe
from bofbot.cli.offices import office_for
from bofbot.cli.options import (
    given_inputs,
    input_option,
    json_option,
    project_folder,
    robot_argument,
    robot_file,
)
from bofbot.cli.playing import now
from bofbot.cli.screen import put, put_json
from bofbot.events import Event, RunFinished, StepFinished
from bofbot.files import atomic_write, safe_name
from bofbot.language.loader import load_robot
from bofbot.office import Office
from bofbot.plan import Extent, make_plan
from bofbot.words import Language, Sentence

MORE = Sentence(
    en="Exit code 0: all pages are as they last were good (or are seen for the first time); 4: a page has changed, or lacks\n"
    "what the robot needs; 1, 5, 6: the site failed, a person is needed, this machine lacks something.",
    ja="終了コード 0：すべての画面が前回と同じ（または初めての確認）。4：画面が変わった、または必要な項目がない。1・5・6：サイトの\n"
    "失敗、担当者の確認が必要、この端末に足りないものがある。",
)


def arguments(parser: CommandParser) -> None:
    robot_argument(parser)
    input_option(parser)
    parser.option(
        "--accept",
        action="store_true",
        help=Sentence(en="take the pages as they are now as good", ja="今の画面を正しいものとして控える"),
    )
    parser.option(
        "--headed", action="store_true", help=Sentence(en="show the browser", ja="ブラウザーを表示する")
    )
    json_option(parser)


@dataclass(frozen=True, slots=True)
class Seen:
    """One page the robot needs, as it is now, and what is different from when it last was good."""

    step: str
    name: str
    page: str
    accounts: list[str]
    print: list[str]
    new: bool = True
    gone: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        return bool(self.gone or self.added)


def run(options: argparse.Namespace) -> int:
    folder = project_folder(options.robot)
    robot = load_robot(robot_file(options.robot, folder), VerbTable())
    plan = make_plan(as_probe(robot), given_inputs(options.input), now, Extent(mode="dry-run"))
    seen: list[Seen] = []

    def listen(event: Event) -> None:
        if isinstance(event, StepFinished) and "probe" in event.facts:
            seen.append(_seen(event))

    with office_for(options, folder) as office:
        finished = asyncio.run(office.play(plan, (_Listener(listen),)))
        kept = _kept_at(office, robot.name)
        before = _load(kept)
        compared = [_compare(page, before) for page in seen]
        changed = any(page.changed for page in compared)
        if finished.exit_code == 0 and (options.accept or not changed):
            _save(kept, compared)
    code = finished.exit_code or (4 if changed and not options.accept else 0)
    if options.json:
        put_json(_as_json(finished, compared, code, options.language))
    else:
        _tell(finished, compared, options.language)
    return code


class _Listener:
    """A sink from a function."""

    def __init__(self, hear: Any) -> None:
        self._hear = hear

    def __call__(self, event: Event) -> None:
        self._hear(event)

    def close(self) -> None:
        """Nothing is open."""


def _seen(event: StepFinished) -> Seen:
    told = event.facts["probe"]
    return Seen(event.step, event.name, told["page"], list(told["accounts"]), list(told["print"]))


def _kept_at(office: Office, robot: str) -> Path:
    return office.folder / office.settings.logs / "probes" / f"{safe_name(robot)}.json"


def _load(path: Path) -> dict[str, list[str]]:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return {step: list(lines) for step, lines in kept["pages"].items()}
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return {}  # never probed, or the file is damaged: the pages are seen for the first time


def _save(path: Path, pages: list[Seen]) -> None:
    kept = {"taken": now().isoformat(timespec="seconds"), "pages": {page.step: page.print for page in pages}}
    atomic_write(path, json.dumps(kept, ensure_ascii=False, indent=1))


def _compare(page: Seen, before: dict[str, list[str]]) -> Seen:
    if page.step not in before:
        return page
    old, new = set(before[page.step]), set(page.print)
    told = asdict(page) | {"new": False, "gone": sorted(old - new), "added": sorted(new - old)}
    return Seen(**told)


def _as_json(finished: RunFinished, pages: list[Seen], code: int, language: Language) -> dict[str, Any]:
    failure = finished.failure
    return {
        "exit_code": code,
        "failure": failure.message.said_in(language) if failure else None,
        "pages": [
            {
                "step": page.step, "name": page.name, "page": page.page, "accounts": page.accounts,
                "state": "new" if page.new else "changed" if page.changed else "same", "gone": page.gone, "added": page.added,
            }
            for page in pages
        ],
    }  # fmt: skip


def _tell(finished: RunFinished, pages: list[Seen], language: Language) -> None:
    for page in pages:
        state = (
            Sentence(en="seen for the first time", ja="初めて確認しました")
            if page.new
            else Sentence(en="has changed", ja="画面が変わっています")
            if page.changed
            else Sentence(en="as before", ja="前回と同じです")
        )
        mark = "✗" if page.changed else "✓"
        put(f"{mark} {page.name or page.step}  {page.page}  {state.said_in(language)}")
        for account in page.accounts:
            put(f"    {account}")
        for sign, lines in (("-", page.gone), ("+", page.added)):
            for line in lines:
                put(f"    {sign} {line}")
    if finished.failure is not None:
        put("✗ " + finished.failure.message.said_in(language))
    if any(page.changed for page in pages):
        put(
            Sentence(
                en="Look at the pages; when all is well, `bofbot probe --accept` takes them as good.",
                ja="画面を確かめ、問題がなければ `bofbot probe --accept` で控えを更新してください。",
            ).said_in(language)
        )
