"""`bofbot demo`, whole: portal, browser, three robots, and what they leave behind; then the same project by hand."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from bofbot.adapters.machine import find_browser

Says = Callable[..., subprocess.CompletedProcess[str]]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(find_browser() is None, reason="no browser on this machine"),
]


def test_the_demo_plays_three_robots_and_says_where_to_look(bofbot: Says, tmp_path: Path) -> None:
    told = bofbot("demo", "--json")
    assert told.returncode == 0, told.stderr
    summary = json.loads(told.stdout)
    assert (summary["book"]["twice"], summary["book"]["missing"]) == ([], [])  # the portal's own book
    first, second, third = summary["runs"]
    assert (first["items_done"], first["items_failed"]) == (19, 1)  # one claim exceeds the budget, by design
    assert (second["outcome"], third["outcome"]) == ("done", "done")
    project = tmp_path / "logs" / "demo"
    for run in (first, second, third):
        assert "<html" in (tmp_path / run["report"]).read_text(encoding="utf-8")
    assert any(file.endswith(".xlsx") for file in third["files"])
    assert all((project / file).stat().st_size for file in (*second["files"], *third["files"]))
    assert list((project / "logs" / first["run"]).glob("*.png"))
    # The project that is left is one like any other.
    assert "19/20" in bofbot("list", folder=project).stdout
    assert "K-0107" in bofbot("show", first["run"], folder=project).stdout
    assert bofbot("journal", "verify", folder=project).returncode == 0
    again = bofbot("demo", "--json")  # a second demo begins afresh
    assert json.loads(again.stdout)["runs"][0]["items_done"] == 19


def test_a_folder_that_no_demo_has_made_is_left_alone(bofbot: Says, tmp_path: Path) -> None:
    mine = tmp_path / "logs" / "demo" / "mine.txt"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine", encoding="utf-8")
    told = bofbot("demo")
    assert told.returncode == 2
    assert "--folder" in told.stderr
    assert mine.read_text(encoding="utf-8") == "mine"
