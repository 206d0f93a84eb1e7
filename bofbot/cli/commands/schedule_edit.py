"""`bofbot schedule add | edit | pause | resume`: changes of configs/schedules.yaml that leave the rest of the file alone."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from bofbot.adapters.yaml_edit import edit_list, entry
from bofbot.cli.commands.schedule_look import (
    check_sentence,
    next_lines,
    settings_of,
    unknown_schedule,
    waits_for,
)
from bofbot.cli.options import given_inputs, project_folder, robot_file
from bofbot.cli.screen import put, say
from bofbot.errors import UsageError
from bofbot.office import store_of
from bofbot.schedule.book import FILE, LIST, Schedule, parse_book
from bofbot.words import Sentence

_KEYS = ("robot", "when", "calendar", "zone", "catch_up", "overlap", "deadline", "owner", "secret")


def run(options: argparse.Namespace) -> int:
    folder = project_folder()
    settings = settings_of(folder, options)
    changes = {"add": _add, "edit": _edit, "pause": _pause, "resume": _resume}
    if getattr(options, "robot", None):
        robot_file(options.robot, folder)
    if getattr(options, "when", None):
        check_sentence(options, folder, settings)
    kept: list[Schedule] = []

    def check(text: str) -> None:
        found = parse_book(text, folder, settings.browser.time_zone, settings.company_days)
        kept.extend(one for one in found if one.name == options.name)

    edit_list(folder / FILE, LIST, changes[options.part](options), check, empty=_EMPTY)
    say(Sentence(en=f"wrote {FILE.as_posix()}", ja=f"{FILE.as_posix()} を書き換えました"), options.language)
    if options.part == "add":  # from now on a missed time is seen, even if nothing ever ticks
        with store_of(folder, settings) as store:
            if store.slots.ticked_until(options.name) is None:
                store.slots.note(options.name, None, datetime.now(UTC), ())
    for line in next_lines(kept[0], options.language):
        put(line)
    if waits := waits_for(kept[0], settings):
        put(f"  {waits.said_in(options.language)}")
    return 0


def _add(options: argparse.Namespace) -> Callable[[list[Any]], None]:
    def change(entries: list[Any]) -> None:
        if any(one.get("name") == options.name for one in entries):
            raise UsageError(
                Sentence(
                    en=f'there is a schedule "{options.name}" already',
                    ja=f"「{options.name}」という予定はすでにあります",
                ),
                fix=Sentence(
                    en=f"bofbot schedule edit {options.name}", ja=f"bofbot schedule edit {options.name}"
                ),
            )
        entries.append(entry({"name": options.name, **_given(options)}))

    return change


def _edit(options: argparse.Namespace) -> Callable[[list[Any]], None]:
    given = _given(options)
    if not given:
        raise UsageError(
            Sentence(en="nothing to change is given", ja="変更する項目が指定されていません"),
            fix=Sentence(en="e.g. --when 'every weekday 9:00'", ja="例：--when '平日 9:00'"),
        )

    def change(entries: list[Any]) -> None:
        one = _named(entries, options.name)
        for key, value in entry(given).items():
            one[key] = {**one.get(key, {}), **value} if key in ("inputs", "mail") else value

    return change


def _pause(options: argparse.Namespace) -> Callable[[list[Any]], None]:
    def change(entries: list[Any]) -> None:
        why = {"why": options.why, **({"until": options.until} if options.until else {})}
        _named(entries, options.name)["paused"] = entry({"paused": why})["paused"]

    return change


def _resume(options: argparse.Namespace) -> Callable[[list[Any]], None]:
    def change(entries: list[Any]) -> None:
        if _named(entries, options.name).pop("paused", None) is None:
            raise UsageError(
                Sentence(en=f'"{options.name}" is not paused', ja=f"「{options.name}」は停止していません")
            )

    return change


def _given(options: argparse.Namespace) -> dict[str, Any]:
    given = {key: getattr(options, key) for key in _KEYS if getattr(options, key) is not None}
    inputs, mail = given_inputs(options.input), given_inputs(options.mail)
    return {**given, **({"mail": mail} if mail else {}), **({"inputs": inputs} if inputs else {})}


def _named(entries: list[Any], name: str) -> Any:
    for one in entries:
        if one.get("name") == name:
            return one
    raise unknown_schedule(name, [str(one.get("name")) for one in entries])


_EMPTY = """\
# When robots play. `bofbot schedule` changes this file and keeps your comments; `bofbot schedule next` shows the next times.
# ロボットの予定表。`bofbot schedule` で変更してもコメントは残ります。次の日時は `bofbot schedule next` で確かめられます。
"""
