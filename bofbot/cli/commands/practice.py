"""`bofbot practice`: the practice portal on this machine, until Ctrl-C."""

from __future__ import annotations

import argparse

from bofbot.cli.command import CommandParser
from bofbot.cli.screen import open_in_browser, say
from bofbot.words import Sentence


def arguments(parser: CommandParser) -> None:
    parser.option(
        "--port",
        type=int,
        default=8080,
        metavar="N",
        help=Sentence(en="port on 127.0.0.1, usually 8080", ja="127.0.0.1 のポート（通常 8080）"),
    )
    parser.option(
        "--fault",
        action="append",
        default=[],
        metavar="NAME",
        help=Sentence(
            en="switch a trouble on, e.g. slow; may be repeated", ja="障害を起こす（例 slow）。繰り返し指定可"
        ),
    )
    parser.option(
        "--open", action="store_true", help=Sentence(en="show it in your browser", ja="ブラウザーで開く")
    )


def run(options: argparse.Namespace) -> int:
    from bofbot.practice.portal import Portal

    portal = Portal(options.port, options.fault)
    said = Sentence(
        en=f"the practice portal: {portal.url}   Ctrl-C ends it",
        ja=f"練習用サイト：{portal.url}   終了は Ctrl-C",
    )
    say(said, options.language)
    if options.open:
        open_in_browser(portal.url, options.language)
    portal.run()
    return 0
