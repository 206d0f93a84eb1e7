"""Sample robots, good and bad: what is read, and what is said. Adding a case is adding two files.

`robots/bad/NAME.yaml` with `robots/bad/NAME.txt`, what is printed for it in both languages;
`robots/good/NAME.yaml` with `robots/good/NAME.txt`, the robot as it was understood. `BOFBOT_WRITE_GOLDEN=1` writes the .txt
files; read them before you keep them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from bofbot.action import Computed
from bofbot.errors import Diagnostic, InvalidRobot
from bofbot.language.catalog import CATALOG
from bofbot.language.diagnostics import render
from bofbot.language.loader import check_robot, load_robot
from bofbot.robot import ForEach, Robot, Step, Use

SAMPLES = Path(__file__).parent / "robots"
TODAY = date(2026, 11, 22)


def _named(folder: str) -> list[str]:
    return sorted(path.stem for path in (SAMPLES / folder).glob("*.yaml"))


def _golden(path: Path, told: str) -> None:
    if os.environ.get("BOFBOT_WRITE_GOLDEN"):
        path.write_text(told, encoding="utf-8")
    assert path.exists(), "no golden file yet: run once with BOFBOT_WRITE_GOLDEN=1 and read what it wrote"
    assert told == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", _named("bad"))
def test_what_is_said_about_a_bad_robot(name: str, verbs: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(SAMPLES / "bad")
    robot, diagnostics = check_robot(f"{name}.yaml", verbs, today=TODAY)
    assert robot is None
    assert {one.code for one in diagnostics} <= set(CATALOG)
    if name[0] == "E":
        assert name[:4] in {one.code for one in diagnostics}
    assert _sorted_by_line(diagnostics)
    _golden(SAMPLES / "bad" / f"{name}.txt", render(diagnostics, "en") + "\n" + render(diagnostics, "ja"))
    with pytest.raises(InvalidRobot) as caught:
        load_robot(f"{name}.yaml", verbs, today=TODAY)
    assert all(one.severity == "error" for one in caught.value.diagnostics)


@pytest.mark.parametrize("name", _named("good"))
def test_what_is_understood_of_a_good_robot(name: str, verbs: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(SAMPLES / "good")
    robot, diagnostics = check_robot(f"{name}.yaml", verbs, today=TODAY)
    assert render(diagnostics) == ""
    assert robot is not None
    _golden(SAMPLES / "good" / f"{name}.txt", "\n".join(_told(robot)) + "\n")


def _sorted_by_line(diagnostics: tuple[Diagnostic, ...]) -> bool:
    places = [
        (one.place.line, one.place.column)
        for one in diagnostics
        if one.place.file == diagnostics[0].place.file
    ]
    return places == sorted(places) and len(diagnostics) <= 20


def _told(robot: Robot) -> Iterator[str]:
    for key in (
        "name",
        "purpose",
        "owner",
        "deputy",
        "tags",
        "by_hand",
        "review_by",
        "secrets",
        "allow",
        "needs_approval",
        "approval_by",
        "defaults",
        "outputs",
    ):
        if value := getattr(robot, key):
            yield f"{key}: {_shown(value)}"
    for one in robot.inputs.values():
        yield f"input {one.name}: {one.type} default={_shown(one.default)} required={one.required} choices={one.choices} personal={one.personal}"
    for group, steps in (
        ("steps", robot.steps),
        ("on_failure", robot.on_failure),
        ("finally", robot.finally_),
    ):
        for step in steps:
            yield from _told_step(step, group)


def _told_step(step: Step, group: str) -> Iterator[str]:
    common = {
        key: getattr(step, key)
        for key in ("name", "condition", "timeout", "retry", "on_error", "optional", "save_as", "note")
        if getattr(step, key) not in ("", None, True, False, "stop")
    }
    own = {
        name: getattr(step.verb, name)
        for name in type(step.verb).model_fields
        if name in step.verb.model_fields_set and name not in ("steps", "part")
    }
    yield f"{group} {step.path} line {step.place.line} {step.verb.verb}: {_shown(own)} {_shown(common)}"
    if isinstance(step.verb, ForEach):
        for inner in step.verb.steps:
            yield from _told_step(inner, group)
    if isinstance(step.verb, Use):
        yield from (f"    {line}" for line in _told(step.verb.part))


def _shown(value: Any) -> str:
    if isinstance(value, Computed):
        return f"«{value}»"
    if isinstance(value, BaseModel):
        return _shown(
            {
                name: getattr(value, name)
                for name in type(value).model_fields
                if name in value.model_fields_set
            }
        )
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_shown(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list | tuple) and not hasattr(value, "_fields"):
        return "[" + ", ".join(_shown(part) for part in value) + "]"
    return repr(value)


def test_a_missing_file_a_folder_and_a_huge_file(tmp_path: Path, verbs: Any) -> None:
    huge = tmp_path / "huge.yaml"
    huge.write_text("a" * 1_000_001, encoding="utf-8")
    for path, code in ((tmp_path / "none.yaml", "E101"), (tmp_path, "E101"), (huge, "E108")):
        with pytest.raises(InvalidRobot) as caught:
            load_robot(path, verbs)
        assert caught.value.diagnostics[0].code == code
        assert caught.value.exit_code == 3


def test_the_sha_changes_with_the_robot_and_with_its_parts(tmp_path: Path, verbs: Any) -> None:
    robot, part = tmp_path / "robot.yaml", tmp_path / "part.yaml"
    robot.write_text("bofbot: 1\nname: a\nsteps:\n  - use: part.yaml\n  - use: part.yaml\n", encoding="utf-8")
    part.write_text("bofbot: 1\nname: b\nsteps:\n  - wait: 1s\n", encoding="utf-8")
    first = load_robot(robot, verbs)
    assert [step.path for step in first.walk()] == ["1", "1.1", "2", "2.1"]
    part.write_text("bofbot: 1\nname: b\nsteps:\n  - wait: 2s\n", encoding="utf-8")
    assert load_robot(robot, verbs).sha256 != first.sha256


def test_a_byte_order_mark_and_windows_line_ends_are_fine(tmp_path: Path, verbs: Any) -> None:
    file = tmp_path / "robot.yaml"
    file.write_bytes(b"\xef\xbb\xbfbofbot: 1\r\nname: a\r\nsteps:\r\n  - wait: 1s\r\n  - wait: 2\r\n")
    _, diagnostics = check_robot(file, verbs)
    assert [
        (one.code, one.place.line, one.place.column) for one in diagnostics if one.severity == "error"
    ] == [("E117", 5, 11)]
    assert diagnostics[-1].source_line == "  - wait: 2"


@pytest.mark.parametrize(
    "code", [code for code in CATALOG if code not in ("E101", "E108", "E144", "E125", "E126", "E127")]
)
def test_the_examples_of_the_catalog_are_wrong_and_right(code: str, tmp_path: Path, verbs: Any) -> None:
    for text, expected in ((CATALOG[code].wrong, True), (CATALOG[code].right, False)):
        file = tmp_path / "robot.yaml"
        file.write_text(_whole(text), encoding="utf-8")
        (tmp_path / "parts").mkdir(exist_ok=True)
        for part in ("部門", "login"):
            (tmp_path / "parts" / f"{part}.yaml").write_text(
                "bofbot: 1\nname: a\ninputs: {部門: {required: false}}\nsteps:\n  - wait: 1s\n",
                encoding="utf-8",
            )
        _, diagnostics = check_robot(file, verbs, today=TODAY)
        assert (code in {one.code for one in diagnostics}) is expected, render(diagnostics) + text


@pytest.mark.parametrize(
    "wide", ["＄{inputs.月}", "＄｛inputs.月｝", "$｛inputs.月｝", "経費 ＄{inputs.月} 分"]
)
@pytest.mark.parametrize("quoted", [False, True])
def test_a_full_width_expression_is_no_text(wide: str, quoted: bool, tmp_path: Path, verbs: Any) -> None:
    written = f'"{wide}"' if quoted else wide
    file = tmp_path / "robot.yaml"
    file.write_text(f"bofbot: 1\nname: a\nsteps:\n  - set:\n      x: {written}\n", encoding="utf-8")
    _, diagnostics = check_robot(file, verbs)
    assert "E109" in {one.code for one in diagnostics if one.severity == "error"}


def test_a_missing_part_is_not_the_robot_itself(tmp_path: Path, verbs: Any) -> None:
    file = tmp_path / "締め.yaml"
    file.write_text("bofbot: 1\nname: a\nsteps:\n  - use: 締め処理.yaml\n", encoding="utf-8")
    _, diagnostics = check_robot(file, verbs)
    [missing] = [one for one in diagnostics if one.code == "E125"]
    assert missing.fix is None or "締め.yaml" not in missing.fix.ja


def _whole(text: str) -> str:
    """An example's few lines as a whole robot."""
    head = {"bofbot": "bofbot: 1\n", "name": "name: a\n", "owner": "", "purpose": ""}
    if text.startswith(("bofbot", "name", "owner")):
        return text + "\n" if "steps:" in text or "---" in text else f"{text}\nsteps:\n  - wait: 1s\n"
    top = "".join(head.values())
    if text.startswith("- "):
        read = "  - read_table: a.xlsx\n    columns: {番号: code, 金額: yen}\n    save_as: rows\n"
        lines = "".join(f"  {line}\n" for line in text.splitlines())
        return f"{top}secrets: [api]\ninputs: {{file: {{}}}}\nsteps:\n{read}{lines}"
    if text.startswith("retry"):
        return f"{top}steps:\n  - wait: 1s\n    {text}\n"
    return f"{top}{text}\n" if "steps:" in text else f"{top}{text}\nsteps:\n  - wait: 1s\n"


_WORDS = st.sampled_from(
    ["bofbot: 1", "name: a", "steps:", "- wait: 1s", "- fill: {a: b}", "- for_each: ${x}", "steps: [", "as: row", "- use: robot.yaml", "${", "}", "{", "[", "&a", "*a", "!!x", "\t", "：", "　",
     "\"", "'", "|", ">", "---", "inputs:", "outputs: {a: ${b}}", "- ", "? ", ": ", "#", "null", "if: ${1}", "retry: {}", "timeout:", "secrets: [a]", "- set: {a: ${secrets.a}}", "%YAML 1.1", "\\"]
)  # fmt: skip
_LINES = st.lists(st.tuples(st.integers(0, 4), st.lists(_WORDS, max_size=3)), max_size=10).map(
    lambda lines: "\n".join("  " * depth + " ".join(words) for depth, words in lines)
)


@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(text=st.one_of(st.text(), _LINES, _LINES.map(lambda tail: "bofbot: 1\nname: a\nsteps:\n" + tail)))
def test_any_text_is_a_robot_or_is_told_to_be_none(text: str, tmp_path: Path, verbs: Any) -> None:
    file = tmp_path / "robot.yaml"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    robot, diagnostics = check_robot(file, verbs)
    assert (robot is None) is any(one.severity == "error" for one in diagnostics)
    for one in diagnostics:
        assert one.message.en
        assert one.message.ja
        assert one.place.line >= 1
    render(diagnostics, "ja", color=True)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "{a: " * 50_000,
        "- " * 50_000,
        "a: " * 1000,
        "? " * 5000,
        "&a " * 1000,
        '"' + "\\x41" * 10_000,
        "bofbot: 1\nname: a\nsteps:\n  - wait: 1s\n    retry: {times: " + "9" * 5000 + "}",
        "${" * 100_000,
    ],
)
def test_hostile_texts_are_refused_at_once(text: str, tmp_path: Path, verbs: Any) -> None:
    file = tmp_path / "robot.yaml"
    file.write_text(text, encoding="utf-8")
    robot, _ = check_robot(file, verbs)
    assert robot is None
