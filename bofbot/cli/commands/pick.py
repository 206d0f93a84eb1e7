"""`bofbot pick`: what a label resolves to on a page, what comes second, and why."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Callable
from pathlib import Path

from bofbot.cli.command import CommandParser
from bofbot.cli.offices import settings_of
from bofbot.cli.options import json_option, project_folder
from bofbot.cli.screen import put, put_json
from bofbot.words import Language, Sentence


def arguments(parser: CommandParser) -> None:
    parser.option("url", metavar="URL", help=Sentence(en="the page", ja="ページの URL"))
    parser.option(
        "label",
        metavar="LABEL",
        help=Sentence(en="a label, or `section > label`", ja="項目名、または `見出し > 項目名`"),
    )
    parser.option(
        "--button",
        action="store_true",
        help=Sentence(en="look for a button or link instead of a field", ja="欄ではなくボタンやリンクを探す"),
    )
    parser.option(
        "--picture",
        type=Path,
        metavar="FILE",
        help=Sentence(en="a PNG of the page with the control framed", ja="該当箇所を枠で示した画像（PNG）"),
    )
    parser.option(
        "--headed",
        action="store_true",
        help=Sentence(
            en="show the browser, so that you can log in first; Enter goes on",
            ja="ブラウザーを表示する（先にログインできる。Enter で続行）",
        ),
    )
    json_option(parser)


def run(options: argparse.Namespace) -> int:
    from bofbot.recorder.picking import Pick, pick

    settings = settings_of(project_folder()).browser
    wait = _wait_for_enter(options.language) if options.headed else None
    found: Pick = asyncio.run(
        pick(
            options.url,
            options.label,
            settings,
            button=options.button,
            picture=options.picture,
            headed=options.headed,
            ready=wait,
        )
    )
    if options.json:
        put_json(found.as_json(options.language))
    else:
        put("\n".join(found.lines(options.language)))
    return 0 if found.outcome == "found" else 1


def _wait_for_enter(language: Language) -> Callable[[], object]:
    said = Sentence(
        en="go to the page, then press Enter here ", ja="対象のページを開き、ここで Enter を押してください "
    )
    return lambda: input(said.said_in(language))
