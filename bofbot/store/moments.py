"""Moments as the store keeps them: text in UTC that compares as time does."""

from __future__ import annotations

from datetime import UTC, datetime


def as_text(at: datetime) -> str:
    """UTC with all its digits, so that text compares as time does."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def microseconds(at: datetime) -> int:
    """Since 1970, as the numbers in columns that end with `_us`."""
    return int(at.timestamp() * 1_000_000)


def time_of(text: str) -> datetime | None:
    return at(text) if text else None
