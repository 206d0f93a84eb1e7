"""Made months of several kinds, no rules: what is confirmed is right, and most of what is sure is confirmed."""

from __future__ import annotations

import os

import pytest

from bofbot.reconcile.engine import reconcile
from tests.reconcile.made_month import Month

KINDS = [
    {"common": 0.1},
    {"common": 0.5, "parties": 25},
    {"cut": 12, "parties": 150},
    {"turned": True, "cut": 20},
]
SEEDS = range(40) if os.environ.get("BOFBOT_NIGHTLY") else range(1)
RIGHT = 0.998
"""Of what is confirmed in one month. Parts of lumps that equal another open invoice to the yen cannot be told apart."""


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_what_is_confirmed_is_right(kind: dict[str, float], seed: int) -> None:
    month = Month(seed, **kind)  # type: ignore[arg-type]
    result = reconcile(*month.sides())
    sure = [
        (
            tuple(sorted(result.left[row].id for row in match.left)),
            tuple(sorted(result.right[row].id for row in match.right)),
        )
        for match in result.matches
        if match.grade == "confirmed"
    ]
    right = sum(group in month.truth for group in sure)
    assert right >= RIGHT * len(sure), [group for group in sure if group not in month.truth]
    assert right >= 0.7 * len(month.truth)
