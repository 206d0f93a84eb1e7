"""configs/schedules.yaml → schedules, read as strictly as robots are: every fault with its place."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, time, timedelta
from functools import lru_cache
from pathlib import Path, PurePath
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ValidationError

from bofbot.errors import InvalidRobot, Place
from bofbot.files import why_refused
from bofbot.language.findings import Findings, Source, did_you_mean
from bofbot.language.misfits import node_at
from bofbot.language.page import Page
from bofbot.language.yaml_text import Mapping, Node, Scalar, Unreadable, locate, read_tree
from bofbot.schedule.bad_sentence import CODE, BadSentence
from bofbot.schedule.calendars import Calendar, named_calendar
from bofbot.schedule.entry import Pause, ScheduleText
from bofbot.schedule.entry import Schedule as Schedule
from bofbot.schedule.letters import MailText, read_rule
from bofbot.schedule.sentences import read_sentence
from bofbot.schedule.triggers import Trigger, check_keys, check_known, check_no_ring
from bofbot.values.bad_value import BadValue
from bofbot.values.business_days import read_company_holidays
from bofbot.values.dates import read_date
from bofbot.values.misfits import reason_of
from bofbot.values.text import nfkc
from bofbot.values.units import read_duration
from bofbot.words import Sentence

FILE = Path("configs") / "schedules.yaml"
LIST = "schedules"

_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")


def read_book(
    folder: Path, zone: str = "Asia/Tokyo", company_days: Path | None = None
) -> tuple[Schedule, ...]:
    """All schedules of a project; none without a file. `zone` is for those that name none. Raises InvalidRobot."""
    file = folder / FILE
    if not file.exists():
        return ()
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        shown, findings = FILE.as_posix(), Findings()
        message = Sentence(en=f"{shown} cannot be read: {error}", ja=f"{shown} を読めません（{error}）")
        findings.add(Source(shown, ""), "E101", message, Place(shown, 1, 1))
        raise InvalidRobot(findings.sorted()) from error
    return parse_book(text, folder, zone, company_days)


def parse_book(
    text: str, folder: Path, zone: str = "Asia/Tokyo", company_days: Path | None = None
) -> tuple[Schedule, ...]:
    """The schedules in the text of such a file. Raises InvalidRobot."""
    findings = Findings()
    found = _Reader(Page(Source(FILE.as_posix(), text), findings), folder, zone, company_days).read()
    if findings.errors:
        raise InvalidRobot(findings.sorted())
    return found


def read_zone(name: str) -> ZoneInfo:
    """A time zone by its IANA name. Raises BadValue that offers the nearest."""
    if name not in _zones():
        near = did_you_mean(name, sorted(_zones())) or Sentence(
            en="e.g. Asia/Tokyo, Europe/Berlin", ja="例：Asia/Tokyo、Europe/Berlin"
        )
        raise BadValue(Sentence(en=f'there is no time zone "{name}": {near.en}', ja=f"「{name}」というタイムゾーンはありません。{near.ja}"))  # fmt: skip
    return ZoneInfo(name)


def read_deadline(text: str) -> timedelta | time | None:
    """`2h` or `12:00`; None when nothing is written. Raises BadValue."""
    plain = nfkc(text).strip()
    if not plain:
        return None
    clock = _CLOCK.fullmatch(plain)
    if clock and int(clock[1]) < 24 and int(clock[2]) < 60:
        return time(int(clock[1]), int(clock[2]))
    try:
        return timedelta(seconds=read_duration(plain))
    except (BadValue, OverflowError):
        raise BadValue(
            Sentence(en=f'"{text}" is no deadline: write 2h or 12:00', ja=f"「{text}」は期限として読めません。2h か 12:00 のように書きます")
        ) from None  # fmt: skip


def read_calendar(written: str | tuple[str, ...], folder: Path, company_days: Path | None) -> Calendar:
    """The calendar of one or several names; a name that ends with .csv is a file of days off. Raises BadValue."""
    names = (
        tuple(part for part in re.split(r"[,+、＋]\s*", written) if part)
        if isinstance(written, str)
        else written
    )
    own: frozenset[date] = frozenset()
    kept = []
    for name in names:
        if nfkc(name).casefold().endswith(".csv"):
            own |= _days_in(folder / name)
            kept.append("company")
        else:
            kept.append(name.strip())
    if company_days is not None and any(
        nfkc(name).casefold() in ("company", "会社", "自社") for name in names
    ):
        own |= _days_in(folder / company_days)
    return named_calendar(tuple(dict.fromkeys(kept)), own)


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _days_in(path: Path) -> frozenset[date]:
    try:
        return read_company_holidays(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeError) as error:
        why = why_refused(error)
        raise BadValue(
            Sentence(en=f"{path.name} cannot be read: {why.en}", ja=f"{path.name} を読めません（{why.ja}）")
        ) from error


class _Reader:
    """One file while it is read."""

    def __init__(self, page: Page, folder: Path, zone: str, company_days: Path | None) -> None:
        self._page, self._folder, self._zone, self._company_days = page, folder, zone, company_days
        self._names: dict[str, Scalar] = {}
        self._starts: dict[str, list[tuple[str, str]]] = {}

    def read(self) -> tuple[Schedule, ...]:
        try:
            tree = read_tree(self._page.source, self._page.findings)
        except Unreadable:
            return ()
        if tree is None:
            return ()
        top = self._page.mapping(tree, Sentence(en=FILE.as_posix(), ja=FILE.as_posix()))
        if top is None:
            return ()
        for key, node in top.keys.items():
            if key != LIST:
                self._page.unknown_key(
                    node, (LIST,), "E120", Sentence(en=f"in {FILE.as_posix()}", ja=FILE.as_posix())
                )
        listed = top.values.get(LIST)
        if listed is None or (isinstance(listed, Scalar) and listed.text is None):
            return ()
        items = self._page.sequence(listed, Sentence(en="`schedules:`", ja="`schedules:` "))
        found = [self._entry(item) for item in items.items] if items else []
        return tuple(schedule for schedule in found if schedule)

    def _entry(self, node: Node) -> Schedule | None:
        entry = self._page.mapping(node, Sentence(en="a schedule", ja="予定"))
        if entry is None:
            return None
        try:
            text = ScheduleText.model_validate(_plain(entry))
        except ValidationError as error:
            self._tell(entry, error)
            return None
        if text.name in self._names:
            message = Sentence(
                en=f'there are two schedules "{text.name}"', ja=f"「{text.name}」という予定が二つあります"
            )
            self._page.fault(CODE, message, entry.values["name"])
        self._names[text.name] = entry.keys["name"]
        return self._schedule(text, entry)

    def _schedule(self, text: ScheduleText, entry: Mapping) -> Schedule | None:
        zone = self._part(entry, "zone", lambda: read_zone(text.zone or self._zone))
        calendar = self._part(
            entry, "calendar", lambda: read_calendar(text.calendar, self._folder, self._company_days)
        )
        until = self._part(
            entry, "paused", lambda: read_date(text.paused.until) if text.paused and text.paused.until else ""
        )
        deadline = self._part(entry, "deadline", lambda: read_deadline(text.deadline) or "")
        mail = self._part(entry, "mail", lambda: read_rule(text.mail) if text.mail else "")
        if None in (zone, calendar, until, deadline, mail):
            return None
        try:
            rule = read_sentence(text.when, zone, calendar)
            check_keys(rule.trigger, mail=text.mail is not None, secret=bool(text.secret))
            if rule.trigger:
                check_known(rule.trigger, self._folder, text.robot)
                self._check_ring(rule.trigger, text)
        except BadSentence as bad:
            self._tell_sentence(entry.values["when"], bad)
            return None
        return Schedule(
            name=text.name,
            robot=text.robot,
            rule=rule,
            inputs=text.inputs,
            catch_up=text.catch_up,
            overlap=text.overlap,
            deadline=deadline or None,
            pause_why=text.paused.why if text.paused else "",
            pause_until=until or None,
            owner=text.owner,
            mail=mail or None,
            secret=text.secret,
        )

    def _check_ring(self, trigger: Trigger, text: ScheduleText) -> None:
        if trigger.kind == "after":
            self._starts.setdefault(trigger.what, []).append((text.name, PurePath(text.robot).stem))
            if check_no_ring(self._starts):
                reason = Sentence(
                    en="these robots would start one another for ever",
                    ja="ロボットが互いを開始し続け、終わりません",
                )
                raise BadSentence(trigger.offset, len(trigger.what), reason)

    def _part(self, entry: Mapping, key: str, read: Callable[[], Any]) -> Any:
        """What a key holds; None after a finding."""
        try:
            return read()
        except BadValue as bad:
            self._page.fault(CODE, bad.reason, entry.values.get(key, entry))
            return None

    def _tell_sentence(self, node: Node, bad: BadSentence) -> None:
        page = self._page
        place, length = page.place(node), bad.length
        if isinstance(node, Scalar):
            length = min(length, max(len(node.text or "") - bad.offset, 1))
            place, length = locate(page.source, node, bad.offset, length)
        page.findings.add(page.source, CODE, bad.reason, place, length, fix=bad.fix)

    def _tell(self, entry: Mapping, error: ValidationError) -> None:
        for one in error.errors(include_url=False):
            loc, node = tuple(str(part) for part in one["loc"]), node_at(entry, one["loc"])
            key = loc[-1] if loc else ""
            inner = node_at(entry, one["loc"][:-1])
            if one["type"] == "missing":
                message = Sentence(en=f"a schedule needs `{key}:`", ja=f"予定には `{key}:` が必要です")
                self._page.fault("E121", message, next(iter(entry.keys.values()), entry))
            elif one["type"] == "extra_forbidden" and isinstance(inner, Mapping):
                known = _keys_of(_PARTS.get(loc[0], ScheduleText) if len(loc) > 1 else ScheduleText)
                self._page.unknown_key(
                    inner.keys[key], known, "E120", Sentence(en="in a schedule", ja="予定")
                )
            else:
                reason = reason_of(dict(one))
                message = Sentence(
                    en=f"`{loc[0]}` does not fit: {reason.en}", ja=f"`{loc[0]}` の値が合いません。{reason.ja}"
                )
                self._page.fault(CODE, message, node)


_PARTS: dict[str, type[BaseModel]] = {"paused": Pause, "mail": MailText}


def _keys_of(part: type[BaseModel]) -> list[str]:
    return [one.alias or name for name, one in part.model_fields.items()]


def _plain(node: Node) -> Any:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Mapping):
        return {key: _plain(value) for key, value in node.items()}
    return [_plain(item) for item in node.items]
