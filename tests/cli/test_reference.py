"""The reference pages say what the code says, now."""

from __future__ import annotations

from pathlib import Path

import pytest

from bofbot.actions import VERBS
from bofbot.cli.reference import pages
from bofbot.cli.table import COMMANDS

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


@pytest.mark.parametrize("name", ["verbs.md", "verbs.ja.md", "commands.md", "commands.ja.md"])
def test_every_page_is_current(name: str) -> None:
    kept = (REFERENCE / name).read_text(encoding="utf-8")
    assert kept == pages()[name], "stale: make reference"


def test_every_verb_and_command_is_described_in_both_languages() -> None:
    made = pages()
    for name in VERBS:
        assert f"## {name}\n" in made["verbs.md"]
        assert f"## {name}\n" in made["verbs.ja.md"]
    for name in COMMANDS:
        assert f"### bofbot {name}\n" in made["commands.md"]
        assert f"### bofbot {name}\n" in made["commands.ja.md"]


def test_descriptions_are_in_their_own_language() -> None:
    def japanese(line: str) -> bool:
        return any("ぁ" <= letter <= "ん" for letter in line)

    made = pages()
    told = [line for line in made["verbs.ja.md"].splitlines() if line.startswith("- `")]
    assert told
    assert not [
        line
        for line in told
        if not japanese(line.split("：", 1)[-1]) and "」" not in line and "。" not in line
    ]
