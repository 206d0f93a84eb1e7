"""The door of the command line, played as whole processes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import bofbot
from bofbot.cli.main import chosen_language, main, overview
from bofbot.cli.table import COMMANDS, GROUPS

BOFBOT = [sys.executable, "-m", "bofbot.cli"]


def bofbot_says(*words: str, folder: Path | None = None, **environ: str) -> subprocess.CompletedProcess[str]:
    """The finished process of one command line; English unless told otherwise."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("BOFBOT_", "LC_", "LANG"))}
    return subprocess.run(
        [*BOFBOT, *words],
        cwd=folder,
        env={**inherited, "LANG": "en_US.UTF-8", **environ},
        capture_output=True,
        text=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        timeout=120,
    )


def test_help_and_version_are_results_on_stdout() -> None:
    told = bofbot_says("--help")
    assert (told.returncode, told.stderr) == (0, "")
    assert all(name in told.stdout for name in COMMANDS)
    assert bofbot_says("--version").stdout == f"bofbot {bofbot.__version__}\n"


def test_no_command_at_all_is_a_usage_error_that_shows_the_help() -> None:
    told = bofbot_says()
    assert told.returncode == 2
    assert told.stdout == ""
    assert "bofbot COMMAND" in told.stderr


def test_every_command_stands_in_one_group_of_the_help() -> None:
    grouped = [name for _, names in GROUPS for name in names]
    assert sorted(grouped) == sorted(COMMANDS)


@pytest.mark.parametrize(
    ("words", "environ", "language"),
    [
        (["--lang", "ja"], {"LANG": "en_US.UTF-8"}, "ja"),
        (["run", "--lang=en", "x"], {"LANG": "ja_JP.UTF-8"}, "en"),
        ([], {"BOFBOT_LANG": "ja", "LANG": "en_US.UTF-8"}, "ja"),
        ([], {"LANG": "ja_JP.UTF-8"}, "ja"),
        ([], {"LC_ALL": "C", "LANG": "ja_JP.UTF-8"}, "en"),
        ([], {}, "en"),
        (["--", "--lang", "ja"], {}, "en"),
    ],
)
def test_language_comes_from_the_option_then_bofbot_lang_then_the_locale(
    words: list[str], environ: dict[str, str], language: str
) -> None:
    chosen, asked, rest = chosen_language(words, environ)
    assert chosen == language
    assert "--lang=en" not in rest
    assert asked == (
        "BOFBOT_LANG" in environ or any("--lang" in word for word in words[:2] if words[0] != "--")
    )


def test_a_language_nobody_speaks_is_a_usage_error() -> None:
    told = bofbot_says("--lang", "fr", "--help")
    assert told.returncode == 2
    assert "--lang ja" in told.stderr


def test_help_speaks_japanese() -> None:
    assert "ロボットを実行する" in bofbot_says("--help", "--lang", "ja").stdout
    assert "ロボットを実行する" in overview("ja")


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("rum", "bofbot run"),
        ("validat", "bofbot validate"),
        ("x.yaml", "bofbot run x.yaml"),
        ("??", "--help"),
    ],
)
def test_an_unknown_command_gets_a_hint(word: str, hint: str) -> None:
    told = bofbot_says(word)
    assert told.returncode == 2
    assert hint in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_explains_itself_in_both_languages(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for language, word in (("en", "usage: "), ("ja", "使い方: ")):
        assert main([name, "--help", "--lang", language]) == 0
        told = capsys.readouterr()
        assert told.err == ""
        assert told.out.startswith(f"{word}bofbot {name}")
        assert COMMANDS[name][1][language == "ja"] in told.out


def test_the_help_of_a_command_as_a_process() -> None:
    for words in (("help", "run"), ("run", "-h"), ("run", "--help")):
        told = bofbot_says(*words)
        assert (told.returncode, told.stderr) == (0, "")
        assert "--dry-run" in told.stdout


def test_a_reader_that_leaves_is_no_error_worth_words() -> None:
    process = subprocess.Popen([*BOFBOT, "--help"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == ""
    process.stderr.close()
    assert process.wait() == 141


def test_public_names_are_few_load_lazily_and_exist() -> None:
    assert len(bofbot.__all__) <= 15
    for name in bofbot.__all__:
        assert getattr(bofbot, name).__name__ == name
    with pytest.raises(AttributeError, match="Robott"):
        _ = bofbot.Robott  # type: ignore[attr-defined]
    loaded = subprocess.run(
        [sys.executable, "-c", "import bofbot.cli.main, sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
        env={name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")},
    ).stdout.split()
    assert not {"pydantic", "loguru", "argparse", "dataclasses", "typing", "playwright"} & set(loaded)


@pytest.mark.parametrize("word", ["--help", "--version"])
def test_help_and_version_import_next_to_nothing(word: str) -> None:
    code = (
        "import sys; before = set(sys.modules); from bofbot.cli.main import main; "
        f"main([{word!r}]); print(*sorted(set(sys.modules) - before), file=sys.stderr)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name for name in said.stderr.split() if not name.startswith(("bofbot", "encodings", "_"))}
    assert loaded <= set(sys.stdlib_module_names)
    assert not loaded & {"argparse", "dataclasses", "typing", "re", "json", "pathlib", "inspect", "asyncio"}


def test_the_help_of_the_command_that_is_typed_most_is_light() -> None:
    code = "import sys; from bofbot.cli.main import main\ntry: main(['run', '--help'])\nfinally: print(*sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"pydantic", "asyncio", "sqlite3", "yaml", "jinja2"} & set(said.stdout.split())


@pytest.mark.skipif(os.name == "nt", reason="closed streams are told to a shell")
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_fault(closed: str, tmp_path: Path) -> None:
    done = subprocess.run(
        f'exec "{sys.executable}" -m bofbot.cli list --lang en {closed}', shell=True, cwd=tmp_path, timeout=60
    )
    assert done.returncode == 0
    assert not list(tmp_path.glob("logs/crash*"))
