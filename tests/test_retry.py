"""Again or not, and when: the whole table of the decision."""

from __future__ import annotations

import random

import pytest

from bofbot.retry import next_wait
from bofbot.robot import Retry

ASK = {
    "attempt": 1,
    "policy": Retry(times=2, wait=1.0, longest=60.0),
    "repeatable": True,
    "armed": False,
    "time_left": 100.0,
}


def wait(kind: str = "application", **changes: object) -> float | None:
    return next_wait(kind, **{**ASK, **changes}, dice=random.Random(7))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("business", {}),
        ("person", {}),
        ("environment", {}),
        ("fault", {}),
        ("application", {"repeatable": False}),
        ("application", {"armed": True}),
        ("application", {"attempt": 3}),
        ("application", {"policy": Retry(times=0)}),
        ("application", {"time_left": 0.1}),
    ],
)
def test_no_more_tries(kind: str, changes: dict[str, object]) -> None:
    assert wait(kind, **changes) is None


def test_waits_double_and_stay_below_the_longest() -> None:
    policy = Retry(times=20, wait=1.0, longest=10.0)
    for attempt, ceiling in ((1, 1.0), (2, 2.0), (3, 4.0), (4, 8.0), (5, 10.0), (19, 10.0)):
        waits = [
            next_wait(
                "application",
                attempt=attempt,
                policy=policy,
                repeatable=True,
                armed=False,
                time_left=1e9,
                dice=random.Random(seed),
            )
            for seed in range(200)
        ]
        assert all(one is not None and ceiling / 2 <= one <= ceiling for one in waits)
        assert len(set(waits)) > 150
