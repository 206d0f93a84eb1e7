"""Distances in business days between two columns of days."""

from __future__ import annotations

from datetime import date

import numpy as np

from bofbot.reconcile.arrays import Ints
from bofbot.values.business_days import is_business_day


def business_distance(left: Ints, right: Ints, missing: Ints) -> Ints:
    """Business days from right to left, negative when left is earlier; a holiday counts as the next business day."""
    known = ~missing
    if not known.any():
        return np.zeros(len(left), dtype=np.int64)
    low = int(min(left[known].min(), right[known].min()))
    high = int(max(left[known].max(), right[known].max())) + 1
    works = np.array([is_business_day(date.fromordinal(day)) for day in range(low, high + 1)], dtype=np.int64)
    passed = np.concatenate([[0], np.cumsum(works)])
    at = [np.clip(days - low, 0, high - low) for days in (left, right)]
    apart: Ints = passed[at[0]] - passed[at[1]]
    return apart
