"""bofbot probe: a robot logs in and looks; nothing is downloaded, booked or written, and what changed is named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bofbot.actions import VerbTable
from bofbot.adapters import machine
from bofbot.cli.commands.probe_robot import as_probe
from bofbot.language.loader import load_robot
from bofbot.practice.company import USERS
from bofbot.practice.portal import Portal

ROBOTS = Path(__file__).parents[2] / "robots"
ROBOT = """bofbot: 1
name: 全口座の明細
purpose: すべての口座の明細を取得する
owner: 経理部
inputs:
  portal: {{type: text, default: "{url}"}}
secrets: [練習ポータル]
defaults: {{at: "${{inputs.portal}}"}}
steps:
  - login: 練習ポータル
    at: /login
  - statements: ダウンロード
    page: /bank/period
    account: 口座
    first: 開始日
    last: 終了日
    since: 2026-08-01
    until: 2026-10-31
    fill: {{形式: CSV}}
    save_as: 明細
  - check: ${{明細.count > 0}}
  - write_table: out/明細.csv
    rows: ${{明細.new}}
"""


READY = sorted([*ROBOTS.glob("*.yaml"), *ROBOTS.parent.glob("examples/statements/*.yaml")])


@pytest.mark.parametrize("file", READY, ids=lambda path: path.name)
def test_no_step_of_a_probe_downloads_books_or_writes(file: Path) -> None:
    probe = as_probe(load_robot(file, VerbTable()))
    verbs = {step.verb.verb for step in probe.walk()}
    assert "login" in verbs or "read_table" not in verbs
    assert not verbs & {
        "download",
        "submit",
        "statements",
        "for_each",
        "statement",
        "reconcile",
        "write_table",
        "check",
    }


@pytest.fixture
def secrets(tmp_path: Path) -> Iterator[dict[str, str]]:
    if machine.find_browser() is None:
        pytest.skip("no browser on this machine")
    with Portal() as portal:
        (tmp_path / "configs").mkdir()
        (tmp_path / "configs" / "bofbot.yaml").write_text(
            "secrets: {練習ポータル: {env: BANK}}\n", encoding="utf-8"
        )
        (tmp_path / "robots").mkdir()
        (tmp_path / "robots" / "明細.yaml").write_text(ROBOT.format(url=portal.url), encoding="utf-8")
        yield {"BANK_USER": "yamada", "BANK_PASSWORD": USERS["yamada"].password}


@pytest.mark.browser
@pytest.mark.slow
def test_first_look_the_same_again_and_a_change(bofbot: Any, secrets: dict[str, str], tmp_path: Path) -> None:
    first = bofbot("probe", "明細", "--json", **secrets)
    [page] = json.loads(first.stdout)["pages"]
    assert (first.returncode, page["state"], page["page"]) == (0, "new", "/bank/period")
    assert page["accounts"] == ["普通 1234567", "普通 7654321"]
    again = bofbot("probe", "明細", **secrets)
    assert (again.returncode, "as before" in again.stdout) == (0, True)
    assert not (tmp_path / "archive").exists()
    assert not (tmp_path / "data").exists()
    kept = tmp_path / "logs" / "probes" / "全口座の明細.json"
    told = json.loads(kept.read_text(encoding="utf-8"))
    told["pages"] = {step: [*lines, "button 一括ダウンロード"] for step, lines in told["pages"].items()}
    kept.write_text(json.dumps(told), encoding="utf-8")
    changed = bofbot("probe", "明細", "--lang", "ja", **secrets)
    assert (changed.returncode, "- button 一括ダウンロード" in changed.stdout) == (4, True)
    assert bofbot("probe", "明細", "--accept", **secrets).returncode == 0
    assert bofbot("probe", "明細", **secrets).returncode == 0
    robot = tmp_path / "robots" / "明細.yaml"
    robot.write_text(robot.read_text(encoding="utf-8").replace("終了日", "締め日"), encoding="utf-8")
    lacking = bofbot("probe", "明細", **secrets)
    assert (lacking.returncode, "締め日" in lacking.stdout) == (1, True)
