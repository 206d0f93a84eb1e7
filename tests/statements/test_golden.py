"""Golden pairs: a sample file and, beside it, what must come out. Adding a case is adding two files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bofbot.adapters.workbooks.statement_sheets import sheet_rows
from bofbot.statements.options import Options
from bofbot.statements.telling import as_json, read_one

SAMPLES = Path(__file__).parent / "samples"
PAIRS = sorted(path for path in SAMPLES.iterdir() if path.with_name(path.name + ".json").is_file())


@pytest.mark.parametrize("path", PAIRS, ids=lambda path: path.name)
def test_pair(path: Path) -> None:
    expected: dict[str, Any] = json.loads(path.with_name(path.name + ".json").read_text(encoding="utf-8"))
    reading = read_one(path, Options(sheets=sheet_rows))
    if "refused" in expected:
        assert reading.refusal is not None, as_json(reading, summary=True)
        assert reading.refusal.reason == expected["refused"]
        assert expected.get("line", reading.refusal.line) == reading.refusal.line
        assert not reading.fine
        return
    assert reading.refusal is None, str(reading.refusal)
    told = as_json(reading, summary=True)
    assert told["format"] == expected["format"]
    found = [
        {name: one[name] for name in wanted}
        for one, wanted in zip(told["statements"], expected["statements"], strict=True)
    ]
    assert found == expected["statements"], [one["checks"] for one in told["statements"]]


def test_there_are_pairs_for_every_format() -> None:
    said = {
        json.loads(path.with_name(path.name + ".json").read_text(encoding="utf-8")).get("format")
        for path in PAIRS
    }
    assert said >= {
        "csv",
        "ofx",
        "qif",
        "mt940",
        "mt942",
        "camt.052",
        "camt.053",
        "camt.054",
        "bai2",
        "zengin",
        "ubl",
        "cii",
    }
