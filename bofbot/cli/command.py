"""One command: its parser, which speaks both languages, and the call of its module.

A command is a module `bofbot/cli/commands/<command>.py` with `arguments(parser)` and `run(options) -> int`, imported only when called."""

from __future__ import annotations

import argparse
import difflib
from importlib import import_module
from typing import Any, NoReturn, cast

from bofbot.cli.table import COMMANDS
from bofbot.errors import UsageError
from bofbot.words import Language, Sentence


class CommandParser(argparse.ArgumentParser):
    """argparse with help in two languages; a wrong command line is a UsageError, not an exit."""

    def __init__(self, command: str, language: Language = "en", **how: Any) -> None:
        self.command = command
        self.language = language
        self._parts: Any = None
        how.setdefault("prog", f"bofbot {command}")
        super().__init__(allow_abbrev=False, add_help=False, formatter_class=_Formatter, **how)
        for group, title in ((self._positionals, _WHAT), (self._optionals, _OPTIONS)):
            group.title = title.said_in(language)
        self.option(
            "-h", "--help", action="help", help=Sentence(en="show this help", ja="この説明を表示する")
        )

    def option(self, *names: str, help: Sentence, **how: Any) -> argparse.Action:
        """An option or an argument; `help` in both languages, the rest as `add_argument` takes it."""
        return self.add_argument(*names, help=help.said_in(self.language).replace("%", "%%"), **how)

    def part(self, name: str, help: Sentence) -> CommandParser:
        """A word after the command, e.g. the `set` of `bofbot secret set`; `options.part` holds it."""
        if self._parts is None:
            self._parts = self.add_subparsers(
                dest="part",
                required=True,
                title=_WHAT.said_in(self.language),
                metavar=Sentence(en="WHAT", ja="対象").said_in(self.language),
                prog=self.prog,
                parser_class=cast(type[CommandParser], self._part_parser),
            )
        text = help.said_in(self.language)
        part: CommandParser = self._parts.add_parser(name, help=text, description=text)
        return part

    def _part_parser(self, **how: Any) -> CommandParser:
        return CommandParser(how["prog"].removeprefix("bofbot "), self.language, **how)

    def format_help(self) -> str:
        text = super().format_help()
        return text.replace("usage: ", "使い方: ", 1) if self.language == "ja" else text

    def error(self, message: str) -> NoReturn:
        raise UsageError(
            _in_japanese(message),
            fix=Sentence(en=f"see {self.prog} --help", ja=f"{self.prog} --help で使い方を確認してください"),
        )


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Leaves line ends in descriptions alone and lets options start at one column."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=30, width=100)


_WHAT = Sentence(en="what to work on", ja="対象")
_OPTIONS = Sentence(en="options", ja="オプション")
_SAID = (
    ("the following arguments are required: ", "指定が足りません: "),
    ("unrecognized arguments: ", "わからない指定があります: "),
    ("argument ", "指定 "),
    ("expected one argument", "値が1つ必要です"),
    ("expected at least one argument", "値が1つ以上必要です"),
    ("not allowed with argument", "は次の指定と同時に使えません:"),
    ("invalid choice: ", "選べない値です: "),
    ("choose from", "選べる値"),
    ("invalid int value: ", "整数ではありません: "),
    ("invalid ", "正しくない値です: "),
)


def _in_japanese(message: str) -> Sentence:
    """argparse speaks English only; these are the sentences a person meets."""
    japanese = message
    for english, said in _SAID:
        japanese = japanese.replace(english, said)
    return Sentence(en=message, ja=japanese)


def play(name: str, words: list[str], language: Language, asked: bool = False) -> int:
    """Parse the words of one command and run it. Raises UsageError for an unknown command or a wrong option."""
    module, parser = prepared(name, language)
    options = parser.parse_args(words)
    options.language, options.language_asked = language, asked
    code: int = module.run(options)
    return code


def prepared(name: str, language: Language) -> tuple[Any, CommandParser]:
    """The module of a command and its parser, all options declared."""
    if name not in COMMANDS:
        raise _unknown(name)
    path, (english, japanese) = COMMANDS[name]
    try:
        module = import_module(path)
    except ModuleNotFoundError as missing:
        if missing.name != path:
            raise
        raise UsageError(
            Sentence(en=f"`{name}` is not in this version of bofbot", ja=f"`{name}` はこの版にはありません")
        ) from None
    text = Sentence(en=english, ja=japanese)
    more = getattr(module, "MORE", None)
    if more is not None:
        text = text + "\n\n" + more
    parser = CommandParser(name, language, description=text.said_in(language))
    module.arguments(parser)
    parser.option(
        "--lang",
        choices=("ja", "en"),
        metavar="ja|en",
        help=Sentence(en="language of what is shown", ja="表示言語"),
    )
    return module, parser


def _unknown(name: str) -> UsageError:
    near = difflib.get_close_matches(name, COMMANDS, n=1, cutoff=0.5)
    fix = Sentence(
        en="`bofbot --help` lists the commands", ja="`bofbot --help` でコマンドの一覧を表示できます"
    )
    if near:
        fix = Sentence(
            en=f"did you mean `bofbot {near[0]}`?", ja=f"`bofbot {near[0]}` のことではありませんか"
        )
    if name.endswith((".yaml", ".yml")):
        fix = Sentence(
            en=f"to play a robot: bofbot run {name}", ja=f"ロボットを実行するには: bofbot run {name}"
        )
    return UsageError(
        Sentence(en=f'there is no command "{name}"', ja=f"「{name}」というコマンドはありません"), fix=fix
    )
