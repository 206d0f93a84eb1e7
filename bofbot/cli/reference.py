"""The reference pages of verbs and commands, made from the code itself: `python -m bofbot.cli.reference FOLDER`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from bofbot.action import Action, Verb
from bofbot.actions import VERBS, VerbTable
from bofbot.cli.command import CommandParser, prepared
from bofbot.cli.table import COMMANDS, GROUPS
from bofbot.files import atomic_write
from bofbot.words import Language, Sentence

LANGUAGES: tuple[tuple[Language, str], ...] = (("en", ""), ("ja", ".ja"))

_NOTICE = "<!-- Made by `make reference`; a test fails when it is stale. -->"


def pages() -> dict[str, str]:
    """Every reference page: file name → text. Built-in verbs only, so that it is the same on every machine."""
    made = {}
    for language, ending in LANGUAGES:
        made[f"verbs{ending}.md"] = verbs_page(language)
        made[f"commands{ending}.md"] = commands_page(language)
    return made


def verbs_page(language: Language) -> str:
    """All built-in verbs, in the order of the table of verbs."""
    verbs = VerbTable()
    title = Sentence(en="# Verbs", ja="# 動詞")
    head = Sentence(
        en="One step has one verb; its other keys are options. Every step may also have `name` `if` `timeout` `retry` `on_error` "
        "`optional` `save_as` `note`.",
        ja="1つの手順に動詞は1つで、ほかのキーはその設定です。どの手順にも `name` `if` `timeout` `retry` `on_error` `optional` "
        "`save_as` `note` を書けます。",
    )
    parts = [title.said_in(language), _NOTICE, "", head.said_in(language)]
    return "\n".join([*parts, *(f"\n## {name}\n{verb_page(name, verbs, language)}" for name in VERBS)]) + "\n"


def verb_page(name: str, verbs: VerbTable, language: Language) -> str:
    """What a verb does, and each of its keys. Raises KeyError for an unknown verb."""
    verb = verbs.get(name)
    if verb is None:
        raise KeyError(name)
    lines = [_half(verb.__doc__, language), ""]
    for field, info in verb.model_fields.items():
        if info.exclude:
            continue  # filled in by the loader, not by the author
        key = info.alias or field
        needed = Sentence(en=" (required)", ja="（必須）").said_in(language) if info.is_required() else ""
        usual = (
            _usual(info.get_default(call_default_factory=True), language) if not info.is_required() else ""
        )
        lines.append(
            f"- `{key}`{needed}{Sentence(en=': ', ja='：').said_in(language)}{_half(info.description, language)}{usual}"
        )
    lines += [f"- {remark.said_in(language)}" for remark in _remarks(verb)]
    return "\n".join(lines)


def _half(text: str | None, language: Language) -> str:
    """The English or the Japanese part of a docstring: English stands first, Japanese second, one line each."""
    lines = [line.strip() for line in (text or "").strip().splitlines() if line.strip()]
    if len(lines) < 2:
        return lines[0] if lines else ""
    japanese = next(
        (i for i, line in enumerate(lines) if any("ぁ" <= c <= "ヿ" or "一" <= c <= "鿿" for c in line[:12])),
        1,
    )
    return " ".join(lines[japanese:] if language == "ja" else lines[: max(japanese, 1)])


def _usual(value: Any, language: Language) -> str:
    if value in (None, "", (), {}, False, 0):
        return ""
    shown = str(value).lower() if isinstance(value, bool) else str(value)
    return Sentence(en=f" Usually `{shown}`.", ja=f"既定値 `{shown}`。").said_in(language)


def _remarks(verb: type[Verb]) -> list[Sentence]:
    remarks = []
    if verb.saves:
        remarks.append(
            Sentence(en=f"`save_as` names {verb.saves}.", ja="`save_as` で結果に名前を付けられる。")
        )
    if issubclass(verb, Action):
        if verb.effect:
            remarks.append(
                Sentence(
                    en="Changes somebody else's books: never tried again by itself.",
                    ja="相手の記録を変えるため、自動では再試行しない。",
                )
            )
        elif not verb.repeatable:
            remarks.append(Sentence(en="Never tried again by itself.", ja="自動では再試行しない。"))
        if not verb.rehearsed:
            remarks.append(Sentence(en="Left out of a dry run.", ja="予行（--dry-run）では実行しない。"))
    return remarks


def commands_page(language: Language) -> str:
    """All commands with their options, in the order of the help."""
    lines = [Sentence(en="# Commands", ja="# コマンド").said_in(language), _NOTICE, ""]
    lines.append(_ABOUT_COMMANDS.said_in(language))
    tongue = 1 if language == "ja" else 0
    for heading, names in GROUPS:
        lines += ["", f"## {heading[tongue]}"]
        for name in names:
            _, parser = prepared(name, language)
            lines += ["", f"### bofbot {name}", COMMANDS[name][1][tongue], *_options(parser)]
    return "\n".join(lines) + "\n"


def _options(parser: CommandParser) -> list[str]:
    lines = []
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, part in action.choices.items():
                lines += ["", f"`bofbot {parser.command} {name}`: {part.description}", *_options(part)]
        elif action.dest not in ("help", "lang"):
            names = ", ".join(action.option_strings) or str(action.metavar)
            value = (
                f" {action.metavar}" if action.option_strings and action.nargs != 0 and action.metavar else ""
            )
            lines.append(f"- `{names}{value}`: {(action.help or '').replace('%%', '%')}")
    return lines


_ABOUT_COMMANDS = Sentence(
    en="stdout is the result, stderr the progress. Every command takes `--lang ja|en` and `--help`.\n\n"
    "Exit codes: 0 done · 1 failed · 2 the command line is wrong · 3 a robot is not valid · 4 finished, some items failed · "
    "5 waiting for a person · 6 the environment is not ready · 130 interrupted.",
    ja="標準出力は結果、標準エラー出力は経過です。どのコマンドにも `--lang ja|en` と `--help` を付けられます。\n\n"
    "終了コード：0 成功 ・ 1 失敗 ・ 2 指定の誤り ・ 3 ロボットの定義に誤り ・ 4 一部の件が失敗 ・ 5 担当者待ち ・ 6 環境の不足 ・ 130 中断",
)


if __name__ == "__main__":
    for file, text in pages().items():
        atomic_write(Path(sys.argv[1]) / file, text)
