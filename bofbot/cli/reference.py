"""The reference pages of verbs and commands, made from the code itself: `python -m bofbot.cli.reference FOLDER`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bofbot.actions import VERBS, VerbTable
from bofbot.cli.command import CommandParser, prepared
from bofbot.cli.table import COMMANDS, GROUPS
from bofbot.files import atomic_write
from bofbot.language.schema import OptionDoc, VerbDoc, describe_verbs
from bofbot.language.shape import STEP_KEYS
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
    lines = [
        Sentence(en="# Verbs", ja="# 動詞").said_in(language),
        _NOTICE,
        "",
        _ABOUT_VERBS.said_in(language),
        "",
    ]
    colon = Sentence(en=": ", ja="：").said_in(language)
    lines += [f"- `{key}`{colon}{meaning.said_in(language)}" for key, meaning in STEP_KEYS.items()]
    for verb in describe_verbs(VerbTable()):
        if verb.verb in VERBS:
            lines += ["", f"## {verb.verb}", verb_lines(verb, language)]
    return "\n".join(lines) + "\n"


def verb_lines(verb: VerbDoc, language: Language) -> str:
    """What a verb does, and each of its keys."""
    told = [option for option in verb.options if option.meaning.en]
    lines = [verb.meaning.said_in(language), "", *(_option_line(option, language) for option in told)]
    return "\n".join(lines + [f"- {remark.said_in(language)}" for remark in _remarks(verb)])


def _option_line(option: OptionDoc, language: Language) -> str:
    needed = Sentence(en=", required", ja="・必須") if option.required else Sentence.same("")
    usual = Sentence.same("")
    if option.default not in (None, "", (), {}, False, 0):
        shown = str(option.default).lower() if option.default is True else str(option.default)
        usual = Sentence(en=f" Usually `{shown}`.", ja=f"既定値 `{shown}`。")
    head = Sentence(en=f" ({option.kind.en}{needed.en}): ", ja=f"（{option.kind.ja}{needed.ja}）：")
    return f"- `{option.key}`" + (head + option.meaning + usual).said_in(language)


def _remarks(verb: VerbDoc) -> list[Sentence]:
    remarks = []
    if verb.saves:
        remarks.append(
            Sentence(en=f"`save_as` names {verb.saves}.", ja="`save_as` で結果に名前を付けられる。")
        )
    if not verb.repeatable:
        remarks.append(Sentence(en="Never tried again by itself.", ja="自動では再試行しない。"))
    if not verb.rehearsed:
        remarks.append(Sentence(en="Left out of a dry run.", ja="予行（--dry-run）では実行しない。"))
    secret = ", ".join(f"`{option.key}`" for option in verb.options if option.takes_secrets)
    if secret:
        remarks.append(Sentence(en=f"May be given a secret: {secret}.", ja=f"秘密情報を渡せる：{secret}。"))
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


_ABOUT_VERBS = Sentence(
    en="One step has one verb; its other keys are options of that verb. Any value may be computed: `${…}`. Every step may also have:",
    ja="1つの手順に動詞は1つで、ほかのキーはその動詞の設定です。どの値にも `${…}` を使えます。どの手順にも書けるキー：",
)
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
