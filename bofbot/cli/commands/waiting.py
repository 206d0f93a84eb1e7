"""`bofbot waiting`: everything that waits for a person, the oldest first, and what to type."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import Any

from bofbot.cli.command import CommandParser
from bofbot.cli.offices import office_for
from bofbot.cli.options import json_option
from bofbot.cli.screen import put, put_json
from bofbot.sinks.columns import tame
from bofbot.waiting import Waiting, what_waits
from bofbot.words import Language, Sentence

MORE = Sentence(
    en="Ends with 0 when nothing waits, 5 when something does.",
    ja="待っているものがなければ 0、あれば 5 で終わります。",
)


def arguments(parser: CommandParser) -> None:
    json_option(parser)


def run(options: argparse.Namespace) -> int:
    with office_for(options) as office:
        now = office.clock()
        office.store.ledger.sweep(now)
        office.store.questions.expire(now)
        found = what_waits(office.store)
        if options.json:
            put_json({"waiting": [_as_json(one, office.language) for one in found]})
        else:
            put("\n".join(_lines(found, now, office.language)))
    return 5 if found else 0


def _as_json(one: Waiting, language: Language) -> dict[str, Any]:
    told: dict[str, Any] = {
        "what": one.what, "run": one.run, "robot": one.robot, "key": one.key, "said": one.said.said_in(language), "to": one.to,
        "since": one.since.isoformat(), "until": one.until.isoformat() if one.until else "", "type": one.type,
    }  # fmt: skip
    if one.question:
        row = one.question
        told |= {
            "question": row.id,
            "kind": row.kind,
            "choices": row.choices,
            "step": row.step,
            "told": row.told,
        }
    if one.item:
        sent = one.item.armed_at.isoformat() if one.item.armed_at else ""
        told |= {"step": one.item.identity.step, "state": one.item.state, "why": one.item.why, "sent": sent}
    return told


def _lines(found: list[Waiting], now: datetime, language: Language) -> list[str]:
    if not found:
        return [
            Sentence(en="nothing waits for a person", ja="担当者を待っているものはありません").said_in(
                language
            )
        ]
    lines: list[str] = []
    for one in found:
        lines += [
            _head(one, now, language),
            f"    {tame(one.said.said_in(language))}",
            f"    → {tame(one.type)}",
        ]
    if any(one.what == "item" for one in found):
        lines += ["", _LOOK_FIRST.said_in(language)]
    return lines


def _head(one: Waiting, now: datetime, language: Language) -> str:
    """`11-22 10:03 (2 h)  経理課長  run 1044 支払 K-001  until 11-24 10:03`"""
    what = _WHAT[one.what].said_in(language)
    run = Sentence(en=f"run {one.run}", ja=f"実行 {one.run}").said_in(language) if one.run else ""
    who = Sentence(en=f"for {one.to}", ja=f"{one.to}へ").said_in(language) if one.to else ""
    until = ""
    if one.until:
        at = f"{one.until.astimezone():%m-%d %H:%M}"
        late = Sentence(en=" (over)", ja="（期限切れ）") if one.until <= now else Sentence.same("")
        until = (Sentence(en=f"until {at}", ja=f"期限 {at}") + late).said_in(language)
    since = f"{one.since.astimezone():%m-%d %H:%M}"
    return tame("  ".join(part for part in (since, what, run, one.robot, one.key, who, until) if part))


_WHAT = {
    "question": Sentence(en="question", ja="質問"),
    "approval": Sentence(en="approval", ja="承認"),
    "item": Sentence(en="in doubt", ja="結果不明"),
    "run": Sentence(en="stopped", ja="停止中"),
    "answered": Sentence(en="answered", ja="回答済み"),
}
_LOOK_FIRST = Sentence(
    en="Look up what is in doubt in its own system, then say what is true: --done (it was entered), --retry (it was not), --cancel (it must not be).",
    ja="結果不明の件は、相手のシステムで確かめてから事実を登録してください：--done（登録されていた）、--retry（登録されていない）、--cancel（登録しない）。",
)
