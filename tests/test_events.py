"""Events as JSON: plain values, nothing empty, nothing lost."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from bofbot.errors import Candidate, Cell, Place, Sighting
from bofbot.events import Failure, StepFailed, as_json, as_plain
from bofbot.records import Row
from bofbot.words import Sentence

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def test_a_failure_travels_whole() -> None:
    candidate = Candidate("登録する", "button", Sentence(en="disabled", ja="無効"))
    sighting = Sighting(looked_for="登録", candidates=(candidate,), cell=Cell("経費.xlsx", "経費", 7, "金額"))
    failure = Failure("application", Sentence(en="not there", ja="ありません"), sighting=sighting)
    event = StepFailed(
        run="1",
        at=AT,
        step="3.1",
        name="登録",
        verb="submit",
        place=Place("r.yaml", 4, 3),
        seconds=1.5,
        attempts=3,
        failure=failure,
    )
    told = json.loads(json.dumps(as_json(event), ensure_ascii=False))
    assert told["v"] == 1
    assert told["event"] == "StepFailed"
    assert told["failure"]["sighting"]["candidates"][0]["reason"] == {"en": "disabled", "ja": "無効"}
    assert told["failure"]["sighting"]["cell"]["row"] == 7
    assert "evidence" not in told["failure"]


def test_values_of_robots_become_plain() -> None:
    row = Row({"金額": Decimal("1234.50"), "日付": date(2026, 11, 22), "空": None})
    assert as_plain(row) == {"金額": "1234.50", "日付": "2026-11-22", "空": None}
    assert as_plain([Path("a/b"), {1}, True]) == ["a/b", [1], True]
