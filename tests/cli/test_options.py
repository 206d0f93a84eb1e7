"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path

import pytest

from bofbot.cli.options import given_inputs, item_range, project_folder, robot_file, seconds
from bofbot.errors import UsageError


def test_inputs_are_names_and_values() -> None:
    assert given_inputs(["month=2026-10", "note=a=b", "empty="]) == {
        "month": "2026-10",
        "note": "a=b",
        "empty": "",
    }


@pytest.mark.parametrize("words", [["month"], ["=x"], ["a=1", "a=2"]])
def test_inputs_that_cannot_be_meant_are_refused(words: list[str]) -> None:
    with pytest.raises(UsageError):
        given_inputs(words)


def test_ranges_of_items() -> None:
    assert item_range("1-5") == (1, 5)
    assert item_range("3") == (3, 3)
    assert item_range(None) is None


@pytest.mark.parametrize("word", ["5-1", "0", "a", "1-", "-3", "1-2-3", ""])
def test_ranges_that_cannot_be_meant_are_refused(word: str) -> None:
    with pytest.raises(UsageError):
        item_range(word)


def test_durations_need_a_unit() -> None:
    assert seconds("200ms") == pytest.approx(0.2)
    with pytest.raises(UsageError, match="200s"):
        seconds("200")


def test_a_robot_is_found_by_path_by_file_name_and_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    robot = tmp_path / "robots" / "経費.yaml"
    robot.parent.mkdir()
    robot.write_text("bofbot: 1", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for word in ("robots/経費.yaml", "経費.yaml", "経費", str(robot)):
        assert robot_file(word, tmp_path) == Path("robots/経費.yaml")
    monkeypatch.chdir(robot.parent)
    assert robot_file("経費", tmp_path) == robot
    with pytest.raises(UsageError, match="no robot") as caught:
        robot_file("経費申請", tmp_path)
    assert caught.value.fix is not None
    assert "robots/経費.yaml" in caught.value.fix.en


def test_the_project_is_the_nearest_folder_with_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "bofbot.yaml").write_text("", encoding="utf-8")
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    assert project_folder() == tmp_path


def test_a_robot_given_by_its_path_brings_its_own_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, elsewhere = tmp_path / "経理 部", tmp_path / "elsewhere"
    for folder in (project, elsewhere):
        (folder / "configs").mkdir(parents=True)
        (folder / "configs" / "bofbot.yaml").write_text("", encoding="utf-8")
    robot = project / "robots" / "a.yaml"
    robot.parent.mkdir()
    robot.write_text("", encoding="utf-8")
    monkeypatch.chdir(elsewhere)
    assert project_folder(str(robot)) == project.resolve()
    assert project_folder("a") == elsewhere
