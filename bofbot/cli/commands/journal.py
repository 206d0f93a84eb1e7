"""`bofbot journal`: prove that nothing in the record of runs was changed since it was written."""

from __future__ import annotations

import argparse

from bofbot.cli.command import CommandParser
from bofbot.cli.offices import office_for
from bofbot.cli.options import json_option
from bofbot.cli.screen import columns, put, put_json
from bofbot.effects import Identity
from bofbot.errors import UsageError
from bofbot.sinks.columns import tame
from bofbot.store import AttemptRow, Head, Verdict
from bofbot.words import Language, Sentence


def arguments(parser: CommandParser) -> None:
    verify = parser.part(
        "verify",
        Sentence(en="look for changed, removed or swapped records", ja="変更・削除・入れ替えがないか調べる"),
    )
    verify.option(
        "--head",
        metavar="HEAD",
        help=Sentence(
            en="a head printed earlier and kept elsewhere: also finds an old copy put back",
            ja="以前に控えた末尾の値。古い記録への差し戻しも見つかる",
        ),
    )
    json_option(verify)
    parser.part(
        "head",
        Sentence(en="print the end of the chain, to keep elsewhere", ja="控えておくための末尾の値を表示する"),
    )
    decisions = parser.part(
        "decisions",
        Sentence(
            en="what people decided about items: who, when, why",
            ja="件についての担当者の判断（誰が・いつ・なぜ）",
        ),
    )
    json_option(decisions)


def run(options: argparse.Namespace) -> int:
    with office_for(options) as office:
        if options.part == "decisions":
            _show_decisions(office.store.ledger.decisions(), options)
            return 0
        if options.part == "head":
            put(str(office.store.journal.head()))
            return 0
        verdict = office.store.journal.verify(_exported(options.head))
    if options.json:
        put_json(
            {"ok": verdict.ok, "records": verdict.records, "wrong": verdict.wrong, "head": str(verdict.head)}
        )
    else:
        put(_in_words(verdict, options.language))
    return 0 if verdict.ok else 1


def _show_decisions(found: list[tuple[Identity, AttemptRow]], options: argparse.Namespace) -> None:
    told = [
        {
            "at": one.started_at.isoformat(timespec="seconds"),
            "by": one.owner,
            "robot": who.robot,
            "key": who.key,
            "state": one.state,
            "receipt": one.receipt,
            "why": one.why,
        }
        for who, one in found
    ]
    if options.json:
        put_json({"decisions": told})
    elif told:
        heads = [head.said_in(options.language) for head in _HEADS]
        rows = ({**one, "state": _decided(one["state"]).said_in(options.language)} for one in told)
        put("\n".join(columns([heads, *([tame(part) for part in one.values()] for one in rows)])))
    else:
        put(
            Sentence(en="no person has decided anything", ja="担当者の判断はまだありません").said_in(
                options.language
            )
        )


_HEADS = (
    Sentence(en="WHEN", ja="日時"),
    Sentence(en="WHO", ja="担当者"),
    Sentence(en="ROBOT", ja="ロボット"),
    Sentence(en="KEY", ja="キー"),
    Sentence(en="DECISION", ja="判断"),
    Sentence(en="RECEIPT", ja="受付番号"),
    Sentence(en="WHY", ja="理由"),
)


def _decided(state: str) -> Sentence:
    """What a person decided about an item, in the words of `bofbot resolve`."""
    said = {
        "done": Sentence(en="was entered", ja="登録済み"),
        "new": Sentence(en="may be tried again", ja="再試行可"),
        "dead": Sentence(en="cancelled", ja="取り消し"),
    }
    return said.get(state, Sentence.same(state))


def _exported(text: str | None) -> Head | None:
    try:
        return Head.read(text) if text else None
    except ValueError:
        raise UsageError(
            Sentence(en="this is no head of a journal", ja="記録の末尾の値として読めません"),
            fix=Sentence(
                en="paste what `bofbot journal head` printed",
                ja="`bofbot journal head` の出力をそのまま貼り付けてください",
            ),
        ) from None


def _in_words(verdict: Verdict, language: Language) -> str:
    if verdict.ok:
        said = Sentence(
            en=f"unaltered: {verdict.records} records", ja=f"改ざんはありません（{verdict.records} 件）"
        )
        return f"{said.said_in(language)}\n{verdict.head}"
    said = Sentence(
        en=f"ALTERED at record {verdict.wrong}: ", ja=f"{verdict.wrong} 件目で食い違いがあります："
    )
    return (said + (verdict.why or Sentence.same(""))).said_in(language)
