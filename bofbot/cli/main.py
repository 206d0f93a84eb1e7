"""The door of the command line: find the command, call it, and turn whatever goes wrong into a sentence and an exit code.

This module and `table` are all that `bofbot --help` imports: people feel its speed."""

from __future__ import annotations

import atexit
import gc
import os
import sys

from bofbot import __version__
from bofbot.cli.table import COMMANDS, GROUPS

_NEW_OBJECTS = 50_000
"""So many before unused ones are looked for. Loading makes a few hundred thousand that all stay: with Python's own 700
a sixth of a short run's time went into looking through them."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bofbot.words import Language


def main(argv: Sequence[str] | None = None) -> int:
    """Play one command line; the exit code is one of LANGUAGE's: 0 1 2 3 4 5 6 130."""
    words = list(sys.argv[1:] if argv is None else argv)
    language: Language = "en"
    gc.set_threshold(_NEW_OBJECTS)
    atexit.register(
        gc.freeze
    )  # at the end, too, looking through them all takes a tenth of a second, for nothing
    # Pydantic would look through all installed packages for extensions of its own.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    try:
        language, asked, words = chosen_language(words, os.environ)
        _let_every_letter_out()
        code = _play(words, language, asked)
        sys.stdout.flush()
        return code
    except SystemExit as leaving:  # argparse has printed the help of a command
        return leaving.code if isinstance(leaving.code, int) else 0
    except BaseException as error:
        from bofbot.cli.failure import tell

        return tell(error, language)


def chosen_language(words: Sequence[str], environ: Mapping[str, str]) -> tuple[Language, bool, list[str]]:
    """The language of `--lang`, BOFBOT_LANG, else the locale; whether somebody asked for it; the words without `--lang`."""
    rest, asked = _without_lang(words)
    for name in (asked, environ.get("BOFBOT_LANG", "")):
        if name:
            return _language(name), True, rest
    locale = next((environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(name)), "")
    if not locale and os.name == "nt":
        import locale as windows

        locale = windows.getlocale()[0] or ""
    return ("ja" if locale.casefold().startswith("ja") else "en"), False, rest


def _without_lang(words: Sequence[str]) -> tuple[list[str], str]:
    rest: list[str] = []
    asked = ""
    waiting = iter(words)
    for word in waiting:
        if word == "--":
            return [*rest, word, *waiting], asked
        if word == "--lang":
            asked = next(waiting, "nothing")
        elif word.startswith("--lang="):
            asked = word.removeprefix("--lang=")
        else:
            rest.append(word)
    return rest, asked


def _language(name: str) -> Language:
    if name == "ja":
        return "ja"
    if name == "en":
        return "en"
    from bofbot.errors import UsageError
    from bofbot.words import Sentence

    raise UsageError(
        Sentence(en=f'bofbot does not speak "{name}"', ja=f"表示言語「{name}」には対応していません"),
        fix=Sentence(en="write --lang ja or --lang en", ja="--lang ja または --lang en と指定してください"),
    )


def _let_every_letter_out() -> None:
    """A screen that cannot show a letter shows its number; it never stops a run, nor does one that is not there."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:  # a scheduler may start us with closed streams
            setattr(sys, name, open(os.devnull, "r" if name == "stdin" else "w", encoding="utf-8"))  # noqa: SIM115, PTH123
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _play(words: list[str], language: Language, asked: bool) -> int:
    name = words[0] if words else ""
    if name in ("-h", "--help", "help") and len(words) > 1 and words[1] in COMMANDS:
        name, words = words[1], [words[1], "--help"]
    if name in ("-h", "--help", "help"):
        sys.stdout.write(overview(language))
        return 0
    if name in ("-V", "--version"):
        sys.stdout.write(f"bofbot {__version__}\n")
        return 0
    if not name:
        sys.stderr.write(overview(language))
        return 2

    from bofbot.cli.command import play

    return play(name, words[1:], language, asked)


def overview(language: Language) -> str:
    """What `bofbot --help` prints."""
    tongue = 1 if language == "ja" else 0
    title = (
        "plays robots: short YAML files that do the work of a back office",
        "事務作業を行うロボット（短い YAML ファイル）を実行します",
    )
    usage = ("bofbot COMMAND [options]", "bofbot コマンド [オプション]")
    lines = [f"bofbot {__version__}  {title[tongue]}", "", f"  {usage[tongue]}"]
    for heading, names in GROUPS:
        lines += ["", heading[tongue]]
        lines += [f"  {name:<11}{COMMANDS[name][1][tongue]}" for name in names]
    tail = (
        "bofbot COMMAND --help tells more.   --lang ja|en   --version",
        "詳しくは bofbot コマンド --help    --lang ja|en   --version",
    )
    return "\n".join([*lines, "", tail[tongue], ""])
