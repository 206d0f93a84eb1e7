"""`bofbot validate` and `explain`: faults for people, programs and code review."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Says = Callable[..., subprocess.CompletedProcess[str]]

GOOD = "bofbot: 1\nname: 良い\npurpose: 試す\nowner: 経理部\nsteps:\n  - ask: よいですか\n"
BAD = "bofbot: 1\nname: 悪い\npurpose: 試す\nowner: 経理部\nsteps:\n  - asc: よいですか\n"


@pytest.fixture
def robots(tmp_path: Path) -> Path:
    folder = tmp_path / "robots"
    (folder / "parts").mkdir(parents=True)
    (folder / "good.yaml").write_text(GOOD, encoding="utf-8")
    (folder / "parts" / "bad.yaml").write_text(BAD, encoding="utf-8")
    return folder


def test_a_good_robot_is_valid(bofbot: Says, robots: Path) -> None:
    told = bofbot("validate", "robots/good.yaml")
    assert (told.returncode, told.stdout, told.stderr) == (0, "", "valid: 1\n")


def test_every_robot_of_the_project_is_checked_when_none_is_named(bofbot: Says, robots: Path) -> None:
    told = bofbot("validate")
    assert told.returncode == 3
    assert 'error[E110]: no verb named "asc"' in told.stdout
    assert "robots/parts/bad.yaml:6:5" in told.stdout
    assert "did you mean `ask`?" in told.stdout


def test_an_office_folder_holds_other_yaml_than_robots(bofbot: Says, robots: Path) -> None:
    (robots / "parts" / "bad.yaml").unlink()
    for name in ("configs/bofbot.yaml", "configs/schedules.yaml", "logs/fill/kept.yaml", ".github/ci.yml"):
        file = robots.parent / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("# settings\n", encoding="utf-8")
    told = bofbot("validate", ".")
    assert (told.returncode, told.stderr) == (0, "valid: 1\n")


def test_japanese(bofbot: Says, robots: Path) -> None:
    told = bofbot("validate", "robots/parts", "--lang", "ja")
    assert "「asc」" in told.stdout
    assert "ask" in told.stdout


def test_json_github_and_sarif(bofbot: Says, robots: Path) -> None:
    (first,) = json.loads(bofbot("validate", "--format", "json").stdout)
    assert (first["code"], first["severity"]) == ("E110", "error")
    assert bofbot("validate", "--format", "github").stdout.startswith(
        "::error file=robots/parts/bad.yaml,line=6"
    )
    sarif = json.loads(bofbot("validate", "--format", "sarif").stdout)
    assert sarif["runs"][0]["results"][0]["ruleId"] == "E110"


@pytest.mark.parametrize("place", ["nowhere.yaml", "empty"])
def test_places_without_robots_are_told(bofbot: Says, tmp_path: Path, place: str) -> None:
    (tmp_path / "empty").mkdir()
    told = bofbot("validate", place)
    assert told.returncode == 2
    assert place in told.stderr


def test_explain_tells_of_codes_and_of_verbs(bofbot: Says) -> None:
    for word in ("E110", "e110"):
        assert "E110" in bofbot("explain", word).stdout
    verb = bofbot("explain", "notify", "--lang", "ja")
    assert "- `message`（文字・必須）：" in verb.stdout
    told = bofbot("explain", "notifi")
    assert told.returncode == 2
    assert "notify" in told.stderr
