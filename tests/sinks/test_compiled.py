"""Compiled templates are found again, and nothing breaks where they cannot be kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from bofbot.sinks.compiled import beside


def page(folder: Path) -> str:
    environment = Environment(loader=FileSystemLoader(folder), bytecode_cache=beside(folder), autoescape=True)
    return environment.get_template("a.j2").render(name="経理")


def test_the_second_time_the_compiled_one_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.j2").write_text("{{ name }}さん", encoding="utf-8")
    assert page(tmp_path) == "経理さん"
    (kept,) = (tmp_path / "__pycache__").iterdir()
    monkeypatch.setattr(Environment, "_compile", lambda *_: pytest.fail("compiled again"))
    assert page(tmp_path) == "経理さん"
    assert [kept] == list((tmp_path / "__pycache__").iterdir())


def test_a_changed_template_is_compiled_anew(tmp_path: Path) -> None:
    (tmp_path / "a.j2").write_text("{{ name }}さん", encoding="utf-8")
    page(tmp_path)
    (tmp_path / "a.j2").write_text("{{ name }}様", encoding="utf-8")
    assert page(tmp_path) == "経理様"


def test_a_folder_that_cannot_be_written_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.j2").write_text("{{ name }}さん", encoding="utf-8")
    (tmp_path / "__pycache__").write_text("in the way", encoding="utf-8")
    assert page(tmp_path) == "経理さん"


def test_half_a_file_is_compiled_anew(tmp_path: Path) -> None:
    (tmp_path / "a.j2").write_text("{{ name }}さん", encoding="utf-8")
    page(tmp_path)
    (kept,) = (tmp_path / "__pycache__").iterdir()
    kept.write_bytes(kept.read_bytes()[:10])
    assert page(tmp_path) == "経理さん"
