"""Durations and sizes carry their unit."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from bofbot.values.bad_value import BadValue
from bofbot.values.misfits import reason_of
from bofbot.values.units import Duration, read_duration, read_size


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30s", 30),
        ("1m30s", 90),
        ("200ms", 0.2),
        ("1.5h", 5400),
        ("3d", 259200),
        ("３０ｓ", 30),
        (" 5m ", 300),
        (2.5, 2.5),
    ],
)
def test_durations(text: Any, seconds: float) -> None:
    assert read_duration(text) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("text", "size"),
    [("10KB", 10_000), ("1.5MB", 1_500_000), ("2GB", 2_000_000_000), ("7B", 7), ("１０ＫＢ", 10_000), (5, 5)],
)
def test_sizes(text: Any, size: int) -> None:
    assert read_size(text) == size


@pytest.mark.parametrize(
    "text", ["30", "", "s", "30 sec", "30sec", "-5s", "1e3s", "9" * 400 + "s", None, "三十秒"]
)
def test_what_has_no_unit_is_refused_with_the_fix(text: Any) -> None:
    for read in (read_duration, read_size):
        with pytest.raises(BadValue, match="needs a unit") as caught:
            read(text)
        assert "単位" in caught.value.reason.ja


def test_pydantic_says_it_in_both_languages() -> None:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(Duration).validate_python("30")
    (one,) = caught.value.errors()
    reason = reason_of(dict(one))
    assert (one["type"], "30s" in reason.en, "30s" in reason.ja, reason.en != reason.ja) == (
        "duration",
        *[True] * 3,
    )
