"""`bofbot resolve`: a person's word about an item whose outcome no machine could prove."""

from __future__ import annotations

import argparse
import getpass
from typing import Literal

from bofbot.cli.command import CommandParser
from bofbot.cli.options import project_folder
from bofbot.cli.past import past_run
from bofbot.cli.screen import put
from bofbot.effects import Identity, LedgerItem, StaleLease
from bofbot.errors import UsageError
from bofbot.office import Office
from bofbot.values.text import nearest
from bofbot.words import Sentence

_DECISIONS: dict[str, tuple[Literal["done", "new", "dead"], Sentence, Sentence]] = {
    "done": (
        "done",
        Sentence(en="it was entered; no robot repeats it", ja="登録されていた（二度と登録しない）"),
        Sentence(
            en="{key}: done; no robot will enter it again",
            ja="{key}：登録済みにしました。ロボットは二度と登録しません",
        ),
    ),
    "retry": (
        "new",
        Sentence(
            en="it was not entered; the next run may try again",
            ja="登録されていない（次の実行でもう一度試す）",
        ),
        Sentence(en="{key}: the next run tries again", ja="{key}：次の実行でもう一度試します"),
    ),
    "cancel": (
        "dead",
        Sentence(en="it must never be entered by a robot", ja="ロボットでは登録しない"),
        Sentence(
            en="{key}: cancelled; no robot will enter it", ja="{key}：取り消しました。ロボットは登録しません"
        ),
    ),
}


def arguments(parser: CommandParser) -> None:
    parser.option(
        "run", metavar="RUN", help=Sentence(en="the run that left it behind", ja="その件を残した実行番号")
    )
    parser.option("key", metavar="KEY", help=Sentence(en="the item's key", ja="その件のキー"))
    decision = parser.add_mutually_exclusive_group(required=True)
    for name, (_, meaning, _) in _DECISIONS.items():
        decision.add_argument(
            f"--{name}",
            dest="decision",
            action="store_const",
            const=name,
            help=meaning.said_in(parser.language),
        )
    parser.option(
        "--why",
        required=True,
        metavar="…",
        help=Sentence(en="the reason, kept with the item", ja="理由（記録に残る）"),
    )
    parser.option(
        "--receipt",
        default="",
        metavar="…",
        help=Sentence(en="the receipt number, if there is one", ja="受付番号（あれば）"),
    )


def run(options: argparse.Namespace) -> int:
    state, _, said = _DECISIONS[options.decision]
    with Office.at(project_folder(), language=options.language) as office:
        office.store.ledger.sweep(office.clock())
        item = _item(office, options.run, options.key)
        _decide(office, item.identity, state, options)
    put(said.said_in(options.language).replace("{key}", item.identity.key))
    return 0


def _item(office: Office, run_word: str, key: str) -> LedgerItem:
    row = past_run(office, run_word)
    items = office.store.ledger.items_of_run(row.id)
    found = [item for item in items if item.identity.key == key]
    if len(found) == 1:
        return found[0]
    undecided = [item for item in found if item.state in ("uncertain", "waiting")]
    if len(undecided) == 1:
        return undecided[0]
    if not found:
        near = nearest(key, [item.identity.key for item in items])
        raise UsageError(
            Sentence(
                en=f"run {row.id} holds no item {key}", ja=f"実行 {row.id} にキー {key} の件はありません"
            ),
            fix=Sentence(en=f"did you mean {', '.join(near)}?", ja=f"もしかして：{'、'.join(near)}")
            if near
            else Sentence(en="`bofbot waiting` lists what waits", ja="`bofbot waiting` で一覧を表示できます"),
        )
    raise UsageError(
        Sentence(
            en=f"{key} stands for {len(found)} effects of this run; the robot has several submits",
            ja=f"{key} にはこの実行で {len(found)} 個の登録があります（ロボットに submit が複数あります）",
        )
    )


def _decide(
    office: Office, who: Identity, state: Literal["done", "new", "dead"], options: argparse.Namespace
) -> None:
    try:
        office.store.ledger.resolve(
            who, state, by=getpass.getuser(), why=options.why, at=office.clock(), receipt=options.receipt
        )
    except (ValueError, StaleLease) as wrong:
        raise UsageError(
            Sentence(
                en=f"nothing can be decided about {who.key} now: {wrong}",
                ja=f"{who.key} は今は決められません：{wrong}",
            )
        ) from wrong
