"""Kept events, typed again: the way back from `events.as_json`."""

from __future__ import annotations

import dataclasses
import functools
import types
import typing
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bofbot import events
from bofbot.events import Event

R = typing.TypeVar("R")
_KINDS: dict[str, type[Any]] = {kind.__name__: kind for kind in typing.get_args(events.Event)}


def event_from_json(kept: Mapping[str, Any]) -> Event | None:
    """The event, or None when a newer bofbot wrote a kind that this one does not know. Unknown fields are passed over."""
    name = str(kept.get("event", ""))
    return typing.cast(Event, _event_reader(name)(kept)) if name in _KINDS else None


def record_from_json(kind: type[R], kept: Mapping[str, Any]) -> R:
    """A record of plain fields, typed again, as `events.as_plain` wrote it."""
    return typing.cast(R, _record_reader(kind)(kept))


@functools.cache
def _event_reader(name: str) -> Callable[[Any], Any]:
    return _record_reader(_KINDS[name])


def _reader(kind: Any) -> Callable[[Any], Any]:
    """How a value of this type is read from plain JSON."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _record_reader(kind)
    if kind is datetime:
        return datetime.fromisoformat
    if kind is float:
        return float
    if origin is tuple:
        return functools.partial(_read_tuple, _reader(inner[0]))
    if origin in (typing.Union, types.UnionType):
        present = next(part for part in inner if part is not type(None))
        return functools.partial(_read_optional, _reader(present))
    return lambda value: value


def _read_tuple(read: Callable[[Any], Any], values: Any) -> tuple[Any, ...]:
    return tuple(read(value) for value in values)


def _read_optional(read: Callable[[Any], Any], value: Any) -> Any:
    return None if value is None else read(value)


def _record_reader(kind: type[Any]) -> Callable[[Any], Any]:
    hints = typing.get_type_hints(kind)
    readers = {field.name: _reader(hints[field.name]) for field in dataclasses.fields(kind)}
    empties = {
        field.name: _empty(hints[field.name]) for field in dataclasses.fields(kind) if _required(field)
    }

    def read(kept: Mapping[str, Any]) -> Any:
        found = {name: reader(kept[name]) for name, reader in readers.items() if name in kept}
        return kind(**{**empties, **found})

    return read


def _required(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _empty(kind: Any) -> Any:
    """`as_json` leaves out what is empty, so a required field that is missing was empty."""
    if kind in (str, int, float, bool):
        return kind()
    origin = typing.get_origin(kind)
    if origin is tuple:
        return ()
    return {} if origin is Mapping else None
