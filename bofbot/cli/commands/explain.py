"""`bofbot explain`: what an error code means, or what a verb does and how it is written."""

from __future__ import annotations

import argparse

from bofbot.cli.command import CommandParser
from bofbot.cli.screen import put
from bofbot.errors import UsageError
from bofbot.values.text import nearest
from bofbot.words import Sentence


def arguments(parser: CommandParser) -> None:
    parser.option(
        "what", metavar="CODE|VERB", help=Sentence(en="e.g. E110, or submit", ja="例：E110、submit")
    )


def run(options: argparse.Namespace) -> int:
    from bofbot.language.catalog import explain, nearest_codes

    told = explain(options.what, options.language)
    if told is not None:
        put(told.rstrip("\n"))
        return 0
    from bofbot.actions import VerbTable
    from bofbot.cli.reference import verb_lines
    from bofbot.language.schema import describe_verbs

    verbs = {verb.verb: verb for verb in describe_verbs(VerbTable())}
    if options.what in verbs:
        put(verb_lines(verbs[options.what], options.language))
        return 0
    near = nearest_codes(options.what) or nearest(options.what, verbs) or tuple(verbs)
    raise UsageError(
        Sentence(
            en=f'"{options.what}" is neither an error code nor a verb',
            ja=f"「{options.what}」はエラー番号でも動詞でもありません",
        ),
        fix=Sentence(en=f"try: {', '.join(near)}", ja=f"候補：{'、'.join(near)}"),
    )
