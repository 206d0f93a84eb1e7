"""docs/language.md and docs/language.ja.md tell of every key, type, function and code, and their robots are robots."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bofbot.actions import VerbTable
from bofbot.language.catalog import CATALOG
from bofbot.language.diagnostics import render
from bofbot.language.functions import FUNCTIONS
from bofbot.language.loader import check_robot
from bofbot.language.shape import INPUT_KEYS, ROBOT_KEYS, STEP_KEYS
from bofbot.values.types import TYPES
from bofbot.words import Language

DOCS = Path(__file__).parents[2] / "docs"
PAGES: list[tuple[str, Language]] = [("language.md", "en"), ("language.ja.md", "ja")]


@pytest.mark.parametrize(("page", "language"), PAGES)
def test_the_tables_are_current(page: str, language: Language) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    rows = [
        *((key, said) for keys in (ROBOT_KEYS, STEP_KEYS, INPUT_KEYS) for key, said in keys.items()),
        *((kind.name, kind.meaning) for kind in TYPES.values()),
        *((function.signature, function.meaning) for function in FUNCTIONS.values()),
        *((entry.code, entry.title) for entry in CATALOG.values()),
    ]
    missing = [row for name, said in rows if (row := f"| `{name}` | {said.said_in(language)} |") not in text]
    assert not missing


@pytest.mark.parametrize(("page", "language"), PAGES)
def test_the_robot_of_the_page_is_one(
    page: str, language: Language, tmp_path: Path, verbs: VerbTable
) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    robots = [block for block in re.findall("```yaml\n(.*?)```", text, re.DOTALL) if "bofbot: 1" in block]
    assert robots
    for robot in robots:
        file = tmp_path / "robot.yaml"
        file.write_text(robot, encoding="utf-8")
        assert render(check_robot(file, verbs)[1]) == ""
