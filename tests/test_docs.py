"""The papers say what is true: robots in them are valid, links lead somewhere, commands exist and are described."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from bofbot.actions import VerbTable
from bofbot.cli.table import COMMANDS
from bofbot.language.loader import check_robot

ROOT = Path(__file__).parents[1]
PAPERS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("**/*.md"), *(ROOT / "examples").glob("**/*.md")])


@cache
def text_of(paper: Path) -> str:
    return paper.read_text(encoding="utf-8")


def named(paper: Path) -> str:
    return str(paper.relative_to(ROOT))


@pytest.mark.parametrize("paper", PAPERS, ids=named)
def test_robots_in_the_papers_are_valid(paper: Path, tmp_path: Path) -> None:
    for number, robot in enumerate(re.findall(r"```yaml\n(bofbot: 1\n.*?)```", text_of(paper), re.DOTALL)):
        file = tmp_path / f"{number}.yaml"
        file.write_text(robot, encoding="utf-8")
        _, diagnostics = check_robot(file, VerbTable())
        assert not diagnostics


@pytest.mark.parametrize("paper", PAPERS, ids=named)
def test_links_lead_somewhere(paper: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)", re.sub(r"```.*?```", "", text_of(paper), flags=re.DOTALL))
    lost = [link for link in links if "://" not in link and not (paper.parent / link).exists()]
    assert not lost


@pytest.mark.parametrize("paper", PAPERS, ids=named)
def test_commands_in_the_papers_exist(paper: Path) -> None:
    blocks = re.findall(r"^```[a-z]*\n(.*?)^```", text_of(paper), re.DOTALL | re.MULTILINE)
    quoted = re.findall(r"`(bofbot [^`\n]+)`", re.sub(r"```.*?```", "", text_of(paper), flags=re.DOTALL))
    said = {
        word for code in (*blocks, *quoted) for word in re.findall(r"^bofbot ([a-z]+)", code, re.MULTILINE)
    }
    assert sorted(said - set(COMMANDS)) == []


@cache
def reference() -> dict[str, str]:
    """What docs/reference says of each command, with what it says of all of them."""
    text = text_of(ROOT / "docs" / "reference" / "commands.md")
    of_all, *parts = re.split(r"^### bofbot ", text, flags=re.MULTILINE)
    return {part.split("\n", 1)[0].strip(): of_all + part for part in parts}


@pytest.mark.parametrize("paper", PAPERS, ids=named)
def test_options_in_the_papers_are_of_their_command(paper: Path) -> None:
    """Of commands as people type them: up to a comment, a pipe or the end of the quotation."""
    typed = re.findall(r"(?:^|`)bofbot ([a-z]+)([^`\n|;#]*)", text_of(paper), re.MULTILINE)
    said = {
        (command, option) for command, rest in typed for option in re.findall(r"(?<=\s)--[a-z][a-z-]+", rest)
    }
    unknown = [
        f"{command} {option}" for command, option in said if option not in reference().get(command, "")
    ]
    assert sorted(unknown) == []


def test_the_readme_is_short_and_shows_a_robot_early() -> None:
    lines = text_of(ROOT / "README.md").splitlines()
    assert len(lines) < 120
    assert "bofbot: 1" in lines[:15]
    assert "make demo" in text_of(ROOT / "README.md")
    assert "make test" in text_of(ROOT / "README.md")


def test_every_robot_of_the_project_is_valid() -> None:
    robots = sorted((ROOT / "robots").glob("**/*.yaml"))
    assert robots
    for robot in robots:
        _, diagnostics = check_robot(robot, VerbTable())
        assert not [found for found in diagnostics if found.severity == "error"], robot
