"""Local time → instants, where clocks are put forward and back: nothing is left out and nothing happens twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_SECOND = timedelta(seconds=1)


def instant_of(local: datetime, zone: ZoneInfo) -> datetime:
    """The one instant (UTC) at which a clock of the zone is taken to show `local` (naive).

    Where the clock is put forward and `local` never shows, it is the moment of the change; where it is put back and
    `local` shows twice, it is the first time. So later local times never come earlier."""
    early, late = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    before, after = early.utcoffset(), late.utcoffset()
    assert before is not None
    assert after is not None
    if before >= after:
        return early.astimezone(UTC)
    return _moment_of_change(local, zone, before, after)


def real_instants(local: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """Every instant (UTC) at which a clock of the zone really shows `local`: none, one or two. For rules that count
    minutes rather than name an hour."""
    early, late = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    before, after = early.utcoffset(), late.utcoffset()
    assert before is not None
    assert after is not None
    if before < after:
        return ()
    first = early.astimezone(UTC)
    return (first,) if before == after else (first, late.astimezone(UTC))


def _moment_of_change(local: datetime, zone: ZoneInfo, before: timedelta, after: timedelta) -> datetime:
    # The change lies between the two readings of `local`; halve until the second is found.
    low, high = (local - after).replace(tzinfo=UTC), (local - before).replace(tzinfo=UTC)
    while high - low > _SECOND:
        middle = low + timedelta(seconds=(high - low) // _SECOND // 2 or 1)
        if middle >= high:
            break
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high
