"""`bofbot queue`: ask for a run that some worker plays, see what waits, and take it back."""

from __future__ import annotations

import argparse
import secrets
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from bofbot.cli.command import CommandParser
from bofbot.cli.commands.worker import store_option
from bofbot.cli.offices import office_for
from bofbot.cli.options import (
    given_inputs,
    input_option,
    json_option,
    project_folder,
    robot_argument,
    robot_file,
)
from bofbot.cli.screen import columns, put, put_json
from bofbot.errors import UsageError
from bofbot.store.owner import this_person
from bofbot.words import Sentence

if TYPE_CHECKING:
    from pathlib import Path

    from bofbot.engine.order import Order
    from bofbot.engine.queue import Waiting
    from bofbot.settings import Settings


def arguments(parser: CommandParser) -> None:
    added = parser.part("add", Sentence(en="ask for a run", ja="実行を順番待ちに登録する"))
    robot_argument(added)
    input_option(added)
    added.option(
        "--priority",
        type=int,
        default=0,
        metavar="N",
        help=Sentence(en="1 goes before 2; usually before all", ja="小さいほど先（通常は最優先）"),
    )
    added.option(
        "--on",
        default="",
        metavar="HOST",
        help=Sentence(
            en="whose screen a desktop robot uses, usually this one's",
            ja="画面を使う端末の名前（通常はこの端末）",
        ),
    )
    added.option(
        "--as",
        dest="name",
        default="",
        metavar="NAME",
        help=Sentence(
            en="a name of its own: asked for twice, it plays once", ja="名前。同じ名前は一度しか実行されない"
        ),
    )
    added.option(
        "--spread",
        type=int,
        default=0,
        metavar="N",
        help=Sentence(
            en="over how many workers its items go, usually as the robot says",
            ja="各件を分担するワーカーの数（通常はロボットの指定どおり）",
        ),
    )
    listed = parser.part("list", Sentence(en="what waits and what plays", ja="順番待ちと実行中を一覧する"))
    json_option(listed)
    gone = parser.part("cancel", Sentence(en="take back what waits", ja="順番待ちから取り消す"))
    gone.option("name", metavar="NAME", help=Sentence(en="its name", ja="名前"))
    for part in (added, listed, gone):
        store_option(part)


def run(options: argparse.Namespace) -> int:
    from bofbot.engine.queue import Queues

    folder = project_folder()
    with office_for(options, folder) as office:
        order = None
        if options.part == "add":
            order = _order(options, folder, office.settings)
        queues = Queues(office.store)
        try:
            if order is not None:
                name = options.name or f"{datetime.now():%m%d-%H%M%S}-{secrets.token_hex(2)}"  # noqa: DTZ005 (a name)
                new = queues.put(name, order, priority=options.priority)
                put(
                    name
                    if new
                    else Sentence(en=f"{name} was asked for before", ja=f"{name} は登録済みです").said_in(
                        options.language
                    )
                )
            elif options.part == "cancel":
                _cancel(queues.cancel(options.name), options.name)
            else:
                _list(queues.open(), options)
        finally:
            queues.close()
    return 0


def _order(options: argparse.Namespace, folder: Path, settings: Settings) -> Order:
    from bofbot.engine.order import order_for
    from bofbot.engine.sharing import spread_of

    file, inputs = robot_file(options.robot, folder), given_inputs(options.input)
    order = order_for(file, inputs, on=options.on, spread=options.spread)
    if options.spread > 1 and spread_of(order, order.robot(), settings)[1] < options.spread:
        raise UsageError(
            Sentence(
                en=f"the items of this robot cannot be spread over {options.spread} workers",
                ja=f"このロボットの各件は {options.spread} 個のワーカーに分担できません",
            ),
            fix=Sentence(
                en="it needs a loop with a `key` and without `ask`, and an account that bears so many sessions: `accounts: {NAME: {sessions: 3}}`",
                ja="`key` があり `ask` のないループと、その数のセッションを使えるアカウント（`accounts: {名前: {sessions: 3}}`）が必要です",
            ),
        )
    return replace(order, by=this_person())


def _cancel(done: bool, name: str) -> None:
    if not done:
        raise UsageError(
            Sentence(en=f"{name} does not wait in a queue", ja=f"{name} は順番待ちにありません"),
            fix=Sentence(
                en="`bofbot queue list` shows what does", ja="`bofbot queue list` で確認してください"
            ),
        )


def _list(found: list[Waiting], options: argparse.Namespace) -> None:
    if options.json:
        put_json(
            [
                {
                    "name": one.id,
                    "state": one.state,
                    "robot": one.file,
                    "queue": one.queue,
                    "account": one.account,
                    "worker": one.process if one.state == "playing" else "",
                }
                for one in found
            ]
        )
        return
    states = {"queued": Sentence(en="queued", ja="順番待ち"), "playing": Sentence(en="playing", ja="実行中")}
    for line in columns([
        (one.id, states[one.state].said_in(options.language), one.file, one.queue, one.account.replace("-", ""), one.process if one.state == "playing" else "")
        for one in found
    ]):  # fmt: skip
        put(line)
