"""`bofbot schedule list | next | history`: how each schedule stands, when it plays next, and what became of each time."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bofbot.cli.offices import office_for
from bofbot.cli.options import SETTINGS, project_folder
from bofbot.cli.screen import columns, put, put_json
from bofbot.errors import InvalidRobot, UsageError
from bofbot.language.settings import load_settings
from bofbot.office import Office
from bofbot.schedule.bad_sentence import BadSentence
from bofbot.schedule.book import Schedule, read_book, read_calendar, read_zone
from bofbot.schedule.rules import Slot, upcoming
from bofbot.schedule.sentences import read_sentence
from bofbot.schedule.standing import Standing, serving_line, standing_of, state_word
from bofbot.settings import Settings
from bofbot.store.slots import SlotRow
from bofbot.values.bad_value import BadValue
from bofbot.values.text import nearest
from bofbot.words import Language, Sentence

_WEEKDAYS = Sentence(en="Mon Tue Wed Thu Fri Sat Sun", ja="月 火 水 木 金 土 日")
_COUNT = 5


def run(options: argparse.Namespace) -> int:
    {"list": _list, "next": _next, "history": _history}[options.part](options)
    return 0


def settings_of(folder: Path, options: argparse.Namespace) -> Settings:
    """The settings of a project. From here on `options.language` is the one they ask for, as in `office_for`."""
    file = folder / SETTINGS
    settings = load_settings(file if file.exists() else None)
    if settings.language and not options.language_asked:
        options.language = settings.language
    return settings


def book_of(folder: Path, settings: Settings) -> tuple[Schedule, ...]:
    return read_book(folder, settings.browser.time_zone, settings.company_days)


def unknown_schedule(name: str, known: Iterable[str]) -> UsageError:
    names = tuple(known)
    near = nearest(name, names) or names[:5]
    fix = Sentence(en=f"there are: {', '.join(near)}", ja=f"もしかして：{'、'.join(near)}")
    none = Sentence(
        en="bofbot schedule add NAME --robot … --when …",
        ja="bofbot schedule add 名前 --robot … --when … で追加できます",
    )
    return UsageError(
        Sentence(en=f'there is no schedule "{name}"', ja=f"「{name}」という予定はありません"),
        fix=fix if near else none,
    )


def find_schedule(name: str, book: Iterable[Schedule]) -> Schedule:
    schedules = tuple(book)
    for one in schedules:
        if one.name == name:
            return one
    raise unknown_schedule(name, (one.name for one in schedules))


def check_sentence(options: argparse.Namespace, folder: Path, settings: Settings) -> Schedule:
    """The schedule that `--when` would be, with `--calendar` and `--zone`. Raises InvalidRobot with a caret, UsageError."""
    try:
        zone = read_zone(options.zone or settings.browser.time_zone)
        calendar = read_calendar(options.calendar or "japan,company", folder, settings.company_days)
    except BadValue as bad:
        raise UsageError(bad.reason) from bad
    try:
        return Schedule(options.when, "", read_sentence(options.when, zone, calendar))
    except BadSentence as bad:
        raise InvalidRobot((bad.diagnostic(options.when, "--when"),)) from bad


def next_lines(schedule: Schedule, language: Language) -> list[str]:
    """The name, and the next five times of it."""
    rule = schedule.rule
    head = f"{schedule.name}  {rule.text}  ({rule.zone.key}, {rule.calendar.title.said_in(language)})"
    if schedule.name == rule.text:
        head = f"{rule.text}  ({rule.zone.key}, {rule.calendar.title.said_in(language)})"
    lines = [head]
    for slot in upcoming(rule, _now(), _COUNT):
        why = schedule.pause_at(slot.at)
        paused = Sentence(en=f"  paused: {why}", ja=f"  停止中：{why}").said_in(language) if why else ""
        lines.append(f"  {day_of(slot, schedule, language)}{paused}")
    return lines


def day_of(slot: Slot, schedule: Schedule, language: Language) -> str:
    """`2026-12-03 (木) 09:00`; where clocks are changed, the time that they show."""
    shown = slot.at.astimezone(schedule.rule.zone)
    weekday = _WEEKDAYS.said_in(language).split()[shown.weekday()]
    return f"{shown:%Y-%m-%d} ({weekday}) {shown:%H:%M}"


def overdue_lines(office: Office, language: Language) -> list[str]:
    """A line for each schedule whose time passed and that nobody started; empty when the book cannot be read."""
    try:
        book = book_of(office.folder, office.settings)
    except InvalidRobot as wrong:
        return [
            Sentence(
                en=f"{wrong.place}: not valid: bofbot schedule list tells why",
                ja=f"{wrong.place}：予定表に誤りがあります：bofbot schedule list で確認",
            ).said_in(language)
        ]
    found = [one for one in _standings(office, book) if one.key == "overdue"]
    return [
        f"{one.schedule.name}  {one.state.said_in(language)}  {one.why.said_in(language) if one.why else ''}".rstrip()
        for one in found
    ]


def _standings(office: Office, book: Iterable[Schedule]) -> list[Standing]:
    slots, now = office.store.slots, _now()
    last, ticked = slots.last_of_each(), slots.ticked()
    return [standing_of(one, last.get(one.name), ticked.get(one.name), now) for one in book]


def _next(options: argparse.Namespace) -> None:
    folder = project_folder()
    settings = settings_of(folder, options)
    if options.when:
        wanted = [check_sentence(options, folder, settings)]
    else:
        book = book_of(folder, settings)
        wanted = [find_schedule(options.name, book)] if options.name else list(book)
    if options.json:
        put_json({"schedules": [{"name": one.name, "when": one.rule.text, "zone": one.rule.zone.key, "next": [
            {"nominal": slot.nominal, "at": slot.at.isoformat()} for slot in upcoming(one.rule, _now(), _COUNT)
        ]} for one in wanted]})  # fmt: skip
        return
    for one in wanted:
        put("\n".join(next_lines(one, options.language)))
    if not wanted:
        put(_NONE.said_in(options.language))


def _list(options: argparse.Namespace) -> None:
    with office_for(options) as office:
        book = book_of(office.folder, office.settings)
        found, settings = _standings(office, book), office.settings
        serving = serving_line(office.store.slots.heartbeats(), _now())
    if options.json:
        put_json(
            {
                "schedules": [_standing_as_json(one, options.language) for one in found],
                "serving": serving is None,
            }
        )
        return
    rows = [_standing_row(one, settings, options.language) for one in found]
    for line in columns(rows):
        put(line)
    for one in found:
        if one.why:
            put(f"  {one.schedule.name}: {one.why.said_in(options.language)}")
    if not found:
        put(_NONE.said_in(options.language))
    if serving:
        put(serving.said_in(options.language))


def _standing_row(one: Standing, settings: Settings, language: Language) -> tuple[str, ...]:
    coming = day_of(one.next, one.schedule, language) if one.next else "-"
    arrow = Sentence(en="next ", ja="次回 ").said_in(language)
    waits = waits_for(one.schedule, settings)
    last = waits.said_in(language) if waits else arrow + coming
    return (one.schedule.name, one.schedule.rule.text, one.state.said_in(language), last)


def waits_for(schedule: Schedule, settings: Settings) -> Sentence | None:
    """Where a schedule without times looks, or is called."""
    trigger = schedule.rule.trigger
    if trigger and trigger.kind == "webhook":
        if not settings.hooks.port:
            return _HOOKS_OFF
        return Sentence.same(f"POST http://127.0.0.1:{settings.hooks.port}/hooks/{trigger.what}")
    if schedule.mail:
        return Sentence(en=f"mailbox {schedule.mail.mailbox}", ja=f"メールボックス {schedule.mail.mailbox}")
    return None


def _standing_as_json(one: Standing, language: Language) -> dict[str, Any]:
    return {
        "name": one.schedule.name,
        "robot": one.schedule.robot,
        "when": one.schedule.rule.text,
        "zone": one.schedule.rule.zone.key,
        "state": one.key,
        "shown": one.state.said_in(language),
        "why": one.why.said_in(language) if one.why else "",
        "last": one.last.nominal if one.last else "",
        "run": one.last.run if one.last else "",
        "next": one.next.at.isoformat() if one.next else "",
    }


def _history(options: argparse.Namespace) -> None:
    with office_for(options) as office:
        rows = office.store.slots.newest(options.name, options.limit)
        if options.name and not rows:
            find_schedule(options.name, book_of(office.folder, office.settings))
    if options.json:
        put_json({"slots": [_slot_as_json(row, options.language) for row in rows]})
        return
    for line in columns([_slot_line(row, options.language) for row in rows]):
        put(line)
    if not rows:
        put(
            Sentence(en="nothing was due yet", ja="まだ予定の時刻になったものはありません").said_in(
                options.language
            )
        )


def _slot_line(row: SlotRow, language: Language) -> tuple[str, ...]:
    run = Sentence(en=f"run {row.run}", ja=f"実行 {row.run}").said_in(language) if row.run else ""
    why = row.why.said_in(language) if row.why else ""
    return (
        str(row.id),
        row.nominal.replace("T", " ")[:19],
        row.schedule,
        state_word(row).said_in(language),
        run,
        why,
    )


def _slot_as_json(row: SlotRow, language: Language) -> dict[str, Any]:
    return {
        "slot": row.id,
        "schedule": row.schedule,
        "nominal": row.nominal,
        "due": row.due_at.isoformat(),
        "state": row.state,
        "late": row.late,
        "why": row.why.said_in(language) if row.why else "",
        "robot": row.robot,
        "run": row.run,
        "resumed": row.resumed,
        "started": row.started_at.isoformat() if row.started_at else "",
        "ended": row.ended_at.isoformat() if row.ended_at else "",
    }


def _now() -> datetime:
    return datetime.now(UTC)


_HOOKS_OFF = Sentence(
    en="webhooks are off: set `hooks: {port: 8787}` in configs/bofbot.yaml",
    ja="Webhook は無効です：configs/bofbot.yaml に `hooks: {port: 8787}` と書いてください",
)
_NONE = Sentence(
    en="no schedules yet: bofbot schedule add NAME --robot … --when …",
    ja="予定はまだありません：bofbot schedule add 名前 --robot … --when … で追加できます",
)
