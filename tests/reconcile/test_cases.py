"""Small pairs of files as offices have them, with no rules: what must be found, and that nothing wrong is confirmed.

Each folder of `cases/` holds two files and `truth.json`: what belongs together, how many entries each side has, the least
share that must be found, and the least share that must be confirmed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bofbot.actions.reconciliation.sources import read_side
from bofbot.reconcile.engine import reconcile
from bofbot.reconcile.model import Result

CASES = sorted(folder for folder in (Path(__file__).parent / "cases").iterdir() if folder.is_dir())
Group = tuple[tuple[str, ...], tuple[str, ...]]


def played(folder: Path) -> tuple[Result, dict[str, Any]]:
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    left, columns = read_side(folder / truth["left"])
    right, columns_too = read_side(folder / truth["right"])
    return reconcile(left, right, columns=(columns, columns_too)), truth


def by_grade(result: Result) -> dict[Group, str]:
    return {
        (
            tuple(sorted(result.left[row].id for row in match.left)),
            tuple(sorted(result.right[row].id for row in match.right)),
        ): match.grade
        for match in result.matches
    }


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_case(folder: Path) -> None:
    result, truth = played(folder)
    wanted = {(tuple(sorted(left)), tuple(sorted(right))) for left, right in truth["matches"]}
    found = by_grade(result)
    wrong = [group for group, grade in found.items() if grade == "confirmed" and group not in wanted]
    assert not wrong, "confirmed, and wrong"
    if truth["rows"]:
        assert [len(result.left), len(result.right)] == truth["rows"], "entries, without totals and notes"
    assert len(wanted & found.keys()) >= truth["found"] * len(wanted), wanted - found.keys()
    sure = sum(found.get(group) == "confirmed" for group in wanted)
    assert sure >= truth["confirmed"] * len(wanted)


def test_every_case_says_what_it_is_about() -> None:
    assert len(CASES) >= 20
    for folder in CASES:
        assert json.loads((folder / "truth.json").read_text(encoding="utf-8"))["about"]
