"""`bofbot init`, `new` and `schema`: a folder that works from its first minute, and nothing overwritten."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Says = Callable[..., subprocess.CompletedProcess[str]]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_from_an_empty_folder_to_a_robot_that_works(bofbot: Says, tmp_path: Path, language: str) -> None:
    assert bofbot("init", "--lang", language).returncode == 0
    assert bofbot("new", "経費 申請", "--lang", language).stdout == "robots/経費 申請.yaml\n"
    assert bofbot("validate").returncode == 0
    told = bofbot("run", "経費 申請")
    assert told.returncode == 0, told.stderr
    assert (tmp_path / "out" / "経費 申請.xlsx").exists()


def test_nothing_that_exists_is_changed(bofbot: Says, tmp_path: Path) -> None:
    (tmp_path / "configs").mkdir()
    mine = tmp_path / "configs" / "bofbot.yaml"
    mine.write_text("language: ja\n", encoding="utf-8")
    told = bofbot("init")
    assert told.returncode == 0, told.stderr
    assert mine.read_text(encoding="utf-8") == "language: ja\n"
    assert "kept   configs/bofbot.yaml" in told.stderr
    bofbot("new", "a1")
    robot = tmp_path / "robots" / "a1.yaml"
    robot.write_text("mine", encoding="utf-8")
    assert bofbot("new", "a1").returncode == 2
    assert robot.read_text(encoding="utf-8") == "mine"


def test_the_settings_it_writes_are_good_and_so_are_the_editors(bofbot: Says, tmp_path: Path) -> None:
    bofbot("init", "office")
    office = tmp_path / "office"
    assert bofbot("doctor", "--only", "settings", folder=office).returncode == 0
    schemas = json.loads((office / ".vscode" / "settings.json").read_text(encoding="utf-8"))["yaml.schemas"]
    (schema,) = schemas
    assert json.loads((office / schema).read_text(encoding="utf-8"))["$schema"]


def test_the_schema_goes_to_stdout_or_into_a_file(bofbot: Says, tmp_path: Path) -> None:
    shown = bofbot("schema").stdout
    assert bofbot("schema", "-o", "here/robot.json").returncode == 0
    assert json.loads((tmp_path / "here" / "robot.json").read_text(encoding="utf-8")) == json.loads(shown)


@pytest.mark.parametrize("name", ["yes", "0012", "a: b", "'quoted'", "# x"])
def test_names_that_mean_something_to_yaml_stay_names(bofbot: Says, tmp_path: Path, name: str) -> None:
    told = bofbot("new", name)
    assert told.returncode == 0, told.stderr
    assert bofbot("validate").returncode == 0
    (robot,) = json.loads(bofbot("list", "--json").stdout)["robots"]
    assert robot["name"] == name
