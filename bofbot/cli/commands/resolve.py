"""`bofbot resolve`: a person's word about an item whose outcome no machine could prove."""

from __future__ import annotations

import argparse
from typing import Literal

from bofbot.cli.command import CommandParser
from bofbot.cli.commands.by_hand import is_robot, keys_of, marked_of
from bofbot.cli.options import project_folder
from bofbot.cli.past import past_run
from bofbot.cli.screen import put
from bofbot.effects import Identity, LedgerItem, StaleLease
from bofbot.errors import UsageError
from bofbot.office import Office
from bofbot.store.owner import this_person
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
        "run",
        metavar="RUN|ROBOT",
        help=Sentence(
            en="the run that left it behind; or the robot, for what was done by hand before any run",
            ja="その件を残した実行番号。実行前に手作業で済ませた件は、ロボット",
        ),
    )
    parser.option("key", metavar="KEY", nargs="*", help=Sentence(en="the item's key", ja="その件のキー"))
    parser.option(
        "--keys",
        metavar="FILE",
        default="",
        help=Sentence(
            en="a table (CSV, xlsx) with the keys in its first column, receipts in a column 受付番号 or receipt",
            ja="キーの表（CSV・xlsx）。1列目がキー、受付番号は「受付番号」か receipt の列",
        ),
    )
    parser.option(
        "--step",
        metavar="STEP",
        default="",
        help=Sentence(
            en="which submit, for a robot with several loops: `submit 2`",
            ja="ループが複数あるロボットで、どの登録か（例 `submit 2`）",
        ),
    )
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
    folder = project_folder(options.run)
    with Office.at(folder, language=options.language) as office:
        office.store.ledger.sweep(office.clock())
        found = marked_of(options, office) if is_robot(options.run, office) else _items(options, office)
        for identity, receipt in found:
            _decide(office, identity, state, options, receipt)
    for key in dict.fromkeys(identity.key for identity, _ in found):
        put(said.said_in(options.language).replace("{key}", key))
    return 0


def _items(options: argparse.Namespace, office: Office) -> list[tuple[Identity, str]]:
    """What a run left behind, by its keys."""
    keys = keys_of(options, office.folder)
    return [(_item(office, options.run, key).identity, receipt) for key, receipt in keys]


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
    office: Office,
    who: Identity,
    state: Literal["done", "new", "dead"],
    options: argparse.Namespace,
    receipt: str,
) -> None:
    known = office.store.ledger.find(who)
    if state == "done" and known is not None and known.state == "done" and is_robot(options.run, office):
        return  # a list may be given twice
    try:
        office.store.ledger.resolve(
            who,
            state,
            by=this_person(),
            why=options.why,
            at=office.clock(),
            receipt=receipt,
            unknown=is_robot(options.run, office),
        )
    except (ValueError, StaleLease) as wrong:
        raise UsageError(
            Sentence(
                en=f"nothing can be decided about {who.key} now: {wrong}",
                ja=f"{who.key} は今は決められません：{wrong}",
            )
        ) from wrong
