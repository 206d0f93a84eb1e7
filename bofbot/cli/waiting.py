"""`bofbot waiting`: what only a person can decide, and why."""

from __future__ import annotations

import argparse

from bofbot.cli.command import CommandParser
from bofbot.cli.options import json_option, project_folder
from bofbot.cli.screen import columns, put, put_json
from bofbot.effects import LedgerItem
from bofbot.office import Office
from bofbot.words import Language, Sentence


def arguments(parser: CommandParser) -> None:
    json_option(parser)


def run(options: argparse.Namespace) -> int:
    with Office.at(project_folder(), language=options.language) as office:
        office.store.ledger.sweep(office.clock())
        items = office.store.ledger.waiting()
    if options.json:
        put_json({"waiting": [_as_json(item) for item in items]})
    else:
        put("\n".join(_lines(items, options.language)))
    return 5 if items else 0


def _as_json(item: LedgerItem) -> dict[str, str]:
    who = item.identity
    sent = item.armed_at.isoformat() if item.armed_at else ""
    return {
        "run": item.run,
        "robot": who.robot,
        "step": who.step,
        "key": who.key,
        "state": item.state,
        "why": item.why,
        "sent": sent,
    }


def _lines(items: list[LedgerItem], language: Language) -> list[str]:
    if not items:
        return [
            Sentence(en="nothing waits for a person", ja="担当者の判断を待っている件はありません").said_in(
                language
            )
        ]
    heads = [head.said_in(language) for head in _HEADS]
    rows = [[item.run, item.identity.robot, item.identity.key, _sent(item), item.why] for item in items]
    return [*columns([heads, *rows]), "", *(line.said_in(language) for line in _WHAT_TO_DO)]


_HEADS = (
    Sentence(en="RUN", ja="実行"),
    Sentence(en="ROBOT", ja="ロボット"),
    Sentence(en="KEY", ja="キー"),
    Sentence(en="SENT", ja="送信"),
    Sentence(en="WHY", ja="理由"),
)
_WHAT_TO_DO = (
    Sentence(
        en="Look each one up in its system, then say what is true:",
        ja="相手のシステムで1件ずつ確かめてから、事実を登録してください：",
    ),
    Sentence(
        en='  bofbot resolve RUN KEY --done  --why "…"   it was entered',
        ja='  bofbot resolve 実行 キー --done  --why "…"   登録されていた',
    ),
    Sentence(
        en='  bofbot resolve RUN KEY --retry --why "…"   it was not; a robot may try again',
        ja='  bofbot resolve 実行 キー --retry --why "…"   登録されていない（ロボットがもう一度試す）',
    ),
    Sentence(
        en='  bofbot resolve RUN KEY --cancel --why "…"  it must not be entered',
        ja='  bofbot resolve 実行 キー --cancel --why "…"  登録しない',
    ),
)


def _sent(item: LedgerItem) -> str:
    return item.armed_at.astimezone().strftime("%Y-%m-%d %H:%M:%S") if item.armed_at else "-"
