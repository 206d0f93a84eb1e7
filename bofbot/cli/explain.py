"""`bofbot explain`: what an error code means, or what a verb does and how it is written."""

from __future__ import annotations

import argparse

from bofbot.cli.command import CommandParser
from bofbot.cli.screen import put
from bofbot.errors import UsageError
from bofbot.words import Sentence


def arguments(parser: CommandParser) -> None:
    parser.option(
        "what", metavar="CODE|VERB", help=Sentence(en="e.g. E110, or submit", ja="例：E110、submit")
    )


def run(options: argparse.Namespace) -> int:
    from bofbot.actions import VerbTable
    from bofbot.language.catalog import explain

    told = explain(options.what.upper())
    if told is not None:
        put(told.said_in(options.language))
        return 0
    verbs = VerbTable()
    if verbs.get(options.what) is not None:
        from bofbot.cli.reference import verb_page

        put(verb_page(options.what, verbs, options.language))
        return 0
    raise UsageError(
        Sentence(
            en=f'"{options.what}" is neither an error code nor a verb',
            ja=f"「{options.what}」はエラー番号でも動詞でもありません",
        ),
        fix=Sentence(en=f"verbs: {', '.join(verbs.names())}", ja=f"動詞：{', '.join(verbs.names())}"),
    )
