"""What an archive holds of one account at one site: the days that were asked for and accepted, and what came."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from bofbot.statements.archive import Archive
from bofbot.statements.archive_record import Key, Record
from bofbot.statements.checks import prove
from bofbot.statements.merge import merged
from bofbot.statements.model import Proof, Refused, Statement
from bofbot.statements.options import NO_OPTIONS, Options
from bofbot.statements.ranges import Days
from bofbot.statements.reading import read_bytes

_SOURCE = re.compile(r"(?P<origin>.*) · (?P<first>\d{4}-\d\d-\d\d)\.\.(?P<last>\d{4}-\d\d-\d\d)", re.S)
_SHORTEST_NUMBER = 4
"""Digits that tell an account from another one."""


@dataclass(frozen=True, slots=True)
class Received:
    """One download: the days it was asked for, its record in the archive, and the account's statements in it."""

    days: Days
    record: Record | None
    statements: tuple[Statement, ...]


def origin_of(site: str, account: str) -> str:
    """The name under which an account of a site is remembered: `bank.example · 普通 1234567`."""
    return f"{site} · {account}" if account else site


def keep(archive: Archive, data: bytes, name: str, origin: str, days: Days, options: Options) -> Record:
    """File a download with the days it answers. The same bytes for other days become a version of the first document."""
    source = f"{origin} · {days}"
    record, new = archive.add(
        data, name=Path(name).name, source=source, key=_key_of_nothing(data, origin, days, options), options=options
    )  # fmt: skip
    if not new and all(one.source != source for one in archive.show(record.document)):
        record, _ = archive.add(
            data, name=Path(name).name, source=source, replaces=record.document, options=options,
            key=_key_of_nothing(data, origin, days, options),
        )  # fmt: skip
    return record


def _key_of_nothing(data: bytes, origin: str, days: Days, options: Options) -> Key | None:
    """A quiet month is a file without entries: it is known by its last day."""
    return None if statements_in(data, "", options) else Key(days.last, None, origin)


def received(archive: Archive, origin: str, account: str, options: Options = NO_OPTIONS) -> list[Received]:
    """Every download of the account so far, in the order they came. Raises BusinessError when an original is damaged."""
    found = []
    for record in archive.index.with_source(f"{origin} · "):
        told = _SOURCE.fullmatch(record.source)
        if told is None or told["origin"] != origin or record.event != "added":
            continue
        days = Days(date.fromisoformat(told["first"]), date.fromisoformat(told["last"]))
        statements = statements_in(archive.content(record), record.name, options)
        found.append(Received(days, record, of_account(statements, account)))
    return found


def statements_in(data: bytes, name: str, options: Options) -> list[Statement]:
    """What a download holds; nothing when the bank says that there was nothing. Raises Refused."""
    try:
        return read_bytes(data, name=name, options=options)
    except Refused as refusal:
        if refusal.reason == "no-statement":
            return []
        raise


def of_account(statements: Sequence[Statement], account: str) -> tuple[Statement, ...]:
    """The statements of the account that was asked for; a file that names no account is believed."""
    return tuple(one for one in statements if same_account(one.account, account))


def same_account(stated: str, asked: str) -> bool:
    """`1234567` and `普通 1234567` are the same account; where one of them has no number nothing can be told."""
    one, other = (_number(text) for text in (stated, asked))
    if min(len(one), len(other)) < _SHORTEST_NUMBER:
        return not one or not other
    return one.endswith(other) or other.endswith(one)


def _number(text: str) -> str:
    return "".join(character for character in text.upper() if character.isascii() and character.isalnum())


def joined(downloads: Sequence[Received]) -> tuple[Statement, Proof] | None:
    """All downloads of an account as one statement, each entry once, and whether it still adds up."""
    statements = [replace(one, entries=one.entries) for download in downloads for one in download.statements]
    if not statements:
        return None
    entries = merged(statements)
    earliest = min(statements, key=lambda one: one.first_day or date.max)
    latest = max(statements, key=lambda one: one.last_day or date.min)
    days = [day for one in downloads for day in one.days]
    quiet = any(one.pending for one in statements)  # announced entries are in no balance, and may yet change
    whole = replace(
        latest, entries=tuple(entries), opening=earliest.opening, closing=None if quiet else latest.closing,
        first_day=min(days), last_day=max(days), controls=(), remarks=(), checks=(),
    )  # fmt: skip
    return whole, prove(whole)
