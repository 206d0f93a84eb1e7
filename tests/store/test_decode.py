"""Any event comes back from its JSON as it was."""

from __future__ import annotations

import dataclasses
import json
import typing
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bofbot import events
from bofbot.events import as_json
from bofbot.store.decode import event_from_json

TEXT = st.text(max_size=12)
ZONES = st.integers(-720, 840).map(lambda minutes: timezone(timedelta(minutes=minutes)))
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
SECONDS = st.floats(0, 1e6)


def filled(kind: typing.Any) -> st.SearchStrategy[typing.Any]:
    """A record with every field drawn, the simple types by annotation, nested records by their own strategies."""
    hints = typing.get_type_hints(kind)
    return st.builds(kind, **{name: _of(hint) for name, hint in hints.items()})


def _of(hint: typing.Any) -> st.SearchStrategy[typing.Any]:
    simple = {str: TEXT, int: st.integers(), float: SECONDS, bool: st.booleans()}
    if hint in simple:
        return simple[hint]
    if hint is datetime:
        return st.datetimes(timezones=ZONES)
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Literal:
        return st.sampled_from(inner)
    if origin is tuple:
        return st.lists(_of(inner[0]), max_size=2).map(tuple)
    if type(None) in inner:
        return st.none() | _of(next(part for part in inner if part is not type(None)))
    if inner and inner[0] is str:
        return st.dictionaries(TEXT, PLAIN, max_size=3)
    assert dataclasses.is_dataclass(hint), hint
    return filled(hint)


@pytest.mark.parametrize("kind", typing.get_args(events.Event), ids=lambda kind: kind.__name__)
def test_every_kind_of_event_comes_back(kind: type) -> None:
    @settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(filled(kind))
    def check(event: events.Event) -> None:
        assert event_from_json(json.loads(json.dumps(as_json(event)))) == event

    check()


def test_an_unknown_kind_is_none() -> None:
    assert event_from_json({"event": "StepDreamt"}) is None
    assert event_from_json({}) is None
