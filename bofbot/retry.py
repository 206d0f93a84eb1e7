"""Again or not, and when: a pure decision.

Business failures and failures of bofbot itself never; a person's business never; an application failure where the step
may be repeated and nothing left for the outside world. Waits double, with full jitter on the upper half, so that many
robots do not come back to a site at one moment (AWS Architecture Blog, "Exponential Backoff And Jitter", 2015).
"""

from __future__ import annotations

import random

from bofbot.events import FailureKind
from bofbot.robot import Retry


def next_wait(
    kind: FailureKind,
    *,
    attempt: int,
    policy: Retry,
    repeatable: bool,
    armed: bool,
    time_left: float,
    dice: random.Random,
) -> float | None:
    """Seconds to wait before the next try, or None when there must be none.

    `attempt` counts from 1: the try that just failed. `time_left` is what the run has, in seconds."""
    if kind != "application" or not repeatable or armed or attempt > policy.times:
        return None
    longest = min(policy.longest, policy.wait * 2 ** (attempt - 1))
    wait = longest * (0.5 + dice.random() / 2)
    return wait if wait < time_left else None
